import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { isRead, READS, readPolicy } from "../src/reads.ts";

const src = join(import.meta.dirname, "..", "src");
const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && file !== "reads.ts")
  .map((file) => readFileSync(join(src, file), "utf8"))
  .join("\n");

describe("the table of what is read", () => {
  it.each(
    Object.entries(READS).flatMap(([service, operations]) => Object.keys(operations).map((name) => [service, name])),
  )("%s %s is called somewhere, and changes nothing", (service, operation) => {
    expect(sources).toContain(`"${operation}"`);
    expect(operation).toMatch(/^(Describe|List|Get)/);
    expect(isRead(service ?? "", operation ?? "")).toBe(true);
  });

  it("holds nothing else", () => {
    expect(isRead("elasticloadbalancingv2", "CreateRule")).toBe(false);
    expect(isRead("constructor", "toString")).toBe(false);
  });
});

describe("the policy for reading", () => {
  const actions = (over: Partial<typeof DEFAULT_SETTINGS>): readonly string[] =>
    readPolicy({ ...DEFAULT_SETTINGS, ...over }).Statement.flatMap(({ Action }) => Action);

  it("allows reading and nothing else", () => {
    const all = actions({});
    expect(all).toContain("elasticloadbalancing:DescribeRules");
    expect(all).toContain("wafv2:GetWebACL");
    for (const action of all) expect(action).toMatch(/^[a-z0-9-]+:(Describe|List|Get)/);
    expect(all).toEqual([...new Set(all)].sort());
  });

  it("leaves out what these settings never ask", () => {
    const gates = {
      ...DEFAULT_SETTINGS.featureGates,
      LBCapacityReservation: false,
      SubnetDiscoveryByReachability: false,
    };
    const few = actions({
      ...{ enableWaf: false, enableWafv2: false, enableShield: false, targetRegistration: "binding" },
      featureGates: gates,
    });
    expect(actions({}).filter((action) => !few.includes(action))).toEqual([
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "elasticloadbalancing:DescribeCapacityReservation",
      "shield:DescribeProtection",
      "shield:GetSubscriptionState",
      "waf-regional:GetWebACLForResource",
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
      "wafv2:ListWebACLs",
    ]);
  });

  it("asks for more where settings need it", () => {
    const gates = { ...DEFAULT_SETTINGS.featureGates, EnableRGTAPI: true, EnableCertificateManagement: true };
    const more = actions({ featureGates: gates });
    expect(more.filter((action) => !actions({}).includes(action))).toEqual([
      "acm:ListTagsForCertificate",
      "tag:GetResources",
    ]);
  });
});
