/** A policy that leaves chosen fields of existing resources as they are. */
import type { Action } from "../../model/action.ts";
import type { Change } from "../../model/change.ts";
import type { Plan } from "../../model/plan.ts";
import type { ResourceKind } from "../../model/resource.ts";
import { type PlanPolicy, withhold } from "./withhold.ts";

/**
 * JSON pointers into the specs of resources, for instance `{ loadBalancer: ["/tags/team", "/attributes"] }`; a pointer
 * stands for everything below it too.
 */
export type IgnoredFields = { readonly [K in ResourceKind]?: readonly string[] };

/** Tells of a field, by JSON pointer, whether it is left as it is. */
type IsIgnored = (path: string) => boolean;

/** What becomes of an action: nothing, all or part of it; and whether what comes after may still be done. */
type Cut = "keep" | "drop" | { readonly action: Action; readonly dependents: "keep" | "drop" };

/**
 * These fields are never changed; creations set them. A replacement for the sake of such fields alone isn't done. A rule
 * is changed as a whole or not at all, for with half of the change it would serve requests as neither before nor after.
 */
export function ignore(fields: IgnoredFields): PlanPolicy {
  const ignoredOf = (kind: ResourceKind): IsIgnored => {
    const pointers = Object.hasOwn(fields, kind) ? (fields[kind] ?? []) : [];
    return (path) => pointers.some((pointer) => path === pointer || path.startsWith(`${pointer}/`));
  };
  return (plan) => {
    const changes = changesByName(plan);
    const dropped: string[] = [];
    const rewritten = new Map<string, Action>();
    for (const action of plan.actions) {
      const kind = kindOf(action.resource);
      if (kind === undefined) continue;
      const change = changes.get(`${action.stack} ${action.resource}`);
      const result = cut(action, change, action.kind === "setRulePriorities" ? "listenerRule" : kind, ignoredOf);
      if (result === "keep") continue;
      if (result === "drop") dropped.push(action.id);
      else {
        rewritten.set(action.id, result.action);
        if (result.dependents === "drop") {
          dropped.push(...plan.actions.filter(({ dependsOn }) => dependsOn.includes(action.id)).map(({ id }) => id));
        }
      }
    }
    return withhold(plan, "ignore", {
      actions: dropped,
      rewritten,
      isIgnored: (change, path) => ignoredOf(change.type)(path),
    });
  };
}

function changesByName({ stacks }: Plan): ReadonlyMap<string, Change> {
  const changes = stacks.flatMap((stack) => stack.changes);
  return new Map(changes.map((change) => [`${change.stack} ${change.resource}`, change]));
}

function kindOf(resource: string): ResourceKind | undefined {
  const slash = resource.indexOf("/");
  return slash === -1 ? undefined : (resource.slice(0, slash) as ResourceKind);
}

function cut(
  action: Action,
  change: Change | undefined,
  kind: ResourceKind,
  ignoredOf: (kind: ResourceKind) => IsIgnored,
): Cut {
  const isIgnored = ignoredOf(kind);
  if (action.kind === "setRulePriorities") return isIgnored("/priority") ? "drop" : "keep";
  if (change?.kind === "create" || change?.kind === "delete") return "keep";
  if (change?.kind === "replace") {
    const causes = change.replacePaths ?? [];
    return causes.length > 0 && causes.every(isIgnored) ? "drop" : "keep";
  }
  return cutUpdate(action, change, isIgnored);
}

