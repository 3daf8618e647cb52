import type { Draft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { quotasOf } from "../../model/quotas.ts";
import type { StringMap } from "../../model/value.ts";
import { type Answer, type Refused, refuse, type Surroundings } from "./answer.ts";
import type { Resolved } from "./outputs.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;
type Service = "elbv2" | "ec2" | "acm";

const TOO_MANY: { readonly [S in Service]: string } = {
  elbv2: "TooManyTags",
  ec2: "TagLimitExceeded",
  acm: "TooManyTags",
};
const INVALID: { readonly [S in Service]: string } = {
  elbv2: "ValidationError",
  ec2: "InvalidParameterValue",
  acm: "InvalidTag",
};

/**
 * Checks all tags that a resource will have: at most the quota, keys of 1 to 128 and values of up to 256 characters,
 * no new key that begins with `aws:` (AWS: tag restrictions of EC2, ELB and ACM).
 */
export function checkTags(
  account: Account,
  service: Service,
  tags: StringMap | undefined,
  before: StringMap = {},
): Refused | undefined {
  const all = { ...before, ...tags };
  const own = Object.keys(all).filter((key) => !key.startsWith("aws:"));
  if (own.length > quotasOf(account).tagsPerResource) {
    const message = `${own.length} tags are more than the ${quotasOf(account).tagsPerResource} that a resource may have`;
    return refuse("account.quota-exceeded", TOO_MANY[service], message);
  }
  for (const [key, value] of Object.entries(tags ?? {})) {
    const problem = tagProblem(key, value);
    if (problem !== undefined) return refuse("account.invalid-value", INVALID[service], problem);
  }
  return undefined;
}

function tagProblem(key: string, value: string): string | undefined {
  if (key.length === 0 || key.length > 128) return `the tag key "${key}" has not 1 to 128 characters`;
  if (value.length > 256) return `the value of tag "${key}" has more than 256 characters`;
  if (key.toLowerCase().startsWith("aws:")) return `the tag key "${key}" begins with aws:, which is reserved`;
  return undefined;
}

/** The collections of ELBv2 resources that bear tags, with the error for an ARN that isn't there. */
const TAGGED = [
  ["loadBalancers", "LoadBalancerNotFound", ":loadbalancer/"],
  ["listenerRules", "RuleNotFound", ":listener-rule/"],
  ["listeners", "ListenerNotFound", ":listener/"],
  ["targetGroups", "TargetGroupNotFound", ":targetgroup/"],
] as const;

function tagsOf(account: Account, resourceArn: string): StringMap | undefined {
  for (const [collection] of TAGGED) {
    const existing = account[collection][resourceArn];
    if (existing !== undefined) return existing.spec.tags ?? {};
  }
  return undefined;
}

function writeTags(draft: Draft<Account>, resourceArn: string, tags: StringMap): void {
  for (const [collection] of TAGGED) {
    const existing = draft[collection][resourceArn];
    if (existing !== undefined) existing.spec.tags = tags;
  }
}

function noSuchResource(resourceArn: string): Refused {
  const row = TAGGED.find(([, , part]) => resourceArn.includes(part)) ?? TAGGED[0];
  return refuse("account.not-found", row[1], `the account holds no ${resourceArn}`);
}

function without(tags: StringMap, keys: readonly string[]): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}

export function addTags(account: Account, { resourceArn, tags }: Details<"addTags">): Answer {
  const before = tagsOf(account, resourceArn);
  if (before === undefined) return noSuchResource(resourceArn);
  return (
    checkTags(account, "elbv2", tags, before) ?? {
      change: (draft) => writeTags(draft, resourceArn, { ...before, ...tags }),
    }
  );
}

export function removeTags(account: Account, { resourceArn, keys }: Details<"removeTags">): Answer {
  const before = tagsOf(account, resourceArn);
  if (before === undefined) return noSuchResource(resourceArn);
  return { change: (draft) => writeTags(draft, resourceArn, without(before, keys)) };
}

/** Tags of security groups; tags on what the account doesn't hold are accepted and forgotten. */
export function createTags(
  account: Account,
  { resourceId, tags }: Details<"createTags">,
  { isForeign }: Surroundings,
): Answer {
  const group = account.securityGroups[resourceId];
  if (group === undefined) return foreignTags(resourceId, isForeign);
  const before = group.spec.tags ?? {};
  return (
    checkTags(account, "ec2", tags, before) ?? {
      change: (draft) => writeGroupTags(draft, resourceId, { ...before, ...tags }),
    }
  );
}

export function deleteTags(
  account: Account,
  { resourceId, keys }: Details<"deleteTags">,
  { isForeign }: Surroundings,
): Answer {
  const group = account.securityGroups[resourceId];
  if (group === undefined) return foreignTags(resourceId, isForeign);
  const after = without(group.spec.tags ?? {}, keys);
  return { change: (draft) => writeGroupTags(draft, resourceId, after) };
}

function foreignTags(resourceId: string, isForeign: (id: string) => boolean): Answer {
  if (isForeign(resourceId)) return { change: () => {}, note: `${resourceId} isn't part of the account` };
  return refuse("account.not-found", "InvalidID", `the account holds no ${resourceId}`);
}

function writeGroupTags(draft: Draft<Account>, id: string, tags: StringMap): void {
  const group = draft.securityGroups[id];
  if (group !== undefined) group.spec.tags = tags;
}
