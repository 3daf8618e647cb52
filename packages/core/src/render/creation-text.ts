/** What a plan shows of a resource that will be created or deleted: the few fields by which people recognise it. */
import type { Change } from "../model/change.ts";
import type { ResourceKind } from "../model/resource.ts";
import { isUnknown } from "../model/value.ts";
import { pointerSegments } from "./names.ts";
import { describe } from "./value-text.ts";

interface Spec {
  readonly [field: string]: unknown;
}

type Line = readonly [label: string, text: string | undefined];

/** Pairs of label and text, for the fields that are specified. */
export function describeCreation(change: Change): readonly (readonly [string, string])[] {
  const spec = specOf(change);
  const map = (field: string): string | undefined => (isEmpty(spec[field]) ? undefined : describe(spec[field]));
  return [
    ...LINES[change.type](spec),
    ["attributes", map("attributes")] as const,
    ["tags", map("tags")] as const,
  ].filter((line): line is readonly [string, string] => line[1] !== undefined);
}

/**
 * The same of what goes, as it is before, with fewer fields: what it was called and what it did, not how it was tuned.
 * Nothing for fields that the change doesn't hold.
 */
export function describeDeletion(change: Change): readonly (readonly [string, string])[] {
  const spec = specOf(change);
  const lines: readonly Line[] =
    change.type === "listener"
      ? [["port", phrases(isEmpty(spec["port"]) ? undefined : describe(spec["port"]), spec["protocol"])]]
      : LINES[change.type](spec).filter(([label]) => LABELS_OF_WHAT_GOES[change.type]?.includes(label) ?? true);
  return lines.filter((line): line is readonly [string, string] => line[1] !== undefined);
}

/** All labels for types that aren't listed. */
const LABELS_OF_WHAT_GOES: { readonly [K in ResourceKind]?: readonly string[] } = {
  loadBalancer: ["name", "kind"],
  targetGroup: ["name", "targets"],
  securityGroup: ["name"],
  certificate: ["names"],
};

const LINES: Record<ResourceKind, (spec: Spec) => readonly Line[]> = {
  loadBalancer: (spec) => [
    ["name", text(spec["name"])],
    ["kind", phrases(spec["type"], spec["scheme"], spec["ipAddressType"])],
    ["subnets", text(spec["subnetMappings"])],
    ["security groups", text(spec["securityGroups"])],
    ["reserved", suffixed(spec["minimumCapacityUnits"], " capacity units")],
    ["address pool", text(spec["ipv4IpamPoolId"] ?? spec["customerOwnedIpv4Pool"])],
  ],
  listener: (spec) => [
    ["serves", phrases(spec["protocol"], spec["sslPolicy"])],
    ["certificates", text(spec["certificates"])],
    ["client certs", mutualAuthentication(spec["mutualAuthentication"])],
    ["otherwise", text(spec["defaultActions"])],
  ],
  listenerRule: (spec) => [
    ["if", text(spec["conditions"])],
    ["also", text(spec["transforms"])],
    ["then", text(spec["actions"])],
  ],
  targetGroup: (spec) => [
    // That it isn't known yet says nothing; the id above names the target group.
    ["name", isUnknown(spec["name"]) ? undefined : text(spec["name"])],
    ["targets", phrases(spec["targetType"], port(spec), words(spec["protocol"], version(spec)))],
    ["health", health(spec["healthCheck"])],
  ],
  targetGroupBinding: (spec) => [
    ["fills", text(spec["targetGroupArn"])],
    ["service", service(spec)],
  ],
  securityGroup: (spec) => [
    ["name", text(spec["name"])],
    ["lets in", text(spec["ingress"])],
  ],
  certificate: (spec) => [
    ["names", text(spec["subjectAlternativeNames"])],
    ["from", text(spec["certificateAuthorityArn"]) ?? "Amazon"],
  ],
  webAclAssociation: (spec) => [["web ACL", spec["webAclArn"] === "" ? "none" : text(spec["webAclArn"])]],
  wafRegionalAssociation: (spec) => [["web ACL", spec["webAclId"] === "" ? "none" : text(spec["webAclId"])]],
  shieldProtection: (spec) => [["protection", spec["enabled"] === false ? "off" : "on"]],
  targets: (spec) => [["registers", text(spec["targets"])]],
  endpointPermissions: (spec) => [["lets in", text(spec["permissions"])]],
  frontendNlbTarget: (spec) => [
    ["from", words("port", describe(spec["port"]))],
    ["to", words(describe(spec["targetArn"]), "port", describe(spec["targetPort"]))],
  ],
};

/** The fields of a creation or deletion put together to one object, wherever their pointers lead. */
function specOf({ kind, fields }: Change): Spec {
  const top = new Map<string, unknown>();
  for (const { path, ...sides } of fields) {
    const value = kind === "delete" ? sides.before : sides.after;
    const [first, ...rest] = pointerSegments(path);
    if (first === undefined) {
      if (typeof value === "object" && value !== null)
        for (const [key, item] of Object.entries(value)) top.set(key, item);
    } else {
      top.set(first, rest.length === 0 ? value : nested(top.get(first), rest, value));
    }
  }
  return Object.fromEntries(top);
}

function nested(parent: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const entries = new Map(typeof parent === "object" && parent !== null ? Object.entries(parent) : []);
  return Object.fromEntries(entries.set(first, nested(entries.get(first), rest, value)));
}

function text(value: unknown): string | undefined {
  return isEmpty(value) ? undefined : describe(value);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Words joined by spaces; undefined if none is there. */
function words(...parts: readonly unknown[]): string | undefined {
  return joined(parts, " ");
}

function phrases(...parts: readonly unknown[]): string | undefined {
  return joined(parts, ", ");
}

function joined(parts: readonly unknown[], separator: string): string | undefined {
  const kept = parts.filter((part): part is string => typeof part === "string" && part !== "");
  return kept.length === 0 ? undefined : kept.join(separator);
}

function suffixed(value: unknown, suffix: string): string | undefined {
  return isEmpty(value) ? undefined : `${describe(value)}${suffix}`;
}

function port(spec: Spec): string | undefined {
  return isEmpty(spec["port"]) ? undefined : `port ${describe(spec["port"])}`;
}

/** HTTP/1 is what everybody expects. */
function version(spec: Spec): string | undefined {
  const value = spec["protocolVersion"];
  return typeof value === "string" && value !== "HTTP1" ? `(${value})` : undefined;
}

function health(check: unknown): string | undefined {
  if (typeof check !== "object" || check === null) return undefined;
  const { protocol, path, port, matcher, intervalSeconds } = check as Spec;
  const codes = typeof matcher === "object" && matcher !== null ? Object.values(matcher).map(describe) : [];
  const expects = codes.length === 0 ? "" : `, expects ${codes.join(" or ")}`;
  return `${words(protocol, path, "on", describe(port))} every ${describe(intervalSeconds)} s${expects}`;
}

/** Off is the rule. */
function mutualAuthentication(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { mode, trustStoreArn } = value as Spec;
  return mode === "off" ? undefined : words(mode, isEmpty(trustStoreArn) ? undefined : describe(trustStoreArn));
}

function service(spec: Spec): string | undefined {
  const reference = spec["serviceRef"];
  if (typeof reference !== "object" || reference === null) return undefined;
  const { name, port } = reference as Spec;
  return `${describe(spec["namespace"])}/${describe(name)}:${describe(port)}`;
}
