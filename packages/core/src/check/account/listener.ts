import equal from "fast-deep-equal";
import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account, Existing } from "../../model/inventory.ts";
import type { ListenerSpec, MutualAuthentication } from "../../model/listener.ts";
import { quotasOf } from "../../model/quotas.ts";
import { countListeners, countsAsCertificates } from "../quotas.ts";
import { type Answer, type Refused, refuse, type Surroundings, unchanged } from "./answer.ts";
import { newListenerArn } from "./arn.ts";
import { associationsAfter, writeAssociations } from "./association.ts";
import { checkAttributes, initialAttributes, listenerAttributes } from "./attributes.ts";
import { checkCertificate, checkCertificateRoom } from "./certificate.ts";
import { findLoadBalancer } from "./load-balancer.ts";
import type { Resolved } from "./outputs.ts";
import { asReturned, checkActions, checkTargetGroups } from "./rule-action.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;
type Spec = ListenerSpec<string>;

/** What AWS takes for an HTTPS listener that names no policy (ELB API Reference: CreateListener). */
const DEFAULT_SSL_POLICY = "ELBSecurityPolicy-2016-08";

/** CreateListener takes the default certificate only; attributes are no part of the call. */
export function createListener(
  account: Account,
  { spec }: Details<"createListener">,
  surroundings: Surroundings,
): Answer {
  const { loadBalancerArn, port, protocol, defaultActions } = spec;
  const loadBalancer = findLoadBalancer(account, loadBalancerArn);
  if ("awsCode" in loadBalancer) return loadBalancer;
  const created: Spec = {
    ...asKept(spec),
    attributes: initialAttributes(listenerAttributes(protocol)),
    tags: spec.tags ?? {},
  };
  const twin = Object.values(account.listeners).find(
    (other) => other.spec.loadBalancerArn === loadBalancerArn && other.spec.port === port,
  );
  if (twin !== undefined) return answerTwin(twin, created);
  const refusal =
    checkPort(port) ??
    checkProtocol(protocol, loadBalancer.spec.type) ??
    checkTls(created) ??
    checkCertificates(account, created.certificates, surroundings) ??
    checkActions(account, defaultActions, protocol) ??
    checkTargetGroups(account, loadBalancerArn, defaultActions, surroundings, protocol) ??
    checkCount(account, loadBalancerArn) ??
    checkTags(account, "elbv2", spec.tags);
  if (refusal !== undefined) return refusal;

  const arn = newListenerArn(account, loadBalancerArn, port);
  const associations = associationsAfter(account, { added: { loadBalancerArn, actions: defaultActions } });
  return {
    output: { arn, id: arn },
    change: (draft) => {
      draft.listeners[arn] = castDraft({ arn, spec: created });
      draft.sequence = account.sequence + 1;
      writeAssociations(draft, associations, surroundings.pace);
    },
  };
}

/** A listener as AWS returns it; plain HTTP and TCP ones have nothing of TLS. */
function asKept(spec: Spec): Spec {
  const { certificates, sslPolicy, mutualAuthentication, ...rest } = spec;
  const plain = { ...rest, defaultActions: spec.defaultActions.map(asReturned) };
  if (spec.protocol !== "HTTPS") return plain;
  return {
    ...plain,
    certificates: certificates ?? [],
    sslPolicy: sslPolicy ?? DEFAULT_SSL_POLICY,
    mutualAuthentication: keptAuthentication(mutualAuthentication),
  };
}

function keptAuthentication(asked: MutualAuthentication = { mode: "off" }): MutualAuthentication {
  if (asked.mode !== "verify") return { mode: asked.mode };
  return { ignoreClientCertificateExpiry: false, advertiseTrustStoreCaNames: "off", ...asked };
}

/** A create with equal settings returns what exists (ELB API Reference: CreateListener is idempotent). */
function answerTwin({ arn, spec: existing }: Existing<Spec>, asked: Spec): Answer {
  const essence = (spec: Spec): unknown => [
    [spec.protocol, spec.sslPolicy, spec.certificates?.[0]],
    spec.defaultActions,
    spec.mutualAuthentication,
  ];
  if (equal(essence(existing), essence(asked))) {
    return unchanged(`a listener on port ${asked.port} with the same settings exists already`, { arn, id: arn });
  }
  const message = `${asked.loadBalancerArn} has a listener on port ${asked.port} already: ${arn}`;
  return refuse("account.listener-in-use", "DuplicateListener", message);
}

function checkPort(port: number): Refused | undefined {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return undefined;
  return refuse("account.invalid-value", "ValidationError", `the listener port ${port} isn't 1 to 65535`);
}

function checkProtocol(protocol: string, type: "application" | "network"): Refused | undefined {
  const fits = type === "application" ? protocol === "HTTP" || protocol === "HTTPS" : protocol === "TCP";
  if (fits) return undefined;
  return refuse(
    "account.invalid-value",
    "UnsupportedProtocol",
    `the listener of a load balancer of type ${type} can't be ${protocol}`,
  );
}

