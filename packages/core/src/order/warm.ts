/**
 * Waits until the targets of a target group are healthy before traffic moves there. AWS checks their health only once a
 * rule names the group, so it is named without traffic first: with weight 0 beside what serves now, or by a rule behind
 * all others.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Difference, StackDiff } from "../diff/difference.ts";
import { sharesOf, targetGroupName } from "../diff/shares.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Quotas } from "../model/quotas.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { ForwardAction, RuleAction } from "../model/rule-action.ts";
import type { HealthCheck } from "../model/target-group.ts";
import { isReference, type Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { changes } from "./changed.ts";

/** What the actions on the rules of one stack need to know of its target groups. */
export interface Warmth {
  /** Target groups that get a share by these actions, and whose targets nobody knows to be healthy yet. */
  readonly coldIn: (actions: readonly RuleAction[]) => readonly Value[];
  /** Whether something that stays as it is names a group already: then AWS checks its targets. */
  readonly isNamed: (targetGroup: Value) => boolean;
  /** The actions with these groups added at weight 0; the same actions if they name them, undefined if that can't be. */
  readonly naming: (actions: readonly RuleAction[], cold: readonly Value[]) => readonly RuleAction[] | undefined;
  /** The id of the wait for a group, once something names it. */
  readonly waitOf: (targetGroup: Value) => string | undefined;
  /** Adds the wait for a group after the action that names it, and returns its id; one wait for each group. */
  readonly waitAfter: (targetGroup: Value, named: readonly string[]) => string;
  /** Notes that a resource leads traffic that targets answer to groups that nothing could name before. */
  readonly moveCold: (resource: ResourceKey, targetGroups: readonly Value[]) => void;
  /** What was noted. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Nothing is cold. */
const ALL_WARM: Warmth = {
  coldIn: () => [],
  isNamed: () => false,
  naming: (actions) => actions,
  waitOf: () => undefined,
  waitAfter: () => "",
  moveCold: () => {},
  diagnostics: [],
};

/** Beside the checks themselves: for the registration of targets, and until AWS begins to check. */
const MARGIN_SECONDS = 60;

/** Answers for one stack; which groups are cold was found when it was compared. */
export function createWarmth(list: ActionList, stack: StackDiff, quotas: Quotas): Warmth {
  const cold = new Set(stack.cold);
  if (cold.size === 0) return ALL_WARM;
  const waits = new Map<string, string>();
  const groups = indexGroups(stack);
  const named = new Set(stayingActions(stack).flatMap(targetGroupsOf).map(targetGroupName));
  const diagnostics: Diagnostic[] = [];
  return {
    coldIn: (actions) => actions.flatMap(sharesOf).filter((group) => cold.has(targetGroupName(group))),
    isNamed: (group) => named.has(targetGroupName(group)),
    waitOf: (group) => waits.get(targetGroupName(group)),
    naming: (actions, groupsToName) => withoutTraffic(groups, actions, groupsToName, quotas.targetGroupsPerAction),
    waitAfter: (group, after) => {
      const known = waits.get(targetGroupName(group));
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
        after,
      });
      waits.set(targetGroupName(group), id);
      return id;
    },
    moveCold: (resource, moved) => {
      if (moved.length === 0) return;
      const names = moved.map((group) => groups.get(nameOf(group))?.change.resource ?? nameOf(group)).join(", ");
      const message = `Traffic of ${resource} in stack ${stack.id} moves to ${names} before the targets there are known to be healthy: what answers now can't name the new group beside its own.`;
      diagnostics.push(diagnose("targets.cold", message, { stack: stack.id, resource }));
    },
    diagnostics,
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
  return isReference(group) ? group.ref : targetGroupName(group);
}

/** What doesn't change. */
function stayingActions({ listeners, rules }: StackDiff): readonly RuleAction[] {
  return [
    ...listeners.flatMap(({ desired, existing, change }) =>
      desired === undefined || existing === undefined || changes(change, "/defaultActions")
        ? []
        : existing.spec.defaultActions,
    ),
    ...rules.flatMap(({ kept }) => kept.flatMap(({ existing }) => existing.spec.actions)),
  ];
}

function targetGroupsOf(action: RuleAction): readonly Value[] {
  return action.type === "forward" ? action.forwardConfig.targetGroups.map(({ targetGroupArn }) => targetGroupArn) : [];
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
  const present = new Set(targetGroups.map(({ targetGroupArn }) => targetGroupName(targetGroupArn)));
  const missing = cold.filter((group) => !present.has(targetGroupName(group)));
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
