/** Rules of listeners: matched by what they do, not by their numbers or tags. */

import { conditionsKey, ruleKeys, sameActions, transformsKey } from "../desired/rule-key.ts";
import type { Change, FieldChange } from "../model/change.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { ResourceKey, ResourceOf } from "../model/resource.ts";
import { resourceKey } from "../model/resource.ts";
import { isReference, type Json } from "../model/value.ts";
import { RESOURCE_TAG } from "../resolve/ownership-tags.ts";
import {
  creation,
  type DiffContext,
  deletion,
  desiredOf,
  matched,
  resolveReferences,
  tagsOf,
  updating,
} from "./context.ts";
import type { Difference, ExistingRule, RuleDifferences, RulePair } from "./difference.ts";
import { diffField } from "./fields.ts";
import type { ListenerDifference } from "./listener.ts";
import { entry } from "./owned.ts";
import { type PairableRule, pairRules } from "./rule-pairs.ts";
import { diffTags } from "./tags.ts";

/** The differences of the rules of every listener that is created or stays; rules of a listener that goes go with it. */
export function diffListenerRules(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
): readonly RuleDifferences[] {
  const wanted = new Map<ResourceKey, ResourceOf<"listenerRule">[]>();
  for (const rule of desiredOf(context, "listenerRule")) {
    const { listenerArn } = rule.spec;
    if (isReference(listenerArn)) entry(wanted, listenerArn.ref, () => []).push(rule);
  }
  return listeners.flatMap((listener) => {
    if (listener.desired === undefined) return [];
    const rules = wanted.get(listener.change.resource) ?? [];
    rules.sort((a, b) => a.spec.priority - b.spec.priority);
    return [diffRulesOf(context, listener, rules)];
  });
}

interface DesiredRule {
  readonly id: string;
  readonly spec: ListenerRuleSpec;
}

function diffRulesOf(
  context: DiffContext,
  listener: ListenerDifference,
  wanted: readonly ResourceOf<"listenerRule">[],
): RuleDifferences {
  const desired = wanted.map(
    ({ id, spec }): DesiredRule => ({ id, spec: withTags(context, id, resolveReferences(context, spec)) }),
  );
  const existing = listener.existing === undefined ? [] : (context.owned.rules.get(listener.existing.arn) ?? []);
  const pairs =
    existing.length === 0
      ? { kept: [], modified: [], created: [...desired.keys()], deleted: [] }
      : pairRules(
          existing.map(({ spec }) => pairable(spec)),
          desired.map(({ spec }) => pairable(spec)),
          listener.defaultStays,
        );
  const pair = (old: number, next: number, equal: boolean): readonly RulePair[] => {
    const before = existing[old];
    const after = desired[next];
    if (before === undefined || after === undefined) return [];
    matched(context, resourceKey("listenerRule", after.id), before.arn);
    const change = updating(
      context,
      "listenerRule",
      after.id,
      before.arn,
      fieldsOfRule(context, after.spec, before, equal),
    );
    return [{ change, desired: after.spec, existing: before }];
  };
  const created = pairs.created.flatMap((next): readonly Difference<"listenerRule">[] => {
    const after = desired[next];
    return after === undefined
      ? []
      : [{ change: creation(context, "listenerRule", after.id, after.spec), desired: after.spec }];
  });
  const deleted = pairs.deleted.flatMap((old): readonly Difference<"listenerRule">[] => {
    const before = existing[old];
    return before === undefined ? [] : [{ change: ruleDeletion(context, listener, before), existing: before }];
  });
  return {
    listener: listener.change.resource,
    ...(listener.existing === undefined ? {} : { listenerArn: listener.existing.arn }),
    kept: [...pairs.kept].flatMap(([old, next]) => pair(old, next, true)),
    modified: [...pairs.modified].flatMap(([old, next]) => pair(old, next, false)),
    created,
    deleted,
  };
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
