import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { isKnownQuota, quotasOf } from "../../model/quotas.ts";
import type { Permission } from "../../model/security-group.ts";
import { permissionCount } from "../../model/security-group.ts";
import { type Accepted, type Answer, type Refused, refuse, type Surroundings } from "./answer.ts";
import { newSecurityGroupId } from "./arn.ts";
import type { Resolved } from "./outputs.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;
type Rule = Permission<string>;

/** CreateSecurityGroup. Permissions are no part of the call and are not taken from the spec. */
export function createSecurityGroup(account: Account, { vpcId, spec }: Details<"createSecurityGroup">): Answer {
  const twin = Object.values(account.securityGroups).find(
    (group) => group.vpcId === vpcId && group.spec.name === spec.name,
  );
  if (twin !== undefined) {
    const message = `a security group named ${spec.name} exists already in ${vpcId}: ${twin.arn}`;
    return refuse("account.name-in-use", "InvalidGroup.Duplicate", message);
  }
  const refusal = checkTexts(spec.name, spec.description) ?? checkTags(account, "ec2", spec.tags);
  if (refusal !== undefined) return refusal;

  const id = newSecurityGroupId(account, spec.name);
  const created = { arn: id, vpcId, spec: { ...spec, ingress: [], tags: spec.tags ?? {} } };
  return {
    output: { arn: id, id },
    change: (draft) => {
      draft.securityGroups[id] = castDraft(created);
      draft.sequence = account.sequence + 1;
    },
  };
}

/** EC2 API Reference: CreateSecurityGroup, constraints of GroupName and GroupDescription in a VPC. */
function checkTexts(name: string, description: string): Refused | undefined {
  const allowed = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
  if (!allowed.test(name) || name.startsWith("sg-")) {
    const message = `the security group name "${name}" is malformed, too long or begins with sg-`;
    return refuse("account.invalid-value", "InvalidParameterValue", message);
  }
  if (!allowed.test(description)) {
    const message = `the security group description "${description}" is malformed or too long`;
    return refuse("account.invalid-value", "InvalidParameterValue", message);
  }
  return undefined;
}

/** Checks that every group exists and that there aren't too many for a load balancer. */
export function checkGroupsOfLoadBalancer(
  account: Account,
  ids: readonly string[],
  surroundings: Surroundings,
): Refused | undefined {
  const limit = quotasOf(account).securityGroupsPerLoadBalancer;
  if (ids.length > limit) {
    const message = `${ids.length} security groups are more than the ${limit} that a load balancer may have`;
    return refuse("account.quota-exceeded", "InvalidConfigurationRequest", message);
  }
  const missing = ids.find((id) => !exists(account, id, surroundings));
  if (missing === undefined) return undefined;
  return refuse("account.not-found", "InvalidSecurityGroup", `there is no security group ${missing}`);
}

function exists(account: Account, id: string, { isForeign }: Surroundings): boolean {
  return permissionsOf(account, id) !== undefined || (id.startsWith("sg-") && isForeign(id));
}

/**
 * Adds permissions, all or none. Of a security group that exists and that the account doesn't hold, such as that of the
 * cluster's nodes, only the permissions enter the account.
 */
export function authorizeSecurityGroupIngress(
  account: Account,
  { securityGroupId, permissions }: Details<"authorizeSecurityGroupIngress">,
  surroundings: Surroundings,
): Answer {
  if (!exists(account, securityGroupId, surroundings)) return noSuchGroup(securityGroupId);
  const before = permissionsOf(account, securityGroupId) ?? [];
  return checkNew(account, before, permissions, surroundings) ?? writing(securityGroupId, [...before, ...permissions]);
}

/** The permissions of a group that the account holds, or of which it holds the permissions. */
function permissionsOf(
  { securityGroups, endpointSecurityGroups = {} }: Account,
  id: string,
): readonly Rule[] | undefined {
  if (Object.hasOwn(securityGroups, id)) return securityGroups[id]?.spec.ingress;
  return Object.hasOwn(endpointSecurityGroups, id) ? endpointSecurityGroups[id] : undefined;
}

