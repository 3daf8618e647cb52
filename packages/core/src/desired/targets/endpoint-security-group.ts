/** The security group that admits traffic to a target: that of the network interface the target is reached on. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { type AddressRange, addressText, parseAddress, parseRange, rangeHolds } from "../../lib/address-range.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Facts, NetworkInterfaceFact } from "../../model/facts.ts";
import type { Settings } from "../../model/settings.ts";
import { enumerate } from "../../read/grammar.ts";
import { podInterface } from "../../resolve/network-interfaces-needed.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";
import type { TargetEndpoint } from "./target-endpoint.ts";

/** Finds a target's security group, or says why that can't be. */
export type SecurityGroupFinder = (
  endpoint: TargetEndpoint,
) => { readonly securityGroupId: string } | { readonly problem: Diagnostic };

/**
 * Looks into the network interfaces of the facts; undefined when the facts have none to look into. A node is reached
 * on its primary interface (device index 0), a pod on the one its annotation names, otherwise on the one that has its
 * address or a prefix around it. Of several security groups of an interface the one counts that carries the tag
 * `kubernetes.io/cluster/<cluster>` and those of flag service-target-eni-security-group-tags, as for LBC.
 */
export function securityGroupFinder(
  index: ClusterEndpoints,
  facts: Facts,
  settings: Settings,
): SecurityGroupFinder | undefined {
  const { networkInterfaces } = facts;
  if (networkInterfaces === undefined) return undefined;
  const interfaceOf = interfaceFinder(index, networkInterfaces);
  const isTagged = tagCheck(facts, settings);
  return ({ target, object }) => {
    const name = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
    const found = interfaceOf(target.id, object.kind, name);
    if (found === undefined) {
      const message = `The facts hold no network interface of ${object.kind} ${name} (${target.id}).`;
      return { problem: diagnose("targets.network-interface-not-found", message, { object }) };
    }
    const [only, ...others] = found.securityGroupIds;
    if (only !== undefined && others.length === 0) return { securityGroupId: only };
    const [tagged, ...more] = [...new Set(found.securityGroupIds)].filter(isTagged);
    if (tagged !== undefined && more.length === 0) return { securityGroupId: tagged };
    const groups = enumerate(found.securityGroupIds.toSorted());
    const count = tagged === undefined ? "none" : `${more.length + 1}`;
    const message = `${object.kind} ${name} is reached on ${found.id}; of its security groups (${groups}) exactly one must be tagged kubernetes.io/cluster/${settings.clusterName}${extraTags(settings)}, and ${count} is.`;
    return { problem: diagnose("targets.security-group-ambiguous", message, { object }) };
  };
}

function interfaceFinder(
  { pods }: ClusterEndpoints,
  interfaces: readonly NetworkInterfaceFact[],
): (id: string, kind: string, name: string) => NetworkInterfaceFact | undefined {
  const byId = new Map(interfaces.map((each) => [each.id, each]));
  const primary = new Map(
    interfaces.flatMap((each) =>
      each.instanceId !== undefined && each.deviceIndex === 0 ? [[each.instanceId, each] as const] : [],
    ),
  );
  const byAddress = new Map(
    interfaces.flatMap((each) => each.privateIps.map((address) => [canonical(address), each] as const)),
  );
  const prefixes = interfaces.flatMap((each) =>
    (each.prefixes ?? []).flatMap((cidr): readonly (readonly [AddressRange, NetworkInterfaceFact])[] => {
      const range = parseRange(cidr);
      return range === undefined ? [] : [[range, each]];
    }),
  );
  return (id, kind, name) => {
    if (kind === "Node") return primary.get(id);
    const pod = pods?.get(name);
    const own = pod === undefined ? undefined : byId.get(podInterface(pod) ?? "");
    if (own !== undefined) return own;
    const held = byAddress.get(id);
    if (held !== undefined) return held;
    const address = parseAddress(id) ?? [];
    return prefixes.find(([range]) => rangeHolds(range, address))?.[1];
  };
}

function tagCheck({ securityGroups }: Facts, settings: Settings): (securityGroupId: string) => boolean {
  const tags = new Map(securityGroups.map((group) => [group.id, group.tags]));
  const wanted = Object.entries(settings.serviceTargetEniSecurityGroupTags);
  return (id) => {
    const own = tags.get(id) ?? {};
    return (
      Object.hasOwn(own, `kubernetes.io/cluster/${settings.clusterName}`) &&
      wanted.every(([key, value]) => Object.hasOwn(own, key) && own[key] === value)
    );
  };
}

function extraTags({ serviceTargetEniSecurityGroupTags }: Settings): string {
  return Object.entries(serviceTargetEniSecurityGroupTags)
    .map(([key, value]) => ` and ${key}=${value}`)
    .sort()
    .join("");
}

function canonical(address: string): string {
  const bytes = parseAddress(address);
  return bytes === undefined ? address : addressText(bytes);
}
