/** Names for people: of resources, of fields of Kubernetes objects, of places in files. */
import type { ResourceKey, ResourceKind } from "../model/resource.ts";
import type { ObjectRef, Position } from "../model/snapshot.ts";
import type { Source } from "../model/source.ts";

const KIND_NAMES: Record<ResourceKind, string> = {
  loadBalancer: "load balancer",
  listener: "listener",
  listenerRule: "rule",
  targetGroup: "target group",
  targetGroupBinding: "target group binding",
  securityGroup: "security group",
  certificate: "certificate",
  webAclAssociation: "web ACL association",
  wafRegionalAssociation: "WAF classic association",
  shieldProtection: "Shield protection",
  frontendNlbTarget: "network load balancer target",
  targets: "targets of",
  endpointPermissions: "permissions towards targets behind",
};

/** Splits a resource key at its first slash. */
export function splitKey(key: ResourceKey): { readonly kind: string; readonly id: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { kind: "", id: key } : { kind: key.slice(0, slash), id: key.slice(slash + 1) };
}

/** `target group` for `targetGroup`. */
function kindName(kind: string): string {
  return isResourceKind(kind) ? KIND_NAMES[kind] : kind;
}

/** Resources of which a stack has only one need no id. */
const ONLY_ONES: ReadonlyMap<ResourceKey, string> = new Map([
  ["loadBalancer/LoadBalancer", KIND_NAMES.loadBalancer],
  ["loadBalancer/FrontendNlb", "network load balancer"],
  ["securityGroup/ManagedLBSecurityGroup", "managed security group"],
  ["securityGroup/backend-sg", "shared backend security group"],
  ["webAclAssociation/LoadBalancer", KIND_NAMES.webAclAssociation],
  ["wafRegionalAssociation/LoadBalancer", KIND_NAMES.wafRegionalAssociation],
  ["shieldProtection/LoadBalancer", KIND_NAMES.shieldProtection],
]);

/** `target group shop/web-web:80` for `targetGroup/shop/web-web:80`. */
export function resourceName(key: ResourceKey): string {
  const { kind, id } = splitKey(key);
  return ONLY_ONES.get(key) ?? `${kindName(kind)} ${id}`.trim();
}

/** The same where the kind is known already: `shop/web-web:80`. */
export function shortName(key: ResourceKey): string {
  return ONLY_ONES.get(key) ?? splitKey(key).id;
}

/** `Ingress shop/web`; cluster-scoped objects have no namespace. */
export function objectName({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined || namespace === "" ? name : `${namespace}/${name}`}`;
}

/** `web.yaml:12:5`. */
export function positionName({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/**
 * A JSON pointer in words: `annotation alb.ingress.kubernetes.io/scheme`, `label team`, `spec.rules[0].http.paths[1].path`.
 * The empty pointer, which is the object itself, gives "". What is no pointer (the name of a flag or default) stays.
 */
export function fieldName(pointer: string): string {
  if (!pointer.startsWith("/")) return pointer;
  const segments = pointerSegments(pointer);
  const [first, second, third] = segments;
  if (first === "metadata" && segments.length === 3 && third !== undefined) {
    if (second === "annotations") return `annotation ${third}`;
    if (second === "labels") return `label ${third}`;
  }
  return segments.map(segmentName).join("").replace(/^\./, "");
}

/** The segments of a JSON pointer (RFC 6901), unescaped. */
export function pointerSegments(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `Ingress shop/web, annotation alb.ingress.kubernetes.io/scheme (web.yaml:12:5)`. */
export function sourceName({ object, field, at }: Source): string {
  const words = [object && objectName(object), fieldName(field)].filter((word) => word !== undefined && word !== "");
  return `${words.join(", ")}${at === undefined ? "" : ` (${positionName(at)})`}`;
}

function segmentName(segment: string): string {
  if (/^[0-9]+$/.test(segment)) return `[${segment}]`;
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}

function isResourceKind(kind: string): kind is ResourceKind {
  return Object.hasOwn(KIND_NAMES, kind);
}
