import equal from "fast-deep-equal";
import { castDraft, type Draft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Output } from "../../model/executor.ts";
import type { Account, ExistingLoadBalancer } from "../../model/inventory.ts";
import type { LoadBalancerSpec, SubnetMapping } from "../../model/load-balancer.ts";
import { quotasOf } from "../../model/quotas.ts";
import { type Answer, type Refused, refuse, type Surroundings, unchanged } from "./answer.ts";
import { newDnsName, newLoadBalancerArn } from "./arn.ts";
import { associationsAfter, writeAssociations } from "./association.ts";
import { checkAttributes, initialAttributes, loadBalancerAttributes } from "./attributes.ts";
import type { Resolved } from "./outputs.ts";
import { checkGroupsOfLoadBalancer } from "./security-group.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;
type Spec = LoadBalancerSpec<string>;

/** CreateLoadBalancer. Attributes and capacity are no part of the call and are not taken from the spec. */
export function createLoadBalancer(
  account: Account,
  { spec }: Details<"createLoadBalancer">,
  surroundings: Surroundings,
): Answer {
  const twin = Object.values(account.loadBalancers).find((other) => other.spec.name === spec.name);
  if (twin !== undefined) return answerTwin(twin, spec);
  const refusal =
    checkName(spec.name) ??
    checkCount(account, spec) ??
    checkAddresses(spec.ipAddressType, spec.scheme) ??
    checkSubnets(account, spec.type, spec.subnetMappings) ??
    checkGroupsOfLoadBalancer(account, spec.securityGroups ?? [], surroundings) ??
    checkTags(account, "elbv2", spec.tags);
  if (refusal !== undefined) return refusal;

  const { attributes: _, minimumCapacityUnits: __, ...sent } = spec;
  const arn = newLoadBalancerArn(account, spec.type, spec.name);
  const dnsName = newDnsName(account, spec.type, spec.scheme, spec.name);
  const created: ExistingLoadBalancer = {
    arn,
    vpcId: account.vpcId,
    dnsName,
    state: surroundings.pace === "instant" ? "active" : "provisioning",
    spec: { ...sent, attributes: attributesOf(spec), tags: spec.tags ?? {} },
  };
  return {
    output: { arn, id: arn, dnsName },
    change: (draft) => {
      draft.loadBalancers[arn] = castDraft(created);
      draft.sequence = account.sequence + 1;
    },
  };
}

function attributesOf({ type, scheme }: Spec): { [key: string]: string } {
  const initial = initialAttributes(loadBalancerAttributes(type));
  return { ...initial, "ipv6.deny_all_igw_traffic": scheme === "internal" ? "true" : "false" };
}

/** A create with equal settings returns what exists (ELB API Reference: CreateLoadBalancer is idempotent). */
function answerTwin({ arn, dnsName, spec: existing }: ExistingLoadBalancer, asked: Spec): Answer {
  const essence = (spec: Spec): unknown => [
    [spec.type, spec.scheme, spec.ipAddressType, spec.customerOwnedIpv4Pool, spec.ipv4IpamPoolId],
    spec.subnetMappings.map((mapping) => mapping.subnetId).sort(),
    [...(spec.securityGroups ?? [])].sort(),
    spec.tags ?? {},
  ];
  if (equal(essence(existing), essence(asked))) {
    return unchanged(`a load balancer ${asked.name} with the same settings exists already`, outputOf(arn, dnsName));
  }
  const message = `a load balancer named ${asked.name} exists already with other settings: ${arn}`;
  return refuse("account.name-in-use", "DuplicateLoadBalancerName", message);
}

function outputOf(arn: string, dnsName: string): Output {
  return { arn, id: arn, dnsName };
}

function checkName(name: string): Refused | undefined {
  const wellFormed = /^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name);
  if (wellFormed && !name.startsWith("internal-")) return undefined;
  const message = `the load balancer name "${name}" isn't 1 to 32 letters, digits and inner hyphens, or begins with internal-`;
  return refuse("account.invalid-value", "ValidationError", message);
}

