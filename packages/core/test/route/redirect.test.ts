import { describe, expect, it } from "vitest";
import type { RedirectAction } from "../../src/model/rule-action.ts";
import { redirectOf } from "../../src/route/redirect.ts";
import { request } from "./rules.ts";

type Config = Partial<RedirectAction["redirectConfig"]>;
const locationOf = (config: Config, query = "a=1"): string =>
  redirectOf(
    { type: "redirect", redirectConfig: { statusCode: "HTTP_302", ...config } },
    request({ path: "/cart/items", query }),
  ).location;

describe("redirectOf", () => {
  it.each<{ name: string; config: Config; location: string }>([
    { name: "nothing said", config: {}, location: "http://shop.example.com:80/cart/items?a=1" },
    {
      name: "to HTTPS",
      config: { protocol: "HTTPS", port: "443" },
      location: "https://shop.example.com:443/cart/items?a=1",
    },
    {
      name: "all keywords",
      config: { protocol: "#{protocol}", host: "#{host}", port: "#{port}", path: "/#{path}", query: "#{query}" },
      location: "http://shop.example.com:80/cart/items?a=1",
    },
    { name: "another port", config: { port: "40443" }, location: "http://shop.example.com:40443/cart/items?a=1" },
    {
      name: "below another path",
      config: { path: "/new/#{path}" },
      location: "http://shop.example.com:80/new/cart/items?a=1",
    },
    {
      name: "host in host",
      config: { host: "www.#{host}" },
      location: "http://www.shop.example.com:80/cart/items?a=1",
    },
    {
      name: "host and port in path",
      config: { path: "/#{host}/#{port}" },
      location: "http://shop.example.com:80/shop.example.com/80?a=1",
    },
    {
      name: "more query",
      config: { query: "#{query}&value=xyz" },
      location: "http://shop.example.com:80/cart/items?a=1&value=xyz",
    },
    {
      name: "all in the query",
      config: { query: "#{protocol}-#{host}-#{port}-#{path}-#{query}" },
      location: "http://shop.example.com:80/cart/items?http-shop.example.com-80-cart/items-a=1",
    },
    { name: "query taken away", config: { query: "" }, location: "http://shop.example.com:80/cart/items" },
    { name: "not a keyword there", config: { host: "#{path}" }, location: "http://#{path}:80/cart/items?a=1" },
  ])("$name", ({ config, location }) => expect(locationOf(config)).toBe(location));

  it("adds no question mark without a query", () =>
    expect(locationOf({}, "")).toBe("http://shop.example.com:80/cart/items"));

  it("never reads the request as a template", () => {
    expect(locationOf({}, "x=#{host}")).toBe("http://shop.example.com:80/cart/items?x=#{host}");
  });

  it.each([
    { statusCode: "HTTP_301", number: 301 },
    { statusCode: "HTTP_302", number: 302 },
  ])("answers $number", ({ statusCode, number }) => {
    expect(redirectOf({ type: "redirect", redirectConfig: { statusCode } }, request()).statusCode).toBe(number);
  });
});
