import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action } from "../../../src/model/action.ts";
import { action, build, deepFreeze, EMPTY } from "./call.ts";
import { ARN, rule, SHOP, targetGroup } from "./shop.ts";

describe("applyAction", () => {
  it("makes ARNs, ids and DNS names of AWS's shapes", () => {
    expect(ARN.loadBalancer).toMatch(
      /^arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer\/app\/shop\/[0-9a-f]{16}$/,
    );
    expect(ARN.http).toMatch(/:listener\/app\/shop\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
    expect(ARN.rule1).toMatch(/:listener-rule\/app\/shop\/[0-9a-f]{16}\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
    expect(ARN.web).toMatch(/:targetgroup\/web\/[0-9a-f]{16}$/);
    expect(ARN.group).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(SHOP.loadBalancers[ARN.loadBalancer]?.dnsName).toMatch(
      /^internal-shop-\d{10}\.us-west-2\.elb\.amazonaws\.com$/,
    );
    expect(new Set(Object.values(ARN)).size).toBe(Object.values(ARN).length);
  });

  it("shares what it doesn't change, and freezes nothing of the caller's", () => {
    const start = structuredClone(SHOP);
    const { account } = build(start, [action("createRule", { spec: rule(ARN.http, 9) })]);
    expect(account.listeners).toBe(start.listeners);
    expect(account.targetGroups).toBe(start.targetGroups);
    expect(account.listenerRules[ARN.rule1]).toBe(start.listenerRules[ARN.rule1]);
    expect(start).toEqual(SHOP);
    expect(Object.isFrozen(account) || Object.isFrozen(account.listenerRules)).toBe(false);
    expect(Object.isFrozen(start.listenerRules)).toBe(false);
  });

  it("writes to no input, be it frozen", () => {
    const call = deepFreeze(action("setRulePriorities", { priorities: [{ ruleArn: ARN.rule1, priority: 9 }] }));
    const outputs = deepFreeze({});
    expect(() => applyAction(SHOP, call, outputs)).not.toThrow();
    expect(SHOP.listenerRules[ARN.rule1]?.spec.priority).toBe(1);
  });

  it("makes the same account of the same calls, and new ARNs of repeated ones", () => {
    const create = action("createTargetGroup", { vpcId: "vpc-1", spec: targetGroup("again") });
    const arnOf = (...calls: Action[]) => build(EMPTY, calls).outputs["shop"]?.["createTargetGroup/x"]?.arn ?? "";
    expect(arnOf(create)).toBe(arnOf(create));
    const first = build(EMPTY, [create]);
    const gone = build(first.account, [action("deleteTargetGroup", { targetGroupArn: arnOf(create) })]).account;
    expect(build(gone, [create]).outputs).not.toEqual(first.outputs);
  });

  it("resolves references of this stack and of others", () => {
    const outputs = { "(cluster)": { "securityGroup/backend": { arn: ARN.spareGroup, id: ARN.spareGroup } } };
    const call = action("setSecurityGroups", {
      loadBalancerArn: ARN.loadBalancer,
      securityGroups: [{ ref: "securityGroup/backend", field: "id", stack: "(cluster)" }],
    });
    const applied = applyAction(SHOP, call, outputs);
    expect("account" in applied && applied.account.loadBalancers[ARN.loadBalancer]?.spec.securityGroups).toEqual([
      ARN.spareGroup,
    ]);
  });

  it.each([
    { name: "what wasn't created", ref: "securityGroup/other", field: "id" },
    { name: "a field it doesn't have", ref: "securityGroup/sg", field: "dnsName" },
    { name: "a name of Object.prototype", ref: "constructor", field: "id" },
  ] as const)("answers a reference to $name with a diagnostic", ({ ref, field }) => {
    const outputs = { shop: { "securityGroup/sg": { arn: "sg-1", id: "sg-1" } } };
    const call = action("setSecurityGroups", { loadBalancerArn: ARN.loadBalancer, securityGroups: [{ ref, field }] });
    const applied = applyAction(SHOP, call, outputs);
    expect("refused" in applied && applied.refused.code).toBe("account.reference-unresolved");
  });

  it("puts deterministic stand-ins for unknown values", () => {
    const create = (resource: string) =>
      action(
        "createTargetGroup",
        {
          vpcId: "vpc-1",
          spec: {
            ...targetGroup("x"),
            name: { unknown: "uid of shop/web" },
            port: { unknown: "node port of shop/web" },
          },
        },
        { resource },
      );
    const specs = Object.values(
      build(EMPTY, [create("targetGroup/a"), create("targetGroup/b")]).account.targetGroups,
    ).map(({ spec }) => spec);
    expect(specs.map((spec) => spec.name)).toEqual([
      expect.stringMatching(/^k8s-unknown-[0-9a-f]{10}$/),
      expect.stringMatching(/^k8s-unknown-[0-9a-f]{10}$/),
    ]);
    expect(specs[0]?.name).not.toBe(specs[1]?.name);
    expect(specs[0]?.port).toBe(specs[1]?.port);
    expect(specs[0]?.port).toBeGreaterThanOrEqual(30000);
    expect(specs[0]?.port).toBeLessThanOrEqual(32767);
  });

  it("says what was refused, where, and by which AWS error", () => {
    const call = action("createRule", { spec: rule(ARN.http, 1) }, { id: "shop/80:1/create" });
    const applied = applyAction(SHOP, call, {});
    expect("refused" in applied && applied.refused).toEqual({
      code: "account.priority-in-use",
      severity: "error",
      message: `shop/80:1/create is refused with PriorityInUse: the priority 1 is that of ${ARN.rule1}.`,
      hint: "Plan again from what exists now.",
      stack: "shop",
      resource: "createRule/x",
    });
  });
});
