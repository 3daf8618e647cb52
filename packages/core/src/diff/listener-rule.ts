/** Rules of listeners: matched by what they do, not by their numbers or tags. */

import { conditionsKey, outcomeKey, ruleKeys, sameActions, transformsKey } from "../desired/rule-key.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { ResourceKey, ResourceOf } from "../model/resource.ts";
import { isReference, type Json } from "../model/value.ts";
import { RESOURCE_TAG } from "../resolve/ownership-tags.ts";
import { creation, type DiffContext, deletion, desiredOf, resolveReferences, tagsOf, updating } from "./context.ts";
import type { Difference, ExistingRule, RuleCall, RuleDifferences, RulePair } from "./difference.ts";
import { diffField } from "./fields.ts";
import type { ListenerDifference } from "./listener.ts";
import { entry } from "./owned.ts";
import { type PairableRule, type PairingOptions, pairRules, type RulePairing } from "./rule-pairs.ts";
import type { DefaultOutcomes } from "./rule-turns.ts";
import { sharesOf, targetGroupName } from "./shares.ts";
import { diffTags } from "./tags.ts";

interface RuleOptions extends PairingOptions {
  /** Names of target groups that traffic must not move to at once. */
  readonly cold?: readonly string[];
}

/** The differences of the rules of every listener that is created or stays; rules of a listener that goes go with it. */
export function diffListenerRules(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
  options: RuleOptions = {},
): readonly RuleDifferences[] {
  const wanted = wantedRules(context);
  return listeners.flatMap((listener) =>
    listener.desired === undefined
      ? []
      : [diffRulesOf(context, listener, wanted.get(listener.change.resource) ?? [], options)],
  );
}

/** The desired rules by listener, ascending priority. */
export function wantedRules(context: DiffContext): ReadonlyMap<ResourceKey, readonly ResourceOf<"listenerRule">[]> {
  const wanted = new Map<ResourceKey, ResourceOf<"listenerRule">[]>();
  for (const rule of desiredOf(context, "listenerRule")) {
    const { listenerArn } = rule.spec;
    if (isReference(listenerArn)) entry(wanted, listenerArn.ref, () => []).push(rule);
  }
  for (const rules of wanted.values()) rules.sort((a, b) => a.spec.priority - b.spec.priority);
  return wanted;
}

interface DesiredRule {
  readonly id: string;
  readonly spec: ListenerRuleSpec;
}

function diffRulesOf(
  context: DiffContext,
  listener: ListenerDifference,
  wanted: readonly ResourceOf<"listenerRule">[],
  { cold = [], ...options }: RuleOptions,
): RuleDifferences {
  const desired = wanted.map(
    ({ id, spec }): DesiredRule => ({ id, spec: withTags(context, id, resolveReferences(context, spec)) }),
  );
  const existing = listener.existing === undefined ? [] : (context.owned.rules.get(listener.existing.arn) ?? []);
  const pairing = (options: PairingOptions): RulePairing =>
    pairRules(
      existing.map(({ spec }) => pairable(spec)),
      desired.map(({ spec }) => pairable(spec)),
      defaultOutcomes(listener),
      options,
    );
  const shortest = pairing(options);
  // In the usual order new rules can wait behind the old ones for their targets; in another one they take traffic at once.
  const isCold = (next: number): boolean =>
    at(desired, next)
      .spec.actions.flatMap(sharesOf)
      .some((group) => cold.includes(targetGroupName(group)));
  const { kept, modified, created, deleted, turns } =
    shortest.turns !== undefined && shortest.created.some(isCold) ? pairing({ usualOrder: true }) : shortest;
  const pair = (old: number, next: number): RulePair => {
    const [before, after] = [at(existing, old), at(desired, next)];
    const fields = fieldsOfRule(context, after.spec, before, kept.has(old));
    return {
      change: updating(context, "listenerRule", after.id, before.arn, fields),
      desired: after.spec,
      existing: before,
    };
  };
  const create = (next: number): Difference<"listenerRule"> => {
    const { id, spec } = at(desired, next);
    return { change: creation(context, "listenerRule", id, spec), desired: spec };
  };
  const remove = (old: number): Difference<"listenerRule"> => {
    const before = at(existing, old);
    return { change: ruleDeletion(context, listener, before), existing: before };
  };
  const differences = {
    kept: [...kept].map(([old, next]) => pair(old, next)),
    modified: [...modified].map(([old, next]) => pair(old, next)),
    created: created.map(create),
    deleted: deleted.map(remove),
  };
  const calls = turns?.map((turn): RuleCall => {
    switch (turn.kind) {
      case "modify":
        return { kind: turn.kind, pair: at(differences.modified, [...modified.keys()].indexOf(turn.old)) };
      case "create":
        return { kind: turn.kind, rule: at(differences.created, created.indexOf(turn.next)) };
      case "delete":
        return { kind: turn.kind, rule: at(differences.deleted, deleted.indexOf(turn.old)) };
      default:
        return turn;
    }
  });
  return {
    listener: listener.change.resource,
    ...(listener.existing === undefined ? {} : { listenerArn: listener.existing.arn }),
    ...differences,
    ...(calls === undefined ? {} : { turns: calls }),
  };
}

