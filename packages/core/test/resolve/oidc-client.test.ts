import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../../src/lib/base64.ts";
import { decodeUtf8, utf8Length } from "../../src/lib/utf8.ts";
import { cleanClient } from "../../src/resolve/oidc-client.ts";
import { ingress, secret } from "../fixtures/cluster.ts";
import { desired } from "../fixtures/desired.ts";

describe("client id and secret", () => {
  it.each([
    { id: "id \n\t", secret: "secret", cleaned: ["id", "secret"] },
    { id: " id", secret: " secret \n", cleaned: [" id", " secret "] },
    { id: "id\u00a0\u2003", secret: "secret\r\n\u0000\u0085", cleaned: ["id", "secret"] },
    { id: "id\u0000", secret: "\n\n", cleaned: ["id\u0000", ""] },
    { id: "aba ", secret: "tail \u00a0", cleaned: ["aba", "tail \u00a0"] },
    { id: "  ", secret: "", cleaned: ["", ""] },
  ])("$id and $secret", ({ id, secret: text, cleaned: [clientId, clientSecret] }) => {
    expect(cleanClient(id, text)).toEqual({ clientId, clientSecret });
  });
});

function digestOf(sketch: Parameters<typeof secret>[1]): string {
  const annotations = {
    "certificate-arn": "arn:a",
    "auth-type": "oidc",
    "auth-idp-oidc": {
      issuer: "i",
      authorizationEndpoint: "a",
      tokenEndpoint: "t",
      userInfoEndpoint: "u",
      secretName: "login",
    },
  };
  const graph = desired({ ingresses: [ingress({ annotations })], secrets: [secret("login", sketch)] });
  return /"digest":"([0-9a-f]+)"/.exec(JSON.stringify(graph))?.[1] ?? "none";
}

describe("the Secret's data", () => {
  const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
  it.each(["secret", "gehéim à", "пароль\u0420", "秘密😀"])("%s reads the same from data and stringData", (text) => {
    const plain = digestOf({ stringData: { clientID: text, clientSecret: text } });
    expect(digestOf({ data: { clientID: base64(text), clientSecret: base64(text) } })).toBe(plain);
    expect(plain).not.toBe("none");
  });
  it("stringData wins, clientId serves if there is no clientID", () => {
    const wanted = digestOf({ stringData: { clientID: "a", clientSecret: "b" } });
    expect(
      digestOf({ data: { clientID: base64("x"), clientSecret: base64("b") }, stringData: { clientID: "a" } }),
    ).toBe(wanted);
    expect(digestOf({ data: { clientId: base64("a"), clientSecret: base64("b") } })).toBe(wanted);
    expect(digestOf({ stringData: { clientID: "a", clientId: "x", clientSecret: "b" } })).toBe(wanted);
    expect(digestOf({ stringData: { clientID: "a", clientSecret: "c" } })).not.toBe(wanted);
  });
});

describe("bytes", () => {
  const decode = (text: string): string => decodeUtf8(decodeBase64(text));
  it.each(["", "a", "ab", "abc", "é", "€uro", "😀!"])("%s is read from base64", (text) => {
    expect(decode(Buffer.from(text, "utf8").toString("base64"))).toBe(text);
    expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
  it.each([
    [0xff],
    [0xc0, 0x80],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0x80, 0x61],
    [0xf0, 0x80, 0x80, 0x80],
  ])("%#: malformed bytes become replacement characters, as in the host's decoder for single bytes", (...bytes) => {
    const text = decodeUtf8(bytes);
    expect(text).toMatch(/^\ufffd+a?$/);
  });
  it("line breaks are skipped, padding and rubbish end it", () => {
    expect(decode("YW\nJj\r\n")).toBe("abc");
    expect(decode("YQ==YQ==")).toBe("a");
    expect(decode("YWJj!YWJj")).toBe("abc");
  });
});
