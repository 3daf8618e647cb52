import { describe, expect, it } from "vitest";
import { admissionDiagnostics } from "../../src/check/admission.ts";
import type { IngressClassParamsSpec } from "../../src/model/ingress-class-params.ts";
import type { Ingress } from "../../src/model/kubernetes.ts";
import type { StringMap } from "../../src/model/value.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import { classWithParams, ingress, ingressClass, prefix, rule, snapshot } from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

const CONDITIONS = "/metadata/annotations/alb.ingress.kubernetes.io~1conditions.web";
const noConditions = { "conditions.web": [{ field: "host-header", hostHeaderConfig: { values: [] } }] };

function refusalsOf(ingresses: readonly Ingress[], flags: StringMap = {}, spec: IngressClassParamsSpec = {}): unknown {
  const { settings } = settingsFromFlags({ "cluster-name": "demo", ...flags });
  const objects = deepFreeze(snapshot({ ingresses, ...classWithParams("team", spec) }));
  return admissionDiagnostics(objects, settings).map(({ code, severity, object, field }) => {
    expect([code, severity]).toEqual(["admission.refused", "error"]);
    return [object?.kind, object?.name, field];
  });
}

describe("admissionDiagnostics", () => {
  it.each<{ name: string; bad: Ingress; field: string; flags?: StringMap }>([
    { name: "a class that doesn't exist", bad: ingress({ className: "gone" }), field: "/spec/ingressClassName" },
    { name: "conditions without values", bad: ingress({ annotations: noConditions }), field: CONDITIONS },
    { name: "unreadable conditions", bad: ingress({ annotations: { "conditions.web": "[" } }), field: CONDITIONS },
    {
      name: "a backend that is no Service",
      bad: ingress({ rules: [rule(undefined, prefix("/"), prefix("/a", { resource: {} }))] }),
      field: "/spec/rules/0/http/paths/1/backend",
    },
    {
      name: "the class annotation while it is forbidden",
      bad: ingress({ annotations: { "kubernetes.io/ingress.class": "alb" } }),
      field: "/metadata/annotations/kubernetes.io~1ingress.class",
      flags: { "disable-ingress-class-annotation": "true" },
    },
    {
      name: "the group annotation while it is forbidden",
      bad: ingress({ annotations: { "group.name": "g" } }),
      field: "/metadata/annotations/alb.ingress.kubernetes.io~1group.name",
      flags: { "disable-ingress-group-name-annotation": "true" },
    },
  ])("$name", ({ bad, field, flags = {} }) => {
    expect(refusalsOf([bad], flags)).toEqual([["Ingress", "web", field]]);
    expect(refusalsOf([ingress()], flags)).toEqual([]);
  });

  it.each<{ name: string; spec: IngressClassParamsSpec; field: string }>([
    { name: "no CIDR", spec: { inboundCIDRs: ["10.0.0.0/8", "ten"] }, field: "/spec/inboundCIDRs/1" },
    { name: "host bits", spec: { inboundCIDRs: ["10.0.0.1/8"] }, field: "/spec/inboundCIDRs/0" },
    {
      name: "subnets of two kinds",
      spec: { subnets: { ids: ["subnet-1"], tags: { a: ["b"] } } },
      field: "/spec/subnets",
    },
    { name: "subnets of no kind", spec: { subnets: {} }, field: "/spec/subnets" },
    { name: "a subnet twice", spec: { subnets: { ids: ["subnet-1", "subnet-1"] } }, field: "/spec/subnets/ids/1" },
    {
      name: "a tag value twice",
      spec: { subnets: { tags: { "a/b": ["c", "c"] } } },
      field: "/spec/subnets/tags/a~1b/1",
    },
  ])("class params: $name", ({ spec, field }) => {
    expect(refusalsOf([], {}, spec)).toEqual([["IngressClassParams", "team", field]]);
  });

  it("passes over Ingresses of other classes", () => {
    const { settings } = settingsFromFlags({ "cluster-name": "demo" });
    const ingressClasses = [ingressClass("alb", { controller: "nginx" })];
    const objects = snapshot({ ingresses: [ingress({ annotations: noConditions })], ingressClasses });
    expect(admissionDiagnostics(objects, settings)).toEqual([]);
  });
});
