import { describe, expect, it } from "vitest";
import {
  countCertificates,
  countListeners,
  countRules,
  countTargets,
  targetGroupsInUse,
} from "../../src/check/quotas.ts";
import { action, build } from "./account/call.ts";
import { ARN, CERTIFICATE, OTHER_CERTIFICATE, SHOP } from "./account/shop.ts";

const FULL = build(SHOP, [
  action("addListenerCertificates", { listenerArn: ARN.https, certificateArn: CERTIFICATE }),
  action("addListenerCertificates", { listenerArn: ARN.https, certificateArn: OTHER_CERTIFICATE }),
  action("registerTargets", { targetGroupArn: ARN.cart, targets: [{ id: "10.0.0.1", port: 80 }] }),
  action("registerTargets", { targetGroupArn: ARN.spare, targets: [{ id: "10.0.0.1", port: 80 }] }),
]).account;

describe("counts per load balancer", () => {
  it.each([
    { name: "the shop's", arn: ARN.loadBalancer, listeners: 2, rules: 2, certificates: 1, targets: 2 },
    { name: "the other's", arn: ARN.other, listeners: 1, rules: 0, certificates: 0, targets: 0 },
  ])("$name", ({ arn, listeners, rules, certificates, targets }) => {
    expect(countListeners(FULL, arn)).toBe(listeners);
    expect(countRules(FULL, arn)).toBe(rules);
    expect(countCertificates(FULL, arn)).toBe(certificates);
    expect(countTargets(FULL, arn)).toBe(targets);
  });

  it("counts a target group once, and only one that is named", () => {
    expect([...targetGroupsInUse(FULL, ARN.loadBalancer)].sort()).toEqual([ARN.cart, ARN.web].sort());
    expect([...targetGroupsInUse(FULL, ARN.other)]).toEqual([]);
  });
});
