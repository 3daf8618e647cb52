/** Waits, and what must be let go of before somebody else can have it. */
import { describe, expect, it } from "vitest";
import { applyAction } from "../../src/check/account/apply-action.ts";
import { reaches } from "../../src/check/reaches.ts";
import { simulate, simulateSteps } from "../../src/check/simulate.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Settings } from "../../src/model/settings.ts";
import { plan } from "../../src/plan.ts";
import { calls, carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { forwardTo, graphOf, NOT_FOUND, path, resource, SETTINGS, type StackSketch, tcp } from "../fixtures/graph.ts";

const certificate = resource("certificate", "web", {
  type: "AMAZON_ISSUED",
  domainName: "a.io",
  subjectAlternativeNames: ["a.io"],
  validationMethod: "DNS",
});
const https: StackSketch = {
  listeners: {
    443: {
      protocol: "HTTPS",
      certificates: [{ ref: "certificate/web", field: "arn" }],
      sslPolicy: "ELBSecurityPolicy-2016-08",
    },
  },
  more: [certificate],
};
const managed: Settings = {
  ...SETTINGS,
  featureGates: { ...SETTINGS.featureGates, EnableCertificateManagement: true },
};

describe("waits", () => {
  const withCertificate = graphOf([https], { settings: managed });
  const withCapacity = graphOf([{ loadBalancer: { minimumCapacityUnits: 100 } }]);

  it.each([
    { name: "for a certificate to be issued", graph: withCertificate, wait: "wait certificate/web" },
    { name: "for a load balancer to be active", graph: withCapacity, wait: "wait loadBalancer/LoadBalancer" },
  ])("$name, and need no call", ({ graph, wait }) => {
    const made = plan(graph, NOTHING);
    expect(calls(made)).toContain(wait);
    expect(made.summary.writes).toBe(made.actions.length - 1);
    expect(simulate(NOTHING, made, { pace: "waits" }).diagnostics).toEqual([]);
    const found = made.actions.find(({ kind }) => kind === "wait");
    expect(found?.details).toMatchObject({ onDeadline: "stop", deadlineSeconds: expect.any(Number) });
  });

  it.each([
    { name: "a certificate is pending", graph: withCertificate },
    { name: "a load balancer is being provisioned", graph: withCapacity },
  ])("are made up for where a run stopped while $name", ({ graph }) => {
    const { actions } = plan(graph, NOTHING);
    for (const { account } of simulateSteps(NOTHING, actions, { pace: "waits" })) {
      const again = simulate(account, plan(graph, account), { pace: "waits" });
      expect(again.diagnostics).toEqual([]);
      expect(reaches(graph, again.account)).toEqual([]);
      expect(plan(graph, again.account).actions).toEqual([]);
    }
  });
});

describe("bindings and attributes of a new target group", () => {
  it("don't wait for one another", () => {
    const graph = graphOf(
      [
        {
          targetGroups: { "shop/web-web:80": { attributes: { "stickiness.enabled": "true" } } },
          listeners: { 80: { rules: [{ conditions: [path("/")], actions: [forwardTo("shop/web-web:80")] }] } },
          more: [
            resource("targetGroupBinding", "shop/web-web:80", {
              namespace: "shop",
              name: "k8s-web",
              labels: {},
              targetGroupArn: { ref: "targetGroup/shop/web-web:80", field: "arn" },
              targetType: "instance",
              serviceRef: { name: "web", port: 80 },
              ipAddressType: "ipv4",
              vpcId: "vpc-1",
              targetGroupProtocol: "HTTP",
            }),
          ],
        },
      ],
      { settings: { ...SETTINGS, targetRegistration: "binding" } },
    );
    const { plan: made } = carryOut(graph);
    const rule = made.actions.find(({ kind }) => kind === "createRule");
    expect(rule?.dependsOn.map((id) => id.split(" ")[2])).toEqual([
      "createTargetGroup",
      "modifyTargetGroupAttributes",
      "createTargetGroupBinding",
      "createListener",
    ]);
  });
});

describe("a load balancer that is replaced", () => {
  const protectedOne = (scheme: "internal" | "internet-facing"): StackSketch => ({
    targetGroups: { "shop/web-web:80": {} },
    loadBalancer: { scheme, name: `k8s-${scheme}`, attributes: { "deletion_protection.enabled": "true" } },
    listeners: { 80: { defaultActions: [forwardTo("shop/web-web:80")] } },
  });

  it("loses its protection, goes, and only then its target groups serve the new one", () => {
    const { account } = carryOut(graphOf([protectedOne("internal")]));
    const { plan: made } = carryOut(graphOf([protectedOne("internet-facing")]), account, { allowReplace: true });
    expect(calls(made)).toEqual([
      "modifyLoadBalancerAttributes loadBalancer/LoadBalancer",
      "deleteLoadBalancer loadBalancer/LoadBalancer",
      "createLoadBalancer loadBalancer/LoadBalancer",
      "modifyLoadBalancerAttributes loadBalancer/LoadBalancer",
      "createListener listener/80",
    ]);
    expect(made.actions.at(-1)?.dependsOn).toContain("shop/web loadBalancer/LoadBalancer deleteLoadBalancer");
  });
});

describe("a target group that serves another stack's load balancer", () => {
  const shop: StackSketch = { id: "shop/web", targetGroups: { "shop/web-web:80": {} }, listeners: { 80: {} } };
  const blog: StackSketch = { id: "blog/main", listeners: { 80: {} } };

  /** Somebody gave the blog's load balancer a listener that forwards to the shop's target group. */
  function borrowed(): Account {
    const { account } = carryOut(graphOf([shop, blog]));
    const loadBalancer = Object.values(account.loadBalancers).find(({ spec }) => spec.name.includes("blog"));
    const [targetGroupArn = ""] = Object.keys(account.targetGroups);
    const spec = {
      loadBalancerArn: loadBalancer?.arn ?? "",
      port: 8080,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn }] } }],
    } as const;
    const action = { id: "stray", stack: "blog/main", resource: "listener/8080", dependsOn: [], reason: "by hand" };
    const applied = applyAction(
      account,
      { ...action, kind: "createListener", details: { spec }, disruption: "none" },
      {},
    );
    if ("refused" in applied) throw new Error(applied.refused.message);
    return applied.account;
  }

  it.each<{ name: string; goal: StackSketch }>([
    { name: "is deleted", goal: { ...shop, targetGroups: {} } },
    {
      name: "is put to use",
      goal: {
        ...shop,
        listeners: {
          80: { rules: [{ conditions: [path("/a")], actions: [forwardTo("shop/web-web:80")] }] },
          443: { defaultActions: [NOT_FOUND] },
        },
      },
    },
  ])("$name once that lets go of it", ({ goal }) => {
    const account = borrowed();
    const { plan: made, account: end } = carryOut(graphOf([goal, blog]), account);
    expect(reaches(graphOf([goal, blog]), end)).toEqual([]);
    const user = made.actions.find(({ kind }) => kind === "deleteTargetGroup" || kind === "createRule");
    expect(user?.dependsOn).toContain("blog/main listener/8080 deleteListener");
  });
});

describe("tags that look like references", () => {
  it("are tags", () => {
    const tags = { ref: "securityGroup/ManagedLBSecurityGroup", field: "id" };
    const graph = graphOf([{ permissions: [tcp(80)], listeners: { 80: { tags } }, loadBalancer: { tags } }]);
    const { plan: made, account } = carryOut(graph);
    const listener = made.actions.find(({ kind }) => kind === "createListener");
    expect(listener?.dependsOn).toEqual(["shop/web loadBalancer/LoadBalancer createLoadBalancer"]);
    expect(Object.values(account.listeners)[0]?.spec.tags).toMatchObject(tags);
    expect(plan(graph, account).actions).toEqual([]);
  });
});
