/** Redirects from one listener to another: they come after what they point to, and go before it. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Difference, RuleDifferences, StackDiff } from "../diff/difference.ts";
import { redirectPorts } from "../diff/redirect-ports.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";

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
      const ports = new Set(redirectPorts(desiredActions(change.resource, desired, rulesOf), desired.port));
      for (const other of listeners) if (other.desired !== undefined && ports.has(other.desired.port)) visit(other);
    }
    sorted.push(difference);
  };
  for (const difference of listeners) visit(difference);
  return sorted;
}

function desiredActions(
  resource: ResourceKey,
  desired: ListenerSpec,
  rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>,
): readonly RuleAction[] {
  const { created = [], modified = [], kept = [] } = rulesOf.get(resource) ?? {};
  return [
    ...desired.defaultActions,
    ...[...created, ...modified, ...kept].flatMap((rule) => rule.desired?.actions ?? []),
  ];
}

/** Says of listeners of a load balancer that serves already which redirect in a circle: one of them must be first. */
export function redirectCircles(
  { id, listeners }: StackDiff,
  rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>,
): readonly Diagnostic[] {
  const staying = targetsFirst(listeners, rulesOf).flatMap(({ change, desired }) =>
    desired === undefined || typeof desired.loadBalancerArn !== "string" ? [] : [{ change, desired }],
  );
  const changing = staying.filter(({ change }) => {
    const { created = [], modified = [], deleted = [] } = rulesOf.get(change.resource) ?? {};
    return change.kind !== "keep" || created.length + modified.length + deleted.length > 0;
  });
  const later = new Set(changing.map(({ desired }) => desired.port));
  const early = staying.flatMap(({ change, desired }) => {
    later.delete(desired.port);
    return redirectPorts(desiredActions(change.resource, desired, rulesOf), desired.port).filter((port) =>
      later.has(port),
    );
  });
  return [...new Set(early)]
    .sort((a, b) => a - b)
    .map((port) => {
      const message = `Listeners of stack ${id} redirect to one another: redirects to port ${port} may meet an incomplete listener meanwhile.`;
      return diagnose("redirects.gap", message, { stack: id });
    });
}

/** A listener that goes, and those that go and redirect to it. */
export interface Leaving {
  readonly difference: Difference<"listener">;
  readonly redirecting: readonly Difference<"listener">[];
}

/** Listeners that go so that one which redirects comes before the one it redirects to; of a circle, any first. */
export function redirectsFirst(
  listeners: readonly Difference<"listener">[],
  actionsOf: (arn: string) => readonly RuleAction[],
): readonly Leaving[] {
  const ports = listeners.map((difference) => {
    const { arn = "", spec } = difference.existing ?? {};
    return { difference, to: new Set(redirectPorts(actionsOf(arn), spec?.port ?? 0)) };
  });
  const sorted: Leaving[] = [];
  const seen = new Set<Difference<"listener">>();
  const visit = (difference: Difference<"listener">): void => {
    if (seen.has(difference)) return;
    seen.add(difference);
    const port = difference.existing?.spec.port ?? 0;
    const redirecting = ports.flatMap((other) => (other.to.has(port) ? [other.difference] : []));
    for (const other of redirecting) visit(other);
    sorted.push({ difference, redirecting });
  };
  for (const difference of listeners) visit(difference);
  return sorted;
}