function writing(id: string, permissions: readonly Rule[]): Accepted {
  return {
    change: (draft) => {
      const found = draft.securityGroups[id];
      if (found === undefined) {
        draft.endpointSecurityGroups ??= {};
        if (permissions.length === 0) delete draft.endpointSecurityGroups[id];
        else draft.endpointSecurityGroups[id] = castDraft(permissions);
      } else found.spec.ingress = castDraft(permissions);
    },
  };
}

function checkNew(
  account: Account,
  before: readonly Rule[],
  added: readonly Rule[],
  surroundings: Surroundings,
): Refused | undefined {
  const taken = new Set(before.map(permissionKey));
  for (const rule of added) {
    const key = permissionKey(rule);
    if (taken.has(key)) {
      return refuse("account.already-exists", "InvalidPermission.Duplicate", `the permission ${key} exists already`);
    }
    taken.add(key);
    if ("securityGroupId" in rule.source && !exists(account, rule.source.securityGroupId, surroundings)) {
      return noSuchGroup(rule.source.securityGroupId);
    }
    if (rule.fromPort > rule.toPort || rule.fromPort < -1 || rule.toPort > 65535) {
      const message = `the port range ${rule.fromPort} to ${rule.toPort} is invalid`;
      return refuse("account.invalid-value", "InvalidParameterValue", message);
    }
  }
  return checkPermissionCount(account, [...before, ...added]);
}

/** By a quota that is known: AWS never tells it, and a guess would refute plans that AWS carries out. */
function checkPermissionCount(account: Account, rules: readonly Rule[]): Refused | undefined {
  const limit = quotasOf(account).permissionsPerSecurityGroup;
  const count = permissionCount(rules);
  if (count <= limit || !isKnownQuota(account, "permissionsPerSecurityGroup")) return undefined;
  const message = `${count} permissions are more than the ${limit} that a security group may have`;
  return refuse("account.quota-exceeded", "RulesPerSecurityGroupLimitExceeded", message);
}

/** What makes two permissions the same: protocol, ports and source, not the description. */
function permissionKey({ protocol, fromPort, toPort, source }: Rule): string {
  return `${protocol} ${fromPort}-${toPort} from ${Object.values(source).join()}`;
}

export function revokeSecurityGroupIngress(
  account: Account,
  { securityGroupId, permissions }: Details<"revokeSecurityGroupIngress">,
  surroundings: Surroundings,
): Answer {
  if (!exists(account, securityGroupId, surroundings)) return noSuchGroup(securityGroupId);
  const before = permissionsOf(account, securityGroupId) ?? [];
  const present = new Set(before.map(permissionKey));
  const revoked = new Set(permissions.map(permissionKey));
  const missing = [...revoked].find((key) => !present.has(key));
  if (missing !== undefined) {
    const message = `the permission ${missing} doesn't exist in ${securityGroupId}`;
    return refuse("account.not-found", "InvalidPermission.NotFound", message);
  }
  return writing(
    securityGroupId,
    before.filter((rule) => !revoked.has(permissionKey(rule))),
  );
}

/**
 * Refused while a load balancer uses the group or another group's permission names it (EC2: DependencyViolation). That
 * a load balancer's interfaces outlive it by minutes isn't simulated.
 */
export function deleteSecurityGroup(account: Account, { securityGroupId }: Details<"deleteSecurityGroup">): Answer {
  if (account.securityGroups[securityGroupId] === undefined) return noSuchGroup(securityGroupId);
  const user =
    Object.values(account.loadBalancers).find(({ spec }) => spec.securityGroups?.includes(securityGroupId))?.arn ??
    [...Object.keys(account.securityGroups), ...Object.keys(account.endpointSecurityGroups ?? {})].find(
      (id) =>
        id !== securityGroupId &&
        permissionsOf(account, id)?.some(
          ({ source }) => "securityGroupId" in source && source.securityGroupId === securityGroupId,
        ),
    );
  if (user !== undefined) {
    return refuse("account.in-use", "DependencyViolation", `${securityGroupId} is in use by ${user}`);
  }
  return {
    change: (draft) => {
      delete draft.securityGroups[securityGroupId];
    },
  };
}

function noSuchGroup(id: string): Refused {
  return refuse("account.not-found", "InvalidGroup.NotFound", `there is no security group ${id}`);
}
