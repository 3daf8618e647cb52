/** The guarantee "contained": nothing is touched that isn't the stack's own, or made by the plan. */
import { stableJson } from "../../lib/stable-json.ts";
import type { Action } from "../../model/action.ts";
import { CLUSTER_STACK, type DesiredGraph } from "../../model/graph.ts";
import type { Inventory } from "../../model/inventory.ts";
import { SHARED_PERMISSION } from "../../model/target.ts";
import { ownedItems } from "../reached/owned.ts";

/** Fields of details that name what an action changes, as opposed to what it mentions. */
const SUBJECTS: readonly string[] = [
  "securityGroupId",
  "resourceId",
  "targetGroupArn",
  "loadBalancerArn",
  "listenerArn",
  "ruleArn",
  "resourceArn",
  "protectionId",
];

/** One sentence for each existing thing that an action changes without its stack owning it. */
export function foreignSubjects(
  action: Action,
  ownerOf: ReadonlyMap<string, string>,
  { endpointSecurityGroups: endpoints = {} }: Inventory,
  { stacks }: DesiredGraph,
  prune: boolean,
): readonly string[] {
  const foreign = subjectsOf(action).flatMap((subject) => {
    const owner = ownerOf.get(subject);
    if (owner === action.stack || (owner === undefined && isShared(action, endpoints))) return [];
    return [
      `${action.id} changes ${subject}, which ${owner === undefined ? "nobody here owns" : `stack ${owner} owns`}.`,
    ];
  });
  const isClaimed = prune || action.stack === CLUSTER_STACK || Object.hasOwn(stacks, action.stack);
  return isClaimed
    ? foreign
    : [...foreign, `${action.id} changes stack ${action.stack}, which the input doesn't hold.`];
}

/** On the security groups of targets nothing is ours but permissions of our description. */
function isShared(action: Action, endpoints: NonNullable<Inventory["endpointSecurityGroups"]>): boolean {
  if (action.stack !== CLUSTER_STACK) return false;
  if (action.kind === "authorizeSecurityGroupIngress") {
    return action.details.permissions.every(({ description }) => description === SHARED_PERMISSION);
  }
  if (action.kind !== "revokeSecurityGroupIngress") return false;
  const { securityGroupId, permissions } = action.details;
  const existing = endpoints[String(securityGroupId)] ?? [];
  return permissions.every((one) =>
    existing.some(
      (other) =>
        other.description === SHARED_PERMISSION &&
        other.protocol === one.protocol &&
        other.fromPort === one.fromPort &&
        other.toPort === one.toPort &&
        stableJson(other.source) === stableJson(one.source),
    ),
  );
}

/** ARNs and ids of what exists and is changed; what the plan itself creates is named by references. */
function subjectsOf({ kind, details }: Action): readonly string[] {
  const fields: { readonly [field: string]: unknown } = { ...details };
  const spec = fields["spec"];
  const parents = typeof spec === "object" && spec !== null && kind.startsWith("create") ? { ...spec } : {};
  const priorities = "priorities" in details ? details.priorities.map(({ ruleArn }) => ruleArn) : [];
  const isOfCertificate = kind === "deleteCertificate" || kind === "upsertValidationRecord";
  const own = isOfCertificate ? [fields["certificateArn"]] : [];
  // A binding has its target group's owner.
  const bound =
    kind.endsWith("TargetGroupBinding") && "namespace" in details ? [`${details.namespace}/${details.name}`] : [];
  const named = SUBJECTS.map((field) => fields[field] ?? (parents as { readonly [field: string]: unknown })[field]);
  return [...named, ...priorities, ...own, ...bound].filter((value) => typeof value === "string");
}

/** The stack of everything owned: what is tagged, and what belongs to something tagged. */
export function ownersByArn(inventory: Inventory, { settings }: DesiredGraph): ReadonlyMap<string, string> {
  const owners = new Map(ownedItems(inventory, settings).map(({ arn, stack }) => [arn, stack]));
  const inherit = (arn: string, from: string): void => {
    const stack = owners.get(from);
    if (stack !== undefined) owners.set(arn, stack);
  };
  for (const { arn, spec } of Object.values(inventory.listeners)) inherit(arn, spec.loadBalancerArn);
  for (const { arn, spec } of Object.values(inventory.listenerRules)) inherit(arn, spec.listenerArn);
  for (const { arn, spec } of Object.values(inventory.targetGroupBindings)) inherit(arn, spec.targetGroupArn);
  for (const [arn, { id }] of Object.entries(inventory.shieldProtections)) inherit(id, arn);
  return owners;
}
