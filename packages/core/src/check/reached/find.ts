/** Finds what exists for a resource of the graph, in the shape of that resource's spec. */
import type { Existing, Inventory } from "../../model/inventory.ts";
import type { Resource, ResourceKey } from "../../model/resource.ts";
import type { StringMap } from "../../model/value.ts";
import type { OwnedItem } from "./owned.ts";

export interface Found {
  /** ARN or id. */
  readonly arn: string;
  readonly spec: unknown;
  readonly tags: StringMap;
}

/** Tells whether an ARN of the inventory is what a value of the graph names. */
export type IsNamed = (arn: string, value: unknown) => boolean;

/** Only protections of these names are ours to remove. */
const OUR_PROTECTIONS = ["managed by aws-load-balancer-controller", "managed by aws-alb-ingress-controller"];

/** Tagged kinds by their tags; listeners by port, rules by priority, the rest by what they are attached to. */
export function findExisting(
  inventory: Inventory,
  owned: readonly OwnedItem[],
  place: { readonly stack: string; readonly key: ResourceKey },
  resource: Resource,
  isNamed: IsNamed,
): readonly Found[] {
  const tagged = (collection: { readonly [arn: string]: Existing<object> }): readonly Found[] =>
    owned
      .filter((item) => item.stack === place.stack && item.key === place.key)
      .flatMap(({ arn }) => (collection[arn] === undefined ? [] : [found(collection[arn])]));

  switch (resource.kind) {
    case "loadBalancer":
      return tagged(inventory.loadBalancers);
    case "targetGroup":
      return tagged(inventory.targetGroups);
    case "securityGroup":
      return tagged(inventory.securityGroups);
    case "certificate":
      return tagged(inventory.certificates);
    case "listener": {
      const { port, loadBalancerArn } = resource.spec;
      return Object.values(inventory.listeners)
        .filter(({ spec }) => spec.port === port && isNamed(spec.loadBalancerArn, loadBalancerArn))
        .map(found);
    }
    case "listenerRule": {
      const { priority, listenerArn } = resource.spec;
      return Object.values(inventory.listenerRules)
        .filter(({ spec }) => spec.priority === priority && isNamed(spec.listenerArn, listenerArn))
        .map(found);
    }
    case "targetGroupBinding":
      return Object.values(inventory.targetGroupBindings)
        .filter(({ spec }) => isNamed(spec.targetGroupArn, resource.spec.targetGroupArn))
        .map(found);
    case "targets":
    case "endpointPermissions":
      return [];
    default:
      return attached(inventory, resource, isNamed);
  }
}

function found({ arn, spec }: Existing<object>): Found {
  const { tags = {} } = spec as { readonly tags?: StringMap };
  return { arn, spec, tags };
}

type Attached = Extract<Resource, { kind: `${string}Association` | "shieldProtection" | "frontendNlbTarget" }>;

/** What is attached to one load balancer or target group; nothing attached has the spec that means so. */
function attached(inventory: Inventory, resource: Attached, isNamed: IsNamed): readonly Found[] {
  const loadBalancers = (target: unknown): readonly string[] =>
    Object.keys(inventory.loadBalancers).filter((arn) => isNamed(arn, target));
  const as = (arn: string, spec: object): Found => ({ arn, spec: { ...resource.spec, ...spec }, tags: {} });

  switch (resource.kind) {
    case "webAclAssociation":
      return loadBalancers(resource.spec.resourceArn).map((arn) =>
        as(arn, { webAclArn: inventory.webAclAssociations[arn] ?? "" }),
      );
    case "wafRegionalAssociation":
      return loadBalancers(resource.spec.resourceArn).map((arn) =>
        as(arn, { webAclId: inventory.wafRegionalAssociations[arn] ?? "" }),
      );
    case "shieldProtection":
      return loadBalancers(resource.spec.resourceArn).map((arn) => {
        const name = inventory.shieldProtections[arn]?.name;
        const isOurs = name !== undefined && OUR_PROTECTIONS.includes(name);
        return as(arn, { enabled: resource.spec.enabled ? name !== undefined : isOurs });
      });
    case "frontendNlbTarget":
      return Object.entries(inventory.targets)
        .filter(([arn]) => isNamed(arn, resource.spec.targetGroupArn))
        .flatMap(([, targets]) => targets.filter(({ state }) => state !== "draining"))
        .map(({ id, port }) => as(id, { targetArn: id, targetPort: port }));
  }
}
