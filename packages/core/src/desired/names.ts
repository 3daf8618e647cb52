/** Names of AWS resources, by LBC's formulas: a readable part and ten hex digits of a SHA-256. */
import { sha256Hex } from "../lib/sha256.ts";

/** Letters and digits only (ASCII), at most `length` of them. */
function readable(text: string, length: number): string {
  return text.replace(/[^0-9A-Za-z]/g, "").slice(0, length);
}

function hash(...parts: readonly string[]): string {
  return sha256Hex(parts.join("")).slice(0, 10);
}

/** What names of a group's load balancer and security group are made of. */
export interface GroupName {
  readonly clusterName: string;
  /** Stack id. */
  readonly stack: string;
  readonly explicit: boolean;
}

function groupShape({ stack, explicit }: GroupName, digits: string): string {
  if (explicit) return `k8s-${readable(stack, 17)}-${digits}`;
  const slash = stack.indexOf("/");
  return `k8s-${readable(stack.slice(0, slash), 8)}-${readable(stack.slice(slash + 1), 8)}-${digits}`;
}

/** Name of the ALB of a group. The scheme is part of it, so that another scheme means another load balancer. */
export function loadBalancerName(group: GroupName, scheme: string): string {
  return groupShape(group, hash(group.clusterName, group.stack, scheme));
}

/** Name of the managed security group of a group. */
export function managedSecurityGroupName(group: GroupName): string {
  return groupShape(group, hash(group.clusterName, group.stack));
}

/** Name of the security group that all load balancers of a cluster share towards the targets. */
export function backendSecurityGroupName(clusterName: string): string {
  return `k8s-traffic-${readable(clusterName, 232)}-${hash(clusterName)}`;
}

/** Name of the network load balancer in front of an ALB. */
export function frontendNlbName(albName: string): string {
  return `${[...albName].slice(0, 28).join("")}-nlb`;
}

/** Name of the network load balancer's target group for one of its ports. */
export function frontendNlbTargetGroupName(
  group: GroupName,
  port: number,
  healthCheckPort: string,
  healthCheckProtocol: string,
): string {
  return groupShape(
    group,
    hash(group.clusterName, group.stack, String(port), "alb", "TCP", healthCheckPort, healthCheckProtocol),
  );
}

/** Everything that tells one target group from another. */
export interface TargetGroupName {
  readonly clusterName: string;
  readonly stack: string;
  readonly ingressNamespace: string;
  readonly ingressName: string;
  readonly serviceNamespace: string;
  readonly serviceName: string;
  readonly serviceUid: string;
  /** As written in the Ingress. */
  readonly portReference: string | number;
  readonly port: number;
  readonly targetType: string;
  readonly protocol: string;
  readonly protocolVersion: string;
  readonly targetControlPort: number | undefined;
}

/** How the names of a Service's target groups begin. */
export function targetGroupNamePrefix(serviceNamespace: string, serviceName: string): string {
  return `k8s-${readable(serviceNamespace, 8)}-${readable(serviceName, 8)}-`;
}

/** Name of the target group of one Ingress, Service and port reference. */
export function targetGroupName(parts: TargetGroupName): string {
  const digits = hash(
    parts.clusterName,
    parts.stack,
    parts.ingressNamespace,
    parts.ingressName,
    parts.serviceUid,
    String(parts.portReference),
    String(parts.port),
    parts.targetType,
    parts.protocol,
    parts.protocolVersion,
    parts.targetControlPort === undefined ? "" : String(parts.targetControlPort),
  );
  return targetGroupNamePrefix(parts.serviceNamespace, parts.serviceName) + digits;
}
