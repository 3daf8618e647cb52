/** What isn't in a snapshot because it couldn't be read must not look like something that isn't there. */
import { describe, expect, it } from "vitest";
import type { ClusterSnapshot, Unreadable } from "../../src/model/snapshot.ts";
import { classWithParams, ingress, service } from "../fixtures/cluster.ts";
import { desired } from "../fixtures/desired.ts";

const codes = (objects: Partial<ClusterSnapshot>, kinds: Unreadable["kinds"]): readonly string[] => {
  const graph = desired({ ...objects, unreadable: { objects: [], ...(kinds && { kinds }), others: 0 } });
  return graph.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
};

describe("a kind that couldn't be read", () => {
  const classless = ingress({ className: undefined });

  it.each([
    { name: "Services in the cluster", kinds: [{ kind: "Service" }], code: "backend.service-unreadable" },
    {
      name: "Services in the namespace",
      kinds: [{ kind: "Service", namespace: "shop" }],
      code: "backend.service-unreadable",
    },
  ])("$name: the group fails instead of answering 503", ({ kinds, code }) => {
    expect(codes({ services: [] }, kinds)).toContain(code);
  });

  it("Services of another namespace: a missing Service is missing", () => {
    expect(codes({ services: [] }, [{ kind: "Service", namespace: "other" }])).toEqual([]);
    expect(codes({ services: [service("web")] }, [{ kind: "Service", namespace: "shop" }])).toEqual([]);
  });

  it("IngressClasses: an Ingress without a class is undecided, and no group is planned", () => {
    const objects = { ingresses: [classless], ingressClasses: [] };
    expect(codes(objects, [{ kind: "IngressClass" }])).toContain("class.unreadable");
    expect(codes(objects, [])).toEqual([]);
  });

  it("IngressClasses: one that holds a finalizer doesn't leave its group", () => {
    const held = { ...classless, metadata: { ...ingress().metadata, finalizers: ["ingress.k8s.aws/resources"] } };
    const unreadable = { objects: [], kinds: [{ kind: "IngressClass" }], others: 0 };
    const graph = desired({ ingresses: [held], ingressClasses: [], unreadable });
    expect(Object.values(graph.stacks).map(({ status, inactiveMembers }) => [status, inactiveMembers])).toEqual([
      ["failed", []],
    ]);
  });

  it("IngressClasses and their params: the message doesn't say that they don't exist", () => {
    const graph = desired({
      ...classWithParams("public", {}),
      ingresses: [ingress({ className: "public" }), ingress({ name: "b", className: "gone" })],
      ingressClassParams: [],
      unreadable: { objects: [], kinds: [{ kind: "IngressClass" }, { kind: "IngressClassParams" }], others: 0 },
    });
    const messages = graph.classErrors.map(({ message }) => message);
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toContain("couldn't be read");
  });
});
