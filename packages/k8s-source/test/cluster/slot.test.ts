import { describe, expect, it } from "vitest";
import { clusterKind } from "../../src/cluster/kinds.ts";
import { type Arrival, arrive, type ClusterObject } from "../../src/cluster/read/arrival.ts";
import { makeSlot, type ObjectChange, type Slot } from "../../src/cluster/watch/slot.ts";
import { aNode, anIngress, noisy } from "./objects.ts";

const arrival = (object: unknown): Arrival => arrive(clusterKind("Ingress"), object);
const objectOf = (object: unknown): ClusterObject => (arrival(object) as { object: ClusterObject }).object;
const list = (slot: Slot, ...objects: readonly object[]): readonly ObjectChange[] =>
  slot.replace({ objects: objects.map(objectOf), invalid: [] });
const said = (changes: readonly ObjectChange[]) =>
  changes.map(({ before, after }) => `${before?.metadata.name ?? "-"} → ${after?.metadata.name ?? "-"}`);

describe("a slot", () => {
  it("tells what is new, changed and gone after a list", () => {
    const slot = makeSlot();
    expect(said(list(slot, anIngress("a"), anIngress("b")))).toEqual(["- → a", "- → b"]);
    const [a] = slot.objects();
    expect(said(list(slot, anIngress("a"), anIngress("c")))).toEqual(["- → c", "b → -"]);
    expect(slot.objects()[0]).toBe(a);
  });

  it("gives the same list of the same objects as long as nothing changes", () => {
    const slot = makeSlot();
    list(slot, anIngress("a"), anIngress("b"));
    const before = slot.objects();
    expect(list(slot, anIngress("a"), anIngress("b"))).toEqual([]);
    expect(slot.put(arrival(noisy(anIngress("a"))))).toHaveLength(1);
    expect(slot.put(arrival(anIngress("b")))).toEqual([]);
    expect(slot.objects()).not.toBe(before);
    expect(slot.objects()[1]).toBe(before[1]);
    expect(slot.objects()).toBe(slot.objects());
  });

  it("doesn't take a heartbeat for a change", () => {
    const slot = makeSlot();
    slot.put(arrive(clusterKind("Node"), aNode("n", 1)));
    const before = slot.objects();
    expect(slot.put(arrive(clusterKind("Node"), aNode("n", 2)))).toEqual([]);
    expect(slot.objects()).toBe(before);
  });

  it("an object that can't be read any more is told apart from one that is gone", () => {
    const slot = makeSlot();
    slot.put(arrival(anIngress("a")));
    expect(said(slot.put(arrival(anIngress("a", {}, { rules: 7 }))))).toEqual(["a → -"]);
    expect(slot.invalid().map(({ ref }) => ref?.name)).toEqual(["a"]);
    expect(said(slot.put(arrival(anIngress("a"))))).toEqual(["- → a"]);
    expect(slot.invalid()).toEqual([]);
  });

  it.each([
    { name: "its last state", object: anIngress("a") },
    { name: "a state that can't be read", object: { metadata: { namespace: "shop", name: "a" }, spec: 7 } },
  ])("a deletion is one with $name", ({ object }) => {
    const slot = makeSlot();
    slot.put(arrival(anIngress("a")));
    expect(said(slot.remove(object))).toEqual(["a → -"]);
    expect(slot.remove(object)).toEqual([]);
    expect(slot.objects()).toEqual([]);
  });

  it("a deletion of nonsense deletes nothing", () => {
    const slot = makeSlot();
    slot.put(arrival(anIngress("a")));
    for (const object of [undefined, null, 7, {}, { metadata: { name: {} } }]) expect(slot.remove(object)).toEqual([]);
    expect(slot.objects()).toHaveLength(1);
  });
});
