/** Laws of lint: it never throws, and the order of the input doesn't show. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import { ANNOTATIONS } from "../../../src/read/annotations.ts";
import { act, anyPath, backend, ingress, prefix, rule, service, snapshot } from "../../fixtures/cluster.ts";
import { lintOf } from "./findings.ts";

const NAMES = Object.entries(ANNOTATIONS).map(([name, row]) => ("family" in row ? `${name}.web` : name));
const TEXTS = [
  "",
  "true",
  "false",
  "none",
  "80",
  "-1",
  "a=b",
  "a=b,c",
  "sg-0a",
  "10.0.0.0/8,::/0",
  "internal",
  '[{"HTTP":80},{"HTTPS":443}]',
  '[{"HTTP":80,"HTTPS":80},null]',
  '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"200"}}',
  '[{"field":"host-header","hostHeaderConfig":{"values":["a.example"]}}]',
  '[{"field":"?"}]',
  '[{"port":443,"mode":"passthrough"}]',
  "[",
  "null",
  "\u0000",
  "\ud800",
];

const annotations = fc.dictionary(
  fc.oneof(
    fc.constantFrom(...NAMES),
    fc.constantFrom("shceme", "actions", "__proto__", "constructor", "kubernetes.io/ingress.class"),
  ),
  fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 8 })),
  { maxKeys: 8 },
);
const path = fc
  .tuple(fc.constantFrom("/", "/a", "/a/*", "a", "", "/^/x$"), fc.constantFrom("web", "api", "x"), fc.boolean())
  .map(([text, name, wild]) => (wild ? anyPath(text, act(name)) : prefix(text, backend(name))));
const rules = fc.array(
  fc
    .tuple(fc.constantFrom(undefined, "a.example", "*.example", "x.a.example"), fc.array(path, { maxLength: 3 }))
    .map(([host, paths]) => rule(host, ...paths)),
  { maxLength: 3 },
);
const ingresses = fc
  .array(fc.record({ annotations, rules, group: fc.constantFrom("g", undefined) }), { maxLength: 4 })
  .map((all) =>
    all.map(({ annotations: own, rules: some, group }, index) =>
      ingress({
        name: `i${index}`,
        rules: some,
        annotations: group === undefined ? own : { ...own, "group.name": group },
      }),
    ),
  );
const services = annotations.map((own) => [service("web", { annotations: own }), service("api")]);

describe("lint", () => {
  test.prop([ingresses, services])("never throws, and doesn't depend on the order of the input", (all, some) => {
    const objects: Partial<ClusterSnapshot> = { ingresses: all, services: some };
    const found = lintOf(objects);
    const reversed = Object.fromEntries(
      Object.entries(snapshot(objects)).map(([kind, list]) => [kind, [...list].reverse()]),
    );
    expect(lintOf(reversed)).toEqual(found);
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found.every(({ hint }) => hint !== undefined)).toBe(true);
  });
});
