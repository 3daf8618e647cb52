import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasHostBits, isCidr } from "../../src/lib/cidr.ts";

it.each([
  "0.0.0.0/0",
  "10.1.2.3/8",
  "255.255.255.255/32",
  "::/0",
  "2001:db8::1/64",
  "::ffff:1.2.3.4/128",
  "2001:DB8::/32",
])("%s is a CIDR", (text) => {
  expect(isCidr(text)).toBe(true);
});

it.each([
  "",
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/08",
  "010.0.0.0/8",
  "10.0.0/8",
  "256.0.0.0/8",
  " 10.0.0.0/8",
  "10.0.0.0/8 ",
  "0x0a.0.0.0/8",
  "::/129",
  "fe80::1%eth0/64",
  "1::2::3/64",
  "10.0.0.0/-1",
  "a/b",
])("%j is none", (text) => {
  expect(isCidr(text)).toBe(false);
});

describe("host bits", () => {
  it.each([
    { cidr: "10.0.0.0/8", bits: false },
    { cidr: "10.0.0.1/8", bits: true },
    { cidr: "10.0.0.1/32", bits: false },
    { cidr: "0.0.0.0/0", bits: false },
    { cidr: "128.0.0.0/0", bits: true },
    { cidr: "10.64.0.0/9", bits: true },
    { cidr: "2001:db8::/32", bits: false },
    { cidr: "2001:db8::1/64", bits: true },
  ])("$cidr: $bits", ({ cidr, bits }) => {
    expect(hasHostBits(cidr)).toBe(bits);
  });
  it("a network without its host bits has none", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.nat({ max: 32 }), (address, prefix) => {
        const network = prefix === 0 ? 0 : (address >>> (32 - prefix)) * 2 ** (32 - prefix);
        const dotted = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".");
        expect([isCidr(`${dotted}/${prefix}`), hasHostBits(`${dotted}/${prefix}`)]).toEqual([true, false]);
      }),
    );
  });
});
