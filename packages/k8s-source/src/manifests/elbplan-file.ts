/** Files that elbplan itself reads and writes, met where manifests are looked for. */
import { isPlainObject } from "./object-schema.ts";

/** What a file looks like, and what to do with it instead, as the end of a hint. */
export interface ElbplanFile {
  readonly looksLike: string;
  readonly instead: string;
}

/** Recognises facts, inventories, accounts and saved plans; undefined for everything else, and for what has a kind. */
export function elbplanFile(value: unknown): ElbplanFile | undefined {
  if (!isPlainObject(value) || Object.hasOwn(value, "kind") || Object.hasOwn(value, "apiVersion")) return undefined;
  const has = (...fields: readonly string[]): boolean => fields.every((field) => Object.hasOwn(value, field));
  if (has("formatVersion", "stacks", "actions")) {
    return { looksLike: "a saved plan", instead: "carry it out with `elbplan apply FILE --account ACCOUNT`" };
  }
  if (has("loadBalancers", "listeners", "targetGroups")) {
    return has("quotas") || has("sequence")
      ? { looksLike: "an account", instead: "pass it with --account" }
      : { looksLike: "an inventory", instead: "pass it with --inventory" };
  }
  return has("vpc", "subnets") ? { looksLike: "facts", instead: "pass it with --facts" } : undefined;
}
