import { describe, expect, it } from "vitest";
import { DEFAULT_BUCKETS, takesToken } from "../../../src/check/cost/buckets.ts";
import { bucketsOfFlag } from "../../../src/check/cost/throttle-flag.ts";
import { linearRegex } from "../../../src/linear-regex.ts";

function namesTaking(flag: string, service: string, operation: string): readonly string[] {
  const parsed = bucketsOfFlag(flag);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.value
    .filter((bucket) => takesToken(bucket, { service, operation }, linearRegex()))
    .map(({ name }) => name);
}

describe("the flag aws-api-throttle", () => {
  it("is AWS's rates when it says nothing", () => {
    expect(bucketsOfFlag("")).toEqual({ value: DEFAULT_BUCKETS });
  });

  it("replaces all buckets of a service that it names, and no others", () => {
    const flag = "WAFV2:^AssociateWebACL=0.25:2,Elastic Load Balancing v2:^Describe=10:40";
    expect(namesTaking(flag, "elasticloadbalancingv2", "DescribeTags")).toEqual([
      "Elastic Load Balancing v2:^Describe",
    ]);
    expect(namesTaking(flag, "elasticloadbalancingv2", "ModifyRule")).toEqual([]);
    expect(namesTaking(flag, "wafv2", "AssociateWebACL")).toEqual(["WAFV2:^AssociateWebACL"]);
    expect(namesTaking(flag, "wafv2", "GetWebACLForResource")).toEqual([]);
    expect(namesTaking(flag, "waf-regional", "AssociateWebACL")).toEqual(["web ACL association"]);
  });

  it("takes a token of every bucket whose expression is found anywhere", () => {
    const flag = "EC2:Security=5:10,EC2:^Create|Delete=1:1";
    expect(namesTaking(flag, "ec2", "CreateSecurityGroup")).toEqual(["EC2:Security", "EC2:^Create|Delete"]);
    expect(namesTaking(flag, "ec2", "DescribeVpcs")).toEqual([]);
  });

  it("reads rate and burst from the end: the expression may hold the separators", () => {
    const parsed = bucketsOfFlag("EC2:a=b:c=0.5:3");
    expect(parsed).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({ operations: { regex: "a=b:c" }, capacity: 3, refillPerSecond: 0.5 }),
      ]),
    });
  });

  it.each([
    "EC2",
    "EC2:x",
    ":x=1:1",
    "EC2:=1:1",
    "EC2:x=1",
    "EC2:x=1:1:1",
    "EC2:x=-1:1",
    "EC2:x=1:1.5",
    "EC2:x=0:1",
    "EC2:x=1:0",
    "EC2:x=1:1,",
  ])("refuses %s", (flag) => {
    expect(bucketsOfFlag(flag)).toEqual({ problem: expect.stringContaining("is not a serviceID:regex=rate:burst") });
  });
});
