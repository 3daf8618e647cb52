import { describe, expect, it } from "vitest";
import { DEFAULT_BUCKETS } from "../src/check/cost/buckets.ts";
import { iamPolicy } from "../src/iam-policy.ts";
import type { Action, ActionDetails, ActionKind } from "../src/model/action.ts";
import { plan } from "../src/plan.ts";
import { planCost } from "../src/plan-cost.ts";
import { carryOut, NOTHING } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch, tcp } from "./fixtures/graph.ts";

function action<K extends ActionKind>(kind: K, details: ActionDetails[K], rest: Partial<Action> = {}): Action {
  return {
    id: kind,
    kind,
    stack: "shop",
    resource: "loadBalancer/LoadBalancer",
    details,
    dependsOn: [],
    reason: "test",
    disruption: "none",
    ...rest,
  } as Action;
}

/** Modifications of this many rules, independent or each after the one before. */
function modifications(count: number, inTurn = false): readonly Action[] {
  return deepFreeze(
    Array.from({ length: count }, (_, index) =>
      action("modifyRule", { ruleArn: `arn:rule/${index}` }, {
        id: String(index),
        dependsOn: inTurn && index > 0 ? [String(index - 1)] : [],
      } as Partial<Action>),
    ),
  );
}

const WEB: StackSketch = {
  permissions: [tcp(80)],
  targetGroups: { "shop/web-web:80": {} },
  listeners: { 80: { rules: [{ conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] }] } },
};

describe("planCost", () => {
  it("counts calls by service and operation", () => {
    const cost = planCost(plan(graphOf([WEB]), NOTHING));
    expect(cost).toMatchObject({ calls: 6, kubernetesWrites: 0, buckets: [] });
    expect(cost.operations).toEqual([
      { service: "ec2", operation: "AuthorizeSecurityGroupIngress", calls: 1 },
      { service: "ec2", operation: "CreateSecurityGroup", calls: 1 },
      { service: "elasticloadbalancingv2", operation: "CreateListener", calls: 1 },
      { service: "elasticloadbalancingv2", operation: "CreateLoadBalancer", calls: 1 },
      { service: "elasticloadbalancingv2", operation: "CreateRule", calls: 1 },
      { service: "elasticloadbalancingv2", operation: "CreateTargetGroup", calls: 1 },
    ]);
  });

  it.each([
    { name: "nothing", actions: [], depth: 0, seconds: 0 },
    { name: "one call", actions: modifications(1), depth: 1, seconds: 0.25 },
    { name: "a full bucket, all at once", actions: modifications(20), depth: 1, seconds: 0.25 },
    { name: "one call above the bucket", actions: modifications(21), depth: 1, seconds: 0.583 },
    { name: "100 rules: (100 - 20) / 3 and one answer", actions: modifications(100), depth: 1, seconds: 26.917 },
    { name: "calls in turn, slower than the refill", actions: modifications(12, true), depth: 12, seconds: 3 },
  ])("predicts the time of $name", ({ actions, depth, seconds }) => {
    expect(planCost({ actions })).toMatchObject({ depth, seconds, secondsAtMost: seconds });
  });

  it("tells how long a bucket takes", () => {
    const [bucket] = planCost({ actions: modifications(50) }).buckets;
    expect(bucket).toEqual({ bucket: DEFAULT_BUCKETS[1], calls: 50, atLeastSeconds: 10 });
  });

  it("takes other buckets and another latency", () => {
    const buckets = [
      {
        name: "slow",
        services: ["elasticloadbalancingv2"] as const,
        operations: ["*"],
        capacity: 1,
        refillPerSecond: 2,
      },
    ];
    expect(planCost({ actions: modifications(5) }, { buckets, latencySeconds: 1 }).seconds).toBe(3);
  });

  it("counts waits at most with their deadline", () => {
    const wait = action("wait", {
      until: "targets-healthy",
      subject: "arn:tg",
      deadlineSeconds: 60,
      onDeadline: "stop",
    });
    const after = action("deleteRule", { ruleArn: "arn:rule" }, { dependsOn: ["wait"] });
    const cost = planCost({ actions: [wait, after] });
    expect(cost).toMatchObject({ calls: 1, depth: 1, seconds: 0.25, secondsAtMost: 60.25 });
    expect(cost.iamActions).toEqual(["elasticloadbalancing:DeleteRule", "elasticloadbalancing:DescribeTargetHealth"]);
  });

  it("is slower the less the buckets hold", () => {
    const halved = DEFAULT_BUCKETS.map((bucket) => ({ ...bucket, refillPerSecond: bucket.refillPerSecond / 2 }));
    const actions = modifications(40);
    expect(planCost({ actions }, { buckets: halved }).seconds).toBeGreaterThan(planCost({ actions }).seconds);
  });
});

