import { describe, expect, it } from "vitest";
import { GRAMMARS } from "../../src/read/annotation-grammar.ts";
import { type AnnotationRow, defaultText } from "../../src/read/annotation-row.ts";
import { ANNOTATIONS } from "../../src/read/annotations.ts";
import { ingress } from "../fixtures/cluster.ts";
import { desired } from "../fixtures/desired.ts";

const rows: readonly (readonly [string, AnnotationRow])[] = Object.entries(ANNOTATIONS);
const fixed = rows.flatMap(([name, { grammar, defaultValue }]) =>
  defaultValue === undefined ? [] : [{ name, grammar, defaultValue }],
);

describe("the annotation table", () => {
  it.each(fixed)("$name: the default is what its text reads as", ({ grammar, defaultValue }) => {
    expect(GRAMMARS[grammar](String(defaultValue))).toEqual({ value: defaultValue });
  });

  it.each(fixed.filter(({ name }) => !name.startsWith("frontend-nlb-")))(
    "$name: written out, the default changes nothing",
    ({ name, defaultValue }) => {
      const written = desired({ ingresses: [ingress({ annotations: { [name]: String(defaultValue) } })] });
      expect(written).toEqual(desired({ ingresses: [ingress()] }));
      expect(written.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );

  it.each(fixed.filter(({ name }) => name.startsWith("frontend-nlb-")))(
    "$name: written out beside a network load balancer, the default changes nothing",
    ({ name, defaultValue }) => {
      const nlb = { "enable-frontend-nlb": "true" };
      const written = desired({ ingresses: [ingress({ annotations: { ...nlb, [name]: String(defaultValue) } })] });
      expect(written).toEqual(desired({ ingresses: [ingress({ annotations: nlb })] }));
      expect(written.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );

  it.each(
    rows.flatMap(([name, { allowed, defaultValue }]) =>
      allowed === undefined ? [] : [{ name, allowed, defaultValue }],
    ),
  )("$name: allows its default", ({ allowed, defaultValue = allowed[0] }) => {
    expect(allowed).toContain(defaultValue);
  });

  it("says a default in words, or as its value", () => {
    expect(defaultText(ANNOTATIONS["healthcheck-interval-seconds"])).toBe("15");
    expect(defaultText(ANNOTATIONS["create-acm-cert"])).toBe("false");
    expect(defaultText(ANNOTATIONS["certificate-arn"])).toBe("discovered by host");
  });
});
