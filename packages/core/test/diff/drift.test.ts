import { describe, expect, it } from "vitest";
import { graphFromJson } from "../../src/graph-file.ts";
import type { Account } from "../../src/model/inventory.ts";
import { plan } from "../../src/plan.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch, tcp } from "../fixtures/graph.ts";

const web = (...rules: readonly string[]): StackSketch => ({
  permissions: [tcp(80)],
  targetGroups: { "shop/web-web:80": {} },
  listeners: {
    80: { rules: rules.map((value) => ({ conditions: [path(value)], actions: [forwardTo("shop/web-web:80")] })) },
  },
});

const LAST = deepFreeze(graphOf([web("/a", "/b")]));
const REACHED = carryOut(LAST).account;

/** `kind resource` of each change, `!` before what is drift, and the drifted fields of those that are it in part. */
function told(account: Account, next = LAST): readonly string[] {
  const { stacks } = plan(next, deepFreeze(account), { lastGoal: LAST });
  return stacks.flatMap(({ changes }) =>
    changes.map(({ kind, resource, drift, fields }) => {
      const parts = fields.flatMap((field) => (field.drift === true ? [field.path] : []));
      return [drift === true ? "!" : "", kind, " ", resource, ...parts.map((part) => ` !${part}`)].join("");
    }),
  );
}

function withRules(edit: (rules: Record<string, Account["listenerRules"][string]>) => void): Account {
  const listenerRules = { ...REACHED.listenerRules };
  edit(listenerRules);
  return { ...REACHED, listenerRules };
}

const first = (rules: object): string => Object.keys(rules)[0] ?? "";

describe("drift", () => {
  it("is what others changed, not what is asked for now", () => {
    const rule = Object.values(REACHED.listenerRules)[0];
    if (rule === undefined) throw new Error("there is no rule");
    const stray = { ...rule, arn: "arn:stray", spec: { ...rule.spec, priority: 77, conditions: [path("/stray")] } };
    expect(told(withRules((rules) => delete rules[first(rules)]))).toEqual(["!create listenerRule/80:1"]);
    expect(told(withRules((rules) => Object.assign(rules, { "arn:stray": stray })))).toEqual([
      expect.stringMatching(/^!delete listenerRule/),
    ]);
    expect(told(REACHED, graphOf([web("/a", "/b", "/c")]))).toEqual(["create listenerRule/80:3"]);
  });

  it("is told apart within one plan", () => {
    const account = withRules((rules) => delete rules[first(rules)]);
    expect([...told(account, graphOf([web("/a", "/b", "/c")]))].sort()).toEqual([
      "!create listenerRule/80:1",
      "create listenerRule/80:3",
    ]);
  });

  it("is told apart within one resource", () => {
    const [arn = "", group] = Object.entries(REACHED.targetGroups)[0] ?? [];
    if (group === undefined) throw new Error("there is no target group");
    const healthCheck = { ...group.spec.healthCheck, path: "/meddled" };
    const account = { ...REACHED, targetGroups: { [arn]: { ...group, spec: { ...group.spec, healthCheck } } } };
    expect(told(account)).toEqual(["!update targetGroup/shop/web-web:80"]);
    const sketch = web("/a", "/b");
    const slower = graphOf([
      { ...sketch, targetGroups: { "shop/web-web:80": { attributes: { "stickiness.enabled": "true" } } } },
    ]);
    expect(told(account, slower)).toEqual(["update targetGroup/shop/web-web:80 !/healthCheck/path"]);
  });

  it("isn't looked for without a last goal", () => {
    const { stacks } = plan(
      LAST,
      withRules((rules) => delete rules[first(rules)]),
    );
    expect(stacks.flatMap(({ changes }) => changes.map(({ drift }) => drift))).toEqual([undefined]);
  });
});

describe("a graph as text", () => {
  it("is read back as it was", () => {
    expect(graphFromJson(JSON.stringify(LAST))).toEqual({ graph: LAST });
  });

  it.each([
    ["{", "graph.malformed", "isn't valid JSON"],
    ["[]", "graph.malformed", "must be an object"],
    [JSON.stringify({ ...LAST, stacks: { "shop/web": { id: 1 } } }), "graph.malformed", "stacks"],
  ])("is refused when it is none: %.20s", (text, code, message) => {
    const loaded = graphFromJson(text, "goal.json");
    if ("graph" in loaded) throw new Error("it was read");
    expect(loaded.diagnostics[0]).toMatchObject({ code });
    expect(loaded.diagnostics.map((each) => each.message).join(" ")).toContain(message);
  });
});
