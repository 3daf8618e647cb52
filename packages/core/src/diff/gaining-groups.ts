/** Which target groups a goal leads requests to that other targets answer now. */
import equal from "fast-deep-equal";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { RedirectAction, RuleAction } from "../model/rule-action.ts";
import { type DiffContext, resolveReferences } from "./context.ts";
import type { ListenerDifference } from "./listener.ts";
import { wantedRules } from "./listener-rule.ts";
import { redirectPorts } from "./redirect-ports.ts";
import { type RuleShape, ruleCovers, ruleShape, rulesOverlap } from "./rule-overlap.ts";
import { sharesOf, targetGroupName } from "./shares.ts";

/** A rule or, with conditions that everything meets, a default. */
interface Answer {
  readonly shape: RuleShape;
  readonly actions: readonly RuleAction[];
  /** Names of the groups that get a share. */
  readonly groups: readonly string[];
}

/** What serves the requests to a listener, the first that matches. */
type Answers = readonly Answer[];

interface Listener {
  readonly difference: ListenerDifference;
  readonly port: number;
  readonly next: Answers;
}

/**
 * Of the candidates those that get requests which a group with a healthy target answers now: a rule or a default that
 * leads there overlaps what answers now, and nothing before either of them takes all that they share. Redirects to other
 * listeners are followed. Where nothing is proven a group counts as gaining.
 */
export function gainingGroups(
  context: DiffContext,
  listeners: readonly ListenerDifference[],
  candidates: ReadonlySet<string>,
  isWarm: (targetGroup: string) => boolean,
): ReadonlySet<string> {
  const gaining = new Set<string>();
  if (candidates.size === 0) return gaining;
  const wanted = wantedRules(context);
  const all = listeners.flatMap((difference): readonly Listener[] => {
    const { change, desired } = difference;
    if (desired === undefined) return [];
    const rules = (wanted.get(change.resource) ?? []).map(({ spec }) => resolveReferences(context, spec));
    return [{ difference, port: desired.port, next: answers(rules, desired.defaultActions) }];
  });
  for (const { difference, port, next } of all) {
    const { existing, desired } = difference;
    // A change of protocol is brief: old requests end with it.
    if (existing === undefined || existing.spec.protocol !== desired?.protocol) continue;
    const rules = (context.owned.rules.get(existing.arn) ?? []).map(({ spec }) => spec);
    const old = answers(rules, existing.spec.defaultActions);
    const others = all.filter((other) => equal(other.difference.desired?.loadBalancerArn, desired.loadBalancerArn));
    for (const [place, answer] of next.entries()) {
      const ways = [answer, ...redirectedTo(answer, port, others)].filter(({ groups }) =>
        groups.some((name) => candidates.has(name) && !gaining.has(name)),
      );
      if (ways.length === 0) continue;
      for (const [oldPlace, before] of old.entries()) {
        if (!before.groups.some(isWarm) || !rulesOverlap(before.shape, answer.shape)) continue;
        const both = [before.shape, answer.shape];
        if (isTaken(old.slice(0, oldPlace), both) || isTaken(next.slice(0, place), both)) continue;
        for (const { shape, groups } of ways) {
          if (!rulesOverlap(before.shape, shape)) continue;
          for (const name of groups) if (candidates.has(name) && !before.groups.includes(name)) gaining.add(name);
        }
      }
    }
  }
  return gaining;
}

function answers(
  rules: readonly Pick<ListenerRuleSpec, "conditions" | "actions">[],
  defaultActions: readonly RuleAction[],
): Answers {
  return [...rules, { conditions: [], actions: defaultActions }].map(({ conditions, actions }) => ({
    shape: ruleShape(conditions),
    actions,
    groups: actions.flatMap(sharesOf).map(targetGroupName),
  }));
}

/** Whether what comes before takes all requests that match each of the shapes. */
function isTaken(earlier: Answers, shapes: readonly RuleShape[]): boolean {
  return earlier.some((one) => shapes.some((shape) => ruleCovers(one.shape, shape)));
}

/** What answers on the other listeners that an answer redirects to. A redirect that changes host or path may lead to any. */
function redirectedTo({ shape, actions }: Answer, ownPort: number, listeners: readonly Listener[]): Answers {
  const ports = redirectPorts(actions, ownPort);
  if (ports.length === 0) return [];
  const reached = listeners.flatMap(({ port, next }) => (ports.includes(port) ? [...next] : []));
  if (!actions.every(keepsHostAndPath)) return reached.map((one) => ({ ...one, shape: ruleShape([]) }));
  return reached.filter((one) => rulesOverlap(one.shape, shape));
}

function keepsHostAndPath(action: RuleAction): boolean {
  if (action.type !== "redirect") return true;
  const { host = "#{host}", path = "/#{path}" }: RedirectAction["redirectConfig"] = action.redirectConfig;
  return host === "#{host}" && path === "/#{path}";
}
