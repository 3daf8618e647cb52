import { describe, expect, it } from "vitest";
import { admissionDiagnostics, admitIngressUpdate } from "../../src/check/admission.ts";
import type { IngressClassParamsSpec } from "../../src/model/ingress-class-params.ts";
import type { Ingress } from "../../src/model/kubernetes.ts";
import type { StringMap } from "../../src/model/value.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import { indexCluster } from "../../src/resolve/cluster-index.ts";
import { defaultClasses } from "../../src/resolve/ingress-class.ts";
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

describe("admitIngressUpdate", () => {
  const forbidden = { "disable-ingress-class-annotation": "true", "disable-ingress-group-name-annotation": "true" };
  const CLASS = "kubernetes.io/ingress.class";
  const CLASS_FIELD = "/metadata/annotations/kubernetes.io~1ingress.class";
  const GROUP_FIELD = "/metadata/annotations/alb.ingress.kubernetes.io~1group.name";
  const grouped = (name: string): Ingress => ingress({ annotations: { "group.name": name } });
  const legacy = (name: string): Ingress => ingress({ annotations: { [CLASS]: name } });
  const legacyAnd = (className: string): Ingress => ingress({ className, annotations: { [CLASS]: "alb" } });

  it.each<{ name: string; old: Ingress; updated: Ingress; field?: string; flags?: StringMap }>([
    { name: "a legacy class stays", old: legacy("alb"), updated: legacy("alb") },
    { name: "a legacy class goes", old: legacy("alb"), updated: ingress() },
    { name: "a legacy class comes", old: ingress(), updated: legacy("alb"), field: CLASS_FIELD },
    { name: "a legacy class becomes ours", old: legacy("nginx"), updated: legacy("alb"), field: CLASS_FIELD },
    { name: "a legacy class becomes another's", old: legacy("alb"), updated: legacy("nginx") },
    { name: "a legacy class comes where it may", old: ingress(), updated: legacy("alb"), flags: {} },
    { name: "a group stays", old: grouped("a"), updated: grouped("a") },
    { name: "a group goes", old: grouped("a"), updated: ingress() },
    { name: "a group comes", old: ingress(), updated: grouped("a"), field: GROUP_FIELD },
    { name: "a group changes", old: grouped("a"), updated: grouped("b"), field: GROUP_FIELD },
    { name: "a group changes where it may", old: grouped("a"), updated: grouped("b"), flags: {} },
    {
      name: "a class that doesn't exist comes",
      old: ingress(),
      updated: ingress({ className: "gone" }),
      field: "/spec/ingressClassName",
    },
    {
      name: "a class that doesn't exist comes beside the annotation",
      old: legacy("alb"),
      updated: legacyAnd("gone"),
      field: "/spec/ingressClassName",
    },
    { name: "a class that went stays beside the annotation", old: legacyAnd("gone"), updated: legacyAnd("gone") },
    {
      name: "conditions without values, though they stood there before",
      old: ingress({ annotations: noConditions }),
      updated: ingress({ annotations: noConditions }),
      field: CONDITIONS,
    },
  ])("$name", ({ old, updated, field, flags = forbidden }) => {
    const { settings } = settingsFromFlags({ "cluster-name": "demo", ...flags });
    const cluster = indexCluster(deepFreeze(snapshot({ ingressClasses: [ingressClass("alb")] })));
    const problem = admitIngressUpdate(
      deepFreeze(old),
      deepFreeze(updated),
      cluster,
      defaultClasses(cluster),
      settings,
    );
    expect(problem?.field).toBe(field);
  });
});
