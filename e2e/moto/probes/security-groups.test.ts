import { expect, it } from "vitest";
import { loadBalancer, refusal, useAccount } from "./account.ts";

const account = useAccount();

async function group(GroupName: string): Promise<string> {
  const { ec2, seed } = account();
  const { GroupId } = await ec2("CreateSecurityGroup", { GroupName, Description: "probe", VpcId: seed.vpcId });
  return GroupId;
}

const from = (CidrIp: string, port = 80, Description?: string) => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp, Description }],
});
const fromGroup = (GroupId: string, Description?: string) => ({
  IpProtocol: "tcp",
  FromPort: 0,
  ToPort: 65_535,
  UserIdGroupPairs: [{ GroupId, Description }],
});

const permissions = async (id: string) => {
  const { SecurityGroups } = await account().ec2("DescribeSecurityGroups", { GroupIds: [id] });
  return SecurityGroups[0].IpPermissions;
};

it("have names of their own in a VPC", async () => {
  await group("shop");
  expect(await refusal(group("shop"))).toBe("InvalidGroup.Duplicate");
});

it("keep permissions with their descriptions, and take each once", async () => {
  const { ec2 } = account();
  const [GroupId, other] = [await group("shop"), await group("other")];
  const IpPermissions = [
    from("0.0.0.0/0", 80, "all"),
    { IpProtocol: "tcp", FromPort: 80, ToPort: 80, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    fromGroup(other, "elbv2.k8s.aws/targetGroupBinding=shared"),
  ];
  await ec2("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions });
  const text = JSON.stringify(await permissions(GroupId));
  for (const part of ['"all"', "::/0", "targetGroupBinding=shared"]) expect(text).toContain(part);
  const again = ec2("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [from("0.0.0.0/0", 80, "again")] });
  expect(await refusal(again)).toBe("InvalidPermission.Duplicate");
});

it("add and remove permissions all or none", async () => {
  const { ec2 } = account();
  const GroupId = await group("shop");
  const call = (operation: string, ...IpPermissions: object[]) => ec2(operation, { GroupId, IpPermissions });
  const authorize = "AuthorizeSecurityGroupIngress";
  const revoke = "RevokeSecurityGroupIngress";
  await call(authorize, from("10.0.0.0/8"));
  expect(await refusal(call(authorize, from("10.1.0.0/16"), from("10.0.0.0/8")))).toBe("InvalidPermission.Duplicate");
  expect(await refusal(call(authorize, from("10.1.0.0/16"), fromGroup("sg-00000000")))).toBe("InvalidGroup.NotFound");
  expect(await refusal(call(revoke, from("10.0.0.0/8"), from("10.2.0.0/16")))).toBe("InvalidPermission.NotFound");
  expect(await permissions(GroupId)).toMatchObject([{ IpRanges: [{ CidrIp: "10.0.0.0/8" }] }]);
  await call(revoke, from("10.0.0.0/8"));
  expect(await permissions(GroupId)).toEqual([]);
});

it("remove a permission whatever its description says", async () => {
  const { ec2 } = account();
  const GroupId = await group("shop");
  await ec2("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [from("10.0.0.0/8", 80, "a")] });
  await ec2("RevokeSecurityGroupIngress", { GroupId, IpPermissions: [from("10.0.0.0/8", 80, "b")] });
  expect(await permissions(GroupId)).toEqual([]);
});

it("keep the quota of permissions", async () => {
  const { ec2, set } = account();
  await set({ quotas: { permissionsPerSecurityGroup: 2 } });
  const GroupId = await group("shop");
  const add = (port: number) =>
    ec2("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [from("0.0.0.0/0", port)] });
  await add(1);
  await add(2);
  expect(await refusal(add(3))).toBe("RulesPerSecurityGroupLimitExceeded");
  expect(JSON.stringify(await permissions(GroupId))).not.toContain(":3,");
});

it("stay while a load balancer or another group needs them", async () => {
  const { ec2, elbv2 } = account();
  const [GroupId, other] = [await group("shop"), await group("other")];
  const remove = () => ec2("DeleteSecurityGroup", { GroupId });
  const LoadBalancerArn = await loadBalancer(account(), "shop", { SecurityGroups: [GroupId] });
  expect(await refusal(remove())).toBe("DependencyViolation");
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
  await ec2("AuthorizeSecurityGroupIngress", { GroupId: other, IpPermissions: [fromGroup(GroupId)] });
  expect(await refusal(remove())).toBe("DependencyViolation");
  await ec2("DeleteSecurityGroup", { GroupId: other });
  await remove();
  expect(await refusal(remove())).toBe("InvalidGroup.NotFound");
});

it("stay for some time after their load balancer is gone", async () => {
  const { ec2, elbv2, set } = account();
  const GroupId = await group("shop");
  const LoadBalancerArn = await loadBalancer(account(), "shop", { SecurityGroups: [GroupId] });
  // Its interfaces go after two minutes.
  await set({ pace: 0.002 });
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
  expect(await refusal(ec2("DeleteSecurityGroup", { GroupId }))).toBe("DependencyViolation");
  await expect.poll(() => ec2("DeleteSecurityGroup", { GroupId }).then(() => "deleted")).toBe("deleted");
});

it("of nodes stay as well", async () => {
  const { ec2, seed } = account();
  expect(await refusal(ec2("DeleteSecurityGroup", { GroupId: seed.nodeSecurityGroup }))).toBe("DependencyViolation");
});

it("bear tags", async () => {
  const { ec2, seed } = account();
  const TagSpecifications = [{ ResourceType: "security-group", Tags: [{ Key: "a", Value: "1" }] }];
  const input = { GroupName: "shop", Description: "probe", VpcId: seed.vpcId, TagSpecifications };
  const { GroupId } = await ec2("CreateSecurityGroup", input);
  await ec2("CreateTags", { Resources: [GroupId], Tags: [{ Key: "b", Value: "2" }] });
  await ec2("DeleteTags", { Resources: [GroupId], Tags: [{ Key: "a" }] });
  const Filters = [{ Name: "tag:b", Values: ["2"] }];
  const { SecurityGroups } = await ec2("DescribeSecurityGroups", { Filters });
  expect(SecurityGroups[0]).toMatchObject({ GroupId, Tags: [{ Key: "b", Value: "2" }] });
});
