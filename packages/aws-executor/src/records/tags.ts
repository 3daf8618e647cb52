import type { StringMap } from "@elbplan/core";

/** Tags, or attributes, from AWS's list of them. */
export function tagsOf(
  list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): StringMap {
  return Object.fromEntries(list.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));
}
