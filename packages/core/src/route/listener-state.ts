/**
 * What decides about a request: the listeners of one load balancer with their rules and certificates, in one shape for
 * what should be and for what is. Made by `listenerStateOfStack` and `listenerStateOfInventory`.
 */
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import { isReference, type Value } from "../model/value.ts";

export interface ListenerState {
  /** Resource key or ARN. */
  readonly key: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly defaultActions: readonly RuleAction[];
  /** The default certificate first. Empty for HTTP. */
  readonly certificates: readonly CertificateState[];
  /** Ascending priority. */
  readonly rules: readonly RuleState[];
  /** Attributes of the default: which Ingress it comes from, when known. */
  readonly owner?: ObjectRef;
}

export interface RuleState {
  /** Resource key or ARN. */
  readonly key: string;
  readonly priority: number;
  /** AND-ed. */
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
  readonly transforms?: readonly RuleTransform[];
  /** The Ingress that the rule comes from, when known. */
  readonly owner?: ObjectRef;
}

export interface CertificateState {
  /** ARN, or the resource key of a certificate that the plan requests. */
  readonly certificate: string;
  /** All its host names, `*.` in front for a wildcard; absent when nothing is known of it. */
  readonly names?: readonly string[];
  /** ACM's name of the key algorithm, for instance `RSA_2048` or `EC_prime256v1`. */
  readonly keyAlgorithm?: string;
}

/** How target groups and certificates are named in states and routes: an ARN as it is, a reference by its resource key. */
export function valueName(value: Value): string {
  if (typeof value === "string") return value;
  return isReference(value) ? value.ref : `(${value.unknown})`;
}
