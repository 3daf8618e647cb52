/** The plan: ordered actions, the changes they carry out, everything there is to say, and the digests of its inputs. */
import type { Action } from "./action.ts";
import type { Change } from "./change.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { DesiredGraph } from "./graph.ts";
import type { InventoryNeeded } from "./inventory-needed.ts";
import type { SecretClient } from "./rule-action.ts";

export interface PlanOptions {
  /** Traffic moves to a new target group only when its targets are healthy; so if absent. */
  readonly warm?: boolean;
  /** A target group that lost its last rule is deleted only after its deregistration delay. */
  readonly drain?: boolean;
  /** Stacks of the inventory without an Ingress in the input are deleted. */
  readonly prune?: boolean;
  /** Consent to replace a load balancer. */
  readonly allowReplace?: boolean;
  /** Consent to delete a load balancer. */
  readonly allowDelete?: boolean;
  /**
   * Only these stacks are planned, and of the cluster stack what they need; all if absent. The graph tells of the others
   * all the same: what they may still use stays.
   */
  readonly only?: readonly string[];
  /** Of the others, those that exist as the graph has them: with these it is known what they need of the cluster stack. */
  readonly settled?: readonly string[];
  /** What the last plan was to reach: what has drifted from it since is told apart from what is asked for now. */
  readonly lastGoal?: DesiredGraph;
  /**
   * The OIDC clients that AWS was sent last, by the ARN of the rule or listener, as somebody has noted them: AWS never
   * tells a secret. What isn't known to be the same is sent once more, everything else keeps the client that AWS has.
   * Absent: nobody has noted anything, and clients are sent along with other changes only.
   */
  readonly sentClients?: SentClients;
}

export type SentClients = { readonly [arn: string]: readonly SecretClient[] };

export interface Plan {
  readonly formatVersion: 1;
  /** Lower-case hex SHA-256 of the canonical JSON of what the plan was made from. */
  readonly inputs: {
    readonly digests: { readonly desired: string; readonly inventory: string };
    /** Only in a plan that is saved to be carried out later. */
    readonly seal?: PlanSeal;
  };
  readonly stacks: readonly PlannedStack[];
  /** One flat list in execution order. Empty means: nothing to do. */
  readonly actions: readonly Action[];
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: PlanSummary;
}

/** What a saved plan was made from, by which is told whether it may still be carried out. */
export interface PlanSeal {
  readonly region: string;
  readonly accountId: string;
  /** What was read, so that the same is read again. */
  readonly needed: InventoryNeeded;
  /** Keys of tags that are managed elsewhere. */
  readonly ignoredTags: readonly string[];
  /** By id, the stacks that the plan changes. */
  readonly stacks: { readonly [id: string]: SealedStack };
}

/** What existed of a stack, by ARN or id. */
export type SealedStack = { readonly [arn: string]: SealedRecord };

export interface SealedRecord {
  /** For people, for instance `rule 80:3`. */
  readonly name: string;
  /** Beginnings of digests of the fields that the plan depends on. */
  readonly fields: { readonly [field: string]: string };
}

export interface PlannedStack {
  readonly id: string;
  readonly members: readonly string[];
  readonly changes: readonly Change[];
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  /** AWS calls that change something. */
  readonly writes: number;
  /** Writes to Kubernetes objects. */
  readonly kubernetesWrites: number;
}

/** The one API call that an action means; references stay symbolic. */
export interface Call {
  readonly service:
    | "elasticloadbalancingv2"
    | "ec2"
    | "acm"
    | "wafv2"
    | "waf-regional"
    | "shield"
    | "route53"
    | "kubernetes";
  /** The API's operation name, for instance `CreateTargetGroup`. */
  readonly operation: string;
  /** The request, field names as in the API; may hold references. */
  readonly input: { readonly [field: string]: unknown };
}
