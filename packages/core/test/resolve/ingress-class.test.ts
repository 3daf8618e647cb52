import { describe, expect, it } from "vitest";
import type { IngressClass, LabelSelector } from "../../src/model/kubernetes.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { classWithParams, ingress, ingressClass, namespace } from "../fixtures/cluster.ts";
import { desired, loadBalancer } from "../fixtures/desired.ts";

/** What became of Ingress shop/web. */
function outcome(objects: Partial<ClusterSnapshot>, flags: Record<string, string> = {}): string {
  const graph = desired(objects, { flags });
  if (graph.classErrors.length > 0) return "invalid";
  if (graph.unmanaged.length > 0) return "unmanaged";
  return Object.keys(graph.stacks).length > 0 ? "ours" : "unseen";
}

function defaultClass(name: string, controller = "ingress.k8s.aws/alb", value = "true"): IngressClass {
  const metadata = { name, annotations: { "ingressclass.kubernetes.io/is-default-class": value } };
  return { ...ingressClass(name, { controller }), metadata };
}

const byAnnotation = (value: string, className?: string) =>
  ingress({ className, annotations: { "kubernetes.io/ingress.class": value } });

describe("class annotation `kubernetes.io/ingress.class` matching the flag", () => {
  it.each([
    { value: "alb", flag: "alb", expected: "ours" },
    { value: "nginx", flag: "alb", expected: "unmanaged" },
    { value: "ALB", flag: "alb", expected: "unmanaged" },
    { value: "", flag: "alb", expected: "unmanaged" },
    { value: "mine", flag: "mine", expected: "ours" },
    { value: "alb", flag: "mine", expected: "unmanaged" },
    { value: "alb", flag: "", expected: "ours" },
    { value: "", flag: "", expected: "ours" },
    { value: "nginx", flag: "", expected: "unmanaged" },
  ])("$value with flag $flag: $expected", ({ value, flag, expected }) => {
    expect(outcome({ ingresses: [byAnnotation(value)] }, { "ingress-class": flag })).toBe(expected);
  });
});

describe("annotation beats `spec.ingressClassName`", () => {
  it("in both directions", () => {
    expect(outcome({ ingresses: [byAnnotation("nginx", "alb")] })).toBe("unmanaged");
    expect(outcome({ ingresses: [byAnnotation("alb", "no-such-class")] })).toBe("ours");
  });
  it("and switches class params off", () => {
    const objects = classWithParams("public", { scheme: "internet-facing" });
    const plain = desired({ ...objects, ingresses: [ingress({ className: "public" })] });
    const annotated = desired({ ...objects, ingresses: [byAnnotation("alb", "public")] });
    expect([loadBalancer(plain).scheme, loadBalancer(annotated).scheme]).toEqual(["internet-facing", "internal"]);
  });
});

describe("`spec.ingressClassName` → IngressClass controller value `ingress.k8s.aws/alb`", () => {
  it.each([
    { controller: "ingress.k8s.aws/alb", expected: "ours" },
    { controller: "ingress.k8s.aws/ALB", expected: "unmanaged" },
    { controller: "eks.amazonaws.com/alb", expected: "unmanaged" },
  ])("$controller: $expected", ({ controller, expected }) => {
    expect(outcome({ ingressClasses: [ingressClass("alb", { controller })] })).toBe(expected);
  });
});

