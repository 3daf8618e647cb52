import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import { action, build, EMPTY } from "./call.ts";
import { ARN, SHOP } from "./shop.ts";

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
  });
});
