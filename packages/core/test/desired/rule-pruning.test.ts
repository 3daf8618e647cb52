import { describe, expect, it } from "vitest";
import { pruneRules } from "../../src/desired/rule-pruning.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import type { RedirectAction, RuleAction } from "../../src/model/rule-action.ts";

const HTTPS = { port: 443, protocol: "HTTPS", hostRegexesDontCover: false } as const;

interface Rule {
  readonly name: string;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
}

const hosts = (...values: readonly string[]): RuleCondition => ({ field: "host-header", hostHeaderConfig: { values } });
const paths = (...values: readonly string[]): RuleCondition => ({
  field: "path-pattern",
  pathPatternConfig: { values },
});
const hostRegex: RuleCondition = { field: "host-header", hostHeaderConfig: { regexValues: ["^a"] } };
const pathRegex: RuleCondition = { field: "path-pattern", pathPatternConfig: { regexValues: ["^a"] } };
const header: RuleCondition = { field: "http-header", httpHeaderConfig: { httpHeaderName: "X", values: ["1"] } };
const answer: RuleAction = { type: "fixed-response", fixedResponseConfig: { statusCode: "200" } };

function redirect(config: Partial<RedirectAction["redirectConfig"]>): RedirectAction {
  return { type: "redirect", redirectConfig: { statusCode: "HTTP_301", ...config } };
}
const away = redirect({ host: "elsewhere.io" });

function kept(
  rules: readonly (readonly [name: string, action: RuleAction, ...conditions: readonly RuleCondition[]])[],
): readonly string[] {
  const all: readonly Rule[] = rules.map(([name, action, ...conditions]) => ({ name, actions: [action], conditions }));
  return pruneRules(all, HTTPS, () => undefined).map(({ name }) => name);
}

describe("redirect-loop elimination", () => {
  it.each([
    { name: "nothing specified", config: {}, loops: true },
    {
      name: "all placeholders",
      config: { host: "#{host}", path: "/#{path}", port: "#{port}", protocol: "#{protocol}", query: "#{query}" },
      loops: true,
    },
    { name: "the rule's own host", config: { host: "b.io" }, loops: true },
    { name: "another host", config: { host: "c.io" }, loops: false },
    { name: "the rule's own path, literally", config: { path: "/a/*" }, loops: true },
    { name: "a path that the rule's pattern only matches", config: { path: "/a/x" }, loops: false },
    { name: "a path placeholder without slash", config: { path: "#{path}" }, loops: false },
    { name: "this port and protocol", config: { port: "443", protocol: "HTTPS" }, loops: true },
    { name: "another port", config: { port: "8443" }, loops: false },
    { name: "another protocol", config: { protocol: "HTTP" }, loops: false },
    { name: "a fixed query", config: { query: "a=1" }, loops: false },
    { name: "an empty query", config: { query: "" }, loops: false },
  ])("$name: $loops", ({ config, loops }) => {
    const found = kept([["r", redirect(config), hosts("a.io", "b.io"), paths("/a", "/a/*")]]);
    expect(found).toEqual(loops ? [] : ["r"]);
  });
  it("a rule with a path regex is kept, one with a host regex isn't looked at closer", () => {
    expect(kept([["r", redirect({}), pathRegex]])).toEqual(["r"]);
    expect(kept([["r", redirect({}), hostRegex]])).toEqual([]);
  });
  it("a rule that doesn't redirect is kept, and one that authenticates first is not", () => {
    expect(kept([["r", answer, paths("/*")]])).toEqual(["r"]);
    const login: RuleAction = {
      type: "jwt-validation",
      jwtValidationConfig: { jwksEndpoint: "https://a", issuer: "b" },
    };
    const rule: Rule = { name: "r", conditions: [paths("/*")], actions: [login, redirect({})] };
    expect(pruneRules([rule], HTTPS, () => undefined)).toEqual([]);
  });
  it("one that would loop on another listener stays there", () => {
    const rule: Rule = {
      name: "r",
      conditions: [paths("/*")],
      actions: [redirect({ port: "443", protocol: "HTTPS" })],
    };
    expect(pruneRules([rule], { ...HTTPS, port: 80, protocol: "HTTP" }, () => undefined)).toEqual([rule]);
  });
});

