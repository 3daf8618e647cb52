/** Tags that users and flags ask for. The tags that mark ownership are added when the plan is made. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Service } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { StringMap } from "../model/value.ts";
import { quote } from "../read/grammar.ts";
import { type Annotated, annotationProblem, type Member, paramsOf, readAnnotation, refOf } from "../read/member.ts";
import type { StackDraft } from "./stack-draft.ts";

/** Tags of one member: those of its class params, then those of its annotation. */
export function tagsOfMember(draft: StackDraft, member: Member): StringMap {
  const known = draft.memberTags.get(member);
  if (known !== undefined) return known;
  const tags = { ...ownTags(draft, member, member.ingress), ...tagsOfParams(draft, member) };
  draft.memberTags.set(member, tags);
  return tags;
}

/** Tags of a target group: class params, then the Service's annotation, then the Ingress's. */
export function tagsOfTargetGroup(draft: StackDraft, member: Member, service: Service): StringMap {
  const all = {
    ...ownTags(draft, member, member.ingress),
    ...ownTags(draft, member, service),
    ...tagsOfParams(draft, member),
  };
  return withDefaults(draft.group.settings, all);
}

/** Tags of a member's rules, default tags included. */
export function tagsOfRules(draft: StackDraft, member: Member): StringMap {
  const known = draft.ruleTags.get(member);
  if (known !== undefined) return known;
  const tags = withDefaults(draft.group.settings, tagsOfMember(draft, member));
  draft.ruleTags.set(member, tags);
  return tags;
}

/** The union of the members' tags, default tags included. A key with two values is refused. */
export function tagsOfMembers(draft: StackDraft, members: readonly Member[]): StringMap {
  const union: Record<string, string> = {};
  const owners = new Map<string, Member>();
  for (const member of members) {
    for (const [key, value] of Object.entries(tagsOfMember(draft, member))) {
      const owner = owners.get(key);
      if (owner !== undefined && union[key] !== value) {
        const message = `tag ${quote(key)} is ${quote(value)}, but Ingress ${owner.key} of the same group sets ${quote(union[key] as string)}`;
        draft.group.report(annotationProblem("group.conflict", member.ingress, "tags", message));
      } else {
        owners.set(key, member);
        setOwn(union, key, value);
      }
    }
  }
  return withDefaults(draft.group.settings, union);
}

/** Default tags win over what was asked for, unless the gate says otherwise (as LBC). */
function withDefaults(settings: Settings, tags: StringMap): StringMap {
  return settings.featureGates.EnableDefaultTagsLowPriority
    ? { ...settings.defaultTags, ...tags }
    : { ...tags, ...settings.defaultTags };
}

function ownTags(draft: StackDraft, member: Member, object: Annotated): StringMap {
  const tags = readAnnotation(object, "tags", draft.group.report) ?? {};
  for (const key of draft.group.settings.externalManagedTags) {
    if (!Object.hasOwn(tags, key)) continue;
    const message = `tag ${quote(key)} is managed outside (flag external-managed-tags) and can't be set here; used by Ingress ${member.key}`;
    draft.group.report(annotationProblem("tags.externally-managed", object, "tags", message));
  }
  return tags;
}

function tagsOfParams(draft: StackDraft, member: Member): StringMap {
  const list = paramsOf(member).tags;
  if (list === undefined) return {};
  const tags: Record<string, string> = {};
  for (const { key, value } of list) {
    setOwn(tags, key, value);
    if (!draft.group.settings.externalManagedTags.includes(key)) continue;
    const message = `Ingress ${member.key}: tag ${quote(key)} of IngressClassParams ${member.params?.metadata.name} is managed outside (flag external-managed-tags) and can't be set here`;
    const object = member.params === undefined ? refOf(member.ingress) : refOf(member.params);
    draft.group.report(diagnose("tags.externally-managed", message, { object, field: "/spec/tags" }));
  }
  return tags;
}

/** Sets an own property, also for a key such as `__proto__`. */
function setOwn(record: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

/** `{ tags }` unless there are none, for spreading into a spec. */
export function tagsField(tags: StringMap): { tags?: StringMap } {
  return Object.keys(tags).length === 0 ? {} : { tags };
}
