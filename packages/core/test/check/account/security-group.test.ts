import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { Permission } from "../../../src/model/security-group.ts";
import { action, build, outcome } from "./call.ts";
import { ARN, FOREIGN, SHOP, withQuotas } from "./shop.ts";

const create = (name: string, vpcId = "vpc-1"): Action =>
  action("createSecurityGroup", { vpcId, spec: { name, description: "x", ingress: [] } });
const tcp = (port: number, source: Permission["source"], description?: string): Permission => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  source,
  ...(description === undefined ? {} : { description }),
});
const authorize = (securityGroupId: string, ...permissions: Permission[]): Action =>
  action("authorizeSecurityGroupIngress", { securityGroupId, permissions });
const revoke = (securityGroupId: string, ...permissions: Permission[]): Action =>
  action("revokeSecurityGroupIngress", { securityGroupId, permissions });
const remove = (securityGroupId: string): Action => action("deleteSecurityGroup", { securityGroupId });

const V4 = tcp(80, { cidrIp: "0.0.0.0/0" });
const V6 = tcp(80, { cidrIpv6: "::/0" });
const OPEN: Account = build(SHOP, [authorize(ARN.spareGroup, V4, V6)]).account;
const NAMED: Account = build(SHOP, [authorize("sg-nodes", tcp(80, { securityGroupId: ARN.spareGroup }))]).account;

describe("security groups", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account; code?: string }>([
    { name: "a new name", call: create("new"), expected: "done" },
    { name: "a used name", call: create("spare"), expected: "InvalidGroup.Duplicate", code: "account.name-in-use" },
    { name: "a name used in another VPC", call: create("spare", "vpc-2"), expected: "done" },
    { name: "256 characters", call: create("x".repeat(256)), expected: "InvalidParameterValue" },
    { name: "a name that begins with sg-", call: create("sg-x"), expected: "InvalidParameterValue" },
    { name: "a permission", call: authorize(ARN.spareGroup, V4), expected: "done" },
    {
      name: "a permission that is there",
      call: authorize(ARN.spareGroup, V4),
      expected: "InvalidPermission.Duplicate",
      account: OPEN,
    },
    {
      name: "one that differs only in its description",
      call: authorize(ARN.spareGroup, { ...V4, description: "new" }),
      expected: "InvalidPermission.Duplicate",
      account: OPEN,
      code: "account.already-exists",
    },
    {
      name: "a permission twice in one call",
      call: authorize(ARN.spareGroup, V4, V4),
      expected: "InvalidPermission.Duplicate",
    },
    {
      name: "a range the wrong way",
      call: authorize(ARN.spareGroup, { ...V4, fromPort: 90 }),
      expected: "InvalidParameterValue",
    },
    {
      name: "from a group of the account",
      call: authorize(ARN.spareGroup, tcp(1, { securityGroupId: ARN.group })),
      expected: "done",
    },
    {
      name: "from a foreign group",
      call: authorize(ARN.spareGroup, tcp(1, { securityGroupId: "sg-nodes" })),
      expected: "done",
    },
    {
      name: "from a group that isn't there",
      call: authorize(ARN.spareGroup, tcp(1, { securityGroupId: "sg-gone" })),
      expected: "InvalidGroup.NotFound",
    },
    { name: "to a group that isn't there", call: authorize("sg-gone", V4), expected: "InvalidGroup.NotFound" },
    { name: "to a foreign group", call: authorize("sg-nodes", V4), expected: "done" },
    {
      name: "IPv4 and IPv6 count apart",
      call: authorize(ARN.spareGroup, V4, V6),
      expected: "done",
      account: withQuotas({ permissionsPerSecurityGroup: 1 }),
    },
    {
      name: "a group counts in both",
      call: authorize(ARN.spareGroup, V4, tcp(80, { securityGroupId: ARN.group })),
      expected: "RulesPerSecurityGroupLimitExceeded",
      account: withQuotas({ permissionsPerSecurityGroup: 1 }),
      code: "account.quota-exceeded",
    },
    { name: "revoking", call: revoke(ARN.spareGroup, V4), expected: "done", account: OPEN },
    { name: "revoking what isn't there", call: revoke(ARN.spareGroup, V4), expected: "InvalidPermission.NotFound" },
    {
      name: "revoking what isn't there on somebody else's group",
      call: revoke("sg-nodes", V4),
      expected: "InvalidPermission.NotFound",
    },
    { name: "deleting", call: remove(ARN.spareGroup), expected: "done" },
    {
      name: "deleting one that a load balancer uses",
      call: remove(ARN.group),
      expected: "DependencyViolation",
      code: "account.in-use",
    },
    {
      name: "deleting one that a permission names",
      call: remove(ARN.spareGroup),
      expected: "DependencyViolation",
      account: NAMED,
    },
    { name: "deleting none", call: remove("sg-gone"), expected: "InvalidGroup.NotFound" },
  ])("$name: $expected", ({ call, expected, account = SHOP, code }) => {
    const applied = applyAction(account, call, {}, { foreign: FOREIGN });
    expect(outcome(applied)).toBe(expected);
    if (code !== undefined) expect("refused" in applied && applied.refused.code).toBe(code);
  });

  it("can be deleted though a permission of its own names it", () => {
    const own = authorize(ARN.spareGroup, tcp(80, { securityGroupId: ARN.spareGroup }));
    expect(build(SHOP, [own, remove(ARN.spareGroup)]).account.securityGroups).not.toHaveProperty(ARN.spareGroup);
  });

  it("notes the permissions of a foreign group, and that it's none of the account's", () => {
    expect(NAMED.securityGroups["sg-nodes"]).toBeUndefined();
    expect(NAMED.endpointSecurityGroups).toEqual({ "sg-nodes": [tcp(80, { securityGroupId: ARN.spareGroup })] });
  });

  it("revokes by identity", () => {
    const { account } = build(OPEN, [revoke(ARN.spareGroup, { ...V4, description: "other" })]);
    expect(account.securityGroups[ARN.spareGroup]?.spec.ingress).toEqual([V6]);
  });
});
