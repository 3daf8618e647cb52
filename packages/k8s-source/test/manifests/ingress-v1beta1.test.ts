import { describe, expect, it } from "vitest";
import { v1beta1Pointer } from "../../src/manifests/ingress-v1beta1.ts";
import { codesAndPlaces, parse } from "./manifest-text.ts";

function text(apiVersion: string): string {
  return `apiVersion: ${apiVersion}
kind: Ingress
metadata:
  name: old
spec:
  backend:
    serviceName: fallback
    servicePort: http
  rules:
  - host: old.example
    http:
      paths:
      - path: /a
        backend:
          serviceName: a
          servicePort: 8080
      - path: /b
        pathType: Prefix
        backend:
          serviceName: b
          servicePort: use-annotation
  tls:
  - hosts: [old.example]
`;
}

describe("Ingress of v1beta1", () => {
  it.each(["extensions/v1beta1", "networking.k8s.io/v1beta1"])("of %s is converted, with a warning", (apiVersion) => {
    const manifests = parse(text(apiVersion));
    expect(codesAndPlaces(manifests)).toEqual(["input.api-version-removed 1:1"]);
    expect(manifests.diagnostics[0]?.message).toContain(apiVersion);
    expect(manifests.snapshot.ingresses).toEqual([
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: { name: "old", namespace: "default" },
        spec: {
          defaultBackend: { service: { name: "fallback", port: { name: "http" } } },
          rules: [
            {
              host: "old.example",
              http: {
                paths: [
                  {
                    path: "/a",
                    pathType: "ImplementationSpecific",
                    backend: { service: { name: "a", port: { number: 8080 } } },
                  },
                  {
                    path: "/b",
                    pathType: "Prefix",
                    backend: { service: { name: "b", port: { name: "use-annotation" } } },
                  },
                ],
              },
            },
          ],
          tls: [{ hosts: ["old.example"] }],
        },
      },
    ]);
  });

  it("has the places of the fields that were written", () => {
    const { positions } = parse(text("extensions/v1beta1"));
    const lineOf = (pointer: string): number | undefined => {
      return positions({ kind: "Ingress", namespace: "default", name: "old" }, pointer)?.line;
    };
    expect(lineOf("/spec/defaultBackend/service/name")).toBe(7);
    expect(lineOf("/spec/defaultBackend")).toBe(6);
    expect(lineOf("/spec/rules/0/http/paths/0/backend/service/port/number")).toBe(16);
    expect(lineOf("/spec/rules/0/http/paths/1/backend/service")).toBe(19);
  });

  it("refuses wrong types in its own words, and the fields of v1", () => {
    const wrong = parse(text("extensions/v1beta1").replace("servicePort: 8080", "servicePort: yes"));
    expect(wrong.diagnostics.map(({ code, at, field }) => [code, at?.line, field])).toEqual([
      ["input.api-version-removed", 1, "/apiVersion"],
      ["input.field-type", 16, "/spec/rules/0/http/paths/0/backend/servicePort"],
    ]);
    const mixed = parse(
      text("extensions/v1beta1").replace("serviceName: a\n          servicePort: 8080", "service: {name: a}"),
    );
    expect(mixed.diagnostics.map(({ code, field }) => [code, field])).toEqual([
      ["input.api-version-removed", "/apiVersion"],
      ["input.unknown-field", "/spec/rules/0/http/paths/0/backend/service"],
      ["input.object-questionable", "/spec/rules/0/http/paths/0/backend"],
    ]);
  });

  it.each([
    { v1: "/spec/defaultBackend", old: "/spec/backend" },
    { v1: "/spec/defaultBackend/service/port/number", old: "/spec/backend/servicePort" },
    { v1: "/spec/rules/3/http/paths/12/backend/service/name", old: "/spec/rules/3/http/paths/12/backend/serviceName" },
    { v1: "/spec/rules/3/host", old: "/spec/rules/3/host" },
    { v1: "/metadata/annotations/service", old: "/metadata/annotations/service" },
  ])("$v1 was $old", ({ v1, old }) => {
    expect(v1beta1Pointer(v1)).toBe(old);
  });
});
