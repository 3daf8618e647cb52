import { describe, expect, it } from "vitest";
import { isCreation, outputOf, outputsOf } from "../../src/calls/outputs.ts";

describe("what a call's answer holds", () => {
  it.each([
    ["createSecurityGroup", { GroupId: "sg-1", Tags: [] }, { arn: "sg-1", id: "sg-1" }],
    ["requestCertificate", { CertificateArn: "arn:c" }, { arn: "arn:c", id: "arn:c" }],
    ["createTargetGroup", { TargetGroups: [{ TargetGroupArn: "arn:tg" }] }, { arn: "arn:tg", id: "arn:tg" }],
    [
      "createLoadBalancer",
      { LoadBalancers: [{ LoadBalancerArn: "arn:lb", DNSName: "web.elb" }] },
      { arn: "arn:lb", id: "arn:lb", dnsName: "web.elb" },
    ],
    ["createListener", { Listeners: [{ ListenerArn: "arn:l" }] }, { arn: "arn:l", id: "arn:l" }],
    ["createRule", { Rules: [{ RuleArn: "arn:r" }] }, { arn: "arn:r", id: "arn:r" }],
    ["createShieldProtection", { ProtectionId: "p-1" }, { arn: "p-1", id: "p-1" }],
    ["createTargetGroupBinding", { metadata: { name: "tgb" } }, undefined],
    ["modifyRule", { Rules: [{ RuleArn: "arn:r" }] }, undefined],
    ["createTags", {}, undefined],
  ] as const)("%s", (kind, answer, output) => {
    expect(outputOf(kind, answer)).toEqual(output);
  });

  it.each([undefined, null, "text", {}, { Rules: [] }, { Rules: [{ RuleArn: 1 }] }, { Rules: null }])(
    "nothing of an answer that lacks it: %j",
    (answer) => {
      expect(outputOf("createRule", answer)).toBeUndefined();
    },
  );

  it("tells what makes something from what changes something", () => {
    expect(isCreation("createTargetGroupBinding")).toBe(true);
    expect(isCreation("createTags")).toBe(false);
    expect(outputsOf("wait")).toBeNull();
  });
});
