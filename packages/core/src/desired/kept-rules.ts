/**
 * The rules of one listener while members of the group are quarantined: those of the healthy rebuild together with the
 * existing ones that stay.
 *
 *     exists, in order      what explains it                       becomes
 *     equal content         a rule of the rebuild                  that rule
 *     a quarantined's       last goal, target group, conditions    kept at its member's place
 *     a healthy member's    its target group or equal conditions   goes: the rebuild has what the member wants now
 *     nothing explains it   its neighbours tell the place          kept, and listed
 */
import { compareStrings } from "../lib/compare.ts";
import type { ListenerRuleSpec, RuleCondition } from "../model/listener-rule.ts";
import { isReference, type StringMap, type Value } from "../model/value.ts";
import type { Member } from "../read/member.ts";
import { type ExistingRule, withoutOwnership } from "../resolve/existing-stack.ts";
import { conditionsKey, type RuleKeys, ruleKeys } from "./rule-key.ts";
import { pruneRules } from "./rule-pruning.ts";
import { tagsField } from "./tags.ts";

/** A rule of the healthy rebuild and the member that it comes from. */
export interface HealthyRule {
  readonly spec: ListenerRuleSpec;
  readonly member: Member | undefined;
}

/** What tells whose an existing rule is. */
export interface Attribution {
  /** All members in group order; a smaller index comes first. */
  readonly members: readonly Member[];
  readonly quarantined: ReadonlySet<Member>;
  /** Whose a rule of the last goal was, by its content; `null`: of an Ingress that is no member any more. */
  readonly byGoal: (content: string) => Member | null | undefined;
  /** Whose a target group is, by ARN; `null`: the stack's, but no member's; undefined: not the stack's. */
  readonly byTargetGroup: (arn: string) => Member | null | undefined;
  /** What can be read of the quarantined members' own rules, by `conditionsKey`. */
  readonly byConditions: ReadonlyMap<string, Member>;
  /** The ARN that a reference of the rebuild stands for, if it exists. */
  readonly arnOf: (value: Value) => Value;
}

/** A rule of the listener as it shall be. */
export interface PlacedRule {
  readonly spec: ListenerRuleSpec;
  /** Whose place it stands at. */
  readonly member: Member | undefined;
  /** Absent for a rule of the rebuild. */
  readonly kept?: { readonly rule: ExistingRule; readonly explained: boolean };
  /** The rule of the rebuild. */
  readonly from?: HealthyRule;
}

/** The listener that the rules stand on. */
export interface RulesOfListener {
  readonly listenerArn: Value;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly hostRegexesDontCover: boolean;
}

type Verdict = { readonly member: Member; readonly as: "rebuilt" | "kept" } | "goes" | "unexplained";

/** Joins both kinds, by the members' order; numbers 1 to n. `placeOf` gives the place of a member whose order can't be read. */
export function joinRules(
  { listenerArn, port, protocol, hostRegexesDontCover }: RulesOfListener,
  healthy: readonly HealthyRule[],
  existing: readonly ExistingRule[],
  attribution: Attribution,
  placeOf: (member: Member) => number,
): readonly PlacedRule[] {
  const verdicts = judge(healthy, existing, attribution);
  const standing = existing.flatMap((rule, index): readonly Placing[] => {
    const verdict = verdicts[index];
    if (verdict === undefined || verdict === "goes") return [];
    if (verdict !== "unexplained" && verdict.as === "rebuilt") return [];
    const explained = verdict !== "unexplained";
    const member = explained ? verdict.member : neighbour(verdicts, index, attribution, placeOf);
    return [{ spec: keptSpec(rule), member, kept: { rule, explained }, place: placeOf(member), turn: index }];
  });
  const rebuilt = healthy.map(
    (rule, turn): Placing => ({
      ...rule,
      from: rule,
      place: rule.member === undefined ? -1 : placeOf(rule.member),
      turn,
    }),
  );
  const all = [...rebuilt, ...standing].sort((a, b) => a.place - b.place || a.turn - b.turn);
  const covered = new Set<Placing>();
  const prunable = all.map((placing) => ({ ...placing.spec, placing }));
  pruneRules(prunable, { port, protocol, hostRegexesDontCover }, ({ placing }) => covered.add(placing));
  return all
    .filter((placing) => placing.kept !== undefined || !covered.has(placing))
    .map(({ spec, member, kept, from }, index) => ({
      spec: { ...spec, listenerArn, priority: index + 1 },
      member,
      ...(kept && { kept }),
      ...(from && { from }),
    }));
}

/**
 * Where a quarantined member stands whose order can't be read: behind the healthy member whose rule is before its first
 * one, in front of all (-1) if there is none. Undefined if it has no rule here.
 */
export function placeByRules(
  member: Member,
  healthy: readonly HealthyRule[],
  existing: readonly ExistingRule[],
  attribution: Attribution,
): number | undefined {
  const verdicts = judge(healthy, existing, attribution);
  const healthyPlace = (verdict: Verdict | undefined): number | undefined =>
    typeof verdict === "object" && verdict.as === "rebuilt" ? attribution.members.indexOf(verdict.member) : undefined;
  const first = verdicts.findIndex((verdict) => typeof verdict === "object" && verdict.member === member);
  if (first < 0) return undefined;
  const before = verdicts.slice(0, first).findLast((verdict) => healthyPlace(verdict) !== undefined);
  const place = healthyPlace(before);
  return place === undefined ? -1 : place + 0.5;
}

