import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areDisjoint, bitSetKey } from "../../../src/lib/bit-set.ts";
import { linearRegex } from "../../../src/linear-regex.ts";
import type { RuleCondition } from "../../../src/model/listener-rule.ts";
import { matchMatrix } from "../../../src/route/match-matrix.ts";
import type { Request } from "../../../src/route/request.ts";
import { type WitnessOptions, witnesses } from "../../../src/route/witness/witnesses.ts";
import {
  deepFreeze,
  fastest,
  header,
  host,
  hostRegex,
  listener,
  method,
  path,
  pathRegex,
  query,
  request,
  rule,
  source,
} from "../rules.ts";

const text = (letters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength });
const several = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 });

const conditions = {
  host: several(text("ab.*?", 4)).map((values) => host(...values)),
  path: several(text("ab/*?", 3)).map((values) => path(...values.map((value) => `/${value}`))),
  method: several(fc.constantFrom("GET", "POST")).map((values) => method(...values)),
  source: several(fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32")).map(
    (values) => source(...values),
  ),
  header: several(text("ab*?", 3)).map((values) => header("X-A", ...values)),
  query: several(fc.tuple(text("ab*", 2), text("ab*?", 2), fc.boolean())).map((values) =>
    query(...values.map(([key, value, any]) => (any ? value : `${key}=${value}`))),
  ),
};
/** At most one condition a field, as AWS has it; several of headers and queries. */
const ruleOf = (...kinds: (keyof typeof conditions)[]) =>
  fc
    .tuple(...kinds.map((kind) => fc.option(conditions[kind], { nil: undefined })))
    .map((list) => list.filter((one) => one !== undefined));

/** All texts up to a length. */
function texts(letters: string, length: number): readonly string[] {
  let longest: readonly string[] = [""];
  const all: string[] = [];
  for (let i = 0; i < length; i++) {
    longest = longest.flatMap((start) => [...letters].map((letter) => start + letter));
    all.push(...longest);
  }
  return all;
}

const HOSTS = texts("abx.", 4).filter((one) => one.split(".").every((label) => label !== ""));
const PATHS = ["/", ...texts("abx/", 4).map((one) => `/${one}`)].filter((one) => !one.includes("//"));
const SHORT = texts("abx", 3);

/** The sets of rules that requests match. */
function setsOf(rules: readonly (readonly RuleCondition[])[], requests: readonly Request[]): ReadonlySet<string> {
  const matrix = matchMatrix(
    rules.map((list) => ({ conditions: list })),
    requests,
    { regex: linearRegex() },
  );
  return new Set(matrix.byRequest.map(({ sure }) => bitSetKey(sure)));
}

/** Checks that each set of rules that one of the requests matches is matched by a witness, too. */
function expectAllSets(
  rules: readonly (readonly RuleCondition[])[],
  requests: readonly Request[],
  options: WitnessOptions = {},
): void {
  const half = Math.ceil(rules.length / 2);
  const states = [rules.slice(0, half), rules.slice(half)].map((list) =>
    deepFreeze([listener(list.map((one, index) => rule(`r${index}`, ...one)))]),
  );
  const found = witnesses(states, options);
  const hit = setsOf(rules, found.requests);
  expect(found.bounded).toEqual([]);
  expect([...setsOf(rules, requests)].filter((set) => !hit.has(set))).toEqual([]);
}

