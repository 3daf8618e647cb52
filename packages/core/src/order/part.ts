import type { Change } from "../model/change.ts";

/** What tells the actions of twins apart, resources with the same tags: the ARN. Nothing for what is unique. */
export function partsOf(all: readonly { readonly change: Change }[]): (change: Change) => { readonly part?: string } {
  const seen = new Set<string>();
  const twins = new Set<string>();
  for (const { change } of all) (seen.has(change.resource) ? twins : seen).add(change.resource);
  return ({ resource, arn }) => (twins.has(resource) && arn !== undefined ? { part: arn } : {});
}
