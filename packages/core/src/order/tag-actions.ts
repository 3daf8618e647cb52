/** Writing and removing tags: writing comes before removing, as in LBC. */
import type { Change } from "../model/change.ts";
import type { StringMap, Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";

interface TagDifference {
  readonly set: StringMap;
  readonly removed: readonly string[];
}

function tagDifference({ fields }: Change): TagDifference {
  const tags = fields.filter(({ path }) => path.startsWith("/tags/"));
  const key = (path: string): string => path.slice("/tags/".length).replaceAll("~1", "/").replaceAll("~0", "~");
  return {
    set: Object.fromEntries(tags.flatMap(({ path, after }) => (typeof after === "string" ? [[key(path), after]] : []))),
    removed: tags.flatMap(({ path, after }) => (after === undefined ? [key(path)] : [])),
  };
}

/** Tags of load balancers, listeners, rules and target groups. */
export function addElbTagActions(
  list: ActionList,
  change: Change,
  resourceArn: string,
  part: { readonly part?: string } = {},
): void {
  const { set, removed } = tagDifference(change);
  const common = { stack: change.stack, resource: change.resource, reason: "tags change", field: "/tags", ...part };
  const written =
    Object.keys(set).length === 0
      ? []
      : [list.add({ ...common, kind: "addTags", details: { resourceArn, tags: set } })];
  if (removed.length > 0) {
    list.add({ ...common, kind: "removeTags", details: { resourceArn, keys: removed }, after: written });
  }
}

/** Tags of security groups. */
export function addEc2TagActions(list: ActionList, change: Change, resourceId: Value): void {
  const { set, removed } = tagDifference(change);
  const common = { stack: change.stack, resource: change.resource, reason: "tags change", field: "/tags" };
  const written =
    Object.keys(set).length === 0
      ? []
      : [list.add({ ...common, kind: "createTags", details: { resourceId, tags: set } })];
  if (removed.length > 0) {
    list.add({ ...common, kind: "deleteTags", details: { resourceId, keys: removed }, after: written });
  }
}
