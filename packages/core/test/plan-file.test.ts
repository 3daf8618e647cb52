import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { callFor } from "../src/call-for.ts";
import { plan } from "../src/plan.ts";
import { type LoadedPlan, planFromJson } from "../src/plan-file.ts";
import { planFileDigest, renderPlanJson } from "../src/render/plan-json.ts";
import { aStack } from "./fixtures/arbitrary-stack.ts";
import { carryOut, NOTHING } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, type StackSketch } from "./fixtures/graph.ts";

const WEB: StackSketch = {
  targetGroups: { "shop/web-web:80": {} },
  listeners: { 80: { rules: [{ conditions: [path("/*")], actions: [forwardTo("shop/web-web:80")] }] } },
};
const MADE = deepFreeze(plan(graphOf([WEB]), NOTHING));
const SAVED = renderPlanJson(MADE, callFor);

const codes = (loaded: LoadedPlan): readonly string[] =>
  "plan" in loaded ? [] : loaded.diagnostics.map(({ code, field }) => `${code} ${field ?? ""}`.trim());

interface File {
  readonly [part: string]: unknown;
}

/** The saved plan with other content and the digest that fits it. */
function forged(change: (file: File) => File): string {
  const file = change(JSON.parse(SAVED) as File);
  return JSON.stringify({ ...file, digest: planFileDigest(file) });
}

describe("planFromJson", () => {
  test.prop([aStack, aStack], { numRuns: 60 })("gives back the plan that was saved", (before, after) => {
    const { account } = carryOut(graphOf([before]));
    const made = plan(graphOf([after]), account);
    expect(planFromJson(renderPlanJson(made, callFor))).toEqual({ plan: made });
  });

  it("saves what it loaded as the same text", () => {
    const loaded = planFromJson(SAVED);
    expect("plan" in loaded && renderPlanJson(loaded.plan, callFor)).toBe(SAVED);
  });

  it("takes other spaces and another order of keys", () => {
    const reversed = Object.fromEntries(Object.entries(JSON.parse(SAVED) as File).reverse());
    expect(planFromJson(JSON.stringify(reversed))).toEqual({ plan: MADE });
  });

  test.prop([fc.nat(), fc.string({ minLength: 1 })], { numRuns: 200 })("refuses any edit", (at, text) => {
    const places = [...leaves(JSON.parse(SAVED) as File)];
    const place = places[at % places.length] ?? [];
    const edited = JSON.parse(SAVED) as File;
    const value = set(edited, place, text);
    fc.pre(value !== text);
    const found = codes(planFromJson(JSON.stringify(edited)));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((code) => /^plan\.(altered|malformed)/.test(code))).toBe(true);
  });

  test.prop([fc.nat()], { numRuns: 50 })("refuses a file that was cut", (at) => {
    expect(codes(planFromJson(SAVED.slice(0, at % (SAVED.length - 2))))).toEqual(["plan.malformed"]);
  });

  test.prop([fc.json()], { numRuns: 100 })("refuses any other JSON", (text) => {
    expect(codes(planFromJson(text)).length).toBeGreaterThan(0);
  });

  it.each<{ name: string; text: string; found: readonly string[] }>([
    { name: "no JSON", text: "actions: []", found: ["plan.malformed"] },
    { name: "a list", text: "[]", found: ["plan.malformed"] },
    { name: "null", text: "null", found: ["plan.malformed"] },
    {
      name: "an action left out",
      text: JSON.stringify({ ...(JSON.parse(SAVED) as File), actions: [] }),
      found: ["plan.altered /digest"],
    },
    {
      name: "a part added",
      text: JSON.stringify({ ...(JSON.parse(SAVED) as File), more: 1 }),
      found: ["plan.altered /digest"],
    },
    {
      name: "no digest",
      text: JSON.stringify({ ...(JSON.parse(SAVED) as File), digest: undefined }),
      found: ["plan.malformed /digest"],
    },
    {
      name: "a later version, whatever it looks like",
      text: JSON.stringify({ formatVersion: 2 }),
      found: ["plan.version /formatVersion"],
    },
    {
      name: "a version that is no number",
      text: forged((file) => ({ ...file, formatVersion: "1" })),
      found: ["plan.malformed /formatVersion"],
    },
    {
      name: "an action without what it depends on",
      text: forged((file) => ({ ...file, actions: [{ ...firstAction(file), dependsOn: undefined }] })),
      found: ["plan.malformed /actions/0/dependsOn"],
    },
    {
      name: "an action that doesn't exist",
      text: forged((file) => ({ ...file, actions: [{ ...firstAction(file), kind: "constructor" }] })),
      found: ["plan.malformed /actions/0/kind"],
    },
  ])("refuses $name", ({ text, found }) => {
    expect(codes(planFromJson(text))).toEqual(found);
  });

  it("names the digest and the version", () => {
    expect(planFromJson(JSON.stringify({ formatVersion: 7 }))).toMatchObject({
      diagnostics: [{ severity: "error", message: "The plan is of format version 7; this elbplan reads version 1." }],
    });
  });
});

function firstAction(file: File): object {
  return (file["actions"] as readonly object[])[0] ?? {};
}

/** The ways to all values that hold no others. */
function* leaves(value: unknown, way: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) yield way;
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...way, key]);
}

/** Puts a value there and returns what was there before. */
function set(file: unknown, way: readonly string[], value: unknown): unknown {
  const [key = "", ...rest] = way;
  const holder = file as { [key: string]: unknown };
  if (rest.length > 0) return set(holder[key], rest, value);
  const before = holder[key];
  holder[key] = value;
  return before;
}
