import { describe, expect, it } from "vitest";
import { simulate, simulateSteps } from "../../src/check/simulate.ts";
import { action, EMPTY } from "./account/call.ts";
import { ARN, forward, loadBalancer, rule, SHOP, targetGroup } from "./account/shop.ts";

const createGroup = action(
  "createTargetGroup",
  { vpcId: "vpc-1", spec: targetGroup("new") },
  { id: "group", resource: "targetGroup/new" },
);
const createRule = action(
  "createRule",
  { spec: rule(ARN.http, 9, { actions: [forward({ ref: "targetGroup/new", field: "arn" })] }) },
  { id: "rule", dependsOn: ["group"] },
);
const refusedRule = action("createRule", { spec: rule(ARN.http, 1) }, { id: "refused" });
const after = (id: string, dependsOn: string[]) =>
  action("addTags", { resourceArn: ARN.web, tags: { [id]: "1" } }, { id, dependsOn });

describe("simulate", () => {
  it("carries out all actions and resolves what they create", () => {
    const { account, steps, diagnostics, outputs } = simulate(SHOP, { actions: [createGroup, createRule] });
    expect(steps).toEqual([
      { action: "group", state: "done" },
      { action: "rule", state: "done" },
    ]);
    expect(diagnostics).toEqual([]);
    const arn = outputs["shop"]?.["targetGroup/new"]?.arn ?? "";
    expect(account.targetGroups[arn]?.loadBalancerArns).toEqual([ARN.loadBalancer]);
  });

  it("goes on after a refusal with what doesn't depend on it", () => {
    const actions = [refusedRule, after("child", ["refused"]), after("grandchild", ["child"]), after("free", [])];
    const { account, steps, diagnostics } = simulate(SHOP, { actions });
    expect(steps.map(({ action: id, state }) => `${id} ${state}`)).toEqual([
      "refused refused",
      "child skipped",
      "grandchild skipped",
      "free done",
    ]);
    expect(steps[0]?.awsCode).toBe("PriorityInUse");
    expect(diagnostics.map(({ code }) => code)).toEqual([
      "account.priority-in-use",
      "account.dependency-failed",
      "account.dependency-failed",
    ]);
    expect(account.targetGroups[ARN.web]?.spec.tags).toEqual({ free: "1" });
  });

  it("skips an action that depends on none of the plan", () => {
    const { steps } = simulate(SHOP, { actions: [after("orphan", ["elsewhere"])] });
    expect(steps[0]?.state).toBe("skipped");
  });

  it("doesn't take for foreign what the run itself deleted", () => {
    const remove = action("deleteTargetGroup", { targetGroupArn: ARN.spare }, { id: "remove" });
    const use = action("createRule", { spec: rule(ARN.http, 9, { actions: [forward(ARN.spare)] }) }, { id: "use" });
    const foreign = action(
      "createRule",
      { spec: rule(ARN.http, 8, { actions: [forward("arn:theirs")] }) },
      { id: "theirs" },
    );
    const { steps } = simulate(SHOP, { actions: [remove, use, foreign] });
    expect(steps.map((step) => step.awsCode ?? step.state)).toEqual(["done", "TargetGroupNotFound", "done"]);
  });

  it("reads an inventory as an account", () => {
    const { quotas: _, sequence: __, ...inventory } = EMPTY;
    const plan = { actions: [action("createLoadBalancer", { spec: loadBalancer("x", { securityGroups: ["sg-1"] }) })] };
    expect(simulate(inventory, plan)).toEqual(simulate(EMPTY, plan));
    expect(simulate(inventory, { actions: [] }).account).toEqual(EMPTY);
  });

  it("notes waits", () => {
    const wait = action("wait", {
      until: "targets-healthy",
      subject: ARN.web,
      deadlineSeconds: 60,
      onDeadline: "stop",
    });
    expect(simulate(SHOP, { actions: [wait] }).steps[0]?.note).toContain("targets-healthy");
  });
});

describe("simulateSteps", () => {
  it("yields the account after each action, sharing what didn't change", () => {
    const accounts = [...simulateSteps(SHOP, [createGroup, createRule])].map(({ account }) => account);
    expect(accounts).toHaveLength(2);
    expect(accounts[0]?.listenerRules).toBe(SHOP.listenerRules);
    expect(accounts[1]?.loadBalancers).toBe(SHOP.loadBalancers);
    expect(accounts[1]).toEqual(simulate(SHOP, { actions: [createGroup, createRule] }).account);
  });
});