describe("IAM actions", () => {
  it.each([
    {
      name: "a creation with tags",
      of: action("createRule", {
        spec: { listenerArn: "arn:l", priority: 1, actions: [], conditions: [], tags: { a: "b" } },
      }),
      expected: ["elasticloadbalancing:AddTags", "elasticloadbalancing:CreateRule"],
    },
    {
      name: "a creation without tags",
      of: action("createRule", { spec: { listenerArn: "arn:l", priority: 1, actions: [], conditions: [] } }),
      expected: ["elasticloadbalancing:CreateRule"],
    },
    {
      name: "IP pools",
      of: action("modifyIpPools", { loadBalancerArn: "arn:lb", ipv4IpamPoolId: null }),
      expected: ["elasticloadbalancing:ModifyIpPools"],
    },
    {
      name: "a web ACL",
      of: action("associateWebAcl", { webAclArn: "arn:acl", resourceArn: "arn:lb" }),
      expected: ["elasticloadbalancing:SetWebACL", "wafv2:AssociateWebACL"],
    },
    {
      name: "no web ACL of WAF classic",
      of: action("disassociateWafRegional", { resourceArn: "arn:lb" }),
      expected: ["elasticloadbalancing:SetWebACL", "waf-regional:DisassociateWebACL"],
    },
    {
      name: "a security group with tags",
      of: action("createSecurityGroup", {
        vpcId: "vpc-1",
        spec: { name: "a", description: "b", ingress: [], tags: { a: "b" } },
      }),
      expected: ["ec2:CreateSecurityGroup", "ec2:CreateTags"],
    },
    {
      name: "authentication by Cognito",
      of: action("modifyRule", {
        ruleArn: "arn:r",
        actions: [
          {
            type: "authenticate-cognito",
            authenticateCognitoConfig: { userPoolArn: "arn:p", userPoolClientId: "c", userPoolDomain: "d" },
          },
        ],
      }),
      expected: ["cognito-idp:DescribeUserPoolClient", "elasticloadbalancing:ModifyRule"],
    },
    { name: "Kubernetes", of: action("deleteTargetGroupBinding", { namespace: "a", name: "b" }), expected: [] },
  ])("of $name", ({ of, expected }) => {
    expect(planCost({ actions: [of] }).iamActions).toEqual(expected);
  });
});

describe("iamPolicy", () => {
  it("allows changes of what exists on that alone", () => {
    const { account } = carryOut(graphOf([WEB]));
    const [listenerRule = ""] = Object.keys(account.listenerRules);
    const [targetGroup = ""] = Object.keys(account.targetGroups);
    const other = graphOf([{ ...WEB, targetGroups: {}, listeners: { 80: {} } }]);
    expect(iamPolicy(plan(other, account))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["elasticloadbalancing:DeleteRule"], Resource: [listenerRule] },
        { Effect: "Allow", Action: ["elasticloadbalancing:DeleteTargetGroup"], Resource: [targetGroup] },
      ],
    });
  });

  it("allows creations on any resource, and the service's role", () => {
    const { Statement } = iamPolicy(plan(graphOf([WEB]), NOTHING));
    expect(Statement).toHaveLength(2);
    expect(Statement[0]).toMatchObject({ Resource: "*" });
    expect(Statement[0]?.Action).toContain("elasticloadbalancing:CreateListener");
    expect(Statement[1]).toEqual({
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: "*",
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    });
  });

  it("has no statement for a plan without actions", () => {
    expect(iamPolicy({ actions: [] }).Statement).toEqual([]);
  });
});
