/** What the stage yields: per stack and resource, what should exist beside what does. */
import type { Change } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Existing } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { ResourceKey, ResourceKind, SpecByKind } from "../model/resource.ts";
import type { Permission } from "../model/security-group.ts";
import type { TargetSpec } from "../model/target.ts";

/**
 * One resource: `desired` alone is created, `existing` alone deleted. Both are updated, kept, or (`change.kind` tells)
 * replaced. `desired` has its references resolved to ARNs wherever the resource exists and stays.
 */
export interface Difference<K extends ResourceKind> {
  readonly change: Change;
  readonly desired?: SpecByKind[K];
  readonly existing?: Existing<SpecByKind<string>[K]>;
}

/** The rules of one listener. All lists are in the order of priorities. */
export interface RuleDifferences {
  readonly listener: ResourceKey;
  /** Absent when the listener is created by the plan. */
  readonly listenerArn?: string;
  /** Equal in content; the number may differ. */
  readonly kept: readonly RulePair[];
  /** Modified in place, without a gap (see `pairRules`). */
  readonly modified: readonly RulePair[];
  readonly created: readonly Difference<"listenerRule">[];
  readonly deleted: readonly Difference<"listenerRule">[];
  /** The calls in their order, where it isn't the usual one (see `findTurns`). */
  readonly turns?: readonly RuleCall[];
  /** Old and new rules of all listeners don't fit side by side: this listener waits until those before it are done. */
  readonly waitsForRoom?: true;
}

/** An existing rule and what becomes of it. */
export interface RulePair {
  readonly change: Change;
  readonly desired: ListenerRuleSpec;
  readonly existing: Existing<ListenerRuleSpec<string>>;
}

/** The targets of one target group; nothing of it is a difference of the target group itself. */
export interface TargetsDifference extends Difference<"targets"> {
  /** To register, in the order of the goal. */
  readonly added: readonly TargetSpec[];
  /** To deregister. */
  readonly removed: readonly TargetSpec[];
  /** So many of `removed` go before anything is registered, for want of room. */
  readonly first?: number;
  /** So many of `added`, from the end, wait for target groups that go. */
  readonly later?: number;
}

/** The permissions on one security group that isn't ours. */
export interface EndpointPermissionsDifference extends Difference<"endpointPermissions"> {
  readonly missing: readonly Permission[];
  readonly extra: readonly Permission[];
}

/** One call on the rules of a listener; `default` stands for the one that changes its default actions. */
export type RuleCall =
  | { readonly kind: "modify"; readonly pair: RulePair }
  | { readonly kind: "create"; readonly rule: Difference<"listenerRule"> }
  | { readonly kind: "renumber" }
  | { readonly kind: "default" }
  | { readonly kind: "delete"; readonly rule: Difference<"listenerRule"> };

export interface StackDiff {
  readonly id: string;
  /** `namespace/name`, in group order. */
  readonly members: readonly string[];
  /** `left`: a diagnostic says why nothing is done here. */
  readonly status: "planned" | "left";
  readonly securityGroups: readonly Difference<"securityGroup">[];
  readonly certificates: readonly Difference<"certificate">[];
  readonly targetGroups: readonly Difference<"targetGroup">[];
  readonly loadBalancers: readonly Difference<"loadBalancer">[];
  readonly listeners: readonly Difference<"listener">[];
  /** Ascending port; those of a load balancer without room for all at once in the order in which they take turns. */
  readonly rules: readonly RuleDifferences[];
  readonly targetGroupBindings: readonly Difference<"targetGroupBinding">[];
  readonly targets: readonly TargetsDifference[];
  /** Names of the target groups that traffic must not move to yet (see `coldTargetGroups`). */
  readonly cold: readonly string[];
  /** In the cluster stack only. */
  readonly endpointPermissions: readonly EndpointPermissionsDifference[];
  readonly webAclAssociations: readonly Difference<"webAclAssociation">[];
  readonly wafRegionalAssociations: readonly Difference<"wafRegionalAssociation">[];
  readonly shieldProtections: readonly Difference<"shieldProtection">[];
  readonly frontendNlbTargets: readonly Difference<"frontendNlbTarget">[];
  /** What exists, by the key of the desired resource it was matched with. */
  readonly matches: { readonly [key: ResourceKey]: string };
  /** What there is to say about this stack alone. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface DiffResult {
  /** The cluster stack first, then by id. */
  readonly stacks: readonly [StackDiff, ...StackDiff[]];
  readonly diagnostics: readonly Diagnostic[];
}

export type ExistingListener = Existing<ListenerSpec<string>>;
export type ExistingRule = Existing<ListenerRuleSpec<string>>;