/** Each certificate exists and is issued. */
function checkCertificates(
  account: Account,
  certificates: readonly string[] | undefined,
  surroundings: Surroundings,
): Refused | undefined {
  for (const certificate of certificates ?? []) {
    const refusal = checkCertificate(account, certificate, surroundings);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** HTTPS needs one certificate, a known policy, and a trust store if client certificates are verified. */
function checkTls(spec: Spec): Refused | undefined {
  if (spec.protocol !== "HTTPS") return undefined;
  const [certificate, ...others] = spec.certificates ?? [];
  if (certificate === undefined) {
    return refuse(
      "account.certificate-missing",
      "ValidationError",
      `the HTTPS listener on port ${spec.port} needs a certificate`,
    );
  }
  if (others.length > 0) {
    return refuse("account.invalid-value", "TooManyCertificates", "a listener is created with exactly one certificate");
  }
  return checkPolicy(spec.sslPolicy) ?? checkMutualAuthentication(spec.mutualAuthentication);
}

function checkPolicy(policy: string | undefined): Refused | undefined {
  if (policy === undefined || policy.startsWith("ELBSecurityPolicy-")) return undefined;
  return refuse("account.not-found", "SSLPolicyNotFound", `there is no SSL policy "${policy}"`);
}

function checkMutualAuthentication(asked: MutualAuthentication | undefined): Refused | undefined {
  const trustStore = asked?.trustStoreArn ?? "";
  if (asked?.mode === "verify" && trustStore === "") {
    return refuse("account.invalid-value", "ValidationError", "verifying client certificates needs a trust store");
  }
  if (asked?.mode !== "verify" && trustStore !== "") {
    return refuse("account.invalid-value", "ValidationError", `a trust store makes no sense in mode ${asked?.mode}`);
  }
  return undefined;
}

function checkCount(account: Account, loadBalancerArn: string): Refused | undefined {
  const limit = quotasOf(account).listenersPerLoadBalancer;
  const count = countListeners(account, loadBalancerArn);
  if (count < limit) return undefined;
  const message = `${loadBalancerArn} has ${count} listeners and may have ${limit}`;
  return refuse("account.quota-exceeded", "TooManyListeners", message);
}

/** ModifyListener changes what is given and leaves the rest; extra certificates stay. */
export function modifyListener(
  account: Account,
  details: Details<"modifyListener">,
  surroundings: Surroundings,
): Answer {
  const { listenerArn, defaultActions, defaultCertificate } = details;
  const listener = account.listeners[listenerArn];
  if (listener === undefined) return noSuchListener(listenerArn);
  const before = listener.spec;
  const { loadBalancerArn } = before;
  const protocol = details.protocol ?? before.protocol;
  const extra = before.certificates?.slice(1) ?? [];
  const first = defaultCertificate ?? before.certificates?.[0];
  const after = asKept({
    ...before,
    protocol,
    defaultActions: defaultActions ?? before.defaultActions,
    certificates: first === undefined ? [] : [first],
    ...(details.sslPolicy === undefined ? {} : { sslPolicy: details.sslPolicy }),
    ...(details.mutualAuthentication === undefined ? {} : { mutualAuthentication: details.mutualAuthentication }),
  });
  const type = account.loadBalancers[loadBalancerArn]?.spec.type ?? "application";
  const refusal =
    checkProtocol(protocol, type) ??
    checkTls(after) ??
    checkCertificates(account, defaultCertificate === undefined ? [] : [defaultCertificate], surroundings) ??
    checkActions(account, after.defaultActions, protocol) ??
    (defaultActions && checkTargetGroups(account, loadBalancerArn, defaultActions, surroundings, protocol));
  if (refusal !== undefined) return refusal;

  const changed: Spec = {
    ...after,
    ...(after.certificates === undefined ? {} : { certificates: [...after.certificates, ...extra] }),
    ...(protocol === before.protocol ? {} : { attributes: carriedOver(before, protocol) }),
  };
  // ModifyListener is refused too (ELB API Reference, its errors): an old default counts when it stays beside the new one.
  const more = countsAsCertificates(changed) - countsAsCertificates(before);
  const overQuota = checkCertificateRoom(account, loadBalancerArn, more);
  if (overQuota !== undefined) return overQuota;
  const associations =
    defaultActions === undefined
      ? new Map()
      : associationsAfter(account, {
          released: new Set([listenerArn]),
          added: { loadBalancerArn, actions: defaultActions },
        });
  return {
    change: (draft) => {
      draft.listeners[listenerArn] = castDraft({ arn: listenerArn, spec: changed });
      writeAssociations(draft, associations, surroundings.pace);
    },
  };
}

/** Attributes after a change of protocol: those of the new one, with what was set before where both have it. */
function carriedOver(before: Spec, protocol: Spec["protocol"]): { readonly [key: string]: string } {
  const initial = Object.entries(initialAttributes(listenerAttributes(protocol)));
  return Object.fromEntries(initial.map(([key, value]) => [key, before.attributes?.[key] ?? value]));
}

export function modifyListenerAttributes(
  account: Account,
  { listenerArn, attributes }: Details<"modifyListenerAttributes">,
): Answer {
  const listener = account.listeners[listenerArn];
  if (listener === undefined) return noSuchListener(listenerArn);
  const { protocol, attributes: before = {} } = listener.spec;
  return (
    checkAttributes(listenerAttributes(protocol), before, attributes) ?? {
      change: (draft) => {
        const found = draft.listeners[listenerArn];
        if (found !== undefined) found.spec.attributes = { ...before, ...attributes };
      },
    }
  );
}

/** Takes the listener's rules with it. */
export function deleteListener(
  account: Account,
  { listenerArn }: Details<"deleteListener">,
  { pace }: Surroundings,
): Answer {
  if (account.listeners[listenerArn] === undefined) return noSuchListener(listenerArn);
  const rules = Object.values(account.listenerRules).filter(({ spec }) => spec.listenerArn === listenerArn);
  const released = new Set([listenerArn, ...rules.map(({ arn }) => arn)]);
  const associations = associationsAfter(account, { released });
  return {
    change: (draft) => {
      for (const { arn } of rules) delete draft.listenerRules[arn];
      delete draft.listeners[listenerArn];
      writeAssociations(draft, associations, pace);
    },
  };
}

/** The refusal for a listener that isn't there. */
export function noSuchListener(arn: string): Refused {
  return refuse("account.not-found", "ListenerNotFound", `the account holds no listener ${arn}`);
}
