/** Reasons: why a resource changes, in one plain sentence. */
import type { FieldChange } from "../model/change.ts";
import type { ResourceKind } from "../model/resource.ts";

/** `target group doesn't exist`. */
export function createReason(type: ResourceKind): string {
  return `${words(type)} doesn't exist`;
}

/** `no Ingress of the group needs this target group`. */
export function deleteReason(type: ResourceKind): string {
  return `no Ingress of the group needs this ${words(type)}`;
}

/** `health check path and tags change`. */
export function updateReason(fields: readonly FieldChange[]): string {
  const names = [...new Set(fields.map(({ path }) => fieldWords(path)))];
  const [first, ...others] = names;
  if (first === undefined) return "nothing differs";
  const last = others.pop();
  const plural = names.length > 1 || /s$/.test(first);
  const list = last === undefined ? first : `${[first, ...others].join(", ")} and ${last}`;
  return `${list} ${plural ? "change" : "changes"}`;
}

/** `health check path` for `/healthCheck/path`; an attribute keeps its own name. */
function fieldWords(path: string): string {
  const [, first = "", second] = path.split("/");
  if (first === "tags") return "tags";
  if (first === "attributes" && second !== undefined) return `attribute ${second}`;
  return [first, second].flatMap((segment) => (segment === undefined ? [] : [words(segment)])).join(" ");
}

/** `target group` for `targetGroup`. */
function words(camelCase: string): string {
  return camelCase
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/\bacl\b/, "ACL")
    .replace(/\bwaf\b/, "WAF")
    .replace(/\bnlb\b/, "NLB")
    .replace(/\bip\b/, "IP")
    .replace(/\bssl\b/, "SSL")
    .replace(/^shield\b/, "Shield");
}
