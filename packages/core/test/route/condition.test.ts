import { describe, expect, it } from "vitest";
import { linearRegex } from "../../src/linear-regex.ts";
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import { conditionTest, prepareRequest, type Verdict } from "../../src/route/condition.ts";
import { UNKNOWN_REGEX } from "../../src/route/regex-engine.ts";
import type { Request } from "../../src/route/request.ts";
import { header, host, hostRegex, method, path, pathRegex, query, request, source } from "./rules.ts";

interface Case {
  readonly name: string;
  readonly condition: RuleCondition;
  readonly request: Partial<Request>;
  readonly verdict: Verdict;
}

const verdictOf = ({ condition, request: rest }: Case, regex = linearRegex()): Verdict =>
  conditionTest(condition, regex)(prepareRequest(request(rest)));

describe("host-header", () => {
  it.each<Case>([
    { name: "the same name", condition: host("example.com"), request: { host: "example.com" }, verdict: true },
    { name: "case of the request", condition: host("example.com"), request: { host: "EXAMPLE.Com" }, verdict: true },
    { name: "case of the value", condition: host("Example.COM"), request: { host: "example.com" }, verdict: true },
    { name: "another name", condition: host("example.com"), request: { host: "example.org" }, verdict: false },
    { name: "a subdomain", condition: host("*.example.com"), request: { host: "test.example.com" }, verdict: true },
    { name: "two labels", condition: host("*.example.com"), request: { host: "a.b.example.com" }, verdict: true },
    { name: "no subdomain", condition: host("*.example.com"), request: { host: "example.com" }, verdict: false },
    { name: "a dot is a dot", condition: host("a.example.com"), request: { host: "aXexample.com" }, verdict: false },
    { name: "one character", condition: host("v?.example.com"), request: { host: "v2.example.com" }, verdict: true },
    { name: "not two", condition: host("v?.example.com"), request: { host: "v22.example.com" }, verdict: false },
    { name: "the second value", condition: host("a.com", "b.com"), request: { host: "b.com" }, verdict: true },
    {
      name: "regex",
      condition: hostRegex("^(a|b)\\.example\\.com$"),
      request: { host: "b.example.com" },
      verdict: true,
    },
    { name: "regex and case", condition: hostRegex("^A\\."), request: { host: "a.example.com" }, verdict: true },
    { name: "regex fails", condition: hostRegex("^c\\."), request: { host: "a.example.com" }, verdict: false },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));
});

describe("path-pattern", () => {
  it.each<Case>([
    { name: "below", condition: path("/img/*"), request: { path: "/img/picture.jpg" }, verdict: true },
    { name: "the folder itself", condition: path("/img/*"), request: { path: "/img" }, verdict: false },
    {
      name: "a star crosses slashes",
      condition: path("/img/*/pics"),
      request: { path: "/img/a/b/pics" },
      verdict: true,
    },
    { name: "case counts", condition: path("/img/*"), request: { path: "/IMG/a" }, verdict: false },
    { name: "exact only", condition: path("/cart"), request: { path: "/cart/" }, verdict: false },
    { name: "the query is no part", condition: path("/cart"), request: { path: "/cart", query: "x=1" }, verdict: true },
    {
      name: "the query can't match",
      condition: path("*x=1"),
      request: { path: "/cart", query: "x=1" },
      verdict: false,
    },
    { name: "an empty path value", condition: path("/"), request: { path: "/" }, verdict: true },
    { name: "regex", condition: pathRegex("^/api/v[0-9]+/"), request: { path: "/api/v12/x" }, verdict: true },
    { name: "regex anywhere", condition: pathRegex("v[0-9]"), request: { path: "/api/v1" }, verdict: true },
    { name: "regex and case", condition: pathRegex("^/API"), request: { path: "/api" }, verdict: false },
    { name: "regex not understood", condition: pathRegex("(?=a)"), request: { path: "/a" }, verdict: undefined },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));
});

