import { describe, expect, it } from "vitest";
import type { IngressPath } from "../../src/model/kubernetes.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import { anyPath, backend, exact, type IngressSketch, ingress, prefix, rule } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, rulesOf } from "../fixtures/desired.ts";

const NOWHERE: RuleCondition = { field: "path-pattern", pathPatternConfig: { values: ["/*"] } };
const hosts = (...values: readonly string[]): RuleCondition => ({ field: "host-header", hostHeaderConfig: { values } });
const paths = (...values: readonly string[]): RuleCondition => ({
  field: "path-pattern",
  pathPatternConfig: { values },
});

/** The conditions of the rules of one Ingress with one path. */
function conditionsOf(path: IngressPath, annotations: IngressSketch["annotations"] = {}, host?: string) {
  const graph = annotated(annotations, { rules: [rule(host, path)] });
  const [error] = errorCodes(graph);
  return error ?? rulesOf(graph).map(({ conditions }) => conditions);
}

describe("path ordering Exact → Prefix by length → rest, inside one rule", () => {
  it("keeps the order of rules, and of equal paths", () => {
    const rules = [
      rule(
        "a.io",
        anyPath("/z"),
        prefix("/b"),
        exact("/e2"),
        prefix("/aa"),
        prefix("/c"),
        { ...anyPath("/y"), pathType: "ImplementationSpecific" },
        exact("/e1"),
      ),
      rule("b.io", exact("/last")),
    ];
    const order = rulesOf(annotated({}, { rules })).map(({ conditions }) => {
      const [, path] = conditions;
      return path?.field === "path-pattern" ? path.pathPatternConfig.values?.[0] : undefined;
    });
    expect(order).toEqual(["/e2", "/e1", "/aa", "/b", "/c", "/z", "/y", "/last"]);
  });
  it("length counts bytes", () => {
    const rules = [rule(undefined, prefix("/abc"), prefix("/éé"))];
    const [first] = rulesOf(annotated({}, { rules }));
    expect(first?.conditions).toEqual([paths("/éé", "/éé/*")]);
  });
});

describe("Exact translation and wildcard rejection", () => {
  it.each([
    { path: "/a", expected: [[paths("/a")]] },
    { path: "/a/", expected: [[paths("/a/")]] },
    { path: "/", expected: [[paths("/")]] },
    { path: "/a*", expected: "rule.path-invalid" },
    { path: "/a?b", expected: "rule.path-invalid" },
  ])("$path", ({ path, expected }) => {
    expect(conditionsOf(exact(path))).toEqual(expected);
  });
});

describe("Prefix expansion to two values", () => {
  it.each([
    { path: "/", expected: [[paths("/*")]] },
    { path: "/a", expected: [[paths("/a", "/a/*")]] },
    { path: "/a/", expected: [[paths("/a", "/a/*")]] },
    { path: "/a//", expected: [[paths("/a/", "/a//*")]] },
    { path: "/a*", expected: "rule.path-invalid" },
    { path: "/?", expected: "rule.path-invalid" },
    { path: "", expected: [[NOWHERE]] },
  ])("$path", ({ path, expected }) => {
    expect(conditionsOf(prefix(path))).toEqual(expected);
  });
});

describe("ImplementationSpecific verbatim, regex option", () => {
  const regex = { "use-regex-path-match": "true" };
  it.each([
    { path: "/a*?/", annotations: {}, expected: [[paths("/a*?/")]] },
    { path: "", annotations: {}, expected: [[NOWHERE]] },
    {
      path: "/^a$",
      annotations: regex,
      expected: [[{ field: "path-pattern", pathPatternConfig: { regexValues: ["^a$"] } }]],
    },
    {
      path: "/",
      annotations: regex,
      expected: [[{ field: "path-pattern", pathPatternConfig: { regexValues: [""] } }]],
    },
    { path: "", annotations: regex, expected: [[NOWHERE]] },
    { path: "/a", annotations: { "use-regex-path-match": "yes" }, expected: "annotation.invalid" },
  ])("$path with $annotations", ({ path, annotations, expected }) => {
    expect(conditionsOf(anyPath(path), annotations)).toEqual(expected);
  });
  it("other path types aren't regular expressions, and don't read the annotation", () => {
    expect(conditionsOf(prefix("/a"), { "use-regex-path-match": "yes" })).toEqual([[paths("/a", "/a/*")]]);
  });
  it.each(["/a", ""])("an unknown path type is refused, path %j", (path) => {
    const unknown = { ...prefix(path), pathType: "Glob" } as unknown as IngressPath;
    expect(conditionsOf(unknown)).toBe("rule.path-invalid");
  });
});

