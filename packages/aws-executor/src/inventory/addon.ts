/** What is attached to a load balancer. One call for each that is asked about, believed as long as LBC believes it. */
import type { Reader } from "./reader.ts";

const ASSOCIATION_MS = 10 * 60_000;

/** ARN of the WAFv2 web ACL; undefined for none. */
export function readWebAcl({ cache, unlessGone }: Reader, loadBalancerArn: string): Promise<string | undefined> {
  return cache.get("webAcl", loadBalancerArn, ASSOCIATION_MS, async () => {
    const answer = await unlessGone("wafv2", "GetWebACLForResource", { ResourceArn: loadBalancerArn });
    return answer?.WebACL?.ARN;
  });
}

/** Id of the WAF Classic web ACL; undefined for none. */
export function readWafRegional({ cache, unlessGone }: Reader, loadBalancerArn: string): Promise<string | undefined> {
  return cache.get("wafRegional", loadBalancerArn, ASSOCIATION_MS, async () => {
    const answer = await unlessGone("waf-regional", "GetWebACLForResource", { ResourceArn: loadBalancerArn });
    return answer?.WebACLSummary?.WebACLId;
  });
}

/** Subscriptions last for a year. */
const SUBSCRIPTION_MS = 2 * 60 * 60_000;

/** Whether the account subscribes to Shield Advanced. */
export function readShieldSubscription({ cache, call }: Reader): Promise<boolean> {
  return cache.get("shieldSubscription", "", SUBSCRIPTION_MS, async () => {
    const { SubscriptionState } = await call("shield", "GetSubscriptionState", {});
    return SubscriptionState === "ACTIVE";
  });
}

export function readShieldProtection(
  { cache, unlessGone }: Reader,
  loadBalancerArn: string,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  return cache.get("shield", loadBalancerArn, ASSOCIATION_MS, async () => {
    const answer = await unlessGone("shield", "DescribeProtection", { ResourceArn: loadBalancerArn });
    const { Id: id, Name: name = "" } = answer?.Protection ?? {};
    return id === undefined ? undefined : { id, name };
  });
}
