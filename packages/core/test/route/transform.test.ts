import { describe, expect, it } from "vitest";
import { linearRegex } from "../../src/linear-regex.ts";
import type { RuleTransform } from "../../src/model/listener-rule.ts";
import { UNKNOWN_REGEX } from "../../src/route/regex-engine.ts";
import { forwardedOf } from "../../src/route/transform.ts";
import { request } from "./rules.ts";

const url = (...rewrites: [string, string][]): RuleTransform => ({
  type: "url-rewrite",
  urlRewriteConfig: { rewrites: rewrites.map(([regex, replace]) => ({ regex, replace })) },
});
const hostRewrite = (regex: string, replace: string): RuleTransform => ({
  type: "host-header-rewrite",
  hostHeaderRewriteConfig: { rewrites: [{ regex, replace }] },
});

describe("forwardedOf", () => {
  it.each([
    { name: "no transforms", transforms: [], path: "/dp/B09?x=1", to: "shop.example.com/dp/B09?x=1" },
    {
      name: "path to query",
      transforms: [url(["^/dp/([A-Za-z0-9]+)/?$", "/product?id=$1"])],
      path: "/dp/B09",
      to: "shop.example.com/product?id=B09",
    },
    {
      name: "no match",
      transforms: [url(["^/dp/([A-Za-z0-9]+)/?$", "/x"])],
      path: "/other",
      to: "shop.example.com/other",
    },
    {
      name: "the query is part of the URL",
      transforms: [url(["\\?x=([0-9])$", "/$1"])],
      path: "/a?x=1",
      to: "shop.example.com/a/1",
    },
    { name: "case of paths counts", transforms: [url(["^/A", "/b"])], path: "/a", to: "shop.example.com/a" },
    {
      name: "two groups",
      transforms: [url(["^/([a-z]+)/([a-z]+)$", "/$2/$1"])],
      path: "/a/b",
      to: "shop.example.com/b/a",
    },
    {
      name: "the first rewrite that matches",
      transforms: [url(["^/z", "/1"], ["^/a", "/2"], ["^/", "/3"])],
      path: "/a",
      to: "shop.example.com/2",
    },
    { name: "only the first match", transforms: [url(["a", "b"])], path: "/aa", to: "shop.example.com/ba" },
    { name: "host", transforms: [hostRewrite("^shop\\.(.+)$", "internal.$1")], path: "/", to: "internal.example.com/" },
    { name: "host in another case", transforms: [hostRewrite("^SHOP", "x")], path: "/", to: "x.example.com/" },
    { name: "both", transforms: [hostRewrite("^shop", "s"), url(["^/a$", "/b"])], path: "/a", to: "s.example.com/b" },
  ])("$name", ({ transforms, path: full, to }) => {
    const [path = "", query = ""] = full.split("?");
    const forwarded = forwardedOf(transforms, request({ path, query }), linearRegex());
    expect(`${forwarded.host}${forwarded.path}${forwarded.query && `?${forwarded.query}`}`).toBe(to);
    expect(forwarded.unknown).toEqual([]);
  });

  it("leaves the request as it is and says so without an engine", () => {
    expect(forwardedOf([url(["^/a", "/b"])], request({ path: "/a" }), UNKNOWN_REGEX)).toEqual({
      host: "shop.example.com",
      path: "/a",
      query: "",
      unknown: ["^/a"],
    });
  });

  it("doesn't know what a replacement with a group that isn't there does", () => {
    expect(forwardedOf([url(["^/a", "/$2"])], request({ path: "/a" }), linearRegex()).unknown).toEqual(["^/a"]);
  });
});
