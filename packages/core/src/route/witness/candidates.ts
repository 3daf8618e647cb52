/** For one field of a request: contents for every way in which its conditions can be met. */
import { type BitSet, bitSet, bitSetKey, hasBit, union } from "../../lib/bit-set.ts";
import { globClasses, globMember, type Language } from "../../lib/glob-classes.ts";
import { type Glob, parseGlob } from "../../lib/glob-match.ts";
import type { RuleCondition } from "../../model/listener-rule.ts";
import { prepareRequest, type Verdict } from "../condition.ts";
import type { QueryPair, Request } from "../request.ts";
import { type IndexedField, type Matches, matchesOfVerdicts } from "../rule-index.ts";
import { addressesFor, USUAL_ADDRESS } from "./addresses.ts";
import { HEADER_VALUES, HOSTS, isOfLanguage, PATHS, QUERY_KEYS, QUERY_VALUES } from "./languages.ts";
import { regexSamples } from "./regex-samples.ts";

/** A content of one field, and the rules that a request with it can match as far as this field goes. */
export interface Candidate {
  readonly part: Partial<Request>;
  readonly matches: Matches;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** Regular expressions whose members were only sampled. */
  readonly sampled: readonly string[];
  /** False when a bound cut the search short. */
  readonly complete: boolean;
}

/** A request that is filled in field by field. */
export const USUAL_REQUEST: Request = {
  scheme: "http",
  host: "example.com",
  port: 80,
  method: "GET",
  path: "/",
  query: "",
  headers: {},
  sourceIp: USUAL_ADDRESS,
};

/** Places in globs that are looked at for one field. */
const MOST_WORK = 1_000_000;
const MOST_PAIRS = 2_000;
/** Contents of which unions are made, for what a request may hold several times. */
const MOST_UNIONS = 4_000;
const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "X"];

/** Finds the candidates of a field; those that the rules can't tell apart appear once. */
export function candidatesOf(field: IndexedField): Candidates {
  const { conditions } = field;
  switch (field.field) {
    case "host":
      return ofTexts(field, HOSTS, (host) => ({ host }));
    case "path":
      return ofTexts(field, PATHS, (path) => ({ path }));
    case "method": {
      const named = conditions.flatMap((condition) =>
        condition.field === "http-request-method" ? condition.httpRequestMethodConfig.values : [],
      );
      const other = METHODS.find((method) => !named.includes(method)) ?? `X${named.join("")}`;
      return ofParts(
        field,
        [other, ...named].map((method) => ({ method })),
      );
    }
    case "source":
      return ofParts(
        field,
        addressesFor(conditions).map((sourceIp) => ({ sourceIp })),
      );
    case "query":
      return ofQuery(field);
    default:
      return ofHeader(field, field.field.slice("header:".length));
  }
}

/** Texts for every set of globs that some text matches; where there are too many, for every glob and many pairs. */
export function textsFor(globs: readonly Glob[], language: Language): { texts: readonly string[]; complete: boolean } {
  const found = globClasses(globs, language, MOST_WORK);
  if (found.complete) return found;
  const pairs = globs.flatMap((a, i) => globs.slice(i + 1).map((b) => [a, b])).slice(0, MOST_PAIRS);
  const members = [...globs.map((glob) => [glob]), ...pairs].flatMap((set) => globMember(set, language, 200) ?? []);
  return { texts: [...new Set([...found.texts.slice(0, MOST_PAIRS), ...members])], complete: false };
}

function ofTexts(field: IndexedField, language: Language, partOf: (text: string) => Partial<Request>): Candidates {
  const { texts, sampled, complete } = textsOf(field.conditions, language);
  return { ...ofParts(field, texts.map(partOf)), sampled, complete };
}

function textsOf(
  conditions: readonly RuleCondition[],
  language: Language,
): { texts: readonly string[]; sampled: readonly string[]; complete: boolean } {
  const patterns = conditions.map(patternsOf);
  const ignoreCase = language !== PATHS;
  const values = new Set(
    patterns.flatMap(({ values = [] }) => values).map((value) => (ignoreCase ? value.toLowerCase() : value)),
  );
  const sampled = patterns.flatMap(({ regexValues = [] }) => regexValues);
  const { texts, complete } = textsFor(
    [...values].map((value) => parseGlob(value)),
    language,
  );
  const samples = sampled
    .flatMap(regexSamples)
    .map((sample) => (ignoreCase ? sample.toLowerCase() : sample))
    .flatMap((sample) => [sample, `/${sample}`, `${sample}x`, `x${sample}`])
    .filter((sample) => isOfLanguage(sample, language));
  return { texts: [...new Set([...texts, ...samples])], sampled, complete };
}

