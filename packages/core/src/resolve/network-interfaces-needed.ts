/** The network interfaces behind which targets are: their security groups must let load balancers in. */
import { parseAddress, parseRange, rangeHolds } from "../lib/address-range.ts";
import { compareStrings } from "../lib/compare.ts";
import type { NetworkInterfaceFact } from "../model/facts.ts";
import type { NetworkInterfacesNeeded } from "../model/facts-needed.ts";
import type { Node, Pod } from "../model/kubernetes-workloads.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { annotationText, type Member, paramsOf } from "../read/member.ts";
import { type ClusterIndex, findService } from "./cluster-index.ts";

/** A Service that an Ingress forwards to. */
export interface NamedService {
  readonly member: Member;
  readonly name: string;
}

/** Written by EKS on a pod with security groups of its own: a list of interfaces as JSON. */
const POD_ENI = "vpc.amazonaws.com/pod-eni";
const SERVICE_LABEL = "kubernetes.io/service-name";

/**
 * For instance targets those of all nodes; for ip targets those of the pods and of the nodes that they run on. It may name
 * more than resolving the targets uses. Undefined when nobody asks: the snapshot doesn't say where traffic ends, or
 * somebody else registers targets.
 */
export function networkInterfacesNeeded(
  snapshot: ClusterSnapshot,
  cluster: ClusterIndex,
  services: readonly NamedService[],
  settings: Settings,
): NetworkInterfacesNeeded | undefined {
  const { nodes, pods = [], endpointSlices, endpoints } = snapshot;
  const isGiven = [nodes, endpointSlices, endpoints].some((list) => list !== undefined);
  if (settings.targetRegistration !== "direct" || !isGiven) return undefined;
  const byType = (type: string): readonly NamedService[] =>
    services.filter((service) => typesOf(cluster, service, settings).includes(type));
  const targets = podTargets(snapshot, byType("ip"));
  const targetPods = pods.filter(({ metadata }) => targets.pods.has(`${metadata.namespace}/${metadata.name}`));
  for (const { spec } of targetPods) if (spec?.nodeName !== undefined) targets.nodes.add(spec.nodeName);
  const own = targetPods.flatMap((pod) => podInterface(pod) ?? []);
  const allNodes = byType("instance").length > 0;
  const instances = (nodes ?? [])
    .filter(({ metadata }) => allNodes || targets.nodes.has(metadata.name))
    .flatMap(instanceId);
  const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].sort(compareStrings);
  return { instanceIds: sorted(instances), ids: sorted(own), addresses: sorted(targets.addresses) };
}

/** Every type that anything says the targets are of; which one wins is decided when the target group is built. */
function typesOf(cluster: ClusterIndex, { member, name }: NamedService, settings: Settings): readonly string[] {
  const service = findService(cluster, member.ingress.metadata.namespace, name);
  const said = [
    paramsOf(member).targetType,
    annotationText(member.ingress, "target-type"),
    service && annotationText(service, "target-type"),
  ].filter((text) => text !== undefined);
  return said.length > 0 ? said : [settings.defaultTargetType];
}

interface PodTargets {
  readonly addresses: Set<string>;
  /** By `namespace/name`. */
  readonly pods: Set<string>;
  readonly nodes: Set<string>;
}

function podTargets(
  { endpointSlices = [], endpoints = [] }: ClusterSnapshot,
  services: readonly NamedService[],
): PodTargets {
  const found: PodTargets = { addresses: new Set(), pods: new Set(), nodes: new Set() };
  const wanted = new Set(services.map(({ member, name }) => `${member.ingress.metadata.namespace}/${name}`));
  const add = (
    namespace: string,
    address?: string,
    nodeName?: string,
    pod?: { readonly kind?: string; readonly name?: string },
  ): void => {
    if (address === undefined || pod?.kind !== "Pod") return;
    found.addresses.add(address);
    if (pod.name !== undefined) found.pods.add(`${namespace}/${pod.name}`);
    if (nodeName !== undefined) found.nodes.add(nodeName);
  };
  for (const { metadata, addressType, endpoints: list = [] } of endpointSlices) {
    const { namespace = "", labels = {} } = metadata;
    if (addressType === "FQDN" || !wanted.has(`${namespace}/${labels[SERVICE_LABEL]}`)) continue;
    for (const { addresses, nodeName, targetRef } of list) add(namespace, addresses?.[0], nodeName, targetRef);
  }
  for (const { metadata, subsets = [] } of endpoints) {
    const { namespace = "", name } = metadata;
    if (!wanted.has(`${namespace}/${name}`)) continue;
    for (const { addresses = [], notReadyAddresses = [] } of subsets) {
      for (const { ip, nodeName, targetRef } of [...addresses, ...notReadyAddresses]) {
        add(namespace, ip, nodeName, targetRef);
      }
    }
  }
  return found;
}

function instanceId({ spec }: Node): readonly string[] {
  const providerId = spec?.providerID ?? "";
  const id = providerId.slice(providerId.lastIndexOf("/") + 1);
  return /^i-[^/]+$/.test(id) ? [id] : [];
}

/** The id of the first interface that the pod's annotation lists; undefined if there is none to read. */
export function podInterface({ metadata }: Pod): string | undefined {
  const { annotations = {} } = metadata;
  if (!Object.hasOwn(annotations, POD_ENI)) return undefined;
  try {
    const listed: unknown = JSON.parse(annotations[POD_ENI] ?? "");
    const first: unknown = Array.isArray(listed) ? listed[0] : undefined;
    const id = typeof first === "object" && first !== null && "eniId" in first ? first.eniId : undefined;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Those of the addresses that lie in one of the blocks, and that no interface has, itself or in a prefix. */
export function addressesWithoutInterface(
  addresses: readonly string[],
  cidrBlocks: readonly string[],
  interfaces: readonly Pick<NetworkInterfaceFact, "privateIps" | "prefixes">[],
): readonly string[] {
  const held = new Set(interfaces.flatMap(({ privateIps }) => privateIps));
  const ranges = (cidrs: readonly string[]) => cidrs.flatMap((cidr) => parseRange(cidr) ?? []);
  const blocks = ranges(cidrBlocks);
  const prefixes = ranges(interfaces.flatMap((each) => each.prefixes ?? []));
  return addresses.filter((address) => {
    const bytes = held.has(address) ? undefined : parseAddress(address);
    if (bytes === undefined || !blocks.some((block) => rangeHolds(block, bytes))) return false;
    return !prefixes.some((prefix) => rangeHolds(prefix, bytes));
  });
}
