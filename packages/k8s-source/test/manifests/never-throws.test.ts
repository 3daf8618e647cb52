import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { type Manifests, parseManifests, parseObjects, readManifests } from "../../src/index.ts";
import { deepFreeze, ingressText } from "./manifest-text.ts";

const pieces = fc.constantFrom(
  "apiVersion: v1\n",
  "kind: Service\n",
  "metadata:\n",
  "  name: a\n",
  "---\n",
  "...\n",
  "- ",
  "? ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "!!str ",
  "!x ",
  "|\n",
  ">-\n",
  "'",
  '"',
  "\\",
  "#",
  "\t",
  "\r\n",
  "\uFEFF",
  "\u0000",
  "<<: ",
  "~",
  "%YAML 1.2\n",
  "on",
  "0o7",
  "__proto__: ",
  "constructor: ",
  "{{ x }}",
  "\ud800",
  ",",
  "  ",
  "\n",
);
const yamlish = fc
  .array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 60 })
  .map((parts) => parts.join(""));
const field = fc.oneof(
  { depthSize: "small" },
  fc.jsonValue(),
  fc.constantFrom("a", 80, null, [], {}, [null], { name: "a" }, true),
);
const object = fc.record(
  {
    apiVersion: fc.constantFrom("v1", "networking.k8s.io/v1", "extensions/v1beta1", "elbv2.k8s.aws/v1beta1"),
    kind: fc.constantFrom(
      "Ingress",
      "Service",
      "IngressClass",
      "IngressClassParams",
      "Namespace",
      "Secret",
      "Node",
      "Pod",
      "EndpointSlice",
      "Endpoints",
      "List",
      "IngressList",
    ),
    metadata: fc.oneof(
      fc.constant({ name: "a" }),
      field,
      fc.record({ name: fc.constant("a"), annotations: field, labels: field }),
    ),
    spec: fc.oneof(
      field,
      fc.record(
        { rules: field, defaultBackend: field, backend: field, ports: field, ipFamilies: field, tls: field },
        { requiredKeys: [] },
      ),
      fc.record({
        rules: fc.array(
          fc.record({
            host: field,
            http: fc.record({
              paths: fc.array(fc.record({ path: field, pathType: field, backend: field }, { requiredKeys: [] })),
            }),
          }),
        ),
      }),
    ),
    items: field,
  },
  { requiredKeys: ["apiVersion", "kind"] },
);

function check({ diagnostics, counts, snapshot }: Manifests): void {
  for (const { code, message, at } of diagnostics) {
    expect(code).toMatch(/^input\./);
    expect(message).toMatch(/\.$/);
    if (at !== undefined) expect(Math.min(at.line, at.column)).toBeGreaterThanOrEqual(1);
  }
  const { unreadable, whole: _, ...lists } = snapshot;
  expect(unreadable !== undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  const read = Object.values(lists).reduce((sum, list) => sum + list.length, 0);
  expect(Object.values(counts.read).reduce((sum, count) => sum + count, 0)).toBe(read);
  if (read === 0 && Object.keys(counts.ignored).length === 0) expect(diagnostics).not.toEqual([]);
}

describe("reading never throws and never loses anything silently", () => {
  test.prop([yamlish])("for text that looks like YAML", (text) => {
    check(parseManifests([{ file: "f", text }]));
  });

  test.prop([fc.string({ unit: "binary" })])("for any text", (text) => {
    check(parseManifests([{ file: "f", text }]));
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])("for any bytes", async (bytes) => {
    check(
      await readManifests(["-"], {
        stdin: (async function* () {
          yield bytes;
        })(),
      }),
    );
  });

  test.prop([yamlish.filter((text) => !/^\s*---|\n(---|\.\.\.)/.test(`\n${text}`))])(
    "and a broken document takes no other with it",
    (text) => {
      const { snapshot } = parseManifests([
        { file: "f", text: `${ingressText("before")}---\n${text}\n---\n${ingressText("after")}` },
      ]);
      const names = snapshot.ingresses.map(({ metadata }) => metadata.name);
      expect(names).toContain("before");
      expect(names).toContain("after");
    },
  );

  test.prop([fc.array(object, { maxLength: 4 })])(
    "for any objects, from memory as from text, and changes none",
    (objects) => {
      const fromMemory = parseObjects(deepFreeze(objects));
      check(fromMemory);
      const text = objects.map((value) => JSON.stringify(value)).join("\n---\n");
      const fromText = parseManifests([{ file: "f", text }]);
      check(fromText);
      expect(fromText.snapshot).toEqual(JSON.parse(JSON.stringify(fromMemory.snapshot)));
      expect(fromText.diagnostics.map(({ code }) => code)).toEqual(fromMemory.diagnostics.map(({ code }) => code));
    },
  );
});
