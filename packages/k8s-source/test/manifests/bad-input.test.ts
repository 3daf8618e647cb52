import type { Diagnostic } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { codesAndPlaces, ingressText, parse } from "./manifest-text.ts";

const good = ingressText("good");

function only(text: string): Diagnostic {
  const { diagnostics } = parse(`${good}---\n${text}`);
  expect(diagnostics).toHaveLength(1);
  return diagnostics[0]!;
}

describe("documents that can't be read", () => {
  it.each([
    { name: "an unclosed quote", text: 'a: "b\n', code: "input.yaml-invalid 19:4" },
    { name: "a tab", text: "a:\n\tb: c\n", code: "input.yaml-invalid 20:1" },
    { name: "an unclosed bracket", text: "a: [1, 2\nb: c\n", code: "input.yaml-invalid 20:1" },
    { name: "wrong indentation", text: "a:\n    b: c\n  d: e\n", code: "input.yaml-invalid 21:1" },
    { name: "a colon in a value", text: "a: b: c\n", code: "input.yaml-invalid 19:4" },
    { name: "a template", text: "a: {{ .Values.b }}\n", code: "input.yaml-invalid 19:5" },
    { name: "a control character", text: "a: b\u0007c\n", code: "input.not-text 19:5" },
    { name: "a NUL", text: "a: b\u0000c\n", code: "input.not-text 19:5" },
    { name: "broken JSON", text: '{"a": 1,,}\n', code: "input.yaml-invalid 19:9" },
    { name: "an alias of itself", text: "a: &a [*a]\n", code: "input.document-too-complex 19:7" },
    { name: "text beside the separator", text: "--- a: b\n", code: "input.yaml-invalid 19:1" },
    { name: "text after the end", text: "...\na: b\n", code: "input.text-ignored 20:1" },
  ])("reports $name with its place and reads the documents around it", ({ text, code }) => {
    const manifests = parse(`${good}---\n${text}---\n${ingressText("last")}`);
    expect(codesAndPlaces(manifests)).toEqual([code]);
    expect(manifests.snapshot.ingresses.map(({ metadata }) => metadata.name)).toEqual(["good", "last"]);
  });

  it.each([
    { name: "flow lists", text: `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}` },
    { name: "unclosed flow lists", text: "[".repeat(20_000) },
    { name: "lists on one line", text: `${"- ".repeat(20_000)}x` },
    { name: "JSON", text: `{"a": ${"[".repeat(20_000)}${"]".repeat(20_000)}}` },
    { name: "explicit keys", text: "? ".repeat(20_000) },
    { name: "indented maps", text: Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n") },
  ])("refuses deeply nested $name at once", ({ text }) => {
    expect(only(text).code).toBe("input.document-too-complex");
  });

  it("answers thousands of mistakes in one object in time", () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `  k${index}: ${index}`);
    expect(parse(ingressText("web", ["annotations:", ...lines])).diagnostics).toHaveLength(3000);
  }, 2000);

  it("refuses aliases that stand for too much", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? "x" : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(", ")}]`;
    });
    expect(only(levels.join("\n")).code).toBe("input.document-too-complex");
  });

  it("reads thousands of uses of one alias", () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `  k${index}: *v`);
    const manifests = parse(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: &v Opaque\nstringData:\n${lines.join("\n")}`,
    );
    expect(Object.keys(manifests.snapshot.secrets[0]?.stringData ?? {})).toHaveLength(5000);
  });

  it("reads ten thousand documents", () => {
    const text = Array.from(
      { length: 10_000 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\n`,
    );
    expect(parse(text.join("---\n")).counts.ignored).toEqual({ "v1 ConfigMap": 10_000 });
  });

  it("warns of keys that stand twice and names the line", () => {
    const manifests = parse(ingressText("web", ["annotations:", "  a/b: first", "  a/b: last"]));
    expect(codesAndPlaces(manifests)).toEqual(["input.duplicate-key 7:5"]);
    expect(manifests.diagnostics[0]?.message).toContain('Line 7: the key "a/b"');
    expect(manifests.snapshot.ingresses[0]?.metadata.annotations).toEqual({ "a/b": "last" });
    const json = parse('{"apiVersion": "v1", "kind": "Service",\n "metadata": {"name": "a", "name": "b"}}');
    expect(codesAndPlaces(json)).toEqual(["input.duplicate-key 2:28", "input.no-ingress"]);
    expect(json.snapshot.services[0]?.metadata.name).toBe("b");
  });
});

describe("documents that are no objects that are read", () => {
  it.each([
    { name: "a string", text: "hello\n" },
    { name: "a list", text: "- a\n" },
    { name: "a map without kind", text: "replicas: 2\n" },
    { name: "a map without apiVersion", text: "kind: Ingress\n" },
    { name: "a kind that is no string", text: "apiVersion: v1\nkind: 5\n" },
    { name: "an empty item of a list", text: "apiVersion: v1\nkind: List\nitems:\n-\n" },
  ])("refuses $name", ({ text }) => {
    expect(only(text).code).toBe("input.not-an-object");
  });

  it.each([
    { apiVersion: "networking.k8s.io/v2", kind: "Ingress", code: "input.api-version-unknown" },
    { apiVersion: "v1", kind: "Ingress", code: "input.api-version-unknown" },
    { apiVersion: "apps/v1", kind: "Service", code: "input.api-version-unknown" },
    { apiVersion: "elbv2.k8s.aws/v1", kind: "IngressClassParams", code: "input.api-version-unknown" },
    { apiVersion: "networking.k8s.io/v1beta1", kind: "IngressClass", code: "input.api-version-unknown" },
    { apiVersion: "serving.knative.dev/v1", kind: "Service", code: undefined },
    { apiVersion: "config.openshift.io/v1", kind: "Ingress", code: undefined },
    { apiVersion: "eks.amazonaws.com/v1", kind: "IngressClassParams", code: undefined },
    { apiVersion: "apps/v1", kind: "Deployment", code: undefined },
    { apiVersion: "v1", kind: "constructor", code: undefined },
  ])("$apiVersion $kind: $code", ({ apiVersion, kind, code }) => {
    const manifests = parse(`${good}---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`);
    expect(manifests.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(code === undefined ? [] : [code]);
    expect(manifests.counts.ignored).toEqual(code === undefined ? { [`${apiVersion} ${kind}`]: 1 } : {});
    expect(manifests.counts.read).toEqual({ Ingress: 1 });
  });
});

describe("objects that the API server refuses", () => {
  it.each([
    { written: "on", hint: '"on"', value: "the boolean true (written on)" },
    { written: "true", hint: '"true"', value: "the boolean true" },
    { written: "8080", hint: '"8080"', value: "the number 8080" },
    { written: "0777", hint: '"0777"', value: "the number 0777" },
  ])("an annotation that is $written names itself, its place and how to quote it", ({ written, hint, value }) => {
    const manifests = parse(
      `${ingressText("web", ["annotations:", `  alb.ingress.kubernetes.io/ssl-redirect: ${written}`])}---\n${good}`,
    );
    const [diagnostic] = manifests.diagnostics;
    expect(codesAndPlaces(manifests)).toEqual(["input.annotation-not-string 6:5"]);
    expect(diagnostic?.message).toBe(
      `Ingress default/web: annotation alb.ingress.kubernetes.io/ssl-redirect must be a string, not ${value}; the Ingress is skipped.`,
    );
    expect(diagnostic?.hint).toBe(`Put the value in quotes: alb.ingress.kubernetes.io/ssl-redirect: ${hint}`);
    expect(diagnostic?.object).toEqual({ kind: "Ingress", namespace: "default", name: "web" });
    expect(diagnostic?.field).toBe("/metadata/annotations/alb.ingress.kubernetes.io~1ssl-redirect");
    expect(manifests.snapshot.ingresses.map(({ metadata }) => metadata.name)).toEqual(["good"]);
  });

  it("a null annotation is an empty string, as on the API server", () => {
    const { snapshot } = parse(ingressText("web", ["annotations:", "  a:", "labels:"]));
    expect(snapshot.ingresses[0]?.metadata).toEqual({ name: "web", namespace: "default", annotations: { a: "" } });
  });

  const ingress = (spec: string): string =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: ${spec}\n`;
  const service = (spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: ${spec}\n`;

  it.each([
    { name: "rules that are a map", text: ingress("{rules: {host: a}}"), field: "/spec/rules" },
    { name: "a spec that is a list", text: ingress("[a]"), field: "/spec" },
    { name: "a host that is a number", text: ingress("{rules: [{host: 5}]}"), field: "/spec/rules/0/host" },
    {
      name: "a port that is a string",
      text: ingress('{defaultBackend: {service: {name: a, port: {number: "80"}}}}'),
      field: "/spec/defaultBackend/service/port/number",
    },
    { name: "a Service port that is a string", text: service('{ports: [{port: "80"}]}'), field: "/spec/ports/0/port" },
    { name: "a port with a fraction", text: service("{ports: [{port: 80.5}]}"), field: "/spec/ports/0/port" },
    { name: "a port beyond 32 bits", text: service("{ports: [{port: 99999999999}]}"), field: "/spec/ports/0/port" },
    {
      name: "a targetPort that is a boolean",
      text: service("{ports: [{port: 80, targetPort: yes}]}"),
      field: "/spec/ports/0/targetPort",
    },
    {
      name: "a deletion time that is no time",
      text: "apiVersion: v1\nkind: Service\nmetadata: {name: a, deletionTimestamp: yesterday}\n",
      field: "/metadata/deletionTimestamp",
    },
    {
      name: "a name that is a number",
      text: "apiVersion: v1\nkind: Service\nmetadata: {name: 5}\n",
      field: "/metadata/name",
    },
    {
      name: "annotations that are a list",
      text: "apiVersion: v1\nkind: Service\nmetadata: {name: a, annotations: [b]}\n",
      field: "/metadata/annotations",
    },
    {
      name: "class parameters of the wrong type",
      text: "apiVersion: elbv2.k8s.aws/v1beta1\nkind: IngressClassParams\nmetadata: {name: a}\nspec: {certificateArn: arn}\n",
      field: "/spec/certificateArn",
    },
  ])("$name", ({ text, field }) => {
    const diagnostic = only(text);
    expect(diagnostic.code).toBe("input.field-type");
    expect(diagnostic.field).toBe(field);
    expect(diagnostic.at?.line).toBeGreaterThan(18);
  });

  it.each([
    { name: "no metadata", text: "apiVersion: v1\nkind: Service\n" },
    { name: "no name", text: "apiVersion: v1\nkind: Service\nmetadata: {}\n" },
    { name: "an empty name", text: 'apiVersion: v1\nkind: Service\nmetadata: {name: ""}\n' },
    { name: "a generated name", text: "apiVersion: v1\nkind: Service\nmetadata: {generateName: a-}\n" },
  ])("$name", ({ text }) => {
    expect(only(text).code).toBe("input.name-missing");
  });

  it.each([
    {
      name: "annotations beside metadata",
      text: `${good}annotations: {a: b}\n`,
      at: "18:1",
      words: "annotations stands beside metadata",
    },
    {
      name: "a misspelt field",
      text: good.replace("ingressClassName", "ingressClass"),
      at: "6:3",
      words: "spec.ingressClass is no field of Ingress",
    },
    {
      name: "a v1beta1 field in v1",
      text: good.replace("pathType: Prefix", "pathType: Prefix\n            servicePort: 80"),
      at: "13:13",
      words: "spec.rules[0].http.paths[0].servicePort",
    },
  ])("warns of $name", ({ text, at, words }) => {
    const manifests = parse(text);
    expect(codesAndPlaces(manifests)).toEqual([`input.unknown-field ${at}`]);
    expect(manifests.diagnostics[0]?.message).toContain(words);
    expect(manifests.snapshot.ingresses).toHaveLength(1);
  });

  it("never shows the value of a Secret", () => {
    const secret = (rest: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: oidc}\n${rest}\n`;
    const texts = [
      secret("data:\n  clientSecret: hunter-2!"),
      secret("data:\n  clientSecret: 987654321"),
      secret("stringData:\n  clientSecret: 987654321"),
      secret('stringData:\n  clientSecret: "hunter-2!\\q"'),
      secret("stringData:\n  clientSecret: *hunter-2"),
      secret("stringData:\n  clientSecret: hunter-2: hunter-2"),
      secret("stringData: hunter-2"),
      secret("hunter: hunter-2"),
      secret("stringData:\n  clientSecret: !!int hunter-2"),
      secret("stringData:\n\tclientSecret: hunter-2"),
      secret("type: 987654321"),
      secret("data:\n  a: [hunter-2]\n  a: hunter-2"),
      secret("").replace("{name: oidc}", "{name: oidc, annotations: {a: 987654321}}"),
    ];
    for (const text of texts) {
      const { diagnostics } = parse(text);
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(JSON.stringify(diagnostics)).not.toMatch(/hunter-2|987654321/);
    }
  });
});

describe("the input as a whole", () => {
  it.each([
    { name: "nothing", text: "", codes: ["input.empty"] },
    { name: "comments", text: "# a\n---\n# b\n", codes: ["input.empty"] },
    { name: "an empty list", text: "apiVersion: v1\nkind: List\nitems: []\n", codes: ["input.empty"] },
    { name: "no Ingress", text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", codes: ["input.no-ingress"] },
    { name: "other kinds only", text: "apiVersion: apps/v1\nkind: Deployment\n", codes: ["input.no-ingress"] },
    { name: "an error only", text: "a: [\n", codes: ["input.yaml-invalid"] },
  ])("$name", ({ text, codes }) => {
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  it("lets the last of equal objects hold and names both places", () => {
    const manifests = parse(
      `${ingressText("web")}---\n${ingressText("web", ["labels: {a: b}", "namespace: default"])}`,
    );
    expect(codesAndPlaces(manifests)).toEqual(["input.duplicate-object 19:1"]);
    expect(manifests.diagnostics[0]?.message).toBe(
      "Ingress default/web stands twice in the input: at m.yaml:1:1 and at m.yaml:19:1; the last one holds.",
    );
    expect(manifests.snapshot.ingresses.map(({ metadata }) => metadata.labels)).toEqual([{ a: "b" }]);
  });
});
