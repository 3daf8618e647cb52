import { describe, expect, it } from "vitest";
import { parseRequest } from "../../src/route/parse-request.ts";

const plain = { scheme: "https", port: 443, method: "GET", path: "/", query: "", headers: {} };

describe("parseRequest", () => {
  it.each([
    { text: "GET https://shop.example.com/cart?x=1", as: { host: "shop.example.com", path: "/cart", query: "x=1" } },
    { text: "https://shop.example.com", as: { host: "shop.example.com" } },
    {
      text: "  POST   http://a.b:8080/x ",
      as: { scheme: "http", host: "a.b", port: 8080, method: "POST", path: "/x" },
    },
    { text: "http://a.b/", as: { scheme: "http", host: "a.b", port: 80 } },
    { text: "HTTPS://A.B/C", as: { host: "A.B", path: "/C" } },
    { text: "https://a.b?x", as: { host: "a.b", query: "x" } },
    { text: "https://a.b/x#part", as: { host: "a.b", path: "/x" } },
    { text: "https://a.b/x?y#part", as: { host: "a.b", path: "/x", query: "y" } },
    { text: "https://a.b/x/../y/./z", as: { host: "a.b", path: "/y/z" } },
    { text: "https://a.b/x/..", as: { host: "a.b", path: "/" } },
    { text: "https://a.b/../x/.", as: { host: "a.b", path: "/x/" } },
    { text: "https://a.b/x//y/", as: { host: "a.b", path: "/x//y/" } },
    { text: "https://[2001:db8::1]:8443/", as: { host: "[2001:db8::1]", port: 8443 } },
    { text: "https://a.b/%20?q=%3F?&r", as: { host: "a.b", path: "/%20", query: "q=%3F?&r" } },
  ])("reads $text", ({ text, as }) => {
    expect(parseRequest(text)).toEqual({ ...plain, ...as });
  });

  it.each([
    { text: "", because: "form" },
    { text: "shop.example.com/cart", because: "form" },
    { text: "GET  ", because: "form" },
    { text: "GET https://a.b/ HTTP/1.1", because: "form" },
    { text: "ftp://a.b/", because: "scheme is ftp" },
    { text: "https:///x", because: "no host name" },
    { text: "https://me@a.b/", because: "user name" },
    { text: "https://a..b/", because: "no host name" },
    { text: "https://[::g]/", because: "no host name" },
    { text: "https://a.b:0/", because: "no port" },
    { text: "https://a.b:65536/", because: "no port" },
    { text: "https://a.b:/", because: "no port" },
    { text: "https://a.b/ä", because: "percent-encoded" },
  ])("refuses $text", ({ text, because }) => {
    expect(parseRequest(text)).toMatchObject({
      code: "request.invalid",
      severity: "error",
      message: expect.stringContaining(because),
    });
  });
});
