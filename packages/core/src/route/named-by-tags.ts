import type { Existing, Inventory } from "../model/inventory.ts";
import { type ResourceKind, resourceKey } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { StringMap, Value } from "../model/value.ts";
import { RESOURCE_TAG } from "../resolve/ownership-tags.ts";
import type { ListenerState } from "./listener-state.ts";

/**
 * The state of an inventory in the names of a stack: ARNs of target groups and certificates whose tags tell the
 * resource's id become what the graph has in their place. Others stay.
 */
export function namedByTags(state: readonly ListenerState[], inventory: Inventory): readonly ListenerState[] {
  const keys = new Map<string, string>();
  const add = (kind: ResourceKind, records: { readonly [arn: string]: Tagged }): void => {
    for (const { arn, spec } of Object.values(records)) {
      if (spec.tags === undefined || !Object.hasOwn(spec.tags, RESOURCE_TAG)) continue;
      keys.set(arn, resourceKey(kind, spec.tags[RESOURCE_TAG] ?? ""));
    }
  };
  add("targetGroup", inventory.targetGroups);
  add("certificate", inventory.certificates);
  const named = (value: Value): Value => {
    const ref = typeof value === "string" ? keys.get(value) : undefined;
    return ref === undefined ? value : { ref, field: "arn" };
  };
  const namedActions = (actions: readonly RuleAction[]): readonly RuleAction[] =>
    actions.map((action) => {
      if (action.type !== "forward") return action;
      const targetGroups = action.forwardConfig.targetGroups.map((group) => ({
        ...group,
        targetGroupArn: named(group.targetGroupArn),
      }));
      return { ...action, forwardConfig: { ...action.forwardConfig, targetGroups } };
    });
  return state.map((listener) => ({
    ...listener,
    defaultActions: namedActions(listener.defaultActions),
    certificates: listener.certificates.map((one) => ({
      ...one,
      certificate: keys.get(one.certificate) ?? one.certificate,
    })),
    rules: listener.rules.map((rule) => ({ ...rule, actions: namedActions(rule.actions) })),
  }));
}

type Tagged = Existing<{ readonly tags?: StringMap }>;