function cutUpdate(action: Action, change: Change | undefined, isIgnored: IsIgnored): Cut {
  const all = (path: string): Cut => (isIgnored(path) ? "drop" : "keep");
  switch (action.kind) {
    case "modifyLoadBalancerAttributes":
    case "modifyTargetGroupAttributes":
    case "modifyListenerAttributes": {
      const attributes = without(action.details.attributes, "/attributes", isIgnored);
      return lessOf(action, action.details.attributes, attributes, { attributes });
    }
    case "addTags":
    case "createTags": {
      const tags = without(action.details.tags, "/tags", isIgnored);
      return lessOf(action, action.details.tags, tags, { tags });
    }
    case "removeTags":
    case "deleteTags": {
      const keys = action.details.keys.filter((key) => !isIgnored(pointer("/tags", key)));
      return lessOf(action, action.details.keys, keys, { keys });
    }
    case "modifyTargetGroup": {
      const healthCheck = without(action.details.healthCheck, "/healthCheck", isIgnored);
      return lessOf(action, action.details.healthCheck, healthCheck, { healthCheck });
    }
    case "modifyListener":
      return cutListener(action, isIgnored);
    case "modifyRule": {
      const { actions, conditions, transforms, resetTransforms } = action.details;
      const isTouched =
        (actions !== undefined && isIgnored("/actions")) ||
        (conditions !== undefined && isIgnored("/conditions")) ||
        ((transforms !== undefined || resetTransforms === true) && isIgnored("/transforms"));
      return isTouched ? "drop" : "keep";
    }
    case "setSecurityGroups":
      return all("/securityGroups");
    case "setSubnets":
      return all("/subnetMappings");
    case "setIpAddressType":
      return all("/ipAddressType");
    case "modifyIpPools":
      return all("/ipv4IpamPoolId");
    case "modifyCapacityReservation":
      return all("/minimumCapacityUnits");
    case "addListenerCertificates":
    case "removeListenerCertificates":
      return all("/certificates");
    case "registerTargets":
    case "deregisterTargets":
      return all("/targets");
    case "authorizeSecurityGroupIngress":
    case "revokeSecurityGroupIngress":
      return all(action.resource.startsWith("endpointPermissions/") ? "/permissions" : "/ingress");
    case "associateWebAcl":
    case "disassociateWebAcl":
      return all("/webAclArn");
    case "associateWafRegional":
    case "disassociateWafRegional":
      return all("/webAclId");
    case "createShieldProtection":
    case "deleteShieldProtection":
      return all("/enabled");
    case "patchTargetGroupBinding": {
      const fields = change?.fields ?? [];
      return fields.length > 0 && fields.every(({ path }) => isIgnored(path)) ? "drop" : "keep";
    }
    default:
      return "keep";
  }
}

/** What of a listener's change other calls build on is the default actions and the certificate. */
function cutListener(action: Extract<Action, { kind: "modifyListener" }>, isIgnored: IsIgnored): Cut {
  const { listenerArn, ...fields } = action.details;
  const kept = Object.entries(fields).filter(
    ([name]) => !isIgnored(name === "defaultCertificate" ? "/certificates" : `/${name}`),
  );
  if (kept.length === Object.keys(fields).length) return "keep";
  // A change of protocol needs its certificate and the rest of what belongs to it.
  if (kept.length === 0 || Object.hasOwn(fields, "protocol")) return "drop";
  const names = new Set(kept.map(([name]) => name));
  const isServing = ["defaultActions", "defaultCertificate"].some(
    (name) => Object.hasOwn(fields, name) && !names.has(name),
  );
  const details = { listenerArn, ...Object.fromEntries(kept) };
  return { action: { ...action, details }, dependents: isServing ? "drop" : "keep" };
}

function without<T extends object>(record: T, base: string, isIgnored: IsIgnored): Partial<T> {
  const kept = Object.entries(record).filter(([key]) => !isIgnored(pointer(base, key)));
  return Object.fromEntries(kept) as Partial<T>;
}

function pointer(base: string, key: string): string {
  return `${base}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The action with this left of its details; nothing if that is empty. */
function lessOf(action: Action, before: object, after: object, details: object): Cut {
  const left = Object.keys(after).length;
  if (left === Object.keys(before).length) return "keep";
  if (left === 0) return "drop";
  return { action: { ...action, details: { ...action.details, ...details } } as Action, dependents: "keep" };
}
