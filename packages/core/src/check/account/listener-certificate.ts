/** Certificates of a listener beside its default one. */
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { type Answer, refuse, type Surroundings, unchanged } from "./answer.ts";
import { checkCertificate, checkCertificateRoom } from "./certificate.ts";
import { noSuchListener } from "./listener.ts";
import type { Resolved } from "./outputs.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

/** Adds one certificate beside the default; one that is there already is no error. */
export function addListenerCertificates(
  account: Account,
  { listenerArn, certificateArn }: Details<"addListenerCertificates">,
  surroundings: Surroundings,
): Answer {
  const listener = account.listeners[listenerArn];
  if (listener === undefined) return noSuchListener(listenerArn);
  const { certificates = [], loadBalancerArn, protocol } = listener.spec;
  if (protocol !== "HTTPS") {
    return refuse("account.invalid-value", "ValidationError", `a listener of protocol ${protocol} has no certificates`);
  }
  if (certificates.slice(1).includes(certificateArn)) return unchanged(`${certificateArn} is attached already`);
  const refusal =
    checkCertificate(account, certificateArn, surroundings) ??
    checkCertificateRoom(account, loadBalancerArn, certificateArn === certificates[0] ? 0 : 1);
  return (
    refusal ?? {
      change: (draft) => {
        draft.listeners[listenerArn]?.spec.certificates?.push(certificateArn);
      },
    }
  );
}

/** The default certificate can only be replaced, by ModifyListener; one that isn't attached is no error. */
export function removeListenerCertificates(
  account: Account,
  { listenerArn, certificateArn }: Details<"removeListenerCertificates">,
): Answer {
  const listener = account.listeners[listenerArn];
  if (listener === undefined) return noSuchListener(listenerArn);
  const [first, ...extra] = listener.spec.certificates ?? [];
  if (!extra.includes(certificateArn)) {
    if (certificateArn !== first) return unchanged(`${certificateArn} isn't attached`);
    const message = `${certificateArn} is the default certificate of ${listenerArn} and can't be removed`;
    return refuse("account.in-use", "OperationNotPermitted", message);
  }
  return {
    change: (draft) => {
      const found = draft.listeners[listenerArn];
      if (found === undefined || first === undefined) return;
      found.spec.certificates = [first, ...extra.filter((arn) => arn !== certificateArn)];
    },
  };
}
