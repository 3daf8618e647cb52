/**
 * The quota of rules per load balancer while rules change: old and new ones exist side by side for a while. Where they
 * don't fit, the listeners change one after another, those that go first; where even that doesn't do, rules that go turn into new ones in
 * place, as few as possible. That always suffices when the goal itself fits, but requests may see a gap.
 */

import { conditionsKey } from "../desired/rule-key.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isKnownQuota, quotasOf } from "../model/quotas.ts";
import { type DiffContext, matched, updating } from "./context.ts";
import type { Difference, RuleDifferences, RulePair } from "./difference.ts";
import type { ListenerDifference } from "./listener.ts";
import { diffListenerRules, fieldsOfRule } from "./listener-rule.ts";

export interface FittedRules {
  readonly rules: readonly RuleDifferences[];
  readonly diagnostics: readonly Diagnostic[];
  /** The goal itself exceeds a quota that is known. */
  readonly refused: boolean;
}

/** Compares the rules of a stack, of which some target groups are cold, and fits their changes into the quota, load balancer by load balancer. */
export function fitRules(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
  cold: readonly string[] = [],
): FittedRules {
  const loadBalancers = new Map<string, RuleDifferences[]>();
  for (const differences of diffListenerRules(context, listeners, { cold })) {
    const listener = listeners.find(({ change }) => change.resource === differences.listener);
    const loadBalancer = JSON.stringify(listener?.desired?.loadBalancerArn);
    loadBalancers.set(loadBalancer, [...(loadBalancers.get(loadBalancer) ?? []), differences]);
  }
  const fitted = [...loadBalancers].map(([loadBalancer, list]) => {
    const staying = list.reduce(
      (count, { kept, modified, deleted }) => count + kept.length + modified.length + deleted.length,
      0,
    );
    const existing = existingRules(context, loadBalancer);
    return fitLoadBalancer(context, listeners, list, existing, existing - staying);
  });
  const rules = fitted.flatMap((part) => part.rules);
  for (const { change, existing } of rules.flatMap(({ kept, modified }) => [...kept, ...modified])) {
    matched(context, change.resource, existing.arn);
  }
  return {
    rules,
    diagnostics: fitted.flatMap((part) => part.diagnostics),
    refused: fitted.some((part) => part.refused),
  };
}

/** All rules of a load balancer that exists, those of listeners that go included: they take room until then. */
function existingRules({ owned }: DiffContext, loadBalancer: string): number {
  const arn: unknown = JSON.parse(loadBalancer);
  if (typeof arn !== "string") return 0;
  const listeners = owned.listeners.get(arn) ?? [];
  return listeners.reduce((count, listener) => count + (owned.rules.get(listener.arn)?.length ?? 0), 0);
}

/** `leaving`: rules of listeners that go. */
function fitLoadBalancer(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
  rules: readonly RuleDifferences[],
  existing: number,
  leaving: number,
): FittedRules {
  const { rulesPerLoadBalancer } = quotasOf(context.owned.inventory);
  const known = isKnownQuota(context.owned.inventory, "rulesPerLoadBalancer");
  const sum = (count: (differences: RuleDifferences) => number): number =>
    rules.reduce((total, differences) => total + count(differences), 0);
  const goal = sum(({ kept, modified, created }) => kept.length + modified.length + created.length);
  const diagnostics: Diagnostic[] = [];
  if (goal > rulesPerLoadBalancer && goal > existing) {
    const message = `The load balancer of stack ${context.stack} would hold ${goal} rules; the quota is ${rulesPerLoadBalancer}.`;
    diagnostics.push(
      diagnose("rules.over-quota", message, {
        stack: context.stack,
        ...(known ? {} : { severity: "warning" as const }),
      }),
    );
    if (known) return { rules, diagnostics, refused: true };
  }
  // What exists proves a quota that allows it.
  const quota = Math.max(rulesPerLoadBalancer, existing, known ? 0 : goal);
  let room = quota - existing;
  if (sum(({ created }) => created.length) <= room) return { rules, diagnostics, refused: false };
  room += leaving;

  // Rules change in place and wait for one another now, so that no other order can be taken.
  const concerned = new Set(rules.map(({ listener }) => listener));
  const usual = diffListenerRules(
    context,
    listeners.filter(({ change }) => concerned.has(change.resource)),
    { usualOrder: true },
  );
  const growth = ({ created, deleted }: RuleDifferences): number => created.length - deleted.length;
  const fitted = [...usual]
    .sort((a, b) => growth(a) - growth(b))
    .map((differences): RuleDifferences => {
      const tight = Math.min(differences.created.length - room, differences.deleted.length);
      const result = tight > 0 ? pairInPlace(context, differences, tight) : differences;
      if (tight > 0) {
        const message = `The quota of ${quota} rules has no room for ${differences.created.length} new rules beside the old ones of ${differences.listener} in stack ${context.stack}: ${tight} of them change in place, and requests that match them may meet another rule meanwhile.`;
        diagnostics.push(diagnose("rules.gap", message, { stack: context.stack, resource: differences.listener }));
      }
      room -= growth(result);
      return { ...result, waitsForRoom: true };
    });
  return { rules: fitted, diagnostics, refused: false };
}

/** Turns `count` rules that go into new ones, those with equal conditions first. */
function pairInPlace(context: DiffContext, differences: RuleDifferences, count: number): RuleDifferences {
  const created = [...differences.created];
  const deleted = [...differences.deleted];
  const pairs: RulePair[] = [];
  const take = (next: Difference<"listenerRule"> | undefined, old: Difference<"listenerRule"> | undefined): void => {
    if (next?.desired === undefined || old?.existing === undefined) return;
    created.splice(created.indexOf(next), 1);
    deleted.splice(deleted.indexOf(old), 1);
    const id = next.change.resource.slice("listenerRule/".length);
    const fields = fieldsOfRule(context, next.desired, old.existing, false);
    const change = updating(context, "listenerRule", id, old.existing.arn, fields);
    pairs.push({ change, desired: next.desired, existing: old.existing });
  };
  for (const next of differences.created) {
    if (pairs.length >= count || next.desired === undefined) break;
    const key = conditionsKey(next.desired.conditions);
    take(
      next,
      deleted.find(({ existing }) => existing !== undefined && conditionsKey(existing.spec.conditions) === key),
    );
  }
  while (pairs.length < count && created.length > 0 && deleted.length > 0) take(created[0], deleted[0]);
  const modified = [...differences.modified, ...pairs].sort(
    (a, b) => a.existing.spec.priority - b.existing.spec.priority,
  );
  return { ...differences, modified, created, deleted };
}
