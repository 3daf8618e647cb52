/** Things attached to a load balancer (behaviour.md §3.15). Their absence from a stack leaves AWS untouched. */
import type { Value } from "./value.ts";

/** A WAFv2 web ACL. An empty ARN means: none, disassociate. */
export interface WebAclAssociationSpec<V = Value> {
  readonly webAclArn: string;
  readonly resourceArn: V;
}

/** A WAF classic (regional) web ACL. An empty id means: none, disassociate. */
export interface WafRegionalAssociationSpec<V = Value> {
  readonly webAclId: string;
  readonly resourceArn: V;
}

export interface ShieldProtectionSpec<V = Value> {
  readonly enabled: boolean;
  readonly resourceArn: V;
}

/** The ALB as target of the network load balancer's target group. */
export interface FrontendNlbTargetSpec<V = Value> {
  readonly targetGroupName: string;
  readonly targetGroupArn: V;
  /** The network load balancer's listener port. */
  readonly port: number;
  readonly targetArn: V;
  /** The ALB's listener port. */
  readonly targetPort: number;
}
