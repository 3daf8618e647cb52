import { describe, expect, it } from "vitest";
import { ruleShape, rulesOverlap } from "../../src/diff/rule-overlap.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import { host, path } from "../fixtures/graph.ts";

const method = (...values: string[]): RuleCondition => ({
  field: "http-request-method",
  httpRequestMethodConfig: { values },
});
const source = (...values: string[]): RuleCondition => ({ field: "source-ip", sourceIpConfig: { values } });
const header = (name: string, ...values: string[]): RuleCondition => ({
  field: "http-header",
  httpHeaderConfig: { httpHeaderName: name, values },
});
const query = (key: string, value: string): RuleCondition => ({
  field: "query-string",
  queryStringConfig: { values: [{ key, value }] },
});
const pathRegex: RuleCondition = { field: "path-pattern", pathPatternConfig: { regexValues: ["^/x"] } };

describe("rulesOverlap", () => {
  it.each([
    { name: "equal paths", a: [path("/a")], b: [path("/a")], overlap: true },
    { name: "different paths", a: [path("/a")], b: [path("/b")], overlap: false },
    { name: "paths in another case", a: [path("/a")], b: [path("/A")], overlap: false },
    { name: "one of several paths", a: [path("/a", "/b/*")], b: [path("/c", "/b/x")], overlap: true },
    {
      name: "different hosts on one path",
      a: [host("a.io"), path("/*")],
      b: [host("b.io"), path("/*")],
      overlap: false,
    },
    { name: "hosts in another case", a: [host("A.io")], b: [host("a.IO")], overlap: true },
    { name: "a host and any host", a: [host("a.io")], b: [path("/a")], overlap: true },
    { name: "different methods", a: [method("GET")], b: [method("POST", "PUT")], overlap: false },
    { name: "a block within another", a: [source("10.0.0.0/8")], b: [source("10.1.0.0/16")], overlap: true },
    { name: "blocks side by side", a: [source("10.0.0.0/9")], b: [source("10.128.0.0/9")], overlap: false },
    { name: "IPv4 and IPv6", a: [source("0.0.0.0/0")], b: [source("::/0")], overlap: false },
    { name: "IPv6 blocks", a: [source("2001:db8::/32")], b: [source("2001:db8:1::/48")], overlap: true },
    { name: "a block that AWS would refuse", a: [source("010.0.0.0/8")], b: [source("192.168.0.0/16")], overlap: true },
    { name: "headers, of which a request may carry two", a: [header("x", "1")], b: [header("x", "2")], overlap: true },
    { name: "query parameters likewise", a: [query("x", "1")], b: [query("x", "2")], overlap: true },
    { name: "regular expressions", a: [pathRegex], b: [path("/a")], overlap: true },
    {
      name: "regular expressions on different hosts",
      a: [pathRegex, host("a")],
      b: [pathRegex, host("b")],
      overlap: false,
    },
  ])("$name: $overlap", ({ a, b, overlap }) => {
    expect(rulesOverlap(ruleShape(a), ruleShape(b))).toBe(overlap);
    expect(rulesOverlap(ruleShape(b), ruleShape(a))).toBe(overlap);
  });
});
