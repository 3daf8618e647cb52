/** Whose the rules and target groups are that exist: rules carry no tag that names their Ingress. */
import { compareStrings } from "../lib/compare.ts";
import type { Inventory } from "../model/inventory.ts";
import type { RuleCondition } from "../model/listener-rule.ts";
import { isReference, type Value } from "../model/value.ts";
import type { Member } from "../read/member.ts";
import { findService } from "../resolve/cluster-index.ts";
import type { GroupContext } from "../resolve/context.ts";
import { bindingsOf, type ExistingStack } from "../resolve/existing-stack.ts";
import { type Attribution, withArns } from "./kept-rules.ts";
import { lastResources, lastSources, type QuarantinedGroup } from "./quarantined-group.ts";
import { type BackendRules, buildConditions, readBackendRules } from "./rule-conditions.ts";
import { conditionsKey, ruleKeys } from "./rule-key.ts";

/** Owners of the stack's target groups; null for one that is no member's. */
export interface TargetGroupOwners {
  /** Without those that the healthy members ask for. Ascending id. */
  readonly byId: ReadonlyMap<string, Member | null>;
  /** All of the stack; undefined for another's. */
  readonly byArn: (arn: string) => Member | null | undefined;
}

/**
 * Tells owners by resource id, `namespace/ingress-service:port`. Both names may hold dashes: the binding tells the
 * Service, else the Services that exist do, and if neither does a quarantined member's claim wins, so that nothing of
 * it is lost.
 */
export function targetGroupOwners(
  input: QuarantinedGroup,
  existing: ExistingStack,
  inventory: Inventory,
): TargetGroupOwners {
  const byId = new Map<string, Member | null>();
  const byArn = new Map<string, Member | null>();
  for (const id of [...existing.targetGroups.keys()].sort(compareStrings)) {
    const arn = existing.targetGroups.get(id)?.arn as string;
    const wanted = Object.hasOwn(input.stack.resources, `targetGroup/${id}`);
    const owner = wanted ? null : (ownerOf(input, id, serviceOf(input, id, inventory, arn)) ?? null);
    byArn.set(arn, owner);
    if (!wanted) byId.set(id, owner);
  }
  return { byId, byArn: (arn) => byArn.get(arn) };
}

function serviceOf(
  { group, last }: QuarantinedGroup,
  id: string,
  inventory: Inventory,
  arn: string,
): string | undefined {
  const goal = lastResources(last, group.id)[`targetGroupBinding/${id}`];
  if (goal?.kind === "targetGroupBinding") return goal.spec.serviceRef.name;
  return bindingsOf(inventory, arn)[0]?.spec.serviceRef.name;
}

function ownerOf(
  { build, members, quarantined }: QuarantinedGroup,
  id: string,
  service: string | undefined,
): Member | undefined {
  if (service !== undefined) return members.find(({ key }) => id.startsWith(`${key}-${service}:`));
  const candidates = members.filter(({ key }) => id.startsWith(`${key}-`));
  const named = candidates.filter(({ key, ingress }) => {
    const rest = id.slice(key.length + 1);
    const name = rest.slice(0, rest.lastIndexOf(":"));
    return findService(build.cluster, ingress.metadata.namespace, name) !== undefined;
  });
  const likely = named.length > 0 ? named : candidates;
  const broken = likely.filter((member) => quarantined.has(member));
  const [longest] = (broken.length > 0 ? broken : likely).toSorted((a, b) => b.key.length - a.key.length);
  return longest;
}

/** Everything that tells whose an existing rule is. */
export function attribute(
  input: QuarantinedGroup,
  owners: TargetGroupOwners,
  arnOf: (value: Value) => Value,
): Attribution {
  const goal = goalRules(input, arnOf);
  return {
    members: input.members,
    quarantined: input.quarantined,
    byGoal: (content) => goal.get(content),
    byTargetGroup: owners.byArn,
    byConditions: readableConditions(input),
    arnOf,
  };
}

/** Whose the rules of the last goal were, by content. One that several members had alike is left open. */
function goalRules(
  { group, last, members }: QuarantinedGroup,
  arnOf: (value: Value) => Value,
): ReadonlyMap<string, Member | null | undefined> {
  const owners = new Map<string, Member | null | undefined>();
  const sources = lastSources(last, group.id);
  for (const [key, resource] of Object.entries(lastResources(last, group.id))) {
    if (resource.kind !== "listenerRule" || !isReference(resource.spec.listenerArn)) continue;
    const object = sources[`${key}#`]?.object;
    if (object === undefined) continue;
    const owner = members.find((member) => member.key === `${object.namespace}/${object.name}`) ?? null;
    const { content } = ruleKeys(withArns(resource.spec, arnOf));
    owners.set(content, owners.has(content) && owners.get(content) !== owner ? undefined : owner);
  }
  return owners;
}

const NO_RULES: BackendRules = {
  conditions: { hosts: [], hostRegexes: [], paths: [], pathRegexes: [], others: [] },
  transforms: [],
};

/** The conditions of the quarantined members' paths, as far as they can be read, with and without their annotations. */
function readableConditions({ build, group, members, quarantined }: QuarantinedGroup): ReadonlyMap<string, Member> {
  const context: GroupContext = { ...build, stack: group.id, explicit: group.explicit, members, report: () => {} };
  const found = new Map<string, Member>();
  const add = (member: Member, conditions: readonly RuleCondition[] | undefined): void => {
    const key = conditions && conditionsKey(conditions);
    if (key !== undefined && !found.has(key)) found.set(key, member);
  };
  for (const member of members.filter((candidate) => quarantined.has(candidate))) {
    for (const { host, http } of member.ingress.spec?.rules ?? []) {
      for (const path of http?.paths ?? []) {
        const annotated = readBackendRules(context, member, path.backend.service?.name ?? "");
        const place = { host, path, field: "" };
        if (annotated !== undefined) add(member, buildConditions(context, member, place, annotated));
        else add(member, buildConditions(context, member, place, NO_RULES));
      }
    }
  }
  return found;
}
