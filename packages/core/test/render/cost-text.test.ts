import { expect, it } from "vitest";
import { DEFAULT_BUCKETS } from "../../src/check/cost/buckets.ts";
import { planCost } from "../../src/plan-cost.ts";
import { renderCostText } from "../../src/render/cost-text.ts";

it("shows calls, slow buckets and IAM actions", () => {
  const [, modification] = DEFAULT_BUCKETS;
  const text = renderCostText({
    calls: 31,
    kubernetesWrites: 1,
    operations: [
      { service: "ec2", operation: "CreateSecurityGroup", calls: 1 },
      { service: "elasticloadbalancingv2", operation: "ModifyRule", calls: 30 },
      { service: "kubernetes", operation: "create", calls: 1 },
    ],
    buckets: [{ bucket: modification!, calls: 30, atLeastSeconds: 3.333 }],
    depth: 2,
    seconds: 3.583,
    secondsAtMost: 63.583,
    iamActions: ["ec2:CreateSecurityGroup", "elasticloadbalancing:ModifyRule"],
  });
  expect(
    text,
  ).toBe(`Cost: 31 AWS calls and 1 write to Kubernetes, 2 of them one after another; about 3.6 s, at most 63.6 s with all waits.

   1  ec2         CreateSecurityGroup
  30  elbv2       ModifyRule
   1  kubernetes  create

  modification of load balancing: 30 calls take at least 3.3 s (20 at once, then 3 a second)

  IAM actions:
    ec2:CreateSecurityGroup
    elasticloadbalancing:ModifyRule
`);
});

it("is short for a plan that does nothing", () => {
  expect(renderCostText(planCost({ actions: [] }))).toBe("Cost: no calls.\n");
});
