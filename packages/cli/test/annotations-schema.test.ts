/** The schema that the core makes of its annotation table, judged by a validator. */
import { ANNOTATION_PREFIX, ANNOTATIONS, annotationsSchema } from "@elbplan/core";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

const validate = new Ajv({ strict: false }).compile(annotationsSchema());

describe("annotationsSchema", () => {
  it.each([
    ["what isn't ours", { "kubernetes.io/ingress.class": "alb" }, true],
    ["an enumeration", { scheme: "internal" }, true],
    ["a family", { "actions.web": "{}" }, true],
    ["a value that isn't allowed", { scheme: "public" }, false],
    ["a number that is none", { "healthy-threshold-count": "two" }, false],
    ["a boolean that is none", { "enable-frontend-nlb": "yes" }, false],
    ["a name that doesn't exist", { shceme: "internal" }, false],
    ["a family without a name", { actions: "{}" }, false],
  ])("%s", (_, values, valid) => {
    const annotations = Object.entries(values).map(([name, value]) => [
      name.startsWith("kubernetes.io/") ? name : ANNOTATION_PREFIX + name,
      value,
    ]);
    expect(validate(Object.fromEntries(annotations))).toBe(valid);
  });

  it("takes no values but texts", () => {
    expect(validate({ "alb.ingress.kubernetes.io/group.order": 1 })).toBe(false);
  });

  it("describes every annotation of the table", () => {
    const { properties = {}, patternProperties = {} } = annotationsSchema() as Record<string, object>;
    expect(Object.keys(properties).length + Object.keys(patternProperties).length).toBe(
      Object.keys(ANNOTATIONS).length,
    );
  });
});
