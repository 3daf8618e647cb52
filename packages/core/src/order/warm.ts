/**
 * Waits until the targets of a target group are healthy before traffic moves there. AWS checks their health only once a
 * rule names the group, so it is named without traffic first: with weight 0 beside what serves now, or by a rule behind
 * all others.
 */
import type { Difference, StackDiff } from "../diff/difference.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Quotas } from "../model/quotas.ts";
import type { ForwardAction, RuleAction } from "../model/rule-action.ts";
import type { HealthCheck } from "../model/target-group.ts";
import { isReference, type Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { sharesOf } from "./released.ts";

/** What the actions on the rules of one stack need to know of its target groups. */
export interface Warmth {
  /** Target groups that get a share by these actions, and whose targets nobody knows to be healthy yet. */
  readonly coldIn: (actions: readonly RuleAction[]) => readonly Value[];
  /** The actions with these groups added at weight 0; the same actions if they name them, undefined if that can't be. */
  readonly naming: (actions: readonly RuleAction[], cold: readonly Value[]) => readonly RuleAction[] | undefined;
  /** The id of the wait for a group, once something names it. */
  readonly waitOf: (targetGroup: Value) => string | undefined;
  /** Adds the wait for a group after the action that names it, and returns its id; one wait for each group. */
  readonly waitAfter: (targetGroup: Value, named: readonly string[]) => string;
}

/** Nothing is cold. */
export const ALL_WARM: Warmth = {
  coldIn: () => [],
  naming: (actions) => actions,
  waitOf: () => undefined,
  waitAfter: () => "",
};

/** Beside the checks themselves: for the registration of targets, and until AWS begins to check. */
const MARGIN_SECONDS = 60;

/**
 * Cold are groups that the plan makes, and existing ones that nothing gave a share and of which no target is known to be
 * healthy; none of which no targets are known, for they would never be.
 */
export function createWarmth(list: ActionList, stack: StackDiff, inventory: Inventory, quotas: Quotas): Warmth {
  const filled = new Set(
    stack.targets.flatMap(({ desired, added, existing }) =>
      desired !== undefined && added.length + (existing?.spec.targets.length ?? 0) > 0
        ? [text(desired.targetGroupArn)]
        : [],
    ),
  );
  const inTraffic = new Set(existingActions(stack).flatMap(sharesOf).map(text));
  const isHealthy = (arn: Value): boolean =>
    typeof arn === "string" &&
    ((Object.hasOwn(inventory.targets, arn) && inventory.targets[arn]) || []).some(({ state }) => state === "healthy");
  const waits = new Map<string, string>();
  const groups = indexGroups(stack);
  const isCold = (group: Value): boolean => filled.has(text(group)) && !inTraffic.has(text(group)) && !isHealthy(group);
  return {
    coldIn: (actions) => actions.flatMap(sharesOf).filter(isCold),
    waitOf: (group) => waits.get(text(group)),
    naming: (actions, cold) => withoutTraffic(groups, actions, cold, quotas.targetGroupsPerAction),
    waitAfter: (group, named) => {
      const known = waits.get(text(group));
      if (known !== undefined) return known;
      const found = groups.get(nameOf(group));
      const id = list.add({
        kind: "wait",
        stack: stack.id,
        resource: found?.change.resource ?? (isReference(group) ? group.ref : "targetGroup"),
        details: {
          until: "targets-healthy",
          subject: group,
          deadlineSeconds: healthySeconds(found?.desired?.healthCheck),
          onDeadline: "stop",
        },
        reason: "traffic moves only to targets that are healthy",
        after: named,
      });
      waits.set(text(group), id);
      return id;
    },
  };
}

/** As long as the checks of a healthy target last, with one more interval for the first, and a margin. */
function healthySeconds(check: HealthCheck | undefined): number {
  if (check === undefined) return 5 * MARGIN_SECONDS;
  return check.intervalSeconds * (check.healthyThresholdCount + 1) + check.timeoutSeconds + MARGIN_SECONDS;
}

/** The stack's target groups by resource key, and by ARN if they exist; of twins the first that is asked for. */
type GroupIndex = ReadonlyMap<string, Difference<"targetGroup">>;

function indexGroups({ targetGroups }: StackDiff): GroupIndex {
  const index = new Map<string, Difference<"targetGroup">>();
  for (const difference of targetGroups) {
    const { change, desired, existing } = difference;
    for (const name of [change.resource, existing?.arn]) {
      if (name === undefined) continue;
      const known = index.get(name);
      if (known === undefined || (known.desired === undefined && desired !== undefined)) index.set(name, difference);
    }
  }
  return index;
}

/** What an index of target groups knows a group by. */
function nameOf(group: Value): string {
  return isReference(group) ? group.ref : text(group);
}

function existingActions({ listeners, rules }: StackDiff): readonly RuleAction[] {
  return [
    ...listeners.flatMap(({ existing }) => existing?.spec.defaultActions ?? []),
    ...rules.flatMap(({ kept, modified, deleted }) =>
      [...kept, ...modified, ...deleted].flatMap(({ existing }) => existing?.spec.actions ?? []),
    ),
  ];
}

/** Only beside a forward to groups of the same protocol version, and as many as an action may name. */
function withoutTraffic(
  groups: GroupIndex,
  actions: readonly RuleAction[],
  cold: readonly Value[],
  quota: number,
): readonly RuleAction[] | undefined {
  const last = actions.at(-1);
  if (last?.type !== "forward") return undefined;
  const { targetGroups, ...rest } = last.forwardConfig;
  const present = new Set(targetGroups.map(({ targetGroupArn }) => text(targetGroupArn)));
  const missing = cold.filter((group) => !present.has(text(group)));
  if (missing.length === 0) return actions;
  const versions = new Set(
    [...targetGroups.map(({ targetGroupArn }) => targetGroupArn), ...missing].map((group) => versionOf(groups, group)),
  );
  if (targetGroups.length + missing.length > quota || versions.size > 1) return undefined;
  const forward: ForwardAction = {
    type: "forward",
    forwardConfig: {
      targetGroups: [
        // A group by itself gets everything, whatever its weight.
        ...targetGroups.map((one) => (targetGroups.length === 1 ? { ...one, weight: 1 } : one)),
        ...missing.map((targetGroupArn) => ({ targetGroupArn, weight: 0 })),
      ],
      ...rest,
    },
  };
  return [...actions.slice(0, -1), forward];
}

function versionOf(groups: GroupIndex, group: Value): string {
  const found = groups.get(nameOf(group));
  const spec = isReference(group) ? found?.desired : found?.existing?.spec;
  return spec?.protocolVersion ?? "HTTP1";
}

function text(group: Value): string {
  return typeof group === "string" ? group : JSON.stringify(group);
}
