/** Redirects from one listener to another: they come after what they point to, and go before it. */
import type { Difference, RuleDifferences } from "../diff/difference.ts";
import type { RuleAction } from "../model/rule-action.ts";

/** Ports of other listeners that actions redirect to. */
export function redirectPorts(actions: readonly RuleAction[], ownPort: number): readonly number[] {
  return actions.flatMap((action) => {
    if (action.type !== "redirect") return [];
    const port = Number(action.redirectConfig.port);
    return Number.isInteger(port) && port !== ownPort ? [port] : [];
  });
}

/** Listeners so that one which redirects comes after the one it redirects to; of a circle, the lowest port first. */
export function targetsFirst(
  listeners: readonly Difference<"listener">[],
  rulesOf: ReadonlyMap<string, RuleDifferences>,
): readonly Difference<"listener">[] {
  const sorted: Difference<"listener">[] = [];
  const seen = new Set<Difference<"listener">>();
  const visit = (difference: Difference<"listener">): void => {
    if (seen.has(difference)) return;
    seen.add(difference);
    const { change, desired } = difference;
    if (desired !== undefined) {
      const rules = rulesOf.get(change.resource);
      const actions = [
        ...desired.defaultActions,
        ...(rules?.created ?? []).flatMap((rule) => rule.desired?.actions ?? []),
        ...(rules?.modified ?? []).flatMap((pair) => pair.desired.actions),
      ];
      const ports = new Set(redirectPorts(actions, desired.port));
      for (const other of listeners) if (other.desired !== undefined && ports.has(other.desired.port)) visit(other);
    }
    sorted.push(difference);
  };
  for (const difference of listeners) visit(difference);
  return sorted;
}
