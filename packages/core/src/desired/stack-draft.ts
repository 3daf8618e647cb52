/** A stack while it is built: resources are added, memoised by key. */

import type { Resource, ResourceKey, ResourceKind, SpecByKind } from "../model/resource.ts";
import { resourceKey } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import type { Reference, StringMap, Value } from "../model/value.ts";
import type { Member } from "../read/member.ts";
import type { GroupContext } from "../resolve/context.ts";

export interface StackDraft {
  readonly group: GroupContext;
  readonly resources: Map<ResourceKey, Resource>;
  readonly secrets: Set<string>;
  /** Where targets admit traffic from; undefined when access to them isn't managed. Set by the load balancer. */
  backendSecurityGroup: Value | undefined;
  usesBackendSecurityGroup: boolean;
  /** Tags of each member, merged with its class params. */
  readonly memberTags: Map<Member, StringMap>;
}

/** Starts a stack. */
export function newStackDraft(group: GroupContext): StackDraft {
  return {
    group,
    resources: new Map(),
    secrets: new Set(),
    backendSecurityGroup: undefined,
    usesBackendSecurityGroup: false,
    memberTags: new Map(),
  };
}

/** Adds a resource and, when provenance is wanted, takes down what caused it. */
export function addResource<K extends ResourceKind>(
  draft: StackDraft,
  kind: K,
  id: string,
  spec: SpecByKind[K],
  source?: Source,
): void {
  const key = resourceKey(kind, id);
  draft.resources.set(key, { kind, id, spec } as Resource);
  if (source !== undefined) trace(draft, key, "", source);
}

/** Takes down where a field of a resource came from; does nothing unless provenance was asked for. */
export function trace(draft: StackDraft, key: ResourceKey, pointer: string, source: Source | undefined): void {
  if (draft.group.trace !== undefined && source !== undefined)
    draft.group.trace(draft.group.stack, `${key}#${pointer}`, source);
}

/** A reference to a resource of the same stack. */
export function referTo(kind: ResourceKind, id: string, field: Reference["field"]): Reference {
  return { ref: resourceKey(kind, id), field };
}
