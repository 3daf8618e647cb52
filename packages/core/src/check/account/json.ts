/** A simulated account as text, to be saved and loaded again. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Account, Inventory } from "../../model/inventory.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../../model/quotas.ts";
import { asAccount } from "./account.ts";
import { parseSaved, type SavedText, shapeDiagnostics } from "./saved-text.ts";
import { type Shape, shapeProblems } from "./shape.ts";

/** The account as indented JSON with sorted keys and a final newline: equal accounts give equal text. */
export function accountToJson(account: Account): string {
  return `${JSON.stringify(JSON.parse(stableJson(account)), null, 2)}\n`;
}

export type LoadedAccount = { readonly account: Account } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads what `accountToJson` wrote, or an inventory. Text of another
 * format version or another shape is answered with `account.version` or `account.malformed`, each with a pointer; what is no JSON
 * with its place. `file` is the name that messages show.
 */
export function accountFromJson(text: string, file?: string): LoadedAccount {
  const saved: SavedText = {
    name: "the account",
    malformed: "account.malformed",
    ...(file === undefined ? {} : { file }),
  };
  const parsed = parseSaved(text, saved);
  if ("diagnostics" in parsed) return parsed;
  const { value } = parsed;
  const version = typeof value === "object" && value !== null ? new Map(Object.entries(value)).get("formatVersion") : 1;
  if (typeof version === "number" && version !== 1) {
    const message = `${file ?? "The account"} is of format version ${version}; this elbplan reads version 1.`;
    return { diagnostics: [diagnose("account.version", message, { field: "/formatVersion" })] };
  }
  const problems = shapeProblems(value, INVENTORY);
  if (problems.length > 0) return { diagnostics: shapeDiagnostics(problems, saved) };
  // The shape was checked above; only the parts that every reader of the account relies on are in it.
  return { account: asAccount(value as Inventory | Account) };
}

const STRINGS: Shape = { list: "string" };
const STRING_MAP: Shape = { map: "string" };

/** Something that exists, with the fields of its spec that must and that may be there. */
function existing(
  fields: { readonly [field: string]: Shape },
  optional: { readonly [field: string]: Shape } = {},
  beside: { readonly [field: string]: Shape } = {},
): Shape {
  const spec: Shape = { fields, optional: { tags: STRING_MAP, attributes: STRING_MAP, ...optional } };
  return { map: { fields: { arn: "string", spec, ...beside } } };
}

const PERMISSIONS: Shape = {
  list: { fields: { protocol: "string", fromPort: "number", toPort: "number", source: { map: "string" } } },
};

const ACTIONS: Shape = { list: { fields: { type: "string" } } };

const TARGET: Shape = {
  fields: {
    id: "string",
    port: "number",
    state: { oneOf: ["initial", "healthy", "unhealthy", "unused", "draining", "unavailable"] },
  },
  optional: { availabilityZone: "string" },
};

const QUOTAS: Shape = {
  fields: {},
  optional: Object.fromEntries((Object.keys(DEFAULT_QUOTAS) as (keyof Quotas)[]).map((name) => [name, "number"])),
};

const INVENTORY: Shape = {
  fields: {
    formatVersion: "number",
    region: "string",
    accountId: "string",
    vpcId: "string",
    loadBalancers: existing(
      {
        name: "string",
        type: { oneOf: ["application", "network"] },
        scheme: { oneOf: ["internal", "internet-facing"] },
        ipAddressType: "string",
        subnetMappings: { list: { fields: { subnetId: "string" } } },
      },
      { securityGroups: STRINGS },
      { vpcId: "string", dnsName: "string", state: { oneOf: ["provisioning", "active", "active_impaired", "failed"] } },
    ),
    listeners: existing(
      {
        loadBalancerArn: "string",
        port: "number",
        protocol: { oneOf: ["HTTP", "HTTPS", "TCP"] },
        defaultActions: ACTIONS,
      },
      { certificates: STRINGS, sslPolicy: "string" },
    ),
    listenerRules: existing(
      {
        listenerArn: "string",
        priority: "number",
        actions: ACTIONS,
        conditions: { list: { fields: { field: "string" } } },
      },
      { transforms: { list: { fields: { type: "string" } } } },
    ),
    targetGroups: existing(
      {
        name: "string",
        targetType: { oneOf: ["instance", "ip", "alb"] },
        port: "number",
        protocol: "string",
        healthCheck: { fields: { protocol: "string" } },
      },
      {},
      { vpcId: "string", loadBalancerArns: STRINGS },
    ),
    targets: { map: { list: TARGET } },
    securityGroups: existing({ name: "string", description: "string", ingress: PERMISSIONS }, {}, { vpcId: "string" }),
    certificates: existing({ domainName: "string", subjectAlternativeNames: STRINGS }, {}, { status: "string" }),
    webAclAssociations: STRING_MAP,
    wafRegionalAssociations: STRING_MAP,
    shieldProtections: { map: { fields: { id: "string", name: "string" } } },
    targetGroupBindings: existing({ namespace: "string", name: "string", targetGroupArn: "string" }),
  },
  optional: {
    endpointSecurityGroups: { map: PERMISSIONS },
    quotas: QUOTAS,
    sequence: "number",
    subnets: { map: { fields: { availabilityZone: "string" }, optional: { zoneType: "string" } } },
  },
};
