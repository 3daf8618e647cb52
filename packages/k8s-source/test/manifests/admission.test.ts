import type { Service } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { withServiceDefaults } from "../../src/manifests/admission-defaults.ts";
import { deepFreeze, ingressText, parse } from "./manifest-text.ts";

function service(spec: Service["spec"]): Service {
  return deepFreeze({ apiVersion: "v1", kind: "Service" as const, metadata: { name: "a" }, ...(spec && { spec }) });
}

describe("withServiceDefaults", () => {
  it.each([
    { name: "no spec", spec: undefined, filled: { type: "ClusterIP", ipFamilies: ["IPv4"] } },
    {
      name: "a port alone",
      spec: { ports: [{ port: 80 }] },
      filled: { type: "ClusterIP", ipFamilies: ["IPv4"], ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] },
    },
    {
      name: "empty values",
      spec: { type: "", ports: [{ port: 80, protocol: "", targetPort: 0 }], ipFamilies: [] },
      filled: { type: "ClusterIP", ipFamilies: ["IPv4"], ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] },
    },
    {
      name: "everything given",
      spec: {
        type: "NodePort",
        ports: [{ port: 80, protocol: "UDP", targetPort: "dns", nodePort: 30053 }],
        ipFamilies: ["IPv6"],
      },
      filled: {
        type: "NodePort",
        ports: [{ port: 80, protocol: "UDP", targetPort: "dns", nodePort: 30053 }],
        ipFamilies: ["IPv6"],
      },
    },
    {
      name: "a name outside",
      spec: { type: "ExternalName", externalName: "a.example" },
      filled: { type: "ExternalName", externalName: "a.example" },
    },
    {
      name: "both families required",
      spec: { ipFamilyPolicy: "RequireDualStack" },
      filled: { type: "ClusterIP", ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"] },
    },
  ])("$name", ({ spec, filled }) => {
    expect(withServiceDefaults(service(spec)).spec).toEqual(filled);
  });

  it("is idempotent", () => {
    const once = withServiceDefaults(service({ ports: [{ port: 80 }] }));
    expect(withServiceDefaults(once)).toEqual(once);
  });
});

describe("namespaces", () => {
  it.each([
    { name: "the default", metadata: [], options: {}, namespace: "default" },
    { name: "another default", metadata: [], options: { defaultNamespace: "shop" }, namespace: "shop" },
    { name: "its own", metadata: ["namespace: till"], options: { defaultNamespace: "shop" }, namespace: "till" },
    { name: "an empty one", metadata: ['namespace: ""'], options: {}, namespace: "default" },
  ])("$name", ({ metadata, options, namespace }) => {
    expect(parse(ingressText("web", metadata), options).snapshot.ingresses[0]?.metadata.namespace).toBe(namespace);
  });

  it("a cluster-scoped object has none", () => {
    const { snapshot } = parse("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: till}\n");
    expect(snapshot.namespaces[0]?.metadata).toEqual({ name: "shop" });
  });
});

