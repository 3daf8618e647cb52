import fc from "fast-check";
import { expect, it } from "vitest";
import {
  areDisjoint,
  bitSet,
  bitSetKey,
  bitsOf,
  difference,
  hasBit,
  intersection,
  union,
} from "../../src/lib/bit-set.ts";

it("does what sets do", () => {
  const numbers = fc.uniqueArray(fc.nat({ max: 99 }));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [left, right] = [a, b].map((list) => bitSet(100, (index) => list.includes(index)));
      const sorted = (list: readonly number[]) => [...list].sort((x, y) => x - y);
      expect(bitsOf(left!)).toEqual(sorted(a));
      expect(bitsOf(intersection(left!, right!))).toEqual(sorted(a.filter((one) => b.includes(one))));
      expect(bitsOf(union(left!, right!))).toEqual(sorted([...new Set([...a, ...b])]));
      expect(bitsOf(difference(left!, right!))).toEqual(sorted(a.filter((one) => !b.includes(one))));
      expect(areDisjoint(left!, right!)).toBe(!a.some((one) => b.includes(one)));
      expect(hasBit(left!, 31)).toBe(a.includes(31));
      expect(bitSetKey(left!) === bitSetKey(right!)).toBe(`${sorted(a)}` === `${sorted(b)}`);
    }),
  );
});
