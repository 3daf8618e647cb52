/** What the planner does with an abstract listener: the calls, and the listings that they lead through. */
import type { RuleKeys } from "../../src/desired/rule-key.ts";
import type { RuleDifferences, RulePair } from "../../src/diff/difference.ts";
import { type PairableRule, type PairingOptions, pairRules, type RulePairing } from "../../src/diff/rule-pairs.ts";
import type { Change } from "../../src/model/change.ts";
import type { ListenerRuleSpec } from "../../src/model/listener-rule.ts";
import { ruleSteps } from "../../src/order/rule-steps.ts";
import type { AbstractRule, Listing, Task } from "./listing.ts";

export interface OurCalls {
  readonly calls: number;
  readonly inPlace: number;
  /** After each call. */
  readonly listings: readonly Listing[];
}

/** Plans and carries out. Throws where AWS would refuse: two rules with one number. */
export function ourCalls(
  { before, after }: Task,
  options: PairingOptions & { readonly pair?: Pairing } = {},
): OurCalls {
  const existing = before.rules.map(pairable);
  const desired = after.rules.map(pairable);
  const defaults = { before: `answer ${before.fallback}`, after: `answer ${after.fallback}` };
  const pairing = (options.pair ?? pairRules)(existing, desired, defaults, options);
  const steps = ruleSteps(differences(pairing, existing, desired), before.fallback !== after.fallback);
  const rules = new Map(before.rules.map((rule, index) => [`old ${index}`, { priority: index + 1, rule }]));
  let { fallback } = before;
  const wanted = ({ resource }: Change): AbstractRule => after.rules[Number(resource.slice(4))] ?? NONE;
  const listings = steps.map((step): Listing => {
    switch (step.kind) {
      case "modify": {
        const { arn } = step.pair.existing;
        rules.set(arn, { priority: rules.get(arn)?.priority ?? 0, rule: wanted(step.pair.change) });
        break;
      }
      case "create":
        rules.set(step.rule.change.resource, { priority: step.priority, rule: wanted(step.rule.change) });
        break;
      case "renumber":
        for (const { rule: name, priority } of step.priorities) {
          const key = "arn" in name ? name.arn : name.key;
          rules.set(key, { priority, rule: rules.get(key)?.rule ?? NONE });
        }
        break;
      case "default":
        fallback = after.fallback;
        break;
      case "delete":
        rules.delete(step.rule.existing?.arn ?? "");
        break;
    }
    const sorted = [...rules.values()].sort((a, b) => a.priority - b.priority);
    if (new Set(sorted.map(({ priority }) => priority)).size < sorted.length) throw new Error("PriorityInUse");
    return { rules: sorted.map(({ rule }) => rule), fallback };
  });
  return { calls: steps.length, inPlace: pairing.modified.size, listings };
}

/** Another way to pair, for tests of what is wrong with it. */
export type Pairing = typeof pairRules;

const NONE: AbstractRule = { requests: 0, answer: 0 };
const CHANGE: Change = { kind: "update", stack: "", resource: "", type: "listenerRule", fields: [], reason: "" };

const pairables = new Map<string, Omit<PairableRule, "priority">>();

/** A condition with one path for each request. */
function pairable({ requests, answer }: AbstractRule, index: number): PairableRule {
  const content = `${requests} ${answer}`;
  const known = pairables.get(content) ?? newPairable(requests, answer, content);
  pairables.set(content, known);
  return { ...known, priority: index + 1 };
}

function newPairable(requests: number, answer: number, content: string): Omit<PairableRule, "priority"> {
  const keys: RuleKeys = {
    content,
    loose: content,
    conditions: String(requests),
    outcome: `answer ${answer}`,
    isLoose: false,
  };
  const values = [..."abcdefg"].filter((_, bit) => (requests >> bit) & 1).map((letter) => `/${letter}`);
  return { keys, conditions: [{ field: "path-pattern", pathPatternConfig: { values } }] };
}

function differences(
  { kept, modified, created, deleted, turns }: RulePairing,
  existing: readonly PairableRule[],
  desired: readonly PairableRule[],
): RuleDifferences {
  const spec = (rule: PairableRule | undefined): ListenerRuleSpec<string> => ({
    listenerArn: "",
    priority: rule?.priority ?? 0,
    actions: [],
    conditions: [],
  });
  const old = (index: number) => ({ arn: `old ${index}`, spec: spec(existing[index]) });
  const pairs = new Map(
    [...kept, ...modified].map(([from, to]): [number, RulePair] => [
      from,
      { change: { ...CHANGE, resource: `new ${to}` }, desired: spec(desired[to]), existing: old(from) },
    ]),
  );
  const comes = new Map(
    created.map((index) => [index, { change: { ...CHANGE, resource: `new ${index}` }, desired: spec(desired[index]) }]),
  );
  const goes = new Map(deleted.map((index) => [index, { change: CHANGE, existing: old(index) }]));
  const pair = (index: number): RulePair => pairs.get(index) as RulePair;
  return {
    listener: "listener/80",
    kept: [...kept.keys()].map(pair),
    modified: [...modified.keys()].map(pair),
    created: [...comes.values()],
    deleted: [...goes.values()],
    ...(turns && {
      turns: turns.map((turn) => {
        if (turn.kind === "modify") return { kind: turn.kind, pair: pair(turn.old) };
        if (turn.kind === "create") return { kind: turn.kind, rule: comes.get(turn.next) ?? { change: CHANGE } };
        return turn.kind === "delete" ? { kind: turn.kind, rule: goes.get(turn.old) ?? { change: CHANGE } } : turn;
      }),
    }),
  };
}
