import { describe, expect, it } from "vitest";
import type { DesiredGraph } from "../../src/model/graph.ts";
import { type IngressSketch, ingress } from "../fixtures/cluster.ts";
import { desired, errorCodes } from "../fixtures/desired.ts";

const IMPLICIT = "ingress.k8s.aws/resources";
const EXPLICIT = "group.ingress.k8s.aws/";
const DELETING = "2026-01-01T00:00:00Z";

function member(name: string, group: string, order?: string, rest: IngressSketch = {}) {
  const annotations = {
    "group.name": group,
    ...(order !== undefined && { "group.order": order }),
    ...rest.annotations,
  };
  return ingress({ ...rest, name, annotations });
}

function members(graph: DesiredGraph, id: string): readonly string[] | undefined {
  return graph.stacks[id]?.members;
}

describe("implicit group per Ingress", () => {
  it("is called namespace/name", () => {
    const graph = desired({ ingresses: [ingress(), ingress({ name: "api" }), ingress({ namespace: "pay" })] });
    expect(Object.values(graph.stacks).map(({ id, explicit }) => ({ id, explicit }))).toEqual([
      { id: "pay/web", explicit: false },
      { id: "shop/api", explicit: false },
      { id: "shop/web", explicit: false },
    ]);
  });
});

describe("explicit group by annotation or params", () => {
  it("spans namespaces", () => {
    const graph = desired({ ingresses: [member("a", "team"), member("b", "team", undefined, { namespace: "pay" })] });
    expect(graph.stacks["team"]).toMatchObject({ explicit: true, members: ["pay/b", "shop/a"] });
  });
  it.each(["constructor", "tostring", "valueof"])("may be called %s", (group) => {
    const graph = desired({ ingresses: [member("a", group)] });
    expect(Object.hasOwn(graph.stacks, group) && members(graph, group)).toEqual(["shop/a"]);
  });
});

describe("group name regex and length", () => {
  it.each(["a", "0", "a-b.c", "a.-b", "a".repeat(63)])("%s is valid", (group) => {
    expect(members(desired({ ingresses: [member("a", group)] }), group)).toEqual(["shop/a"]);
  });
  it.each(["", "A", "a_b", "-a", "a-", ".a", "a.", "a".repeat(64), "é", " a", "a\n", "__proto__"])(
    "%j is not",
    (group) => {
      const graph = desired({ ingresses: [member("a", group)] });
      expect(graph.classErrors.map(({ ingress: key }) => key)).toEqual(["shop/a"]);
      expect(Object.keys(graph.stacks)).toEqual([]);
    },
  );
});

describe("order annotation range −1000..1000, tie-break ns/name", () => {
  it("sorts by number, then by the text namespace/name", () => {
    const ingresses = [
      member("c", "team", "-1000"),
      member("b", "team"),
      member("a", "team", "1000"),
      member("a", "team", undefined, { namespace: "shop-2" }),
      member("b", "team", "+0"),
    ];
    const graph = desired({ ingresses: ingresses.slice(0, 4) });
    expect(members(graph, "team")).toEqual(["shop/c", "shop-2/a", "shop/b", "shop/a"]);
  });
  it.each(["1001", "-1001", "first", "1.5", "", " 1"])("%j fails the group, also that of one Ingress", (order) => {
    const explicit = desired({ ingresses: [member("a", "team", order), member("b", "team")] });
    expect(explicit.stacks["team"]).toMatchObject({ status: "failed", failedAt: "load" });
    const implicit = desired({ ingresses: [ingress({ annotations: { "group.order": order } })] });
    expect(implicit.stacks["shop/web"]).toMatchObject({ status: "failed", failedAt: "load" });
  });
});

