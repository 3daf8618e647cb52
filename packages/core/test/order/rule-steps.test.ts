import { describe, expect, it } from "vitest";
import type { RuleDifferences } from "../../src/diff/difference.ts";
import type { Change } from "../../src/model/change.ts";
import type { ListenerRuleSpec } from "../../src/model/listener-rule.ts";
import { LAST_PRIORITY } from "../../src/model/listener-rule.ts";
import { type RuleStep, ruleSteps } from "../../src/order/rule-steps.ts";

/** `[old number, new number]`; one of them is left out for rules that come or go. */
type Sketch = readonly { readonly old?: number; readonly goal?: number; readonly modified?: true }[];

const change = (resource: string): Change => ({
  kind: "update",
  stack: "s",
  resource,
  type: "listenerRule",
  fields: [],
  reason: "",
});
const spec = (priority: number): ListenerRuleSpec<string> => ({
  listenerArn: "l",
  priority,
  actions: [],
  conditions: [],
});
const existing = (priority: number) => ({ arn: `old ${priority}`, spec: spec(priority) });

function rulesOf(sketch: Sketch): RuleDifferences {
  const pair = (old: number, goal: number) => ({
    change: change(`new ${goal}`),
    desired: spec(goal),
    existing: existing(old),
  });
  const both = sketch.flatMap(({ old, goal, modified }) => (old && goal ? [{ pair: pair(old, goal), modified }] : []));
  return {
    listener: "listener/80",
    listenerArn: "l",
    kept: both.filter(({ modified }) => !modified).map((it) => it.pair),
    modified: both.filter(({ modified }) => modified).map((it) => it.pair),
    created: sketch.flatMap(({ old, goal }) =>
      !old && goal ? [{ change: change(`new ${goal}`), desired: spec(goal) }] : [],
    ),
    deleted: sketch.flatMap(({ old, goal }) =>
      old && !goal ? [{ change: change(`old ${old}`), existing: existing(old) }] : [],
    ),
  };
}

/** A step in short: `create new 1 at 4`, `renumber old 1→2`. */
function inShort(step: RuleStep): string {
  switch (step.kind) {
    case "modify":
      return `modify ${step.pair.existing.arn}`;
    case "create":
      return `create ${step.rule.change.resource} at ${step.priority}`;
    case "renumber":
      return `renumber ${step.priorities.map(({ rule, priority }) => `${"arn" in rule ? rule.arn : rule.key}→${priority}`).join(", ")}`;
    case "default":
      return "default";
    case "delete":
      return `delete ${step.rule.existing?.arn}`;
  }
}

const steps = (sketch: Sketch, changesDefault = false): readonly string[] =>
  ruleSteps(rulesOf(sketch), changesDefault).map(inShort);

const keep = (old: number, goal = old) => ({ old, goal });

describe("ruleSteps", () => {
  it.each([
    { name: "nothing", rules: [keep(1), keep(2)], expected: [] },
    { name: "a rule at the end", rules: [keep(1), { goal: 2 }], expected: ["create new 2 at 2"] },
    { name: "a rule in a hole", rules: [keep(1), { goal: 2 }, keep(3)], expected: ["create new 2 at 2"] },
    {
      name: "a rule at the top",
      rules: [{ goal: 1 }, keep(1, 2), keep(2, 3)],
      expected: ["create new 1 at 3", "renumber new 1→1, old 1→2, old 2→3"],
    },
    {
      name: "several new rules, the last in its place",
      rules: [{ goal: 1 }, keep(1, 2), { goal: 3 }, keep(2, 4), { goal: 5 }],
      expected: [
        "create new 1 at 3",
        "create new 3 at 4",
        "create new 5 at 5",
        "renumber new 1→1, old 1→2, new 3→3, old 2→4",
      ],
    },
    { name: "a rule less at the end", rules: [keep(1), { old: 2 }], expected: ["delete old 2"] },
    {
      name: "a rule less at the top: all that go move behind",
      rules: [{ old: 1 }, keep(2, 1), keep(3, 2)],
      expected: ["renumber old 2→1, old 3→2, old 1→3", "delete old 1"],
    },
    {
      name: "several that go: last to first, in their order behind the others",
      rules: [{ old: 1 }, keep(2, 1), { old: 3 }, { old: 9 }],
      expected: ["renumber old 2→1, old 1→2", "delete old 9", "delete old 3", "delete old 1"],
      // 3 and 9 are pushed to 3 and 4; the first of them stands there already.
      extra: ["old 9→4"],
    },
    {
      name: "one comes where another goes",
      rules: [{ old: 1 }, { goal: 1 }],
      expected: ["create new 1 at 2", "renumber new 1→1, old 1→2", "delete old 1"],
    },
    {
      name: "dying rules behind all others don't move",
      rules: [keep(1, 2), keep(2, 1), { old: 5 }],
      expected: ["renumber old 2→1, old 1→2", "delete old 5"],
    },
    {
      name: "modified in place",
      rules: [{ ...keep(1), modified: true as const }, keep(2)],
      expected: ["modify old 1"],
    },
    {
      name: "the default after renumbering and before deleting",
      rules: [{ ...keep(1), modified: true as const }, { goal: 2 }, { old: 3 }],
      changesDefault: true,
      expected: ["modify old 1", "create new 2 at 2", "default", "delete old 3"],
    },
    {
      name: "no number left behind the last: the old ones move together first",
      rules: [{ goal: 1 }, keep(1, 2), keep(LAST_PRIORITY, 3)],
      expected: [
        `renumber old ${LAST_PRIORITY}→2`,
        "create new 1 at 3",
        `renumber new 1→1, old 1→2, old ${LAST_PRIORITY}→3`,
      ],
    },
  ])("$name", ({ rules, changesDefault, expected, extra = [] }) => {
    const made = steps(rules, changesDefault);
    const wanted = expected.map((step) => (step.startsWith("renumber") ? [step, ...extra].join(", ") : step));
    expect(made).toEqual(wanted);
  });
});
