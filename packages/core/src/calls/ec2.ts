/** Amazon EC2: security groups (API version 2016-11-15). */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import type { Permission } from "../model/security-group.ts";
import type { StringMap } from "../model/value.ts";
import { tagList } from "./tags.ts";

type Ec2Kind = Extract<
  ActionKind,
  | "createSecurityGroup"
  | "authorizeSecurityGroupIngress"
  | "revokeSecurityGroupIngress"
  | "deleteSecurityGroup"
  | "createTags"
  | "deleteTags"
>;

export const ec2Calls: { readonly [K in Ec2Kind]: (details: ActionDetails[K]) => Call } = {
  createSecurityGroup: ({ vpcId, spec }) =>
    call("CreateSecurityGroup", {
      GroupName: spec.name,
      Description: spec.description,
      VpcId: vpcId,
      ...tagSpecifications(spec.tags),
    }),
  authorizeSecurityGroupIngress: ({ securityGroupId, permissions }) =>
    call("AuthorizeSecurityGroupIngress", { GroupId: securityGroupId, IpPermissions: permissions.map(ipPermission) }),
  revokeSecurityGroupIngress: ({ securityGroupId, permissions }) =>
    call("RevokeSecurityGroupIngress", { GroupId: securityGroupId, IpPermissions: permissions.map(ipPermission) }),
  deleteSecurityGroup: ({ securityGroupId }) => call("DeleteSecurityGroup", { GroupId: securityGroupId }),
  createTags: ({ resourceId, tags }) => call("CreateTags", { Resources: [resourceId], Tags: tagList(tags) }),
  deleteTags: ({ resourceId, keys }) =>
    // A key without a value removes the tag whatever its value is.
    call("DeleteTags", { Resources: [resourceId], Tags: keys.map((key) => ({ Key: key })) }),
};

function call(operation: string, input: Call["input"]): Call {
  return { service: "ec2", operation, input };
}

/** Nothing when there are no tags: AWS refuses a specification without any. */
function tagSpecifications(tags: StringMap | undefined): object {
  if (tags === undefined || Object.keys(tags).length === 0) return {};
  return { TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(tags) }] };
}

function ipPermission({ protocol, fromPort, toPort, source, description }: Permission): object {
  const note = description === undefined || description === "" ? {} : { Description: description };
  return { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, ...sourceField(source, note) };
}

function sourceField(source: Permission["source"], note: object): object {
  if ("cidrIp" in source) return { IpRanges: [{ CidrIp: source.cidrIp, ...note }] };
  if ("cidrIpv6" in source) return { Ipv6Ranges: [{ CidrIpv6: source.cidrIpv6, ...note }] };
  if ("prefixListId" in source) return { PrefixListIds: [{ PrefixListId: source.prefixListId, ...note }] };
  return { UserIdGroupPairs: [{ GroupId: source.securityGroupId, ...note }] };
}