function patternsOf(condition: RuleCondition): {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
} {
  if (condition.field === "host-header") return condition.hostHeaderConfig;
  if (condition.field === "path-pattern") return condition.pathPatternConfig;
  return condition.field === "http-header" ? condition.httpHeaderConfig : {};
}

function ofParts(field: IndexedField, parts: readonly Partial<Request>[]): Candidates {
  return distinctCandidates(
    field,
    parts.map((part) => ({ part, verdicts: verdictsOn(field, part) })),
  );
}

function distinctCandidates(
  { needs }: IndexedField,
  parts: readonly { readonly part: Partial<Request>; readonly verdicts: readonly Verdict[] }[],
): Candidates {
  const distinct = new Map<string, Candidate>();
  for (const { part, verdicts } of parts) {
    const matches = matchesOfVerdicts(needs, verdicts);
    const key = matchesKey(matches);
    if (!distinct.has(key)) distinct.set(key, { part, matches });
  }
  return { candidates: [...distinct.values()], sampled: [], complete: true };
}

function verdictsOn({ tests }: IndexedField, part: Partial<Request>): readonly Verdict[] {
  const request = prepareRequest({ ...USUAL_REQUEST, ...part });
  return tests.map((test) => test(request));
}

/** A header may be absent, or be there several times. */
function ofHeader(field: IndexedField, name: string): Candidates {
  const { texts, sampled, complete } = textsOf(field.conditions, HEADER_VALUES);
  const made = ofSeveral(field, texts, (values) => ({
    headers: values.length === 0 ? {} : { [name]: values.length === 1 ? (values[0] ?? "") : values },
  }));
  return { ...made, sampled, complete: complete && made.complete };
}

/** A query may hold any number of pairs. */
function ofQuery(field: IndexedField): Candidates {
  const wanted = field.conditions.flatMap((condition) =>
    condition.field === "query-string" ? condition.queryStringConfig.values : [],
  );
  const globs = (texts: readonly string[]): readonly Glob[] =>
    [...new Set(texts.map((text) => text.toLowerCase()))].map((text) => parseGlob(text, true));
  const keys = textsFor(globs(wanted.flatMap(({ key }) => key || [])), QUERY_KEYS);
  const values = textsFor(globs(wanted.map(({ value }) => value)), QUERY_VALUES);
  const pairs = keys.texts.flatMap((key) => values.texts.map((value): QueryPair => ({ key, value })));
  const made = ofSeveral(field, pairs.slice(0, MOST_UNIONS), (query) => ({
    query: query.map(({ key, value }) => `${key}=${value}`).join("&"),
  }));
  return { ...made, complete: keys.complete && values.complete && pairs.length <= MOST_UNIONS && made.complete };
}

/** Conditions that hold for sure, and that may. */
interface Holds<T> {
  readonly items: readonly T[];
  readonly sure: BitSet;
  readonly possible: BitSet;
}

/**
 * Nothing, every single item, and two or three items at once: any one of them may meet a condition. More than three
 * aren't needed to make three rules with a condition each match.
 */
function ofSeveral<T>(
  field: IndexedField,
  items: readonly T[],
  partOf: (items: readonly T[]) => Partial<Request>,
): Candidates {
  const size = field.tests.length;
  const distinct = new Map<string, Holds<T>>();
  const add = (holds: Holds<T>): void => {
    const key = matchesKey(holds);
    if (!distinct.has(key)) distinct.set(key, holds);
  };
  const holdsOf = (chosen: readonly T[]): Holds<T> => {
    const verdicts = verdictsOn(field, partOf(chosen));
    return {
      items: chosen,
      sure: bitSet(size, (index) => verdicts[index] === true),
      possible: bitSet(size, (index) => verdicts[index] !== false),
    };
  };
  add(holdsOf([]));
  for (const item of items) add(holdsOf([item]));
  const singles = [...distinct.values()];
  let complete = true;
  for (let more = 2; more <= 3; more++) {
    for (const some of [...distinct.values()].filter((holds) => holds.items.length === more - 1)) {
      for (const one of singles) {
        if (one.items.length === 0) continue;
        if (distinct.size >= MOST_UNIONS) complete = false;
        else
          add({
            items: [...some.items, ...one.items],
            sure: union(some.sure, one.sure),
            possible: union(some.possible, one.possible),
          });
      }
    }
  }
  const all = [...distinct.values()].map(({ items, sure, possible }) => ({
    part: partOf(items),
    verdicts: field.tests.map((_, index) => (hasBit(sure, index) ? true : hasBit(possible, index) ? undefined : false)),
  }));
  return { ...distinctCandidates(field, all), complete };
}

/** A text that is equal for equal matches. */
export function matchesKey({ sure, possible }: Pick<Matches, "sure" | "possible">): string {
  const key = bitSetKey(sure);
  return sure === possible ? key : `${key}/${bitSetKey(possible)}`;
}
