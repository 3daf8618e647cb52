/** Rate buckets: how many calls an account takes. */
import type { Call } from "../../model/plan.ts";

/**
 * A token bucket: full at the start, a call takes one token, tokens come back at a steady rate. AWS keeps one for each
 * account and Region, shared with everybody who calls there.
 */
export interface RateBucket {
  readonly name: string;
  readonly services: readonly Call["service"][];
  /** Operations that take a token; a star at the end stands for any rest. */
  readonly operations: readonly string[];
  /** Tokens of the full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/**
 * The buckets that are known: registration and modification of the ELBv2 API (AWS: "Request throttling for the Elastic
 * Load Balancing API"; LBC throttles itself to the same rates) and web ACL associations, for which AWS documents no
 * rate and LBC allows itself one call in two seconds. A call that is in none of them isn't held up.
 */
export const DEFAULT_BUCKETS: readonly RateBucket[] = [
  {
    name: "registration of targets",
    services: ["elasticloadbalancingv2"],
    operations: ["RegisterTargets", "DeregisterTargets"],
    capacity: 20,
    refillPerSecond: 4,
  },
  {
    name: "modification of load balancing",
    services: ["elasticloadbalancingv2"],
    operations: ["Modify*"],
    capacity: 20,
    refillPerSecond: 3,
  },
  {
    name: "web ACL association",
    services: ["wafv2", "waf-regional"],
    operations: ["AssociateWebACL", "DisassociateWebACL"],
    capacity: 1,
    refillPerSecond: 0.5,
  },
];

/** Tells whether a call takes a token of a bucket. */
export function takesToken({ services, operations }: RateBucket, { service, operation }: Call): boolean {
  return (
    services.includes(service) &&
    operations.some((pattern) =>
      pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern,
    )
  );
}
