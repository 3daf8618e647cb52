/** What the comparison of a graph with what exists looks at, as data: what a reader has to ask AWS for. */
import { compareStrings } from "../lib/compare.ts";
import type { DesiredGraph, Stack } from "../model/graph.ts";
import type {
  EndpointPermissionsNeeded,
  InventoryNeeded,
  LoadBalancerNeeded,
  StackNeeded,
  TargetGroupNeeded,
} from "../model/inventory-needed.ts";
import type { LoadBalancerSpec } from "../model/load-balancer.ts";
import type { PlanOptions } from "../model/plan.ts";
import { type ResourceKind, type ResourceOf, resourceKey } from "../model/resource.ts";
import type { Settings } from "../model/settings.ts";
import type { StringMap, Value } from "../model/value.ts";
import { isReference } from "../model/value.ts";
import { fixedFields } from "./target-group.ts";

/**
 * What planning for the graph compares. A plan made with an inventory that holds this alone is the plan that would be
 * made with everything. Stacks that failed are left as they are, so nothing is asked about them.
 */
export function inventoryNeeded(
  desired: DesiredGraph,
  { prune = false, drain = false }: Pick<PlanOptions, "prune" | "drain"> = {},
): InventoryNeeded {
  const { settings, vpcId } = desired;
  const stacks = Object.values(desired.stacks)
    .filter(({ status }) => status === "built")
    .sort((a, b) => compareStrings(a.id, b.id));
  const endpointPermissions = endpointPermissionsOf(desired);
  return {
    ...common(settings, vpcId),
    stacks: Object.fromEntries(stacks.map((stack) => [stack.id, stackNeeded(stack, settings)])),
    otherStacks: prune ? "deletion" : "nothing",
    drain,
    ...(endpointPermissions && { endpointPermissions }),
  };
}

/** Everything that any plan for the cluster could compare, to be kept for planning without AWS. */
export function everythingNeeded(settings: Settings, vpcId: string): InventoryNeeded {
  const isDirect = settings.targetRegistration === "direct";
  return {
    ...common(settings, vpcId),
    stacks: {},
    otherStacks: "everything",
    drain: true,
    ...(isDirect && { endpointPermissions: { securityGroups: [], sources: givenSources(settings) } }),
  };
}

/** What there is and whose it is, and nothing more of any stack. */
export function listingNeeded(settings: Settings, vpcId: string): InventoryNeeded {
  return { ...common(settings, vpcId), stacks: {}, otherStacks: "nothing", drain: false };
}

function common(
  { clusterName, featureGates }: Settings,
  vpcId: string,
): Pick<InventoryNeeded, "clusterName" | "vpcId" | "listenerTags" | "certificates"> {
  return {
    clusterName,
    vpcId,
    listenerTags: featureGates.ListenerRulesTagging,
    certificates: featureGates.EnableCertificateManagement,
  };
}

function stackNeeded(stack: Stack, settings: Settings): StackNeeded {
  const loadBalancers = ofKind(stack, "loadBalancer").map(
    ({ id, spec }) => [id, loadBalancerNeeded(stack, id, spec, settings)] as const,
  );
  const targetGroups = ofKind(stack, "targetGroup").map(({ id, spec }): readonly [string, TargetGroupNeeded] => [
    id,
    {
      fixed: fixedFields(spec, settings),
      attributes: isFilled(spec.attributes),
      targets:
        stack.resources[resourceKey("targets", id)] !== undefined ||
        stack.resources[resourceKey("frontendNlbTarget", id)] !== undefined,
    },
  ]);
  return { loadBalancers: Object.fromEntries(loadBalancers), targetGroups: Object.fromEntries(targetGroups) };
}

function loadBalancerNeeded(
  stack: Stack,
  id: string,
  { type, scheme, attributes, minimumCapacityUnits }: LoadBalancerSpec,
  { featureGates, enableWafv2, enableWaf, enableShield }: Settings,
): LoadBalancerNeeded {
  const isThis = (value: Value): boolean => isReference(value) && value.ref === resourceKey("loadBalancer", id);
  const isAsked = (kind: "webAclAssociation" | "wafRegionalAssociation" | "shieldProtection"): boolean =>
    ofKind(stack, kind).some(({ spec }) => isThis(spec.resourceArn));
  return {
    fixed: { type, scheme },
    attributes: isFilled(attributes),
    capacity: featureGates.LBCapacityReservation && minimumCapacityUnits !== undefined,
    webAcl: enableWafv2 && isAsked("webAclAssociation"),
    wafRegional: enableWaf && isAsked("wafRegionalAssociation"),
    shield: enableShield && isAsked("shieldProtection"),
    listenerAttributes: ofKind(stack, "listener")
      .filter(({ spec }) => isThis(spec.loadBalancerArn) && isFilled(spec.attributes))
      .map(({ spec }) => spec.port)
      .sort((a, b) => a - b),
  };
}

function endpointPermissionsOf(desired: DesiredGraph): EndpointPermissionsNeeded | undefined {
  if (desired.settings.targetRegistration !== "direct") return undefined;
  const specs = ofKind(desired.clusterStack, "endpointPermissions").map(({ spec }) => spec);
  const sources = specs.flatMap(({ permissions }) =>
    permissions.flatMap(({ source }) =>
      "securityGroupId" in source && typeof source.securityGroupId === "string" ? [source.securityGroupId] : [],
    ),
  );
  return {
    securityGroups: specs.map(({ securityGroupId }) => securityGroupId).sort(compareStrings),
    sources: [...new Set([...givenSources(desired.settings), ...sources])].sort(compareStrings),
  };
}

function givenSources({ backendSecurityGroup }: Settings): readonly string[] {
  return backendSecurityGroup === "" ? [] : [backendSecurityGroup];
}

function ofKind<K extends ResourceKind>({ resources }: Stack, kind: K): readonly ResourceOf<K>[] {
  return Object.values(resources)
    .filter((resource): resource is Extract<typeof resource, { kind: K }> => resource.kind === kind)
    .sort((a, b) => compareStrings(a.id, b.id)) as readonly { id: string }[] as readonly ResourceOf<K>[];
}

function isFilled(map: StringMap | undefined): boolean {
  return map !== undefined && Object.keys(map).length > 0;
}
