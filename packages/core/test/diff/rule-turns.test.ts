/** Orders of calls that are shorter than the usual one. That they are safe and the shortest is shown in test/minimality. */
import { describe, expect, it } from "vitest";
import { ruleKeys } from "../../src/desired/rule-key.ts";
import { pairRules } from "../../src/diff/rule-pairs.ts";
import type { RuleTurn } from "../../src/diff/rule-turns.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { host, path, type RuleSketch } from "../fixtures/graph.ts";

const says = (messageBody: string): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode: "200", contentType: "text/plain", messageBody },
});
const to = (pattern: string, answer: string): RuleSketch => ({
  conditions: pattern.startsWith("/")
    ? [path(pattern)]
    : [host(pattern.slice(0, pattern.indexOf("/"))), path(pattern.slice(pattern.indexOf("/")))],
  actions: [says(answer)],
});

const numbered = (rules: readonly RuleSketch[]) =>
  rules.map((rule, index) => ({ priority: index + 1, keys: ruleKeys(rule), conditions: rule.conditions }));

/** `2→1` is a rule that turns into another, `+1` one that comes, `-1` one that goes; rules by their place. */
function short(turn: RuleTurn): string {
  switch (turn.kind) {
    case "modify":
      return `${turn.old + 1}→${turn.next + 1}`;
    case "create":
      return `+${turn.next + 1}`;
    case "delete":
      return `-${turn.old + 1}`;
    default:
      return turn.kind;
  }
}

describe("findTurns", () => {
  it.each<{
    readonly name: string;
    readonly old: readonly RuleSketch[];
    readonly goal: readonly RuleSketch[];
    readonly defaults?: readonly [string, string];
    readonly turns: readonly string[] | undefined;
  }>([
    {
      name: "takes the usual order where it has as few calls as any",
      old: [to("/a", "A"), to("/*", "B")],
      goal: [to("/b", "C"), to("/a", "A"), to("/*", "B")],
      turns: undefined,
    },
    {
      name: "modifies before the default changes where a rule widens",
      old: [to("/a", "A")],
      goal: [to("/a*", "C")],
      defaults: ["X", "Y"],
      turns: ["1→1", "default"],
    },
    {
      name: "changes the default first where a rule narrows",
      old: [to("/a*", "A")],
      goal: [to("/a", "C")],
      defaults: ["X", "Y"],
      turns: ["default", "1→1"],
    },
    {
      name: "an Ingress changes its host: the wider rule goes first, and comes last",
      old: [to("old.io/a", "A"), to("old.io/*", "B")],
      goal: [to("new.io/a", "C"), to("new.io/*", "D")],
      turns: ["2→1", "renumber", "1→2"],
    },
    {
      name: "has one rule aside where none can be modified before the other",
      old: [to("/a", "A"), to("/*", "B")],
      goal: [to("/b", "C"), to("/*", "D")],
      turns: ["+1", "renumber", "1→2", "-2"],
    },
    {
      name: "doesn't look at more than it can",
      old: Array.from({ length: 16 }, (_, index) => to(`/*${index}*`, `A${index}`)),
      goal: Array.from({ length: 16 }, (_, index) => to(`/*${index + 1}*`, `B${index}`)),
      turns: undefined,
    },
  ])("$name", ({ old, goal, defaults: [before, after] = ["X", "X"], turns }) => {
    expect(pairRules(numbered(old), numbered(goal), { before, after }).turns?.map(short)).toEqual(turns);
    expect(pairRules(numbered(old), numbered(goal), { before, after }, { usualOrder: true }).turns).toBeUndefined();
  });
});
