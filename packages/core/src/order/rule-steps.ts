/**
 * The order in which the rules of one listener change, so that in every configuration between the old and the new one
 * each request is served as in the old or as in the new one:
 *
 * 1. modify in place (the pairs were chosen so that this is safe, see `pairRules`);
 * 2. create new rules behind all old ones, in their order. A request that no old rule matches gets the longest prefix
 *    of the new ones so far: its final rule or the old default;
 * 3. one SetRulePriorities, which is atomic, with the rules whose number changes. If a dying rule is in the way, all
 *    dying rules go behind the others with their order kept: moving only some would let a later one overtake;
 * 4. the default action, if it changes;
 * 5. delete what goes, last to first. First to last would let a request fall from one dying rule to another, which
 *    served it neither before nor after.
 *
 * If no rule that stays changes its number and every new rule's number is free, the new ones are created right there
 * and step 3 is left out: old and new order then agree in the merged list.
 *
 * Where another order needs fewer calls it was found before (`turns`, see `findTurns`): then it is taken as it is.
 */
import type { Difference, RuleCall, RuleDifferences, RulePair } from "../diff/difference.ts";
import { LAST_PRIORITY } from "../model/listener-rule.ts";

/** A rule by ARN if it exists, by resource key if the plan creates it. */
type RuleName = { readonly arn: string } | { readonly key: string };

export type RuleStep =
  | { readonly kind: "modify"; readonly pair: RulePair }
  | { readonly kind: "create"; readonly rule: Difference<"listenerRule">; readonly priority: number }
  | {
      readonly kind: "renumber";
      readonly priorities: readonly { readonly rule: RuleName; readonly priority: number }[];
    }
  | { readonly kind: "default" }
  | { readonly kind: "delete"; readonly rule: Difference<"listenerRule"> };

/**
 * The steps of a listener that exists, in their order. `default` stands for the call that changes the default action.
 * `isCold`: a new rule must not take traffic from old ones before its targets are warm.
 */
export function ruleSteps(
  rules: RuleDifferences,
  changesDefault: boolean,
  isCold: (rule: Difference<"listenerRule">) => boolean = () => false,
): readonly RuleStep[] {
  if (rules.turns !== undefined) return stepsInTurn(rules, rules.turns);
  const staying = [...rules.kept, ...rules.modified];
  const modifies = rules.modified.map((pair): RuleStep => ({ kind: "modify", pair }));
  const deletes = rules.deleted.toReversed().map((rule): RuleStep => ({ kind: "delete", rule }));
  const defaults: readonly RuleStep[] = changesDefault ? [{ kind: "default" }] : [];
  if (fitsInPlace(rules, staying, isCold)) {
    const creates = rules.created.map(
      (rule): RuleStep => ({ kind: "create", rule, priority: rule.desired?.priority ?? 0 }),
    );
    return [...modifies, ...creates, ...defaults, ...deletes];
  }
  const old = [
    ...staying.map(({ existing }) => ({ arn: existing.arn, priority: existing.spec.priority })),
    ...rules.deleted.flatMap(({ existing }) =>
      existing ? [{ arn: existing.arn, priority: existing.spec.priority }] : [],
    ),
  ].sort((a, b) => a.priority - b.priority);
  const room = makeRoom(old, rules.created.length);
  const current = new Map(room.rules.map(({ arn, priority }) => [arn, priority]));
  const tail = createAtTail(rules.created, room.rules.at(-1)?.priority ?? 0);
  const renumber = finalNumbers(rules, staying, current, tail);
  return [
    ...(room.moved.length === 0 ? [] : [{ kind: "renumber" as const, priorities: room.moved }]),
    ...modifies,
    ...tail,
    ...(renumber.length === 0 ? [] : [{ kind: "renumber" as const, priorities: renumber }]),
    ...defaults,
    ...deletes,
  ];
}