describe("rules of admission", () => {
  const withPath = (path: string): string =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {rules: [{http: {paths: [${path}]}}]}\n`;
  const backend = "backend: {service: {name: a, port: {number: 80}}}";
  const withBackend = (text: string): string => withPath(`{path: /, pathType: Prefix, backend: ${text}}`);
  const at = "/spec/rules/0/http/paths/0";

  it.each([
    {
      name: "an Exact path without slash",
      text: withPath(`{path: a, pathType: Exact, ${backend}}`),
      field: `${at}/path`,
    },
    { name: "a Prefix path that is absent", text: withPath(`{pathType: Prefix, ${backend}}`), field: `${at}/path` },
    { name: "a double slash", text: withPath(`{path: /a//b, pathType: Prefix, ${backend}}`), field: `${at}/path` },
    { name: "an encoded slash", text: withPath(`{path: /a%2Fb, pathType: Exact, ${backend}}`), field: `${at}/path` },
    { name: "dots at the end", text: withPath(`{path: /a/.., pathType: Exact, ${backend}}`), field: `${at}/path` },
    {
      name: "another path without slash",
      text: withPath(`{path: a, pathType: ImplementationSpecific, ${backend}}`),
      field: `${at}/path`,
    },
    { name: "no pathType", text: withPath(`{path: /, ${backend}}`), field: at },
    { name: "an unknown pathType", text: withPath(`{path: /, pathType: Glob, ${backend}}`), field: `${at}/pathType` },
    { name: "an empty backend", text: withBackend("{}"), field: `${at}/backend` },
    {
      name: "two backends in one",
      text: withBackend("{service: {name: a, port: {number: 80}}, resource: {kind: b, name: c}}"),
      field: `${at}/backend`,
    },
    {
      name: "a service without name",
      text: withBackend("{service: {port: {number: 80}}}"),
      field: `${at}/backend/service/name`,
    },
    {
      name: "a port name that is a number",
      text: withBackend('{service: {name: a, port: {name: "80"}}}'),
      field: `${at}/backend/service/port/name`,
    },
    {
      name: "no rule",
      text: "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n",
      field: "/spec",
    },
    { name: "rules without paths", text: withPath(""), field: "/spec/rules/0/http/paths" },
    {
      name: "a host that is an address",
      text: ingressText("web").replace("web.example.com", "10.0.0.1"),
      field: "/spec/rules/0/host",
    },
    {
      name: "a host with a port",
      text: ingressText("web").replace("web.example.com", "a.example:80"),
      field: "/spec/rules/0/host",
    },
    {
      name: "two classes",
      text: ingressText("web", ["annotations: {kubernetes.io/ingress.class: nginx}"]),
      field: "/metadata/annotations/kubernetes.io~1ingress.class",
    },
    {
      name: "a long annotation key",
      text: ingressText("web", [`annotations: {a/${"b".repeat(64)}: c}`]),
      field: `/metadata/annotations/a~1${"b".repeat(64)}`,
    },
  ])("$name: kept, with a warning", ({ text, field }) => {
    const { snapshot, diagnostics } = parse(text);
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.field])).toEqual([
      ["input.object-questionable", field],
    ]);
    expect(snapshot.ingresses).toHaveLength(1);
  });

  it.each([
    {
      name: "a port with name and number",
      text: withBackend("{service: {name: a, port: {name: b, number: 80}}}"),
      field: `${at}/backend/service/port`,
    },
    { name: "a service without port", text: withBackend("{service: {name: a}}"), field: `${at}/backend/service/port` },
    {
      name: "a port out of range",
      text: withBackend("{service: {name: a, port: {number: 65536}}}"),
      field: `${at}/backend/service/port/number`,
    },
    {
      name: "a name that is no DNS name",
      text: ingressText("web").replace("name: web", "name: Web_1"),
      field: "/metadata/name",
    },
    {
      name: "a namespace that is no label",
      text: ingressText("web", ["namespace: a.b"]),
      field: "/metadata/namespace",
    },
    {
      name: "an annotation of a megabyte",
      text: ingressText("web", [`annotations: {a: "${"x".repeat(1 << 20)}"}`]),
      field: "/metadata/annotations",
    },
  ])("$name: refused", ({ text, field }) => {
    const { snapshot, diagnostics } = parse(text);
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.field])).toEqual([
      ["input.object-refused", field],
    ]);
    expect(diagnostics[0]?.message.length).toBeLessThan(300);
    expect(snapshot.ingresses).toEqual([]);
  });

  it.each([
    { name: "a path of any form", text: withPath(`{path: "/*", pathType: ImplementationSpecific, ${backend}}`) },
    { name: "no path at all", text: withPath(`{pathType: ImplementationSpecific, ${backend}}`) },
    { name: "a resource", text: withBackend("{resource: {apiGroup: a.b, kind: c, name: d}}") },
    { name: "an action", text: withBackend("{service: {name: a, port: {name: use-annotation}}}") },
    { name: "a wildcard host", text: ingressText("web").replace("web.example.com", '"*.example.com"') },
    {
      name: "a rule without http",
      text: "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {rules: [{host: a.example}]}\n",
    },
  ])("$name: no complaint", ({ text }) => {
    expect(parse(text).diagnostics).toEqual([]);
  });

  it.each([
    { name: "a port out of range", ports: "[{port: 0}]", code: "input.object-refused", field: "/spec/ports/0/port" },
    { name: "a port without number", ports: "[{name: a}]", code: "input.object-refused", field: "/spec/ports/0/port" },
    {
      name: "a targetPort out of range",
      ports: "[{port: 80, targetPort: 70000}]",
      code: "input.object-refused",
      field: "/spec/ports/0/targetPort",
    },
    {
      name: "unnamed ports",
      ports: "[{port: 80}, {port: 81, name: b}]",
      code: "input.object-questionable",
      field: "/spec/ports/0",
    },
    {
      name: "equal names",
      ports: "[{port: 80, name: b}, {port: 81, name: b}]",
      code: "input.object-questionable",
      field: "/spec/ports/1/name",
    },
  ])("of Services: $name", ({ ports, code, field }) => {
    const { diagnostics } = parse(
      `${ingressText("web")}---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: ${ports}}\n`,
    );
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.field])).toEqual([[code, field]]);
  });
});
