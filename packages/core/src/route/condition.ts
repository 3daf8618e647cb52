/**
 * Whether a request meets a condition. AWS, "Condition types for listener rules" and the API reference of
 * RuleCondition: values are OR-ed; hosts, header names and values, query keys and values are compared without regard to
 * case, paths and methods with it; `*` and `?` are wildcards in all but methods and addresses; a path condition looks
 * at the path only; of a header that is sent several times any one may match; a query condition needs one pair that
 * matches both key and value, and can escape its wildcards with a backslash; a source address is that of the
 * connection, never one of X-Forwarded-For.
 *
 * AWS doesn't say, and this reads it as: the host is compared without its port; a regular expression need match only a
 * part of the text, as AWS's examples with `^` and `$` suggest, and ignores case where plain values do; query
 * parameters are compared as sent, not decoded.
 */
import { type AddressBytes, parseAddress, parseRange, rangeHolds } from "../lib/address-range.ts";
import { globMatches, parseGlob } from "../lib/glob-match.ts";
import type { RuleCondition } from "../model/listener-rule.ts";
import type { RegexEngine } from "./regex-engine.ts";
import { type QueryPair, queryPairs, type Request } from "./request.ts";

/** True, false, or undefined: it depends on a regular expression or an address that isn't known. */
export type Verdict = boolean | undefined;

/** A request in the form in which conditions look at it: folded to lower case where case doesn't count. */
export interface PreparedRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly query: readonly QueryPair[];
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly source: AddressBytes | undefined;
}

export type ConditionTest = (request: PreparedRequest) => Verdict;

/** Folds a request for any number of conditions. */
export function prepareRequest(request: Request): PreparedRequest {
  const headers = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(request.headers)) {
    const key = name.toLowerCase();
    const values = typeof value === "string" ? [value] : value;
    headers.set(key, [...(headers.get(key) ?? []), ...values.map((text) => text.toLowerCase())]);
  }
  return {
    host: request.host.toLowerCase(),
    path: request.path,
    method: request.method,
    query: queryPairs(request.query).map(({ key, value }) => ({ key: key.toLowerCase(), value: value.toLowerCase() })),
    headers,
    source: request.sourceIp === undefined ? undefined : parseAddress(request.sourceIp),
  };
}

/** Prepares a condition for any number of requests. */
export function conditionTest(condition: RuleCondition, regex: RegexEngine): ConditionTest {
  switch (condition.field) {
    case "host-header": {
      const test = textTest(condition.hostHeaderConfig, true, regex);
      return ({ host }) => test(host);
    }
    case "path-pattern": {
      const test = textTest(condition.pathPatternConfig, false, regex);
      return ({ path }) => test(path);
    }
    case "http-header": {
      const name = condition.httpHeaderConfig.httpHeaderName.toLowerCase();
      const test = textTest(condition.httpHeaderConfig, true, regex);
      return ({ headers }) => anyOf(headers.get(name) ?? [], test);
    }
    case "http-request-method": {
      const { values } = condition.httpRequestMethodConfig;
      return ({ method }) => values.includes(method);
    }
    case "query-string": {
      const tests = condition.queryStringConfig.values.map(pairTest);
      return ({ query }) => query.some((pair) => tests.some((test) => test(pair)));
    }
    case "source-ip": {
      const ranges = condition.sourceIpConfig.values.map(parseRange);
      return ({ source }) =>
        source && anyOf(ranges, (range) => (range === undefined ? undefined : rangeHolds(range, source)));
    }
  }
}

/** Whether a request meets all conditions: false beats unknown, so that one condition that fails decides. */
export function meetsAll(tests: readonly ConditionTest[], request: PreparedRequest): Verdict {
  let verdict: Verdict = true;
  for (const test of tests) {
    const one = test(request);
    if (one === false) return false;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}

interface Patterns {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

function textTest(
  { values = [], regexValues = [] }: Patterns,
  ignoreCase: boolean,
  regex: RegexEngine,
): (text: string) => Verdict {
  const globs = values.map((value) => globTest(ignoreCase ? value.toLowerCase() : value));
  if (regexValues.length === 0) return (text) => globs.some((test) => test(text));
  return (text) =>
    globs.some((test) => test(text)) || anyOf(regexValues, (pattern) => regex.matches(pattern, text, ignoreCase));
}

function pairTest({ key, value }: { readonly key?: string; readonly value: string }): (pair: QueryPair) => boolean {
  const keyMatches = key === undefined || key === "" ? () => true : globTest(key.toLowerCase(), true);
  const valueMatches = globTest(value.toLowerCase(), true);
  return (pair) => keyMatches(pair.key) && valueMatches(pair.value);
}

/** Most patterns hold no wildcard or differ before the first one, so the glob is read only when it is needed. */
function globTest(pattern: string, escapes = false): (text: string) => boolean {
  const plain = pattern.search(escapes ? /[*?\\]/ : /[*?]/);
  if (plain < 0) return (text) => text === pattern;
  const start = pattern.slice(0, plain);
  const rest = parseGlob(pattern.slice(plain), escapes);
  return (text) => text.startsWith(start) && globMatches(rest, text.slice(plain));
}

/** True beats unknown, unknown beats false. */
function anyOf<T>(items: readonly T[], test: (item: T) => Verdict): Verdict {
  let verdict: Verdict = false;
  for (const item of items) {
    const one = test(item);
    if (one === true) return true;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}
