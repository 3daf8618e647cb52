import { describe, expect, it } from "vitest";
import { listenAddress } from "../../src/operations/address.ts";

describe("an address to listen on", () => {
  it.each([
    { text: ":8080", value: { port: 8080 } },
    { text: "127.0.0.1:8080", value: { host: "127.0.0.1", port: 8080 } },
    { text: "localhost:0", value: { host: "localhost", port: 0 } },
    { text: "[::1]:61779", value: { host: "::1", port: 61_779 } },
    { text: "[::]:1", value: { host: "::", port: 1 } },
    { text: "0", value: undefined },
  ])("$text", ({ text, value }) => {
    expect(listenAddress(text)).toEqual({ value });
  });

  it.each(["", "8080", ":", ":65536", ":-1", "::1:80", "[::1]", "http://x:1", "a:b", ":8080 ", "[x]:1"])(
    "%j is none",
    (text) => {
      expect(listenAddress(text)).toEqual({
        problem: `${JSON.stringify(text)} is no address such as :8080 or 127.0.0.1:8080`,
      });
    },
  );
});
