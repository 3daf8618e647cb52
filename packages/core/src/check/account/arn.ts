/** ARNs and ids in AWS's shapes: new for every creation, and yet the same whenever the same calls are made. */
import { sha256Hex } from "../../lib/sha256.ts";
import type { Account } from "../../model/inventory.ts";

function partition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function dnsSuffix(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

function hash(account: Account, kind: string, name: string): string {
  return sha256Hex(JSON.stringify([kind, name, account.region, account.accountId, account.sequence]));
}

function arn(account: Account, service: string, resource: string): string {
  return `arn:${partition(account.region)}:${service}:${account.region}:${account.accountId}:${resource}`;
}

export function newLoadBalancerArn(account: Account, type: "application" | "network", name: string): string {
  const family = type === "application" ? "app" : "net";
  const id = hash(account, "loadBalancer", name).slice(0, 16);
  return arn(account, "elasticloadbalancing", `loadbalancer/${family}/${name}/${id}`);
}

/** The DNS name of a load balancer; the two families have different shapes. */
export function newDnsName(
  account: Account,
  type: "application" | "network",
  scheme: "internal" | "internet-facing",
  name: string,
): string {
  const id = hash(account, "loadBalancer", name);
  if (type === "network") return `${name}-${id.slice(0, 16)}.elb.${account.region}.${dnsSuffix(account.region)}`;
  const number = Number.parseInt(id.slice(0, 8), 16).toString().padStart(10, "1");
  return `${scheme === "internal" ? "internal-" : ""}${name}-${number}.${account.region}.elb.${dnsSuffix(account.region)}`;
}

export function newListenerArn(account: Account, loadBalancerArn: string, port: number): string {
  const id = hash(account, "listener", `${loadBalancerArn}:${port}`).slice(0, 16);
  return `${loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${id}`;
}

export function newRuleArn(account: Account, listenerArn: string, priority: number): string {
  const id = hash(account, "listenerRule", `${listenerArn}:${priority}`).slice(0, 16);
  return `${listenerArn.replace(":listener/", ":listener-rule/")}/${id}`;
}

export function newTargetGroupArn(account: Account, name: string): string {
  return arn(account, "elasticloadbalancing", `targetgroup/${name}/${hash(account, "targetGroup", name).slice(0, 16)}`);
}

export function newSecurityGroupId(account: Account, name: string): string {
  return `sg-${hash(account, "securityGroup", name).slice(0, 17)}`;
}

/**
 * A certificate's ARN depends on the idempotency token and not on the sequence: ACM answers a repeated request with
 * the certificate it made for the first.
 */
export function certificateArn(account: Account, domainName: string, idempotencyToken: string): string {
  return arn(account, "acm", `certificate/${uuid(sha256Hex(JSON.stringify([domainName, idempotencyToken])))}`);
}

export function newProtectionId(account: Account, resourceArn: string): string {
  return uuid(hash(account, "shieldProtection", resourceArn));
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
