import { describe, expect, it } from "vitest";
import { parseObjects } from "../../src/index.ts";
import { deepFreeze } from "./manifest-text.ts";

const ingress = deepFreeze({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "web", annotations: { a: "b" } },
  spec: { defaultBackend: { service: { name: "a", port: { number: 80 } } } },
});

describe("parseObjects", () => {
  it("checks objects in memory and fills the defaults in, without places", () => {
    const { snapshot, diagnostics, positions } = parseObjects([ingress], { defaultNamespace: "shop" });
    expect(diagnostics).toEqual([]);
    expect(snapshot.ingresses).toEqual([{ ...ingress, metadata: { ...ingress.metadata, namespace: "shop" } }]);
    expect(positions({ kind: "Ingress", namespace: "shop", name: "web" }, "")).toBeUndefined();
  });

  it("takes the dates and the undefined fields that clients hold", () => {
    const deletionTimestamp = new Date("2030-01-31T12:00:00Z");
    const held = {
      ...ingress,
      status: undefined,
      metadata: { name: "web", creationTimestamp: new Date(0), deletionTimestamp, labels: undefined },
    };
    const { snapshot, diagnostics } = parseObjects([held]);
    expect(diagnostics).toEqual([]);
    expect(snapshot.ingresses[0]?.metadata.deletionTimestamp).toBe("2030-01-31T12:00:00.000Z");
    expect(snapshot.ingresses[0]?.metadata).not.toHaveProperty("labels");
  });

  it.each([
    { name: "nothing", objects: [], codes: ["input.empty"] },
    { name: "undefined", objects: [undefined], codes: ["input.not-an-object"] },
    { name: "a function", objects: [() => 1], codes: ["input.not-an-object"] },
    { name: "a wrong type", objects: [{ ...ingress, spec: { rules: "a" } }], codes: ["input.field-type"] },
    { name: "the same object twice", objects: [ingress, ingress], codes: ["input.duplicate-object"] },
  ])("$name: $codes", ({ objects, codes }) => {
    const { diagnostics } = parseObjects(objects);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(diagnostics.every(({ at }) => at === undefined)).toBe(true);
  });
});
