/** Borders of classes and groups: order, and what finalizers alone tell. */
import { expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { indexCluster } from "../../src/resolve/cluster-index.ts";
import { resolveGroups } from "../../src/resolve/groups.ts";
import { defaultClasses } from "../../src/resolve/ingress-class.ts";
import { selectorMatches } from "../../src/resolve/label-selector.ts";
import { ingress, ingressClass, snapshot } from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

const grouped = (...ingresses: ReturnType<typeof ingress>[]) => {
  const input = deepFreeze(snapshot({ ingresses }));
  return resolveGroups(input, indexCluster(input), DEFAULT_SETTINGS);
};

it("tells Ingresses by name, whatever the order of the input", () => {
  const found = grouped(
    ingress({ name: "z", className: undefined }),
    ingress({ name: "b", className: "gone" }),
    ingress({ name: "y", className: undefined }),
    ingress({ name: "a", className: "gone" }),
  );
  expect(found.unmanaged).toEqual(["shop/y", "shop/z"]);
  expect(found.classErrors.map((error) => error.ingress)).toEqual(["shop/a", "shop/b"]);
});

it("knows from finalizers alone whether a group was named, and who left it", () => {
  const leaving = (name: string, finalizer: string) =>
    ingress({ name, metadata: { finalizers: [finalizer], deletionTimestamp: "2026-01-01T00:00:00Z" } });
  const { groups } = grouped(
    leaving("z", "group.ingress.k8s.aws/edge"),
    leaving("y", "group.ingress.k8s.aws/edge"),
    leaving("x", "ingress.k8s.aws/resources"),
  );
  const told = groups.map(({ id, explicit, inactive }) => [
    id,
    explicit,
    inactive.map(({ metadata }) => metadata.name),
  ]);
  expect(told).toEqual([
    ["edge", true, ["y", "z"]],
    ["shop/x", false, ["x"]],
  ]);
});

it("lists default classes by name", () => {
  const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
  const marked = (name: string) => ({ ...ingressClass(name), metadata: { name, annotations } });
  const input = snapshot({ ingressClasses: [marked("b"), ingressClass("c"), marked("a")] });
  expect(defaultClasses(indexCluster(input))).toEqual(["a", "b"]);
});

it.each([
  { name: "In without the label", operator: "In", values: ["x"], labels: {}, expected: false },
  { name: "NotIn without the label", operator: "NotIn", values: ["x"], labels: {}, expected: true },
  { name: "NotIn with the value", operator: "NotIn", values: ["x"], labels: { k: "x" }, expected: false },
  { name: "an unknown operator", operator: "Gt", values: undefined, labels: { k: "x" }, expected: undefined },
])("selects namespaces: $name", ({ operator, values, labels, expected }) => {
  const expression = { key: "k", operator, ...(values && { values }) };
  expect(selectorMatches({ matchExpressions: [expression] }, labels as Record<string, string>)).toBe(expected);
});
