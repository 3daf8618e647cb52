import type { Change } from "../model/change.ts";

/** What tells the actions of twins apart, resources with the same tags: the ARN. Nothing for what is unique. */
export function partOf(
  all: readonly { readonly change: Change }[],
  { resource, arn }: Change,
): { readonly part?: string } {
  const twins = all.filter(({ change }) => change.resource === resource).length > 1;
  return twins && arn !== undefined ? { part: arn } : {};
}
