/** The security group that admits traffic to a target: that of the network interface the target is reached on. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Facts, NetworkInterfaceFact } from "../../model/facts.ts";
import type { Settings } from "../../model/settings.ts";
import type { StringMap } from "../../model/value.ts";
import { enumerate } from "../../read/grammar.ts";
import { podInterface } from "../../resolve/network-interfaces-needed.ts";
import type { ClusterEndpoints } from "./cluster-endpoints.ts";
import type { InterfaceIndex } from "./interface-index.ts";
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
  const { interfaces } = index;
  if (interfaces === undefined) return undefined;
  const isTagged = tagCheck(facts, settings);
  return (endpoint) => {
    const { target, object } = endpoint;
    const name = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
    const found = interfaceOf(index, interfaces, endpoint);
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

/** The interface by which a Node or Pod is reached. */
function interfaceOf(
  { pods }: ClusterEndpoints,
  { byId, primary, byAddress }: InterfaceIndex,
  { target: { id }, object }: TargetEndpoint,
): NetworkInterfaceFact | undefined {
  if (object.kind === "Node") return primary.get(id);
  const pod = pods?.get(`${object.namespace}/${object.name}`);
  const named = pod && podInterface(pod);
  return (named === undefined ? undefined : byId.get(named)) ?? byAddress.get(id);
}

/** Looks at the security groups only when one is asked for. */
function tagCheck(facts: Facts, settings: Settings): (securityGroupId: string) => boolean {
  let tags: ReadonlyMap<string, StringMap> | undefined;
  const wanted = Object.entries(settings.serviceTargetEniSecurityGroupTags);
  return (id) => {
    tags ??= new Map(facts.securityGroups.map((group) => [group.id, group.tags]));
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