/** What stands there; only for places that `pairRules` gave. */
function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`no rule at ${index}`);
  return found;
}

function defaultOutcomes({ desired, existing, defaultStays }: ListenerDifference): DefaultOutcomes {
  const before = outcomeKey(existing?.spec.defaultActions ?? []);
  return { before, after: defaultStays ? before : outcomeKey(desired?.defaultActions ?? []) };
}

/** Names a rule that goes by its place, as LBC names rules. */
function ruleDeletion(context: DiffContext, listener: ListenerDifference, { arn, spec }: ExistingRule): Change {
  const listenerId = listener.change.resource.slice("listener/".length);
  return deletion(context, "listenerRule", `${listenerId}:${spec.priority}`, arn, spec);
}

function pairable(spec: ListenerRuleSpec): PairableRule {
  return { priority: spec.priority, keys: ruleKeys(spec), conditions: spec.conditions };
}

function withTags(context: DiffContext, id: string, spec: ListenerRuleSpec): ListenerRuleSpec {
  const { tags, ...rest } = spec;
  return context.settings.featureGates.ListenerRulesTagging ? { ...rest, tags: tagsOf(context, id, tags) } : rest;
}

/** The field changes of a rule that is paired with an existing one; `equal`: only number and tags may differ. */
export function fieldsOfRule(
  context: DiffContext,
  desired: ListenerRuleSpec,
  { spec }: ExistingRule,
  equal: boolean,
): readonly FieldChange[] {
  return [
    ...diffField("/priority", spec.priority, desired.priority),
    ...(equal ? [] : contentFields(desired, spec)),
    ...tagFields(context, desired, spec),
  ];
}

function contentFields(desired: ListenerRuleSpec, existing: ListenerRuleSpec): readonly FieldChange[] {
  return [
    ...(sameActions(desired.actions, existing.actions)
      ? []
      : [{ path: "/actions", before: existing.actions as unknown as Json, after: desired.actions as unknown as Json }]),
    ...(conditionsKey(desired.conditions) === conditionsKey(existing.conditions)
      ? []
      : diffField("/conditions", existing.conditions, desired.conditions)),
    ...(transformsKey(desired.transforms) === transformsKey(existing.transforms)
      ? []
      : diffField("/transforms", existing.transforms, desired.transforms)),
  ];
}

/**
 * With `positionTags: "lazy"` the tag that repeats listener and number is no difference by itself; it is written along
 * with other tags. LBC pairs rules by content and number, so that a stale one does it no harm.
 */
function tagFields(
  context: DiffContext,
  desired: ListenerRuleSpec,
  existing: ListenerRuleSpec,
): readonly FieldChange[] {
  if (!context.settings.featureGates.ListenerRulesTagging || desired.tags === undefined) return [];
  const fields = diffTags(desired.tags, existing.tags, new Set(context.settings.externalManagedTags));
  if (context.settings.positionTags === "exact") return fields;
  const path = `/tags/${RESOURCE_TAG.replace("/", "~1")}`;
  // Removing tags is another call, which a position could not share.
  return fields.some((field) => field.path !== path && field.after !== undefined)
    ? fields
    : fields.filter((field) => field.path !== path);
}