describe("shadowed-by-redirect elimination", () => {
  it.each([
    { name: "no host, every path", first: [paths("/*")], second: [hosts("a.io"), paths("/x")], covered: true },
    { name: "no conditions on paths", first: [hosts("a.io")], second: [hosts("a.io"), paths("/x")], covered: true },
    { name: "fewer hosts", first: [hosts("a.io", "b.io"), paths("/*")], second: [hosts("b.io")], covered: true },
    { name: "more hosts", first: [hosts("a.io"), paths("/*")], second: [hosts("a.io", "b.io")], covered: false },
    { name: "no host later", first: [hosts("a.io"), paths("/*")], second: [paths("/x")], covered: false },
    { name: "fewer paths", first: [paths("/x", "/x/*")], second: [paths("/x")], covered: true },
    { name: "a path that the pattern only matches", first: [paths("/x/*")], second: [paths("/x/y")], covered: false },
    { name: "no path later", first: [paths("/x")], second: [hosts("a.io")], covered: false },
    { name: "a path regex literally", first: [pathRegex], second: [pathRegex], covered: true },
    { name: "other conditions later", first: [paths("/*")], second: [header, paths("/x")], covered: true },
    { name: "other conditions earlier", first: [header, paths("/*")], second: [paths("/x")], covered: false },
    {
      name: "a host regex earlier covers every host (LBC's trap)",
      first: [hostRegex, paths("/*")],
      second: [hosts("z.io")],
      covered: true,
    },
    { name: "a wildcard host literally", first: [hosts("*.io"), paths("/*")], second: [hosts("a.io")], covered: false },
  ])("$name", ({ first, second, covered }) => {
    expect(
      kept([
        ["first", away, ...first],
        ["second", answer, ...second],
      ]),
    ).toEqual(covered ? ["first"] : ["first", "second"]);
  });
  it("the setting keeps what only a host regex would cover", () => {
    const rules = [
      { name: "a", actions: [away], conditions: [hostRegex, paths("/*")] },
      { name: "b", actions: [answer], conditions: [hosts("z.io")] },
    ];
    const reasons: string[] = [];
    expect(pruneRules(rules, HTTPS, (_rule, reason) => reasons.push(reason))).toHaveLength(1);
    expect(reasons).toEqual(["covered-by-host-regex"]);
    expect(pruneRules(rules, { ...HTTPS, hostRegexesDontCover: true }, () => undefined)).toHaveLength(2);
  });
  it("only redirects cover, and only rules after them", () => {
    expect(
      kept([
        ["a", answer, paths("/*")],
        ["b", answer, paths("/*")],
      ]),
    ).toEqual(["a", "b"]);
    expect(
      kept([
        ["a", answer, paths("/x")],
        ["b", away, paths("/*")],
      ]),
    ).toEqual(["a", "b"]);
  });
  it("a redirect that was itself left out covers nothing", () => {
    expect(
      kept([
        ["loop", redirect({}), paths("/*")],
        ["b", answer, paths("/x")],
      ]),
    ).toEqual(["b"]);
    const middle = [
      ["a", away, hosts("a.io")],
      ["covered", redirect({ host: "x.io" }), hosts("a.io")],
      ["c", answer, hosts("c.io")],
    ] as const;
    expect(kept(middle)).toEqual(["a", "c"]);
  });
  it("ten thousand redirects take no more than seconds", () => {
    const rules = Array.from(
      { length: 10_000 },
      (_, index) => [`${index}`, away, hosts(`h${index}.io`), paths("/*")] as const,
    );
    expect(kept(rules)).toHaveLength(10_000);
  }, 20_000);
});
