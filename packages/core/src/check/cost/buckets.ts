/** Rate buckets: how many calls an account takes. */
import { type RegexEngine, UNKNOWN_REGEX } from "../../route/regex-engine.ts";

/**
 * A token bucket: full at the start, a call takes one token, tokens come back at a steady rate. AWS keeps one for each
 * account and Region, shared with everybody who calls there.
 */
export interface RateBucket {
  readonly name: string;
  /** Services as calls name them. */
  readonly services: readonly string[];
  /** Operations that take a token; a star at the end stands for any rest. Or a regular expression, found anywhere. */
  readonly operations: readonly string[] | { readonly regex: string };
  /** Tokens of the full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/**
 * The buckets that are known: registration, modification and description of the ELBv2 API (AWS: "Request throttling for
 * the Elastic Load Balancing API"; LBC throttles itself to the same rates) and web ACL associations, for which AWS
 * documents no rate and LBC allows itself one change in two seconds and one look in one. A call that is in none of them
 * isn't held up.
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
  {
    name: "description of load balancing",
    services: ["elasticloadbalancingv2"],
    operations: ["Describe*"],
    capacity: 200,
    refillPerSecond: 50,
  },
  {
    name: "look at web ACL associations",
    services: ["wafv2", "waf-regional"],
    operations: ["GetWebACLForResource", "ListResourcesForWebACL"],
    capacity: 1,
    refillPerSecond: 1,
  },
];

/** Tells whether a call takes a token of a bucket. Without an engine no regular expression counts any call. */
export function takesToken(
  { services, operations }: RateBucket,
  { service, operation }: { readonly service: string; readonly operation: string },
  regex: RegexEngine = UNKNOWN_REGEX,
): boolean {
  if (!services.includes(service)) return false;
  if ("regex" in operations) return regex.matches(operations.regex, operation, false) === true;
  return operations.some((pattern) =>
    pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern,
  );
}
