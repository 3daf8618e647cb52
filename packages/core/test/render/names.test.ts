import { describe, expect, it } from "vitest";
import { fieldName, objectName, resourceName, sourceName } from "../../src/render/names.ts";

describe("fieldName", () => {
  it.each([
    {
      name: "an annotation",
      pointer: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
      words: "annotation alb.ingress.kubernetes.io/scheme",
    },
    { name: "a label", pointer: "/metadata/labels/team", words: "label team" },
    { name: "a list item", pointer: "/spec/rules/0/http/paths/1/path", words: "spec.rules[0].http.paths[1].path" },
    { name: "all annotations", pointer: "/metadata/annotations", words: "metadata.annotations" },
    {
      name: "a key that is no identifier",
      pointer: "/spec/selector/app.kubernetes.io~1name",
      words: 'spec.selector["app.kubernetes.io/name"]',
    },
    { name: "an escaped tilde", pointer: "/metadata/annotations/a~0b", words: "annotation a~b" },
    { name: "an escaped tilde before a one", pointer: "/metadata/annotations/a~01", words: "annotation a~1" },
    { name: "a list at the top", pointer: "/0/subnetId", words: "[0].subnetId" },
    { name: "the object itself", pointer: "", words: "" },
    { name: "a flag", pointer: "flag default-tags", words: "flag default-tags" },
  ])("$name", ({ pointer, words }) => {
    expect(fieldName(pointer)).toBe(words);
  });
});

describe("other names", () => {
  it.each([
    { name: "a resource", actual: resourceName("targetGroup/shop/web-web:80"), words: "target group shop/web-web:80" },
    { name: "a resource of an unknown kind", actual: resourceName("gizmo/a"), words: "gizmo a" },
    {
      name: "a namespaced object",
      actual: objectName({ kind: "Ingress", namespace: "shop", name: "web" }),
      words: "Ingress shop/web",
    },
    {
      name: "a cluster-scoped object",
      actual: objectName({ kind: "IngressClass", name: "alb" }),
      words: "IngressClass alb",
    },
    {
      name: "a source in a file",
      actual: sourceName({
        object: { kind: "Ingress", namespace: "shop", name: "web" },
        field: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
        at: { file: "web.yaml", line: 12, column: 5 },
      }),
      words: "Ingress shop/web, annotation alb.ingress.kubernetes.io/scheme (web.yaml:12:5)",
    },
    { name: "a default", actual: sourceName({ field: "flag default-ssl-policy" }), words: "flag default-ssl-policy" },
  ])("$name", ({ actual, words }) => {
    expect(actual).toBe(words);
  });
});
