/** Which Ingress a rule comes from. */
import type { RuleAction } from "../model/rule-action.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import type { Provenance } from "../model/source.ts";
import type { Value } from "../model/value.ts";

/** Objects by resource key (or ARN, in an inventory). */
export type Owners = { readonly [resource: string]: ObjectRef };

/** What is known of a target group that was made for a Service. */
export interface BackendName {
  /** As LBC gives it. */
  readonly resourceId: string;
  /** The Service's name. */
  readonly service?: string;
  /** The target group's own name, which holds the beginning of the Service's. */
  readonly groupName?: string;
}

/** The owners that the provenance of a stack (`explainDesired`) tells. */
export function ownersOf(provenance: Provenance): Owners {
  const owners = new Map<string, ObjectRef>();
  for (const [place, { object }] of Object.entries(provenance)) {
    if (object !== undefined && place.indexOf("#") === place.length - 1) owners.set(place.slice(0, -1), object);
  }
  return Object.fromEntries(owners);
}

/** The owner given for a resource, if any. */
export function givenOwner(owners: Owners | undefined, resource: string): ObjectRef | undefined {
  return owners !== undefined && Object.hasOwn(owners, resource) ? owners[resource] : undefined;
}

/** The Ingress that the first target group with a readable id was made for. */
export function ownerOfTargets(
  actions: readonly RuleAction[],
  backendOf: (targetGroup: Value) => BackendName | undefined,
): ObjectRef | undefined {
  for (const action of actions) {
    if (action.type !== "forward") continue;
    for (const { targetGroupArn } of action.forwardConfig.targetGroups) {
      const backend = backendOf(targetGroupArn);
      const owner = backend && ingressOf(backend);
      if (owner !== undefined) return owner;
    }
  }
  return undefined;
}

/**
 * Takes `<namespace>/<ingress>-<service>:<port>` apart, as LBC builds it. Where the Service's name isn't known, the
 * hyphen between the two is the one behind which the name fits the target group's, `k8s-<namespace>-<service>-<hash>`;
 * undefined if there are several.
 */
function ingressOf({ resourceId, service, groupName }: BackendName): ObjectRef | undefined {
  const slash = resourceId.indexOf("/");
  const colon = resourceId.lastIndexOf(":");
  if (slash <= 0 || colon <= slash) return undefined;
  const namespace = resourceId.slice(0, slash);
  const words = resourceId.slice(slash + 1, colon).split("-");
  const shortName = groupName?.split("-")[2];
  const names = words.flatMap((_, index) => {
    const name = words.slice(0, index).join("-");
    const rest = words.slice(index).join("-");
    const fits = service !== undefined ? rest === service : shortName === undefined || readable(rest) === shortName;
    return name !== "" && fits ? [name] : [];
  });
  const [name, second] = names;
  return name === undefined || second !== undefined ? undefined : { kind: "Ingress", namespace, name };
}

/** How LBC writes a Service into the name of a target group. */
function readable(service: string): string {
  return service.replace(/[^0-9A-Za-z]/g, "").slice(0, 8);
}