function checkCount(account: Account, { type }: Spec): Refused | undefined {
  const limit = quotasOf(account).loadBalancersPerRegion;
  const count = Object.values(account.loadBalancers).filter(({ spec }) => spec.type === type).length;
  if (count < limit) return undefined;
  const message = `the account has ${count} ${type} load balancers and may have ${limit}`;
  return refuse("account.quota-exceeded", "TooManyLoadBalancers", message);
}

function checkAddresses(ipAddressType: string, scheme: string): Refused | undefined {
  if (!["ipv4", "dualstack", "dualstack-without-public-ipv4"].includes(ipAddressType)) {
    return refuse("account.invalid-value", "ValidationError", `"${ipAddressType}" is no IP address type`);
  }
  if (ipAddressType === "dualstack-without-public-ipv4" && scheme === "internal") {
    const message = "dualstack-without-public-ipv4 is for internet-facing load balancers";
    return refuse("account.invalid-value", "InvalidConfigurationRequest", message);
  }
  return undefined;
}

/**
 * At least one subnet, none twice. Where the account knows its subnets also: each exists, one a zone, and for an
 * application load balancer in availability zones at least two (ELB API Reference: CreateLoadBalancer).
 */
function checkSubnets(account: Account, type: Spec["type"], mappings: readonly SubnetMapping[]): Refused | undefined {
  const ids = mappings.map((mapping) => mapping.subnetId);
  if (ids.length === 0) return refuse("account.invalid-value", "ValidationError", "no subnet is given");
  if (new Set(ids).size < ids.length) {
    return refuse("account.invalid-value", "InvalidConfigurationRequest", `a subnet is given twice: ${ids.join(", ")}`);
  }
  const known = account.subnets;
  if (known === undefined) return undefined;

  const zones = new Set<string>();
  for (const id of ids) {
    const subnet = known[id];
    if (subnet === undefined) return refuse("account.not-found", "SubnetNotFound", `the account has no subnet ${id}`);
    if (zones.has(subnet.availabilityZone)) {
      const message = `two subnets are in ${subnet.availabilityZone}; a load balancer takes one a zone`;
      return refuse("account.invalid-value", "InvalidConfigurationRequest", message);
    }
    zones.add(subnet.availabilityZone);
  }
  const inRegion = ids.every((id) => (known[id]?.zoneType ?? "availability-zone") === "availability-zone");
  if (type === "application" && inRegion && zones.size < 2) {
    const message = `an application load balancer needs subnets in two zones, ${ids.join(", ")} is in one`;
    return refuse("account.invalid-value", "ValidationError", message);
  }
  return undefined;
}

/** Finds a load balancer or refuses. */
export function findLoadBalancer(account: Account, arn: string): ExistingLoadBalancer | Refused {
  return (
    account.loadBalancers[arn] ??
    refuse("account.not-found", "LoadBalancerNotFound", `the account holds no load balancer ${arn}`)
  );
}

/** Changes the spec of a load balancer that exists, after a check. */
function modify(
  account: Account,
  arn: string,
  check: (existing: ExistingLoadBalancer) => Refused | undefined,
  write: (spec: Draft<Spec>) => void,
): Answer {
  const existing = findLoadBalancer(account, arn);
  if ("awsCode" in existing) return existing;
  return (
    check(existing) ?? {
      change: (draft) => {
        const found = draft.loadBalancers[arn];
        if (found !== undefined) write(found.spec);
      },
    }
  );
}

export function modifyLoadBalancerAttributes(
  account: Account,
  { loadBalancerArn, attributes }: Details<"modifyLoadBalancerAttributes">,
): Answer {
  return modify(
    account,
    loadBalancerArn,
    ({ spec }) => checkAttributes(loadBalancerAttributes(spec.type), spec.attributes ?? {}, attributes),
    (spec) => {
      spec.attributes = { ...spec.attributes, ...attributes };
    },
  );
}

