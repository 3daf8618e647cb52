/** Which Ingress a rule comes from. */
import type { RuleAction } from "../model/rule-action.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import type { Provenance } from "../model/source.ts";
import type { Value } from "../model/value.ts";

/** Objects by resource key (or ARN, in an inventory). */
export type Owners = { readonly [resource: string]: ObjectRef };

/** A target group that was made for a Service: the resource id that LBC gives it, and the Service's name if known. */
export interface BackendName {
  readonly resourceId: string;
  readonly service?: string;
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
 * Takes `<namespace>/<ingress>-<service>:<port>` apart, as LBC builds it. Without the Service's name that is possible
 * only where there is a single hyphen.
 */
function ingressOf({ resourceId, service }: BackendName): ObjectRef | undefined {
  const slash = resourceId.indexOf("/");
  const colon = resourceId.lastIndexOf(":");
  if (slash <= 0 || colon <= slash) return undefined;
  const namespace = resourceId.slice(0, slash);
  const pair = resourceId.slice(slash + 1, colon);
  const hyphen = service === undefined ? onlyHyphen(pair) : pair.length - service.length - 1;
  if (hyphen <= 0 || (service !== undefined && pair.slice(hyphen) !== `-${service}`)) return undefined;
  return { kind: "Ingress", namespace, name: pair.slice(0, hyphen) };
}

function onlyHyphen(text: string): number {
  const first = text.indexOf("-");
  return first === text.lastIndexOf("-") ? first : -1;
}