describe("witnesses hit every set of rules that some request matches", () => {
  it("hosts and paths", () => {
    const requests = HOSTS.filter((one) => one.length <= 3).flatMap((name) =>
      PATHS.filter((one) => one.length <= 4).map((part) => request({ host: name, path: part })),
    );
    fc.assert(
      fc.property(fc.array(ruleOf("host", "path"), { maxLength: 6 }), (rules) => expectAllSets(rules, requests)),
      { numRuns: 60 },
    );
  });

  it.each([
    { name: "hosts", kinds: ["host"] as const, requests: HOSTS.map((name) => request({ host: name })) },
    { name: "paths", kinds: ["path"] as const, requests: PATHS.map((part) => request({ path: part })) },
  ])("$name of more rules", ({ kinds, requests }) => {
    fc.assert(
      fc.property(fc.array(ruleOf(...kinds), { maxLength: 12 }), (rules) => expectAllSets(rules, requests)),
      { numRuns: 100 },
    );
  });

  it("paths, methods and source addresses", () => {
    const addresses = [
      "10.0.0.1",
      "10.1.0.1",
      "192.0.2.1",
      "203.0.113.1",
      "255.255.255.255",
      "2001:db8::9",
      "2001:db9::",
    ];
    const requests = PATHS.filter((one) => one.length <= 4).flatMap((part) =>
      ["GET", "POST", "PUT"].flatMap((verb) =>
        addresses.map((sourceIp) => request({ path: part, method: verb, sourceIp })),
      ),
    );
    fc.assert(
      fc.property(fc.array(ruleOf("path", "method", "source"), { maxLength: 6 }), (rules) =>
        expectAllSets(rules, requests),
      ),
      { numRuns: 60 },
    );
  });

  it("headers that are absent, there once or twice", () => {
    const twice = SHORT.filter((one) => one.length <= 2).flatMap((a) => SHORT.map((b) => [a, b]));
    const requests = [[], ...SHORT.map((one) => [one]), ...twice].map((values) =>
      request({ headers: { "x-a": values } }),
    );
    fc.assert(
      fc.property(fc.array(ruleOf("header", "header"), { maxLength: 5 }), (rules) => expectAllSets(rules, requests)),
      { numRuns: 60 },
    );
  });

  it("queries of no, one or two pairs", () => {
    const pairs = ["a", "b", "ab", "x"].flatMap((key) =>
      ["", "a", "b", "ab", "xb", "x"].map((value) => `${key}=${value}`),
    );
    const all = ["", ...pairs, ...pairs.flatMap((a) => pairs.map((b) => `${a}&${b}`))];
    const requests = all.map((one) => request({ query: one }));
    fc.assert(
      fc.property(fc.array(ruleOf("query", "query"), { maxLength: 5 }), (rules) => expectAllSets(rules, requests)),
      { numRuns: 60 },
    );
  });
});

describe("witnesses", () => {
  it("cover each port, in each protocol that it has", () => {
    const before = [listener([rule("a", path("/a"))])];
    const after = [listener([], { protocol: "HTTPS" }), listener([], { port: 8080 })];
    const places = witnesses([before, after]).requests.map(({ scheme, port, path: at }) => `${scheme} ${port} ${at}`);
    expect(places).toEqual(["http 80 /", "http 80 /a", "https 80 /", "https 80 /a", "http 8080 /"]);
  });

  it("tell certificates apart by host", () => {
    const certificates = [{ certificate: "c", names: ["*.example.com", "shop.example.com"] }, { certificate: "d" }];
    const hosts = witnesses([[listener([], { protocol: "HTTPS", certificates })]]).requests.map((one) => one.host);
    expect(hosts).toEqual(expect.arrayContaining(["x.example.com", "x.x.example.com", "shop.example.com"]));
  });

  it("say which regular expressions they sampled", () => {
    const state = [
      listener([
        rule("a", hostRegex("^(shop|cart)\\.example\\.com$")),
        rule("b", pathRegex("^/v[0-9]+/x"), host("*.com")),
      ]),
    ];
    const found = witnesses([state], { regex: linearRegex() });
    expect(found.sampled).toEqual(["^(shop|cart)\\.example\\.com$", "^/v[0-9]+/x"]);
    const sets = setsOf(
      state[0]!.rules.map((one) => one.conditions),
      found.requests,
    );
    expect([...sets].sort()).toEqual(["0", "1", "2", "3"]);
  });

  it("keep what a regular expression leaves open apart", () => {
    const found = witnesses([[listener([rule("a", pathRegex("^/a"), host("a.b"))])]]);
    expect(found.requests.map((one) => one.host)).toEqual(["x", "a.b"]);
  });

  it("don't depend on how often they are asked, or on the kinds of names", () => {
    const state = [listener([rule("a", header("__proto__", "constructor")), rule("b", header("constructor", "*"))])];
    expect(witnesses([state])).toEqual(witnesses([state, state]));
    expectAllSets(
      state[0]!.rules.map((one) => one.conditions),
      witnesses([state]).requests,
    );
  });

  it("have a bound, keep to it and say so", () => {
    const rules = Array.from({ length: 14 }, (_, i) => rule(`r${i}`, header(`x-${i}`, "1")));
    const found = witnesses([[listener(rules)]], { limit: 500 });
    expect(found.requests.length).toBeLessThanOrEqual(500);
    expect(found.bounded.length).toBeGreaterThan(0);
    const pairs = new Set(
      found.requests.flatMap(({ headers }) =>
        Object.keys(headers).flatMap((a) => Object.keys(headers).map((b) => a + b)),
      ),
    );
    expect(pairs.size).toBe(14 * 14);
  });
});

