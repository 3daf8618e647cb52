/** Targets: known by id and port. What drains goes by itself and counts for neither side. */
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Target } from "../model/inventory.ts";
import { resourceKey } from "../model/resource.ts";
import type { TargetSpec, TargetsSpec } from "../model/target.ts";
import { creation, type DiffContext, desiredOf, resolveReferences, updating } from "./context.ts";
import type { TargetsDifference } from "./difference.ts";
import { diffField } from "./fields.ts";

export interface DiffedTargets {
  readonly differences: readonly TargetsDifference[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares the targets of the target groups that the graph speaks of; those of one that goes go with it. Nothing is
 * deregistered where other clusters register too, or when the input wasn't read whole or may lack some of them.
 */
export function diffTargets(context: DiffContext): DiffedTargets {
  const diagnostics: Diagnostic[] = [];
  const differences = desiredOf(context, "targets").flatMap(({ id, spec }): readonly TargetsDifference[] => {
    const desired = resolveReferences(context, spec);
    const { targetGroupArn } = desired;
    if (typeof targetGroupArn !== "string") return newTargets(context, id, desired);
    const { targets } = context.owned.inventory;
    const registered = Object.hasOwn(targets, targetGroupArn) ? (targets[targetGroupArn] ?? []) : [];
    const stays = context.isIncomplete || desired.multiCluster === true || desired.partial === true;
    const { added, strange } = compare(desired, registered, stays);
    if (desired.multiCluster === true && strange.length > 0) {
      const message = `${strange.length} targets of target group ${id} aren't of this cluster's goal; they stay, for other clusters register there too.`;
      const place = { stack: context.stack, resource: resourceKey("targetGroup", id) };
      diagnostics.push(diagnose("targets.of-other-clusters", message, place));
    }
    return [existingTargets(context, id, desired, targetGroupArn, registered, added, stays ? [] : strange)];
  });
  return { differences, diagnostics };
}

function newTargets(context: DiffContext, id: string, desired: TargetsSpec): readonly TargetsDifference[] {
  const added = desired.targets.slice(0, desired.limit);
  if (added.length === 0) return [];
  const change = creation(context, "targets", id, { ...desired, targets: added });
  return [{ change: { ...change, reason: "the target group is new" }, desired, added, removed: [] }];
}

function existingTargets(
  context: DiffContext,
  id: string,
  desired: TargetsSpec,
  arn: string,
  registered: readonly Target[],
  added: readonly TargetSpec[],
  removed: readonly TargetSpec[],
): TargetsDifference {
  const before = registered.filter(({ state }) => state !== "draining").map(asSpec);
  const gone = new Set(removed.map(targetKey));
  const after = [...before.filter((target) => !gone.has(targetKey(target))), ...added];
  const fields = added.length + removed.length === 0 ? [] : diffField("/targets", sorted(before), sorted(after));
  const change = updating(context, "targets", id, arn, fields);
  return {
    change: fields.length === 0 ? change : { ...change, reason: reasonOf(added.length, removed.length) },
    desired,
    existing: { arn, spec: { ...desired, targetGroupArn: arn, targets: before } },
    added,
    removed,
  };
}

/** `strange`: registered here, and not by the goal. */
function compare(
  { targets, limit }: TargetsSpec,
  registered: readonly Target[],
  stays: boolean,
): { readonly added: readonly TargetSpec[]; readonly strange: readonly TargetSpec[] } {
  const wanted = new Set(targets.map(targetKey));
  const live = registered.filter(({ state }) => state !== "draining");
  const present = new Set(live.map(targetKey));
  const missing = targets.filter((target) => !present.has(targetKey(target)));
  const strange = live.filter((target) => !wanted.has(targetKey(target))).map(asSpec);
  // What goes makes room: with LBC, which counts it, a full group whose targets all change would be left with none.
  const taken = registered.length - (stays ? 0 : strange.length);
  const room = limit === undefined ? missing.length : Math.max(0, limit - taken);
  return { added: missing.slice(0, room), strange };
}

function asSpec({ id, port, availabilityZone }: Target): TargetSpec {
  return { id, port, ...(availabilityZone === "all" && { availabilityZone }) };
}

function reasonOf(added: number, removed: number): string {
  const parts = [
    ...(added === 0 ? [] : [`${added} ${added === 1 ? "target is" : "targets are"} missing`]),
    ...(removed === 0 ? [] : [`${removed} ${removed === 1 ? "is" : "are"} no longer wanted`]),
  ];
  return added === 0 ? `${removed} ${removed === 1 ? "target is" : "targets are"} no longer wanted` : parts.join(", ");
}

function sorted(targets: readonly TargetSpec[]): readonly TargetSpec[] {
  return targets.toSorted((a, b) => compareStrings(a.id, b.id) || a.port - b.port);
}

/** What makes two targets the same. */
function targetKey({ id, port }: { readonly id: unknown; readonly port: number }): string {
  return `${id}:${port}`;
}