describe("host from rule + annotation hosts OR-ed", () => {
  const more = [{ field: "host-header", hostHeaderConfig: { values: ["c.io", "b.io"] } }];
  it("the rule's own comes first", () => {
    expect(conditionsOf(prefix("/"), { "conditions.web": more }, "a.io")).toEqual([
      [hosts("a.io", "c.io", "b.io"), paths("/*")],
    ]);
    expect(conditionsOf(prefix("/"), { "conditions.web": more })).toEqual([[hosts("c.io", "b.io"), paths("/*")]]);
    expect(conditionsOf(prefix("/"), { "conditions.web": more }, "")).toEqual([[hosts("c.io", "b.io"), paths("/*")]]);
  });
  it("so do the path's", () => {
    const path = [{ field: "path-pattern", pathPatternConfig: { values: ["/x", "/y"] } }];
    expect(conditionsOf(exact("/a"), { "conditions.web": path })).toEqual([[paths("/a", "/x", "/y")]]);
  });
});

describe("annotation conditions: header, method, query, source-ip", () => {
  const conditions = [
    { field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } },
    { field: "host-header", hostHeaderConfig: { values: ["b.io"] } },
    { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-A", values: ["1", "2"] } },
    { field: "query-string", queryStringConfig: { values: [{ key: "k", value: "v" }, { value: "w" }] } },
    { field: "http-request-method", httpRequestMethodConfig: { values: ["GET"] } },
    { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-A", regexValues: ["^1"] } },
  ];
  it("come in the annotation's order, then host, then path", () => {
    expect(conditionsOf(exact("/a"), { "conditions.web": conditions }, "a.io")).toEqual([
      [...conditions.filter(({ field }) => field !== "host-header"), hosts("a.io", "b.io"), paths("/a")],
    ]);
  });
  it.each([
    { text: "[]", expected: [[paths("/a")]] },
    { text: "null", expected: [[paths("/a")]] },
    { text: "[null,{}]", expected: [[paths("/a")]] },
    { text: '[{"field":"cookie","cookieConfig":{}}]', expected: [[paths("/a")]] },
    { text: '[{"field":"HOST-HEADER"}]', expected: [[paths("/a")]] },
    {
      text: '[{"FIELD":"source-ip","SourceIPConfig":{"Values":["::/0"]}}]',
      expected: [[{ field: "source-ip", sourceIpConfig: { values: ["::/0"] } }, paths("/a")]],
    },
  ])("$text", ({ text, expected }) => {
    expect(conditionsOf(exact("/a"), { "conditions.web": text })).toEqual(expected);
  });
  it.each([
    { field: "host-header" },
    { field: "host-header", hostHeaderConfig: {} },
    { field: "host-header", hostHeaderConfig: { values: [] } },
    { field: "host-header", hostHeaderConfig: { values: ["a"], regexValues: ["b"] } },
    { field: "path-pattern" },
    { field: "path-pattern", pathPatternConfig: { values: null } },
    { field: "http-header" },
    { field: "http-header", httpHeaderConfig: { httpHeaderName: "X", values: [] } },
    { field: "http-request-method" },
    { field: "http-request-method", httpRequestMethodConfig: {} },
    { field: "query-string" },
    { field: "query-string", queryStringConfig: { values: [] } },
    { field: "query-string", queryStringConfig: { values: [{ key: "k" }] } },
    { field: "query-string", queryStringConfig: { values: [null] } },
    { field: "source-ip" },
    { field: "source-ip", sourceIpConfig: { values: [] } },
  ])("%j is refused", (condition) => {
    expect(conditionsOf(exact("/a"), { "conditions.web": [condition] })).toBe("rule.condition-invalid");
  });
  it("concern only paths of the backend they name, whatever its port", () => {
    const rules = [rule(undefined, exact("/a"), exact("/b", backend("api")), exact("/c", backend("web", "https")))];
    const graph = annotated(
      { "conditions.web": [{ field: "path-pattern", pathPatternConfig: { values: ["/x"] } }] },
      { rules },
    );
    expect(rulesOf(graph).map(({ conditions: all }) => all)).toEqual([
      [paths("/a", "/x")],
      [paths("/b")],
      [paths("/c", "/x")],
    ]);
  });
});

describe("regex values for host/header/path", () => {
  const host = [{ field: "host-header", hostHeaderConfig: { regexValues: ["^a"] } }];
  const path = [{ field: "path-pattern", pathPatternConfig: { regexValues: ["^b"] } }];
  it("stand alone", () => {
    expect(conditionsOf(prefix(""), { "conditions.web": [...host, ...path] })).toEqual([
      [
        { field: "host-header", hostHeaderConfig: { regexValues: ["^a"] } },
        { field: "path-pattern", pathPatternConfig: { regexValues: ["^b"] } },
      ],
    ]);
  });
  it("aren't mixed with plain values", () => {
    expect(conditionsOf(prefix(""), { "conditions.web": host }, "a.io")).toBe("rule.path-invalid");
    expect(conditionsOf(prefix("/"), { "conditions.web": path })).toBe("rule.path-invalid");
    const regexPath = { "use-regex-path-match": "true", "conditions.web": path };
    expect(conditionsOf(anyPath("/^c"), regexPath)).toEqual([
      [{ field: "path-pattern", pathPatternConfig: { regexValues: ["^c", "^b"] } }],
    ]);
  });
});

describe("transforms (url-rewrite, host-header-rewrite)", () => {
  const url = { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } };
  const host = { type: "host-header-rewrite", hostHeaderRewriteConfig: { rewrites: [{ regex: "x", replace: "" }] } };
  const transformsOf = (transforms: unknown) => {
    const graph = annotated({ "transforms.web": transforms });
    const [error] = errorCodes(graph);
    return error ?? rulesOf(graph).map((spec) => spec.transforms);
  };
  it("keep the annotation's order", () => {
    expect(transformsOf([host, url])).toEqual([[host, url]]);
    expect(transformsOf([])).toEqual([undefined]);
  });
  it.each([
    { type: "rewrite" },
    {},
    null,
    { type: "url-rewrite" },
    { type: "url-rewrite", urlRewriteConfig: {} },
    { type: "url-rewrite", urlRewriteConfig: { rewrites: [] } },
    { type: "url-rewrite", hostHeaderRewriteConfig: { rewrites: [{ regex: "a" }] } },
    { type: "host-header-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a" }] } },
  ])("%j is refused", (transform) => {
    expect(transformsOf([transform])).toBe("rule.transform-invalid");
  });
});

describe("priority numbering after optimisation", () => {
  it("counts from 1 without gaps over the members in group order", () => {
    const redirect = { type: "redirect", redirectConfig: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } };
    const ingresses = ["a", "b", "c"].map((name) =>
      ingress({
        name,
        annotations: { "group.name": "team", "actions.go": redirect },
        rules: [
          rule(
            `${name}.io`,
            prefix("/", name === "b" ? { service: { name: "go", port: { name: "use-annotation" } } } : backend()),
            exact("/x"),
          ),
        ],
      }),
    );
    const rules = rulesOf(desired({ ingresses }));
    expect(rules.map(({ priority }) => priority)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(
      Object.keys(desired({ ingresses }).stacks["team"]?.resources ?? {}).filter((key) =>
        key.startsWith("listenerRule"),
      ),
    ).toEqual([1, 2, 3, 4, 5, 6].map((priority) => `listenerRule/80:${priority}`));
  });
  it("rules without an http section have no paths", () => {
    expect(rulesOf(annotated({}, { rules: [{ host: "a.io" }, rule("b.io", exact("/b"))] }))).toHaveLength(1);
  });
});
