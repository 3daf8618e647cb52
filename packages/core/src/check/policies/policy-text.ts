/** Policies as the command line writes them. */
import type { Inventory } from "../../model/inventory.ts";
import type { PolicyTexts } from "../../model/policies.ts";
import type { SpecByKind } from "../../model/resource.ts";
import { type IgnoredFields, ignore } from "./ignore.ts";
import { policyOfMode } from "./modes.ts";
import { protect, type ResourceSelector } from "./protect.ts";
import type { PlanPolicy } from "./withhold.ts";

/** What is chosen, or what is wrong with a text: one sentence each. */
export type ReadPolicies =
  | { readonly selectors: readonly ResourceSelector[]; readonly ignored: IgnoredFields }
  | { readonly problems: readonly string[] };

type Kind = keyof SpecByKind;

/** Every kind; the compiler names one that is missing. */
const KINDS: { readonly [K in Kind]: true } = {
  securityGroup: true,
  certificate: true,
  targetGroup: true,
  loadBalancer: true,
  listener: true,
  listenerRule: true,
  targetGroupBinding: true,
  targets: true,
  endpointPermissions: true,
  webAclAssociation: true,
  wafRegionalAssociation: true,
  shieldProtection: true,
  frontendNlbTarget: true,
};

/** Reads the texts of `--protect` and `--ignore`. */
export function readPolicies({ protect: selectors = [], ignore: fields = [] }: PolicyTexts): ReadPolicies {
  const problems: string[] = [];
  const read = selectors.map((text) => readSelector(text, problems));
  const ignored: { [K in Kind]?: string[] } = {};
  for (const text of fields) {
    const colon = text.indexOf(":");
    const [kind, pointer] = [text.slice(0, colon), text.slice(colon + 1)];
    if (colon < 0 || !pointer.startsWith("/")) {
      problems.push(
        `"${text}" is no field to ignore: write a kind, a colon and a JSON pointer, as in loadBalancer:/attributes.`,
      );
    } else if (!isKind(kind)) problems.push(unknownKind(kind));
    else ignored[kind] = [...(ignored[kind] ?? []), pointer];
  }
  return problems.length > 0 ? { problems } : { selectors: read, ignored };
}

/**
 * One policy of all that are given: what one withholds, the next doesn't see. Texts must be such as `readPolicies` takes;
 * others choose nothing. `inventory` is the one that the plan is made from.
 */
export function policyOf(texts: PolicyTexts, inventory: Inventory): PlanPolicy {
  const read = readPolicies(texts);
  if ("problems" in read) return policyOfMode(texts.mode ?? "sync");
  const policies = [
    policyOfMode(texts.mode ?? "sync"),
    ...read.selectors.map((selector) => protect(selector, inventory)),
    ...(Object.keys(read.ignored).length === 0 ? [] : [ignore(read.ignored)]),
  ];
  return (plan) => policies.reduce((left, policy) => policy(left), plan);
}

function readSelector(text: string, problems: string[]): ResourceSelector {
  let selector: ResourceSelector = {};
  for (const part of text.split(",")) {
    const sign = part.indexOf("=");
    const [name, value] = [part.slice(0, sign), part.slice(sign + 1)];
    if (sign < 0 || value === "") problems.push(`"${part}" chooses nothing: write stack=…, kind=…, key=… or tag=….`);
    else if (name === "stack" || name === "key") selector = { ...selector, [name]: value };
    else if (name === "tag") selector = { ...selector, tag: readTag(value) };
    else if (name !== "kind") problems.push(`A resource is chosen by stack, kind, key or tag, not by "${name}".`);
    else if (isKind(value)) selector = { ...selector, kind: value };
    else problems.push(unknownKind(value));
  }
  return selector;
}

function readTag(text: string): NonNullable<ResourceSelector["tag"]> {
  const sign = text.indexOf("=");
  return sign < 0 ? { key: text } : { key: text.slice(0, sign), value: text.slice(sign + 1) };
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(KINDS, text);
}

function unknownKind(text: string): string {
  return `"${text}" is no kind of resource; kinds are ${Object.keys(KINDS).join(", ")}.`;
}
