import { describe, expect, it } from "vitest";
import { parse } from "./manifest-text.ts";

const text = `# the shop
apiVersion: v1
kind: Service
metadata: {name: other}
---
x: &shared
  alb.ingress.kubernetes.io/scheme: internal
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    <<: *shared
    "alb.ingress.kubernetes.io/group.name": shop
spec:
  rules:
  - host: a.example
  -
    host: b.example
    http: {paths: [{path: /, pathType: Exact, backend: {service: {name: a, port: {number: 80}}}}]}
`;
const ingress = { kind: "Ingress", namespace: "default", name: "web" } as const;

describe("positions", () => {
  const { positions } = parse(text);

  it.each([
    { name: "the object", pointer: "", place: "6:1" },
    { name: "a key", pointer: "/metadata/annotations", place: "12:3" },
    {
      name: "a quoted key with a slash",
      pointer: "/metadata/annotations/alb.ingress.kubernetes.io~1group.name",
      place: "14:5",
    },
    { name: "a merged key", pointer: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme", place: "7:3" },
    { name: "an absent annotation", pointer: "/metadata/annotations/alb.ingress.kubernetes.io~1tags", place: "12:3" },
    { name: "a list item", pointer: "/spec/rules/0", place: "17:5" },
    { name: "a list item on the next line", pointer: "/spec/rules/1", place: "19:5" },
    { name: "a key in flow style", pointer: "/spec/rules/1/http/paths/0/backend/service/port/number", place: "20:83" },
    { name: "an absent item", pointer: "/spec/rules/7/host", place: "16:3" },
    { name: "an absent field of an absent field", pointer: "/spec/tls/0/hosts", place: "15:1" },
    { name: "a step into a scalar", pointer: "/spec/rules/0/host/x", place: "17:5" },
    { name: "what only the API server fills in", pointer: "/metadata/namespace", place: "10:1" },
  ])("$name", ({ pointer, place }) => {
    const position = positions(ingress, pointer);
    expect(`${position?.line}:${position?.column}`).toBe(place);
    expect(position?.file).toBe("m.yaml");
  });

  it("knows nothing of other objects", () => {
    expect(positions({ kind: "Ingress", namespace: "default", name: "nowhere" }, "")).toBeUndefined();
    expect(positions({ kind: "Service", namespace: "shop", name: "other" }, "")).toBeUndefined();
    expect(positions({ kind: "Service", namespace: "default", name: "other" }, "/metadata/name")?.line).toBe(4);
  });

  it("counts lines with CRLF and after a byte order mark", () => {
    const windows = parse(`\uFEFF${text.replaceAll("\n", "\r\n")}`);
    expect(windows.positions(ingress, "/spec/rules/1/host")).toEqual({ file: "m.yaml", line: 19, column: 5 });
    expect(windows.snapshot).toEqual(parse(text).snapshot);
  });

  it("finds a second JSON object on a line", () => {
    const a = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}';
    const { positions: places } = parse(`${a}${a.replace('"a"', '"b"')}`);
    expect(places({ kind: "Service", namespace: "default", name: "b" }, "")).toEqual({
      file: "m.yaml",
      line: 1,
      column: a.length + 1,
    });
  });
});