describe("default IngressClass (is-default-class annotation)", () => {
  const ingresses = [ingress({ className: undefined })];
  it.each([
    { name: "none", classes: [], expected: "unmanaged" },
    { name: "ours", classes: [defaultClass("a")], expected: "ours" },
    { name: "another controller's", classes: [defaultClass("a", "k8s.io/nginx")], expected: "unmanaged" },
    { name: "not exactly true", classes: [defaultClass("a", undefined, "True")], expected: "unmanaged" },
    { name: "two", classes: [defaultClass("a"), defaultClass("b", "k8s.io/nginx")], expected: "invalid" },
  ])("$name: $expected", ({ classes, expected }) => {
    expect(outcome({ ingresses, ingressClasses: classes })).toBe(expected);
  });
  it("two defaults and an Ingress without class stop every group", () => {
    const classes = [ingressClass(), defaultClass("a"), defaultClass("b")];
    const graph = desired({
      ingresses: [ingress(), ingress({ name: "bare", className: undefined })],
      ingressClasses: classes,
    });
    expect(graph.stacks["shop/web"]).toMatchObject({ status: "failed", failedAt: "load", members: [] });
    const deleting = ingress({
      name: "bare",
      className: undefined,
      metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
    const calm = desired({ ingresses: [ingress(), deleting], ingressClasses: classes });
    expect(calm.stacks["shop/web"]?.status).toBe("built");
  });
});

describe("class-less Ingresses claimed when flag ingress-class is empty", () => {
  it("only then", () => {
    const ingresses = [ingress({ className: undefined })];
    expect(outcome({ ingresses }, { "ingress-class": "" })).toBe("ours");
    expect(outcome({ ingresses })).toBe("unmanaged");
  });
});

describe("missing IngressClass / params → invalid-class outcome", () => {
  it.each(["no-such-class", "constructor", "__proto__"])("class %s", (className) => {
    expect(outcome({ ingresses: [ingress({ className })] })).toBe("invalid");
  });
  it("params", () => {
    const objects = { ...classWithParams("public", {}), ingressClassParams: [] };
    expect(outcome({ ...objects, ingresses: [ingress({ className: "public" })] })).toBe("invalid");
  });
});

describe("IngressClass parameters reference kind/group/scope check", () => {
  it.each([
    { apiGroup: "elbv2.k8s.aws", kind: "IngressClassParams", expected: "ours" },
    { apiGroup: "elbv2.k8s.aws", kind: "ConfigMap", expected: "invalid" },
    { apiGroup: "other.io", kind: "IngressClassParams", expected: "invalid" },
    { kind: "IngressClassParams", expected: "invalid" },
  ])("$apiGroup/$kind: $expected", ({ expected, ...reference }) => {
    const { ingressClassParams } = classWithParams("alb", {});
    const ingressClasses = [ingressClass("alb", { parameters: { ...reference, name: "alb" } })];
    expect(outcome({ ingressClasses, ingressClassParams })).toBe(expected);
  });
});

describe("namespaceSelector enforcement", () => {
  const labels = { team: "shop", tier: "web" };
  it.each<{ readonly name: string; readonly selector: LabelSelector; readonly expected: string }>([
    { name: "empty", selector: {}, expected: "ours" },
    { name: "label", selector: { matchLabels: { team: "shop" } }, expected: "ours" },
    { name: "other value", selector: { matchLabels: { team: "pay" } }, expected: "invalid" },
    { name: "other label", selector: { matchLabels: { constructor: "x" } }, expected: "invalid" },
    {
      name: "In",
      selector: { matchExpressions: [{ key: "tier", operator: "In", values: ["db", "web"] }] },
      expected: "ours",
    },
    {
      name: "not In",
      selector: { matchExpressions: [{ key: "tier", operator: "In", values: ["db"] }] },
      expected: "invalid",
    },
    {
      name: "NotIn",
      selector: { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["web"] }] },
      expected: "invalid",
    },
    {
      name: "NotIn of an absent label",
      selector: { matchExpressions: [{ key: "x", operator: "NotIn", values: ["y"] }] },
      expected: "ours",
    },
    { name: "Exists", selector: { matchExpressions: [{ key: "tier", operator: "Exists" }] }, expected: "ours" },
    {
      name: "Exists of an inherited name",
      selector: { matchExpressions: [{ key: "toString", operator: "Exists" }] },
      expected: "invalid",
    },
    {
      name: "DoesNotExist",
      selector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
      expected: "invalid",
    },
    {
      name: "In without values",
      selector: { matchExpressions: [{ key: "tier", operator: "In" }] },
      expected: "invalid",
    },
    {
      name: "Exists with values",
      selector: { matchExpressions: [{ key: "tier", operator: "Exists", values: ["a"] }] },
      expected: "invalid",
    },
    {
      name: "no such operator",
      selector: { matchExpressions: [{ key: "tier", operator: "Near" }] },
      expected: "invalid",
    },
    {
      name: "all must hold",
      selector: { matchLabels: { team: "shop" }, matchExpressions: [{ key: "tier", operator: "In", values: ["db"] }] },
      expected: "invalid",
    },
  ])("$name: $expected", ({ selector, expected }) => {
    const objects = classWithParams("public", { namespaceSelector: selector });
    const ingresses = [ingress({ className: "public" })];
    expect(outcome({ ...objects, ingresses, namespaces: [namespace("shop", labels)] })).toBe(expected);
  });
  it("an unknown namespace isn't guessed", () => {
    const objects = classWithParams("public", { namespaceSelector: {} });
    expect(outcome({ ...objects, ingresses: [ingress({ className: "public" })] })).toBe("invalid");
  });
});

describe("watch-namespace restriction", () => {
  it("leaves Ingresses of other namespaces out altogether", () => {
    const graph = desired(
      { ingresses: [ingress(), ingress({ namespace: "pay" })] },
      { flags: { "watch-namespace": "pay" } },
    );
    expect(Object.keys(graph.stacks)).toEqual(["pay/web"]);
  });
});