it("cover each pair of overlapping rules where there are too many sets", () => {
  const rules = Array.from({ length: 30 }, (_, i) => [path(`/*/v${i}/*`)]);
  const found = witnesses([[listener(rules.map((one, i) => rule(`r${i}`, ...one)))]]);
  expect(found.bounded).toEqual(["port 80: path"]);
  const { byRule } = matchMatrix(
    rules.map((one) => ({ conditions: one })),
    found.requests,
  );
  expect(byRule.filter((a) => byRule.some((b) => areDisjoint(a, b)))).toEqual([]);
});

describe("a listener of 100 rules in two versions", () => {
  const names = ["shop", "cart", "orders", "users", "login", "admin", "static", "images", "health", "metrics"];
  const name = (i: number): string => names[i % names.length] ?? "";
  const shapes: { readonly name: string; readonly rule: (i: number, version: number) => readonly RuleCondition[] }[] = [
    {
      name: "a host and a prefix each",
      rule: (i, v) => [
        host(`${name(i)}${v && i % 10 === 0 ? "2" : ""}.example.com`),
        path(`/${name(i * 7)}${i}`, `/${name(i * 7)}${i}/*`),
      ],
    },
    {
      name: "prefixes of one host",
      rule: (i, v) => [path(`/${name(i)}/v${i}${v && i % 9 === 0 ? "n" : ""}`, `/${name(i)}/v${i}/*`)],
    },
    {
      name: "wildcard hosts",
      rule: (i, v) => [
        host(i % 5 ? `a${i}.${name(i)}.example.com` : `*.${name(i)}.example.com`),
        path(v ? "/*" : `/${name(i)}/*`),
      ],
    },
    { name: "stars in the middle", rule: (i) => [path(`/${name(i)}${i % 20}/*/v${i}/*`)] },
    {
      name: "everything",
      rule: (i, v) => [
        ...(i % 3 ? [host(`${name(i)}.example.com`)] : []),
        path(`/${name(i + v)}/*`),
        ...(i % 4 ? [] : [header("User-Agent", `*${name(i)}*`)]),
        ...(i % 7 ? [] : [query(`v=${i}*`)]),
        ...(i % 11 ? [] : [source(`10.${i}.0.0/16`)]),
      ],
    },
  ];
  it.each(shapes)("$name: some hundred witnesses, soon", ({ rule: make }) => {
    const states = [0, 1].map((v) => [listener(Array.from({ length: 100 }, (_, i) => rule(`r${i}`, ...make(i, v))))]);
    const found = witnesses(states);
    // Ten times what it takes on a slow machine.
    expect(fastest(() => witnesses(states))).toBeLessThan(500);
    expect(found.bounded).toEqual([]);
    expect(found.requests.length).toBeGreaterThan(100);
    expect(found.requests.length).toBeLessThan(1500);
  });
});