interface Placing extends PlacedRule {
  readonly place: number;
  readonly turn: number;
}

function judge(
  healthy: readonly HealthyRule[],
  existing: readonly ExistingRule[],
  attribution: Attribution,
): readonly Verdict[] {
  const keys = existing.map(({ spec }) => ruleKeys(spec));
  const partners = pairEqual(healthy, keys, attribution);
  const paired = new Set(partners.values());
  const wanted = new Set(healthy.flatMap((rule) => (paired.has(rule) ? [] : [conditionsKey(rule.spec.conditions)])));
  return existing.map(({ spec }, index): Verdict => {
    const partner = partners.get(index);
    const [firstMember] = attribution.members;
    const owner = partner?.member ?? firstMember;
    if (partner !== undefined && owner !== undefined) return { member: owner, as: "rebuilt" };
    const { content = "", conditions = "" } = keys[index] ?? {};
    const { quarantined, byGoal, byTargetGroup, byConditions } = attribution;
    const theirs = (member: Member): Verdict => (quarantined.has(member) ? { member, as: "kept" } : "goes");
    const goal = byGoal(content);
    if (goal !== undefined) return goal === null ? "goes" : theirs(goal);
    const owners = targetGroupsOf(spec).map(byTargetGroup);
    const broken = owners.find((member) => member != null && quarantined.has(member));
    if (broken != null) return { member: broken, as: "kept" };
    if (owners.some((member) => member !== undefined)) return "goes";
    const readable = byConditions.get(conditions);
    if (readable !== undefined) return { member: readable, as: "kept" };
    return wanted.has(conditions) ? "goes" : "unexplained";
  });
}

/** By index of the existing rule: the rule of the rebuild that it is, each at most once. */
function pairEqual(
  healthy: readonly HealthyRule[],
  existing: readonly RuleKeys[],
  { arnOf }: Attribution,
): ReadonlyMap<number, HealthyRule> {
  const pairs = new Map<number, HealthyRule>();
  for (const rule of healthy) {
    const { isLoose, loose, content } = ruleKeys(withArns(rule.spec, arnOf));
    const index = existing.findIndex(
      (keys, place) => !pairs.has(place) && (isLoose ? keys.loose === loose : keys.content === content),
    );
    if (index >= 0) pairs.set(index, rule);
  }
  return pairs;
}

/** The same spec with ARNs for the references to target groups that exist. */
export function withArns(spec: ListenerRuleSpec, arnOf: (value: Value) => Value): ListenerRuleSpec {
  return {
    ...spec,
    actions: spec.actions.map((action) => {
      if (action.type !== "forward") return action;
      const targetGroups = action.forwardConfig.targetGroups.map((tuple) => ({
        ...tuple,
        targetGroupArn: isReference(tuple.targetGroupArn) ? arnOf(tuple.targetGroupArn) : tuple.targetGroupArn,
      }));
      return { ...action, forwardConfig: { ...action.forwardConfig, targetGroups } };
    }),
  };
}

/** ARNs of the target groups that actions of what exists forward to. */
export function targetGroupsOf({ actions }: Pick<ExistingRule["spec"], "actions">): readonly string[] {
  return actions.flatMap((action) =>
    action.type === "forward" ? action.forwardConfig.targetGroups.map(({ targetGroupArn }) => targetGroupArn) : [],
  );
}

/** The first quarantined member that can stand between the rule's neighbours, else the first of all. */
function neighbour(
  verdicts: readonly Verdict[],
  index: number,
  { members, quarantined }: Attribution,
  placeOf: (member: Member) => number,
): Member {
  const place = (verdict: Verdict | undefined): number | undefined =>
    typeof verdict === "object" ? placeOf(verdict.member) : undefined;
  const isPlaced = (verdict: Verdict): boolean => typeof verdict === "object";
  const from = place(verdicts.slice(0, index).findLast(isPlaced)) ?? Number.NEGATIVE_INFINITY;
  const to = place(verdicts.slice(index).find(isPlaced)) ?? Number.POSITIVE_INFINITY;
  const broken = members.filter((member) => quarantined.has(member)).sort((a, b) => placeOf(a) - placeOf(b));
  const fitting = broken.find((member) => placeOf(member) >= from && placeOf(member) <= to);
  return fitting ?? (broken[0] as Member);
}

function keptSpec({ spec }: ExistingRule): ListenerRuleSpec {
  const { tags, ...rest } = spec;
  return { ...rest, ...tagsField(withoutOwnership(tags)) };
}

/** A rule in a few words: `80:3 shop.example.com/cart*`. */
export function ruleName(port: number, { priority, conditions }: ListenerRuleSpec): string {
  const named = [...conditions].sort((a, b) => compareStrings(a.field, b.field)).map(conditionName);
  return `${port}:${priority} ${named.join(" ")}`;
}

function conditionName(condition: RuleCondition): string {
  switch (condition.field) {
    case "host-header":
      return patterns(condition.hostHeaderConfig);
    case "path-pattern":
      return patterns(condition.pathPatternConfig);
    default:
      return condition.field;
  }
}

function patterns({
  values = [],
  regexValues = [],
}: {
  values?: readonly string[];
  regexValues?: readonly string[];
}): string {
  return [...values, ...regexValues].join("|");
}

/** Tags of both; the first wins. */
export function joinTags(wanted: StringMap | undefined, existing: StringMap | undefined): { tags?: StringMap } {
  return tagsField({ ...withoutOwnership(existing), ...wanted });
}
