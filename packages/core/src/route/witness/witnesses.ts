/** Requests that stand for all others: for "every request" to be checked by cases and not by luck. */
import { areDisjoint, bitSet, bitsOf } from "../../lib/bit-set.ts";
import { parseGlob } from "../../lib/glob-match.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { ListenerState } from "../listener-state.ts";
import { UNKNOWN_REGEX } from "../regex-engine.ts";
import type { Request } from "../request.ts";
import type { RouteOptions } from "../route.ts";
import { bothMatch, type Conditional, indexRules, type Matches } from "../rule-index.ts";
import { type Candidate, candidatesOf, matchesKey, textsFor, USUAL_REQUEST } from "./candidates.ts";
import { HOSTS } from "./languages.ts";

export interface WitnessOptions extends RouteOptions {
  /** Bound for the requests of one port; 4096 if absent. */
  readonly limit?: number;
}

export interface Witnesses {
  readonly requests: readonly Request[];
  /** Regular expressions whose members were only sampled: classes that they make may be missing. */
  readonly sampled: readonly string[];
  /** Where a bound cut the search short and classes may be missing: `port 443: header user-agent`. Empty: nowhere. */
  readonly bounded: readonly string[];
}

/**
 * Finds the witnesses of any number of states of one load balancer, by port.
 *
 * Take all rules of a port in all states. Whatever the order of whichever of them are in force, what serves a request
 * depends only on the set of rules that it matches. So one request for each set that some request matches exactly is
 * enough, and that is what is found:
 *
 * 1. A rule matches when its conditions on each field do, and the fields of a request (host, path, method, each header,
 *    query, source address) can be chosen freely. So the sets are the intersections of one set a field.
 * 2. For one field, all globs of all conditions are followed at once, character by character, until no new situation
 *    comes up: that finds every set of globs which some text matches, members, near misses and overlaps alike. For
 *    addresses the borders of the CIDRs do the same, for methods their names and one other.
 * 3. The fields are combined one after another, and combinations that the rules can't tell apart are kept once, so
 *    their number is that of the sets and not the product of the fields.
 *
 * Limits, and what the result says of them: regular expressions are sampled (`sampled`); globs with many stars in the
 * middle, and very many sets, meet bounds (`bounded`), and then every pair of rules that can match together still has a
 * witness where one was found; a header or query parameter is given at most three values, which is enough for any three
 * rules with one condition each (what served before, now and after). Host names and paths are well-formed: no empty
 * label, no empty or dot segment. Certificates are told apart by host (exact name, one label under a wildcard, more),
 * the rest of the request being as usual.
 */
export function witnesses(states: readonly (readonly ListenerState[])[], options: WitnessOptions = {}): Witnesses {
  const listeners = states.flat();
  const ports = [...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b);
  const found = ports.map((port) =>
    witnessesOfPort(
      listeners.filter((listener) => listener.port === port),
      options,
    ),
  );
  return {
    requests: found.flatMap(({ requests }) => requests),
    sampled: [...new Set(found.flatMap(({ sampled }) => sampled))].sort(),
    bounded: found.flatMap(({ bounded }) => bounded),
  };
}

/** Combinations of fields so far that the rules can't tell apart. */
interface Combination {
  readonly matches: Matches;
  readonly request: Request;
}

function witnessesOfPort(
  listeners: readonly ListenerState[],
  { regex = UNKNOWN_REGEX, limit = 4096 }: WitnessOptions,
): Witnesses {
  const port = listeners[0]?.port ?? 0;
  const rules = distinctConditions(listeners);
  const index = indexRules(rules, regex);
  const all = bitSet(index.size, () => true);
  const sampled: string[] = [];
  const bounded: string[] = [];
  let combinations: readonly Combination[] = [
    { matches: { sure: all, possible: all }, request: { ...USUAL_REQUEST, port } },
  ];
  for (const field of index.fields) {
    const { candidates, ...found } = candidatesOf(field);
    sampled.push(...found.sampled);
    const combined = combine(combinations, candidates, field.constrained, limit);
    combinations = combined.kept;
    if (!found.complete || !combined.complete) bounded.push(`port ${port}: ${field.field.replace(":", " ")}`);
  }
  const requests = [...combinations.map(({ request }) => request), ...certificateRequests(listeners, port)];
  const schemes = [...new Set(listeners.map(({ protocol }) => protocol))].sort();
  return {
    requests: schemes.flatMap((protocol) =>
      requests.map((request): Request => ({ ...request, scheme: protocol === "HTTPS" ? "https" : "http" })),
    ),
    sampled,
    bounded,
  };
}

/** Rules with equal conditions match the same requests, whatever their number and actions. */
function distinctConditions(listeners: readonly ListenerState[]): readonly Conditional[] {
  const distinct = new Map<string, Conditional>();
  for (const { rules } of listeners) {
    for (const { conditions } of rules) distinct.set(stableJson(conditions), { conditions });
  }
  return [...distinct.values()];
}

function combine(
  combinations: readonly Combination[],
  candidates: readonly Candidate[],
  constrained: Matches["sure"],
  limit: number,
): { readonly kept: readonly Combination[]; readonly complete: boolean } {
  const combined = new Map<string, Combination>();
  let complete = true;
  for (const { matches, request } of combinations) {
    // What no longer depends on this field needs one content of it only.
    const relevant = areDisjoint(matches.possible, constrained) ? candidates.slice(0, 1) : candidates;
    for (const { part, matches: allowed } of relevant) {
      const both = bothMatch(matches, allowed);
      const key = matchesKey(both);
      if (combined.has(key)) continue;
      if (combined.size >= 4 * limit) complete = false;
      else
        combined.set(key, {
          matches: both,
          request: { ...request, ...part, headers: { ...request.headers, ...part.headers } },
        });
    }
  }
  const kept = [...combined.values()];
  if (kept.length <= limit) return { kept, complete };
  return { kept: oneForEachPair(kept, limit), complete: false };
}

/** The smallest set for each pair of rules (and for each single one) that match together, until the limit is reached. */
function oneForEachPair(combinations: readonly Combination[], limit: number): readonly Combination[] {
  const sized = combinations.map((combination) => ({ combination, rules: bitsOf(combination.matches.possible) }));
  sized.sort((a, b) => a.rules.length - b.rules.length);
  const covered = new Set<number>();
  const kept: Combination[] = [];
  for (const { combination, rules } of sized) {
    if (kept.length >= limit) break;
    const before = covered.size;
    for (const a of rules) for (const b of rules) if (a <= b) covered.add(a * 100_000 + b);
    if (covered.size > before || rules.length === 0) kept.push(combination);
  }
  return kept;
}

/** A wildcard name stands for one label, a glob for any number: two globs tell one label from more. */
function certificateRequests(listeners: readonly ListenerState[], port: number): readonly Request[] {
  const names = listeners.flatMap(({ certificates }) => certificates.flatMap((certificate) => certificate.names ?? []));
  const globs = new Set(
    names.map((name) => name.toLowerCase()).flatMap((name) => (name.startsWith("*.") ? [name, `*.${name}`] : [name])),
  );
  if (globs.size === 0) return [];
  const { texts } = textsFor(
    [...globs].map((glob) => parseGlob(glob)),
    HOSTS,
  );
  return texts.map((host) => ({ ...USUAL_REQUEST, port, host }));
}