describe("active / inactive membership through finalizers", () => {
  const held = (finalizers: readonly string[], rest: IngressSketch = {}) =>
    ingress({ ...rest, metadata: { finalizers, ...rest.metadata } });

  it.each([
    { name: "ours, no finalizer", object: ingress(), active: ["shop/web"], inactive: [] },
    { name: "ours, with finalizer", object: held([IMPLICIT]), active: ["shop/web"], inactive: [] },
    {
      name: "deleting, with finalizer",
      object: held([IMPLICIT], { metadata: { deletionTimestamp: DELETING } }),
      active: [],
      inactive: ["shop/web"],
    },
    {
      name: "of another class, with finalizer",
      object: held([IMPLICIT], { className: undefined }),
      active: [],
      inactive: ["shop/web"],
    },
    {
      name: "moved to a group",
      object: held([IMPLICIT], { annotations: { "group.name": "team" } }),
      active: [],
      inactive: ["shop/web"],
    },
    {
      name: "invalid group name, with finalizer",
      object: held([IMPLICIT], { annotations: { "group.name": "-" } }),
      active: [],
      inactive: ["shop/web"],
    },
    {
      name: "the finalizer twice",
      object: held([IMPLICIT, IMPLICIT], { className: undefined }),
      active: [],
      inactive: ["shop/web"],
    },
  ])("$name", ({ object, active, inactive }) => {
    expect(desired({ ingresses: [object] }).stacks["shop/web"]).toMatchObject({
      members: active,
      inactiveMembers: inactive,
      status: "built",
    });
  });

  it.each([
    { name: "deleting", object: ingress({ metadata: { deletionTimestamp: DELETING } }) },
    { name: "of another class", object: ingress({ className: undefined }) },
    { name: "of a class that doesn't exist", object: ingress({ className: "none" }) },
    { name: "of an invalid group name", object: member("web", "-") },
    { name: "with a stranger's finalizer", object: held(["other.io/x"], { className: undefined }) },
  ])("$name and without our finalizer: no group at all", ({ object }) => {
    expect(desired({ ingresses: [object] }).stacks).toEqual({});
  });
});

describe("invalid class + finalizer fails the whole group", () => {
  it("so that an accidental edit deletes nothing", () => {
    const broken = ingress({ name: "b", className: "none", metadata: { finalizers: [`${EXPLICIT}team`] } });
    const graph = desired({ ingresses: [member("a", "team"), broken] });
    expect(graph.stacks["team"]).toMatchObject({ status: "failed", failedAt: "load", resources: {} });
    expect(errorCodes(graph)).toEqual(["class.not-found"]);
  });
});

describe("deletion-protection guard at build time", () => {
  const deleting = (attributes: string, deletionTimestamp: string | undefined = DELETING) =>
    ingress({
      className: undefined,
      annotations: { "load-balancer-attributes": attributes },
      metadata: { finalizers: [IMPLICIT], ...(deletionTimestamp && { deletionTimestamp }) },
    });
  it.each(["true", "1", "T", "maybe", ""])("%j holds the deletion up", (value) => {
    const graph = desired({ ingresses: [deleting(`deletion_protection.enabled=${value}`)] });
    expect(graph.stacks["shop/web"]).toMatchObject({ status: "failed", failedAt: "build" });
  });
  it.each(["false", "0", "f", "FALSE"])("%s doesn't", (value) => {
    const graph = desired({ ingresses: [deleting(`deletion_protection.enabled=${value}`)] });
    expect(graph.stacks["shop/web"]).toMatchObject({ status: "built", resources: {} });
  });
  it("other attributes and leaving a group don't, unreadable attributes do", () => {
    const status = (object: ReturnType<typeof deleting>) => desired({ ingresses: [object] }).stacks["shop/web"]?.status;
    expect(status(deleting("idle_timeout.timeout_seconds=5"))).toBe("built");
    expect(status(deleting("deletion_protection.enabled"))).toBe("failed");
    expect(
      status({
        ...deleting("deletion_protection.enabled=true"),
        metadata: { ...deleting("x").metadata, deletionTimestamp: DELETING, annotations: {} },
      }),
    ).toBe("built");
    const moved = ingress({
      annotations: { "group.name": "team", "load-balancer-attributes": "deletion_protection.enabled=true" },
      metadata: { finalizers: [IMPLICIT] },
    });
    expect(status(moved)).toBe("built");
  });
});

describe("empty group deletes everything tagged", () => {
  it("as a stack without members and resources", () => {
    const gone = ingress({ metadata: { deletionTimestamp: DELETING, finalizers: [IMPLICIT] } });
    expect(desired({ ingresses: [gone] }).stacks["shop/web"]).toMatchObject({
      status: "built",
      members: [],
      resources: {},
      listenerPorts: [],
    });
  });
});

describe("multi-group finalizers while moving", () => {
  it("an Ingress may be active in one group and inactive in several", () => {
    const finalizers = [IMPLICIT, `${EXPLICIT}old`, `${EXPLICIT}new`];
    const graph = desired({ ingresses: [member("web", "new", undefined, { metadata: { finalizers } })] });
    const membership = Object.values(graph.stacks).map(({ id, members: active, inactiveMembers }) => [
      id,
      active,
      inactiveMembers,
    ]);
    expect(membership).toEqual([
      ["new", ["shop/web"], []],
      ["old", [], ["shop/web"]],
      ["shop/web", [], ["shop/web"]],
    ]);
  });
});

