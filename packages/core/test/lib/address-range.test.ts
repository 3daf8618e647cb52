import { describe, expect, it } from "vitest";
import {
  addressAfter,
  addressText,
  firstAddress,
  parseAddress,
  parseRange,
  rangeHolds,
} from "../../src/lib/address-range.ts";

describe("rangeHolds", () => {
  it.each([
    { range: "192.0.2.0/24", address: "192.0.2.255", holds: true },
    { range: "192.0.2.0/24", address: "192.0.3.0", holds: false },
    { range: "198.51.100.10/32", address: "198.51.100.10", holds: true },
    { range: "198.51.100.10/32", address: "198.51.100.11", holds: false },
    { range: "10.0.0.0/9", address: "10.127.0.1", holds: true },
    { range: "10.0.0.0/9", address: "10.128.0.1", holds: false },
    { range: "0.0.0.0/0", address: "203.0.113.9", holds: true },
    { range: "0.0.0.0/0", address: "2001:db8::1", holds: false },
    { range: "2001:db8::/32", address: "2001:db8:ffff::1", holds: true },
    { range: "2001:db8::/32", address: "2001:db9::", holds: false },
    { range: "192.0.2.77/24", address: "192.0.2.1", holds: true },
  ])("$address in $range: $holds", ({ range, address, holds }) => {
    expect(rangeHolds(parseRange(range)!, parseAddress(address)!)).toBe(holds);
  });
});

describe("borders of a range", () => {
  it.each([
    { range: "192.0.2.77/24", first: "192.0.2.0", after: "192.0.3.0" },
    { range: "10.255.0.0/16", first: "10.255.0.0", after: "11.0.0.0" },
    { range: "0.0.0.0/0", first: "0.0.0.0", after: undefined },
    { range: "255.255.255.255/32", first: "255.255.255.255", after: undefined },
    { range: "2001:db8::/32", first: "2001:db8::", after: "2001:db9::" },
  ])("$range", ({ range, first, after }) => {
    const parsed = parseRange(range)!;
    const behind = addressAfter(parsed);
    expect(addressText(firstAddress(parsed))).toBe(first);
    expect(behind && addressText(behind)).toBe(after);
  });
});

it.each(["", "10.0.0", "010.0.0.1", "10.0.0.1/8", "fe80::1%eth0", "x"])("refuses the address %j", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});