export function setSecurityGroups(
  account: Account,
  { loadBalancerArn, securityGroups }: Details<"setSecurityGroups">,
  surroundings: Surroundings,
): Answer {
  return modify(
    account,
    loadBalancerArn,
    ({ spec }) => {
      if (securityGroups.length === 0 && spec.type === "application") {
        const message = "an application load balancer needs at least one security group";
        return refuse("account.invalid-value", "ValidationError", message);
      }
      return checkGroupsOfLoadBalancer(account, securityGroups, surroundings);
    },
    (spec) => {
      spec.securityGroups = [...securityGroups];
    },
  );
}

export function setSubnets(account: Account, { loadBalancerArn, subnetMappings }: Details<"setSubnets">): Answer {
  return modify(
    account,
    loadBalancerArn,
    ({ spec }) => checkSubnets(account, spec.type, subnetMappings),
    (spec) => {
      spec.subnetMappings = castDraft(subnetMappings);
    },
  );
}

export function setIpAddressType(
  account: Account,
  { loadBalancerArn, ipAddressType }: Details<"setIpAddressType">,
): Answer {
  return modify(
    account,
    loadBalancerArn,
    ({ spec }) => checkAddresses(ipAddressType, spec.scheme),
    (spec) => {
      spec.ipAddressType = ipAddressType;
    },
  );
}

export function modifyIpPools(account: Account, { loadBalancerArn, ipv4IpamPoolId }: Details<"modifyIpPools">): Answer {
  return modify(
    account,
    loadBalancerArn,
    () => undefined,
    (spec) => {
      if (ipv4IpamPoolId === null) delete spec.ipv4IpamPoolId;
      else spec.ipv4IpamPoolId = ipv4IpamPoolId;
    },
  );
}

/** A reset leaves no reservation behind. AWS takes no change while the load balancer is being provisioned. */
export function modifyCapacityReservation(
  account: Account,
  { loadBalancerArn, capacityUnits }: Details<"modifyCapacityReservation">,
): Answer {
  return modify(
    account,
    loadBalancerArn,
    ({ state }) =>
      state === "provisioning"
        ? refuse("account.in-use", "PriorRequestNotComplete", `${loadBalancerArn} is still being provisioned`)
        : undefined,
    (spec) => {
      if (capacityUnits === null || capacityUnits === 0) delete spec.minimumCapacityUnits;
      else spec.minimumCapacityUnits = capacityUnits;
    },
  );
}

/**
 * Takes listeners, rules and associations with it. A load balancer that doesn't exist is no error (ELB API Reference:
 * DeleteLoadBalancer).
 */
export function deleteLoadBalancer(
  account: Account,
  { loadBalancerArn }: Details<"deleteLoadBalancer">,
  { pace }: Surroundings,
): Answer {
  const existing = account.loadBalancers[loadBalancerArn];
  if (existing === undefined) return unchanged(`${loadBalancerArn} doesn't exist`);
  if (existing.spec.attributes?.["deletion_protection.enabled"] === "true") {
    const message = `${loadBalancerArn} can't be deleted: deletion protection is enabled`;
    return refuse("account.deletion-protected", "OperationNotPermitted", message);
  }
  const listeners = Object.values(account.listeners).filter(({ spec }) => spec.loadBalancerArn === loadBalancerArn);
  const listenerArns = new Set(listeners.map(({ arn }) => arn));
  const rules = Object.values(account.listenerRules).filter(({ spec }) => listenerArns.has(spec.listenerArn));
  const released = new Set([...listenerArns, ...rules.map(({ arn }) => arn)]);
  const associations = associationsAfter(account, { released });
  return {
    change: (draft) => {
      for (const { arn } of rules) delete draft.listenerRules[arn];
      for (const arn of listenerArns) delete draft.listeners[arn];
      delete draft.loadBalancers[loadBalancerArn];
      delete draft.webAclAssociations[loadBalancerArn];
      delete draft.wafRegionalAssociations[loadBalancerArn];
      delete draft.shieldProtections[loadBalancerArn];
      writeAssociations(draft, associations, pace);
    },
  };
}