describe("http-header", () => {
  const chrome = header("User-Agent", "*Chrome*", "*Safari*");
  it.each<Case>([
    { name: "contains", condition: chrome, request: { headers: { "User-Agent": "Mozilla Chrome/1" } }, verdict: true },
    { name: "case of the name", condition: chrome, request: { headers: { "USER-agent": "x Safari" } }, verdict: true },
    { name: "case of the value", condition: chrome, request: { headers: { "user-agent": "CHROME" } }, verdict: true },
    { name: "another value", condition: chrome, request: { headers: { "user-agent": "curl" } }, verdict: false },
    { name: "no header", condition: chrome, request: {}, verdict: false },
    { name: "no header, any value", condition: header("X", "*"), request: {}, verdict: false },
    { name: "sent twice", condition: header("X", "b"), request: { headers: { x: ["a", "b"] } }, verdict: true },
    { name: "in two cases", condition: header("X", "b"), request: { headers: { x: "a", X: "b" } }, verdict: true },
    {
      name: "forwarded address",
      condition: header("X-Forwarded-For", "10.*"),
      request: { headers: { "x-forwarded-for": "10.1.2.3" } },
      verdict: true,
    },
    { name: "a name of all objects", condition: header("constructor", "*"), request: {}, verdict: false },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));
});

describe("http-request-method", () => {
  it.each<Case>([
    { name: "the same", condition: method("GET", "HEAD"), request: { method: "HEAD" }, verdict: true },
    { name: "another", condition: method("GET"), request: { method: "POST" }, verdict: false },
    { name: "case counts", condition: method("GET"), request: { method: "get" }, verdict: false },
    {
      name: "one of one's own",
      condition: method("CUSTOM-METHOD"),
      request: { method: "CUSTOM-METHOD" },
      verdict: true,
    },
    { name: "no wildcards", condition: method("*"), request: { method: "GET" }, verdict: false },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));
});

describe("query-string", () => {
  const versions = query("version=v1", "*example*");
  it.each<Case>([
    { name: "the pair", condition: versions, request: { query: "a=b&version=v1" }, verdict: true },
    { name: "any key", condition: versions, request: { query: "x=anexample1" }, verdict: true },
    { name: "another value", condition: versions, request: { query: "version=v2" }, verdict: false },
    {
      name: "key and value of different pairs",
      condition: query("a=1"),
      request: { query: "a=2&b=1" },
      verdict: false,
    },
    { name: "case of both", condition: query("Version=V1"), request: { query: "vERSION=v1" }, verdict: true },
    { name: "wildcards in the key", condition: query("v*=1"), request: { query: "version=1" }, verdict: true },
    { name: "no query", condition: query("*"), request: {}, verdict: false },
    { name: "a key alone", condition: query("debug="), request: { query: "debug" }, verdict: true },
    { name: "as pairs", condition: query("a=1"), request: { query: [{ key: "a", value: "1" }] }, verdict: true },
    { name: "an escaped star", condition: query("a=\\*"), request: { query: "a=*" }, verdict: true },
    { name: "an escaped star is no wildcard", condition: query("a=\\*"), request: { query: "a=b" }, verdict: false },
    { name: "an equals sign in the value", condition: query("a=*c"), request: { query: "a=b=c" }, verdict: true },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));
});

describe("source-ip", () => {
  const office = source("192.0.2.0/24", "198.51.100.10/32", "2001:db8::/32");
  it.each<Case>([
    { name: "in the first block", condition: office, request: { sourceIp: "192.0.2.9" }, verdict: true },
    { name: "in the second", condition: office, request: { sourceIp: "198.51.100.10" }, verdict: true },
    { name: "in none", condition: office, request: { sourceIp: "198.51.100.11" }, verdict: false },
    { name: "IPv6", condition: office, request: { sourceIp: "2001:db8::7" }, verdict: true },
    {
      name: "no forwarded address",
      condition: office,
      request: { headers: { "X-Forwarded-For": "192.0.2.9" } },
      verdict: false,
    },
    { name: "an address that is none", condition: office, request: { sourceIp: "localhost" }, verdict: undefined },
    {
      name: "a block that is none",
      condition: source("10.0.0.0"),
      request: { sourceIp: "10.0.0.0" },
      verdict: undefined,
    },
  ])("$name", (one) => expect(verdictOf(one)).toBe(one.verdict));

  it("is undecided while the address is unknown", () => {
    const { sourceIp: _, ...unknown } = request();
    expect(conditionTest(office, UNKNOWN_REGEX)(prepareRequest(unknown))).toBeUndefined();
  });
});

it("is undecided on a regular expression without an engine", () => {
  expect(
    verdictOf({ name: "", condition: hostRegex("a"), request: {}, verdict: undefined }, UNKNOWN_REGEX),
  ).toBeUndefined();
});
