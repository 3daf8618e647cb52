import { describe, expect, it } from "vitest";
import { plan } from "../src/plan.ts";
import { calls, carryOut, NOTHING } from "./fixtures/carry-out.ts";
import { forwardTo, graphOf, path, type StackSketch, tcp } from "./fixtures/graph.ts";

const WEB: StackSketch = {
  permissions: [tcp(80)],
  usesBackendSecurityGroup: true,
  targetGroups: { "shop/web-api:80": {}, "shop/web-web:80": {} },
  listeners: {
    80: {
      rules: [
        { conditions: [path("/api", "/api/*")], actions: [forwardTo("shop/web-api:80")] },
        { conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] },
      ],
    },
  },
};

describe("plan", () => {
  it("creates everything, in the order in which one thing needs the other", () => {
    const made = plan(graphOf([WEB]), NOTHING);
    expect(calls(made)).toEqual([
      "createSecurityGroup securityGroup/backend-sg",
      "createSecurityGroup securityGroup/ManagedLBSecurityGroup",
      "authorizeSecurityGroupIngress securityGroup/ManagedLBSecurityGroup",
      "createTargetGroup targetGroup/shop/web-api:80",
      "createTargetGroup targetGroup/shop/web-web:80",
      "createLoadBalancer loadBalancer/LoadBalancer",
      "createListener listener/80",
      "createRule listenerRule/80:1",
      "createRule listenerRule/80:2",
    ]);
    expect(made.summary).toEqual({ create: 8, update: 0, replace: 0, delete: 0, writes: 9, kubernetesWrites: 0 });
  });

  it("has nothing to do afterwards", () => {
    const { account } = carryOut(graphOf([WEB]));
    expect(plan(graphOf([WEB]), account)).toMatchObject({ actions: [], diagnostics: [], stacks: [{ changes: [] }] });
  });

  it("deletes a group that goes", () => {
    const { account } = carryOut(graphOf([WEB]));
    const going = graphOf([{ members: [], inactiveMembers: ["shop/web"] }]);
    const { plan: made, account: after } = carryOut(going, account, { allowDelete: true });
    expect(calls(made)).toEqual([
      "deleteLoadBalancer loadBalancer/LoadBalancer",
      "deleteTargetGroup targetGroup/shop/web-api:80",
      "deleteTargetGroup targetGroup/shop/web-web:80",
      "deleteSecurityGroup securityGroup/ManagedLBSecurityGroup",
      "deleteSecurityGroup securityGroup/backend-sg",
    ]);
    expect({ ...after, sequence: 0 }).toEqual({ ...NOTHING, sequence: 0 });
  });
});
