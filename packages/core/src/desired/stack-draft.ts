/** A stack while it is built: resources are added, memoised by key. */

import type { Service } from "../model/kubernetes.ts";
import type { Resource, ResourceKey, ResourceKind, SpecByKind } from "../model/resource.ts";
import { resourceKey } from "../model/resource.ts";
import type { JwtValidationAction } from "../model/rule-action.ts";
import type { Source } from "../model/source.ts";
import type { Reference, StringMap, Value } from "../model/value.ts";
import { type Member, refOf } from "../read/member.ts";
import type { Authentication } from "../resolve/authentication.ts";
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
  /** The same with default tags. */
  readonly ruleTags: Map<Member, StringMap>;
  /** How requests of a member's paths are authenticated, by the backend's only Service if there is one. */
  readonly authentications: Map<Member, Map<Service | undefined, PathAuthentication>>;
}

export interface PathAuthentication {
  readonly authentication: Authentication | undefined;
  readonly jwtValidation: JwtValidationAction | undefined;
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
    ruleTags: new Map(),
    authentications: new Map(),
  };
}

/** Adds a resource. */
export function addResource<K extends ResourceKind>(draft: StackDraft, kind: K, id: string, spec: SpecByKind[K]): void {
  draft.resources.set(resourceKey(kind, id), { kind, id, spec } as Resource);
}

/** Takes down where a field of a resource came from (`""`: the resource as a whole), if provenance was asked for. */
export function trace(
  draft: StackDraft,
  kind: ResourceKind,
  id: string,
  pointer: string,
  source: Source | undefined,
): void {
  const { trace: record, stack } = draft.group;
  if (record !== undefined && source !== undefined) record(stack, `${resourceKey(kind, id)}#${pointer}`, source);
}

/** As `trace`, from a field of an Ingress; makes nothing unless provenance was asked for. */
export function traceIngress(
  draft: StackDraft,
  kind: ResourceKind,
  id: string,
  pointer: string,
  member: Member | undefined,
  field: string,
): void {
  if (draft.group.trace === undefined || member === undefined) return;
  trace(draft, kind, id, pointer, { object: refOf(member.ingress), field });
}

/** A reference to a resource of the same stack. */
export function referTo(kind: ResourceKind, id: string, field: Reference["field"]): Reference {
  return { ref: resourceKey(kind, id), field };
}
