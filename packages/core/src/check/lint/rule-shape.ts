/** The conditions of a rule in a form in which one rule can be proved to answer everything that another one would. */
import { compareStrings } from "../../lib/compare.ts";
import { globCovers } from "../../lib/glob.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { ListenerRuleSpec, RuleCondition } from "../../model/listener-rule.ts";

export interface RuleShape {
  /** Lower-case globs, one of which must match; undefined when any host will do. */
  readonly hosts: readonly string[] | undefined;
  /** Globs, one of which must match; undefined when any path will do. */
  readonly paths: readonly string[] | undefined;
  /** Every other condition, regular expressions included, as text that is equal for equal conditions. Sorted. */
  readonly others: readonly string[];
}

/** Every path begins with a slash. */
export const ANY_PATH: readonly string[] = ["/*"];

/** The shape of a rule's conditions. A second condition of hosts or paths counts as another condition. */
export function shapeOf({ conditions }: Pick<ListenerRuleSpec, "conditions">): RuleShape {
  let hosts: readonly string[] | undefined;
  let paths: readonly string[] | undefined;
  const others: string[] = [];
  for (const condition of conditions) {
    const values = globsOf(condition);
    if (condition.field === "host-header" && values !== undefined && hosts === undefined)
      hosts = values.map((host) => host.toLowerCase());
    else if (condition.field === "path-pattern" && values !== undefined && paths === undefined) paths = values;
    else others.push(canonicalCondition(condition));
  }
  return { hosts, paths, others: others.sort(compareStrings) };
}

function globsOf(condition: RuleCondition): readonly string[] | undefined {
  if (condition.field === "host-header") return condition.hostHeaderConfig.values;
  return condition.field === "path-pattern" ? condition.pathPatternConfig.values : undefined;
}

/** The order of values carries no meaning. */
function canonicalCondition({ field, ...config }: RuleCondition): string {
  const lists = Object.values(config).flatMap((values) =>
    Object.entries(values as object).map(([name, list]) => [
      name,
      Array.isArray(list) ? list.map(stableJson).sort(compareStrings) : list,
    ]),
  );
  return stableJson([field, Object.fromEntries(lists)]);
}

/** Whether every request that the second rule would answer meets the conditions of the first. */
export function shapeCovers(covering: RuleShape, covered: RuleShape): boolean {
  return (
    globsCover(covering.hosts, covered.hosts) &&
    globsCover(covering.paths, covered.paths ?? ANY_PATH) &&
    covering.others.every((other) => covered.others.includes(other))
  );
}

function globsCover(covering: readonly string[] | undefined, covered: readonly string[] | undefined): boolean {
  if (covering === undefined) return true;
  return covered?.every((glob) => covering.some((candidate) => globCovers(candidate, glob))) === true;
}
