import type { IpPermission, SecurityGroup } from "@aws-sdk/client-ec2";
import type { ExistingSecurityGroup, Permission } from "@elbplan/core";
import { tagsOf } from "./tags.ts";

/** A security group as DescribeSecurityGroups tells it. */
export function securityGroupRecord(group: SecurityGroup): ExistingSecurityGroup {
  return {
    arn: group.GroupId ?? "",
    vpcId: group.VpcId ?? "",
    spec: {
      name: group.GroupName ?? "",
      description: group.Description ?? "",
      ingress: (group.IpPermissions ?? []).flatMap(permissionsOf),
      tags: tagsOf(group.Tags),
    },
  };
}

/** One permission for each source. All protocols together have no ports: EC2 takes -1 for that. */
function permissionsOf(permission: IpPermission): readonly Permission<string>[] {
  const { IpProtocol = "-1", FromPort = -1, ToPort = -1 } = permission;
  const from = (source: Permission<string>["source"], description: string | undefined): Permission<string> => ({
    protocol: IpProtocol,
    fromPort: FromPort,
    toPort: ToPort,
    source,
    ...(description === undefined || description === "" ? {} : { description }),
  });
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp = "", Description }) => from({ cidrIp: CidrIp }, Description)),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 = "", Description }) => from({ cidrIpv6: CidrIpv6 }, Description)),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId = "", Description }) =>
      from({ prefixListId: PrefixListId }, Description),
    ),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId = "", Description }) =>
      from({ securityGroupId: GroupId }, Description),
    ),
  ];
}