/** New rules get their final number at once where no call sets the numbers, or it has been made. */
function stepsInTurn(rules: RuleDifferences, turns: readonly RuleCall[]): readonly RuleStep[] {
  const staying = [...rules.kept, ...rules.modified];
  const old = [...staying.map(({ existing }) => existing), ...rules.deleted.flatMap(({ existing }) => existing ?? [])];
  const renumber = turns.findIndex(({ kind }) => kind === "renumber");
  const early = turns.slice(0, Math.max(0, renumber));
  // At the tail they stand in their final order, whichever comes first: that is what the search looked at.
  const tail = createAtTail(
    early
      .flatMap((turn) => (turn.kind === "create" ? [turn.rule] : []))
      .sort((a, b) => (a.desired?.priority ?? 0) - (b.desired?.priority ?? 0)),
    Math.max(0, ...old.map(({ spec }) => spec.priority)),
  );
  const gone = new Set(early.flatMap((turn) => (turn.kind === "delete" ? [turn.rule] : [])));
  const left = { ...rules, deleted: rules.deleted.filter((rule) => !gone.has(rule)) };
  return turns.map((turn): RuleStep => {
    switch (turn.kind) {
      case "create": {
        const atTail = tail.find(({ rule }) => rule === turn.rule);
        return atTail ?? { ...turn, priority: turn.rule.desired?.priority ?? 0 };
      }
      case "renumber": {
        const current = new Map(old.map(({ arn, spec }) => [arn, spec.priority]));
        return { ...turn, priorities: finalNumbers(left, staying, current, tail) };
      }
      default:
        return turn;
    }
  });
}

/** Whether nothing that stays moves and every new rule finds its number free. */
function fitsInPlace(
  rules: RuleDifferences,
  staying: readonly RulePair[],
  isCold: (rule: Difference<"listenerRule">) => boolean,
): boolean {
  const last = Math.max(0, ...[...staying, ...rules.deleted].map(({ existing }) => existing?.spec.priority ?? 0));
  if (rules.created.some((rule) => (rule.desired?.priority ?? 0) < last && isCold(rule))) return false;
  if (staying.some(({ desired, existing }) => desired.priority !== existing.spec.priority)) return false;
  const taken = new Set(rules.deleted.map(({ existing }) => existing?.spec.priority));
  return rules.created.every(({ desired }) => !taken.has(desired?.priority));
}

interface Numbered {
  readonly arn: string;
  readonly priority: number;
}

/** Moves old rules together, in their order, if there is no room for new ones behind the last of them. */
function makeRoom(
  old: readonly Numbered[],
  needed: number,
): {
  readonly rules: readonly Numbered[];
  readonly moved: readonly { readonly rule: RuleName; readonly priority: number }[];
} {
  if ((old.at(-1)?.priority ?? 0) + needed <= LAST_PRIORITY) return { rules: old, moved: [] };
  const rules = old.map(({ arn }, index) => ({ arn, priority: index + 1 }));
  const moved = rules.flatMap(({ arn, priority }, index) =>
    old[index]?.priority === priority ? [] : [{ rule: { arn }, priority }],
  );
  return { rules, moved };
}

type CreateStep = Extract<RuleStep, { kind: "create" }>;

/** Numbers behind all old rules; at once the final one where that is such a number. */
function createAtTail(created: readonly Difference<"listenerRule">[], lastOld: number): readonly CreateStep[] {
  let last = lastOld;
  return created.map((rule) => {
    const goal = rule.desired?.priority ?? 0;
    last = goal > last ? goal : last + 1;
    return { kind: "create", rule, priority: last };
  });
}

/** Exactly the rules whose number changes. */
function finalNumbers(
  rules: RuleDifferences,
  staying: readonly RulePair[],
  current: ReadonlyMap<string, number>,
  tail: readonly CreateStep[],
): readonly { readonly rule: RuleName; readonly priority: number }[] {
  const goals = [
    ...staying.map(({ desired, existing }) => ({
      rule: { arn: existing.arn },
      now: current.get(existing.arn),
      priority: desired.priority,
    })),
    ...tail.map(({ rule, priority }) => ({
      rule: { key: rule.change.resource },
      now: priority,
      priority: rule.desired?.priority ?? 0,
    })),
  ].sort((a, b) => a.priority - b.priority);
  const moved = goals.filter(({ now, priority }) => now !== priority);
  if (moved.length === 0 && tail.length === rules.created.length) return [];
  const last = Math.max(0, ...[...staying, ...rules.created].map(({ desired }) => desired?.priority ?? 0));
  const dying = rules.deleted.flatMap(({ existing }) => (existing === undefined ? [] : [existing.arn]));
  const inTheWay = dying.some((arn) => (current.get(arn) ?? 0) <= last);
  const pushed = inTheWay
    ? dying
        .map((arn, index) => ({ rule: { arn }, now: current.get(arn), priority: last + 1 + index }))
        .filter(({ now, priority }) => now !== priority)
    : [];
  return [...moved, ...pushed].map(({ rule, priority }) => ({ rule, priority }));
}
