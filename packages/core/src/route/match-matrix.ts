import { type BitSet, bitSet, hasBit } from "../lib/bit-set.ts";
import { prepareRequest } from "./condition.ts";
import { UNKNOWN_REGEX } from "./regex-engine.ts";
import type { Request } from "./request.ts";
import type { RouteOptions } from "./route.ts";
import { bothMatch, type Conditional, indexRules, type Matches, matchesOfField, partKey } from "./rule-index.ts";

/** Which requests match which rules, as bit sets: of requests for each rule, of rules for each request. */
export interface MatchMatrix {
  readonly requests: number;
  readonly rules: number;
  /** By rule: the requests that match it for sure. */
  readonly byRule: readonly BitSet[];
  /** By rule: the requests of which it isn't known whether they match. */
  readonly undecidedByRule: readonly BitSet[];
  /** By request: the rules that it matches for sure, and those that it may match. */
  readonly byRequest: readonly Matches[];
}

/**
 * Tests every rule on every request once. Whoever then walks through many configurations of the same rules finds what
 * serves each request by bit operations only: the requests of a rule, less those of the rules asked before it. Ports
 * are not looked at: pass the rules and the requests of one listener.
 */
export function matchMatrix(
  rules: readonly Conditional[],
  requests: readonly Request[],
  options: RouteOptions = {},
): MatchMatrix {
  const index = indexRules(rules, options.regex ?? UNKNOWN_REGEX);
  const all = bitSet(rules.length, () => true);
  const caches = index.fields.map((field) => ({ field, known: new Map<string, Matches>() }));
  const byRequest = requests.map((request) => {
    const prepared = prepareRequest(request);
    let matches: Matches = { sure: all, possible: all };
    for (const { field, known } of caches) {
      const key = partKey(field.field, prepared);
      let found = known.get(key);
      if (found === undefined) {
        found = matchesOfField(field, prepared);
        known.set(key, found);
      }
      matches = bothMatch(matches, found);
    }
    return matches;
  });
  const columns = (contains: (matches: Matches, rule: number) => boolean): readonly BitSet[] =>
    rules.map((_, rule) =>
      bitSet(requests.length, (number) => {
        const matches = byRequest[number];
        return matches !== undefined && contains(matches, rule);
      }),
    );
  return {
    requests: requests.length,
    rules: rules.length,
    byRule: columns(({ sure }, rule) => hasBit(sure, rule)),
    undecidedByRule: columns(({ sure, possible }, rule) => hasBit(possible, rule) && !hasBit(sure, rule)),
    byRequest,
  };
}