describe("one broken Ingress blocks the group", () => {
  it("and no other group", () => {
    const graph = desired({
      ingresses: [
        member("a", "team"),
        member("b", "team", undefined, { annotations: { "listen-ports": "nonsense" } }),
        member("c", "other"),
      ],
    });
    expect(Object.values(graph.stacks).map(({ id, status, failedAt }) => [id, status, failedAt])).toEqual([
      ["other", "built", undefined],
      ["team", "failed", "build"],
    ]);
    expect(graph.stacks["team"]?.resources).toEqual({});
  });
  it("all errors of a group are told at once, each naming its Ingress and field", () => {
    const graph = desired({
      ingresses: [
        member("a", "team", undefined, { annotations: { "ssl-redirect": "x", scheme: "public" } }),
        member("b", "team", undefined, { annotations: { "target-type": "vm" } }),
      ],
    });
    const told = graph.diagnostics.map(({ object, field }) => `${object?.name} ${field}`);
    expect(told).toEqual([
      "a /metadata/annotations/alb.ingress.kubernetes.io~1scheme",
      "a /metadata/annotations/alb.ingress.kubernetes.io~1ssl-redirect",
      "b /metadata/annotations/alb.ingress.kubernetes.io~1target-type",
    ]);
  });
});

describe("conflict errors across members, by annotation", () => {
  it.each([
    { annotation: "scheme", one: "internal", other: "internet-facing" },
    { annotation: "ip-address-type", one: "ipv4", other: "dualstack" },
    { annotation: "load-balancer-name", one: "a", other: "" },
    { annotation: "subnets", one: "subnet-0a,subnet-0b", other: "subnet-1a,subnet-1b" },
    { annotation: "security-groups", one: "sg-0a,sg-0b", other: "sg-0b,sg-0a" },
    { annotation: "security-groups", one: "", other: "sg-0b" },
    { annotation: "customer-owned-ipv4-pool", one: "a", other: "b" },
    { annotation: "load-balancer-attributes", one: "a=1", other: "a=2" },
    { annotation: "listener-attributes.HTTP-80", one: "a=1", other: "a=2" },
    { annotation: "wafv2-acl-arn", one: "arn:a", other: "" },
    { annotation: "wafv2-acl-name", one: "edge", other: "none" },
    { annotation: "waf-acl-id", one: "a", other: "b" },
    { annotation: "shield-advanced-protection", one: "true", other: "false" },
    { annotation: "inbound-cidrs", one: "10.0.0.0/8", other: "10.0.0.0/8,11.0.0.0/8" },
    { annotation: "security-group-prefix-lists", one: "pl-1", other: "pl-2" },
    { annotation: "minimum-load-balancer-capacity", one: "CapacityUnits=1", other: "CapacityUnits=2" },
    { annotation: "ipam-ipv4-pool-id", one: "a", other: "b" },
    { annotation: "tags", one: "a=1", other: "a=2" },
    { annotation: "enable-frontend-nlb", one: "true", other: "false" },
  ])("$annotation $one and $other", ({ annotation, one, other }) => {
    const graph = desired({
      ingresses: [
        member("a", "team", undefined, { annotations: { [annotation]: one } }),
        member("b", "team", undefined, { annotations: { [annotation]: other } }),
      ],
    });
    expect(errorCodes(graph)).toEqual(["group.conflict"]);
    expect(graph.diagnostics[0]?.object?.name).toBe("b");
  });
  it.each([
    { annotation: "subnets", one: "subnet-0a,subnet-0b", other: "subnet-0b,subnet-0a" },
    { annotation: "inbound-cidrs", one: "10.0.0.0/8,11.0.0.0/8", other: "11.0.0.0/8,10.0.0.0/8,10.0.0.0/8" },
    { annotation: "load-balancer-attributes", one: "a=1", other: "b=2" },
    { annotation: "tags", one: "a=1,b=2", other: "b=2,c=3" },
    { annotation: "waf-acl-id", one: "a", other: "" },
    { annotation: "ipam-ipv4-pool-id", one: "a", other: "" },
  ])("$annotation $one and $other agree", ({ annotation, one, other }) => {
    const graph = desired({
      ingresses: [
        member("a", "team", undefined, { annotations: { [annotation]: one } }),
        member("b", "team", undefined, { annotations: { [annotation]: other } }),
      ],
    });
    expect(errorCodes(graph)).toEqual([]);
  });
});
