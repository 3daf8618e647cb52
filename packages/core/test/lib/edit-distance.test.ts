import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "../../src/lib/edit-distance.ts";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["scheme", "scheme", 0],
    ["shceme", "scheme", 1],
    ["schema", "scheme", 1],
    ["scheme", "schemes", 1],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
  ])("%s, %s: %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test.prop([fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 })])("is symmetric and bounded", (a, b) => {
    const distance = editDistance(a, b);
    expect(distance).toBe(editDistance(b, a));
    expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    expect(distance === 0).toBe(a === b);
  });
});

describe("nearest", () => {
  it.each([
    ["shceme", "scheme"],
    ["subnet", "subnets"],
    ["nothing-like-it", undefined],
    ["", undefined],
  ])("%s: %s", (text, found) => {
    expect(nearest(text, ["scheme", "subnets", "tags"])).toBe(found);
  });
});
