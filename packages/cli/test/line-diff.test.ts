import { PLAIN } from "@elbplan/core";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { diffLines } from "../src/line-diff.ts";

describe("diffLines", () => {
  it("shows changes with some context and leaves the rest out", () => {
    const before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].join("\n");
    const after = ["1", "2", "3", "x", "5", "6", "7", "8", "9", "10"].join("\n");
    expect(diffLines(before, after, PLAIN)).toBe(
      ["    3", "  - 4", "  + x", "    5", "    …", "    9", "  + 10", ""].join("\n"),
    );
  });

  test.prop([fc.array(fc.constantFrom("a", "b", "c")), fc.array(fc.constantFrom("a", "b", "c"))])(
    "says nothing exactly if nothing differs",
    (before, after) => {
      const same = before.join("\n") === after.join("\n");
      expect(diffLines(before.join("\n"), after.join("\n"), PLAIN) === "").toBe(same);
    },
  );
});
