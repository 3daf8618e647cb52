import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { quotasOf } from "../../model/quotas.ts";
import { countCertificates } from "../quotas.ts";
import { type Answer, type Refused, refuse, type Surroundings, unchanged } from "./answer.ts";
import { certificateArn as arnOf } from "./arn.ts";
import type { Resolved } from "./outputs.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

/** RequestCertificate: the same idempotency token and domain get the certificate of the first request. */
export function requestCertificate(
  account: Account,
  { spec, idempotencyToken }: Details<"requestCertificate">,
  { pace }: Surroundings,
): Answer {
  const arn = arnOf(account, spec.domainName, idempotencyToken);
  if (account.certificates[arn] !== undefined) {
    return unchanged(`the certificate for ${spec.domainName} was requested already`, { arn, id: arn });
  }
  const refusal = checkTags(account, "acm", spec.tags);
  if (refusal !== undefined) return refusal;
  const status = pace === "instant" ? "ISSUED" : "PENDING_VALIDATION";
  return {
    output: { arn, id: arn },
    change: (draft) => {
      draft.certificates[arn] = castDraft({ arn, status, spec: { ...spec, tags: spec.tags ?? {} } });
      draft.sequence = account.sequence + 1;
    },
  };
}

/** DNS isn't part of the account: it is only checked that the certificate asks for the record. */
export function upsertValidationRecord(
  account: Account,
  { certificateArn, domainName }: Details<"upsertValidationRecord">,
): Answer {
  const certificate = account.certificates[certificateArn];
  if (certificate === undefined) {
    return refuse("account.not-found", "ResourceNotFound", `the account holds no certificate ${certificateArn}`);
  }
  const names = certificate.spec.subjectAlternativeNames.map((name) => name.replace(/^\*\./, ""));
  if (names.includes(domainName)) return { change: () => {} };
  return refuse("account.invalid-value", "InvalidInput", `${certificateArn} isn't for ${domainName}`);
}

/** Refused while a listener uses the certificate (ACM: ResourceInUseException). */
export function deleteCertificate(account: Account, { certificateArn }: Details<"deleteCertificate">): Answer {
  if (account.certificates[certificateArn] === undefined) {
    return refuse("account.not-found", "ResourceNotFound", `the account holds no certificate ${certificateArn}`);
  }
  const user = Object.values(account.listeners).find(({ spec }) => spec.certificates?.includes(certificateArn));
  if (user !== undefined) {
    return refuse("account.in-use", "ResourceInUse", `${certificateArn} is in use by ${user.arn}`);
  }
  return {
    change: (draft) => {
      delete draft.certificates[certificateArn];
    },
  };
}

/** Checks that a listener can use the certificate: it exists and is issued. */
export function checkCertificate(account: Account, arn: string, { isForeign }: Surroundings): Refused | undefined {
  const certificate = account.certificates[arn];
  if (certificate === undefined) {
    if (arn.startsWith("arn:") && isForeign(arn)) return undefined;
    return refuse("account.not-found", "CertificateNotFound", `there is no certificate ${arn}`);
  }
  if (certificate.status === "ISSUED") return undefined;
  const message = `the certificate ${arn} isn't issued: its status is ${certificate.status}`;
  return refuse("account.certificate-missing", "UnsupportedCertificate", message);
}

/** Checks that a load balancer has room for so many more certificates beside its listeners' defaults. */
export function checkCertificateRoom(account: Account, loadBalancerArn: string, more: number): Refused | undefined {
  const limit = quotasOf(account).certificatesPerLoadBalancer;
  const count = countCertificates(account, loadBalancerArn) + more;
  if (more <= 0 || count <= limit) return undefined;
  const message = `${count} certificates are more than the ${limit} that a load balancer may have beside the defaults`;
  return refuse("account.quota-exceeded", "TooManyCertificates", message);
}
