/** What two graphs tell of one another, and what a graph tells of itself. */
import { expect, it } from "vitest";
import { buildDesired } from "../src/build-desired.ts";
import { callFor } from "../src/call-for.ts";
import { compareGraphs } from "../src/compare-graphs.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Ingress } from "../src/model/kubernetes.ts";
import type { ClusterSnapshot } from "../src/model/snapshot.ts";
import { DEFAULT_SETTINGS } from "../src/read/default-settings.ts";
import { renderLbcPlanAnnotation } from "../src/render/lbc-stack.ts";
import { planAnnotationWrites } from "../src/render/plan-annotation.ts";
import { renderPlanText } from "../src/render/plan-text.ts";
import { ingress, snapshot as snapshotOf } from "./fixtures/cluster.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { facts } from "./fixtures/facts.ts";

function graphOf(snapshot: ClusterSnapshot, gate = false): DesiredGraph {
  const featureGates = { ...DEFAULT_SETTINGS.featureGates, IngressPlanAnnotation: gate };
  const settings = { ...DEFAULT_SETTINGS, clusterName: "test", featureGates };
  return buildDesired(deepFreeze(snapshot), facts(), undefined, settings);
}

const cluster = (...ingresses: readonly Ingress[]): ClusterSnapshot => snapshotOf({ ingresses });
const NAME = "alb.ingress.kubernetes.io/dry-run-plan";
const member = (name: string, more: Record<string, string> = {}) =>
  ingress({ name, annotations: { "group.name": "g", "target-type": "ip", ...more } });

it("human readable graph and diff of two graphs", () => {
  const before = graphOf(cluster(member("a")));
  const after = graphOf(cluster(member("a", { "healthcheck-path": "/ready" })));
  const { plan, account } = compareGraphs(before, after);
  expect(plan.actions.map(({ kind }) => kind)).toEqual(["modifyTargetGroup"]);
  const text = renderPlanText(plan, { callFor, inventory: account });
  expect(text).toContain("healthCheck.path: / → /ready");
  expect(compareGraphs(before, before).plan.actions).toEqual([]);
});

it("compares replacements and stacks that go as a change would make them", () => {
  const before = graphOf(cluster(member("a"), ingress({ name: "alone", annotations: { "target-type": "ip" } })));
  const after = graphOf(cluster(member("a", { scheme: "internet-facing" })));
  const { plan } = compareGraphs(before, after);
  expect(plan.summary.replace).toBe(1);
  expect(
    plan.actions
      .filter(({ kind }) => kind === "deleteLoadBalancer")
      .map(({ stack }) => stack)
      .sort(),
  ).toEqual(["g", "shop/alone"]);
});

it("writing / clearing the dry-run-plan annotation", () => {
  const snapshot = cluster(member("a"), member("b", { "dry-run-plan": "old" }));
  const on = graphOf(snapshot, true);
  const stack = on.stacks["g"];
  const ref = (name: string) => ({ kind: "Ingress", namespace: "shop", name });
  const text = stack === undefined ? "" : renderLbcPlanAnnotation(stack);
  expect(planAnnotationWrites(on, snapshot)).toEqual([
    { ingress: ref("a"), annotation: NAME, value: text },
    { ingress: ref("b"), annotation: NAME, value: null },
  ]);
  const written = cluster(member("a", { "dry-run-plan": text }), member("b"));
  expect(planAnnotationWrites(graphOf(written, true), written)).toEqual([]);
  expect(planAnnotationWrites(graphOf(written, false), written)).toEqual([
    { ingress: ref("a"), annotation: NAME, value: null },
  ]);
});
