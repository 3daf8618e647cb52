import { describe, expect, it } from "vitest";
import { ingress, ingressClass } from "../fixtures/cluster.ts";
import { desired } from "../fixtures/desired.ts";

const parameters = { apiGroup: "eks.amazonaws.com", kind: "IngressClassParams", name: "alb" };

describe("EKS Auto Mode", () => {
  it("isn't managed, and a note says why", () => {
    const ingressClasses = [ingressClass("auto", { controller: "eks.amazonaws.com/alb", parameters })];
    const graph = desired({ ingresses: [ingress({ className: "auto" })], ingressClasses });
    expect(graph.unmanaged).toEqual(["shop/web"]);
    expect(graph.stacks).toEqual({});
    expect(graph.diagnostics).toEqual([
      expect.objectContaining({
        code: "class.auto-mode",
        severity: "info",
        object: { kind: "Ingress", namespace: "shop", name: "web" },
        field: "/spec/ingressClassName",
        message: expect.stringContaining("its class auto belongs to the controller eks.amazonaws.com/alb"),
      }),
    ]);
  });

  it("is named when a class of ours refers to its params, which LBC refuses", () => {
    const graph = desired({ ingressClasses: [ingressClass("alb", { parameters })] });
    expect(graph.classErrors.map(({ ingress: key }) => key)).toEqual(["shop/web"]);
    expect(graph.diagnostics.map(({ code }) => code).sort()).toEqual(["class.auto-mode", "class.params-unknown-kind"]);
  });

  it("is not suspected of other controllers", () => {
    const graph = desired({ ingressClasses: [ingressClass("alb", { controller: "k8s.io/ingress-nginx" })] });
    expect(graph.unmanaged).toEqual(["shop/web"]);
    expect(graph.diagnostics).toEqual([]);
  });
});
