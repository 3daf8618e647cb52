/** One resource's difference between what should exist and what does. */
import type { ResourceKey, ResourceKind } from "./resource.ts";
import type { Source } from "./source.ts";
import type { Json } from "./value.ts";

export type ChangeKind = "create" | "update" | "replace" | "delete" | "keep";

export interface Change {
  readonly kind: ChangeKind;
  readonly stack: string;
  readonly resource: ResourceKey;
  readonly type: ResourceKind;
  /** What exists: ARN, or security group id; absent for a create. */
  readonly arn?: string;
  readonly fields: readonly FieldChange[];
  /** One sentence: why this change. */
  readonly reason: string;
  /** The object and field that caused it, when known. */
  readonly source?: Source;
  /** For a replacement: pointers of the fields that can't be changed in place. */
  readonly replacePaths?: readonly string[];
  /** The last goal would need it too: somebody else changed what exists. Only where a last goal was given. */
  readonly drift?: boolean;
}

/** A field's value before and after; one side absent = the field appears or goes. */
export interface FieldChange {
  /** JSON pointer into the resource's spec. */
  readonly path: string;
  readonly before?: Json;
  /** May hold references and unknowns. */
  readonly after?: Json;
  readonly source?: Source;
  /** As of a change, where the other fields of it aren't. */
  readonly drift?: boolean;
}
