/** What holds for the desired graph of every cluster. ELBPLAN_FUZZ_RUNS raises the number of clusters looked at. */
import {
  ANNOTATION_PREFIX,
  buildDesired,
  type ClusterSnapshot,
  type DesiredGraph,
  explainDesired,
  type Ingress,
  renderLbcStack,
  type Source,
  type Stack,
} from "@elbplan/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aCluster,
  type Cluster,
  danglingReferences,
  deepFreeze,
  mutated,
  shuffled,
  undefinedPlaces,
} from "../src/index.ts";

const runs = Number(process.env["ELBPLAN_FUZZ_RUNS"] ?? 250);
const timeout = Math.max(60_000, runs * 60);

function graphOf({ snapshot, facts, settings }: Cluster): DesiredGraph {
  return buildDesired(snapshot, facts, undefined, settings);
}

function law(name: string, holds: (cluster: Cluster, graph: DesiredGraph) => void): void {
  it(
    name,
    () => {
      fc.assert(
        fc.property(aCluster, (cluster) => {
          deepFreeze(cluster);
          holds(cluster, graphOf(cluster));
        }),
        { numRuns: runs },
      );
    },
    timeout,
  );
}

const built = (graph: DesiredGraph): readonly Stack[] =>
  Object.values(graph.stacks).filter(({ status }) => status === "built");

describe("every desired graph", () => {
  law("is plain JSON whose references lead somewhere", (_cluster, graph) => {
    expect(undefinedPlaces(graph)).toEqual([]);
    expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
    expect(danglingReferences(graph)).toEqual([]);
    expect(() => renderLbcStack(graph)).not.toThrow();
  });

  law("doesn't depend on the order of the objects", (cluster, graph) => {
    const reorder = shuffled(JSON.stringify(cluster.snapshot.ingresses.map(({ metadata }) => metadata.name)));
    const { ingresses, ingressClasses, ingressClassParams, services, namespaces, secrets } = cluster.snapshot;
    const snapshot: ClusterSnapshot = {
      ingresses: reorder(ingresses),
      ingressClasses: reorder(ingressClasses),
      ingressClassParams: reorder(ingressClassParams),
      services: reorder(services),
      namespaces: reorder(namespaces),
      secrets: reorder(secrets),
    };
    expect(JSON.stringify(graphOf({ ...cluster, snapshot }))).toBe(JSON.stringify(graph));
  });

  law("puts every Ingress into one stack, among the unmanaged or among the class errors", ({ snapshot }, graph) => {
    const seen = [
      ...Object.values(graph.stacks).flatMap(({ members }) => members),
      ...graph.unmanaged,
      ...graph.classErrors.map(({ ingress }) => ingress),
    ];
    expect(seen.sort()).toEqual(snapshot.ingresses.map(keyOf).sort());
  });

  law("gives a failed stack an error and no resources, and a built one no error", (_cluster, graph) => {
    for (const { id, status, resources } of Object.values(graph.stacks)) {
      const errors = graph.diagnostics.filter(({ severity, stack }) => severity === "error" && stack === id);
      expect([errors.length > 0, Object.keys(resources).length === 0]).toEqual([
        status === "failed",
        status === "failed",
      ]);
    }
  });

  law(
    "names load balancers, security groups and target groups within 32 characters of AWS's alphabet",
    (_cluster, graph) => {
      for (const { resources } of built(graph)) {
        for (const { kind, spec } of Object.values(resources)) {
          if (kind !== "loadBalancer" && kind !== "securityGroup" && kind !== "targetGroup") continue;
          const name = typeof spec.name === "object" && "lbc" in spec.name ? spec.name.lbc : spec.name;
          if (typeof name === "string") expect(name).toMatch(/^k8s-[0-9A-Za-z-]{1,28}$/);
        }
      }
    },
  );

  law("lets default tags win, or lose with the gate", ({ settings, snapshot }, graph) => {
    const { defaultTags, featureGates } = settings;
    for (const { resources } of built(graph)) {
      for (const resource of Object.values(resources)) {
        if (!["loadBalancer", "listener", "listenerRule", "targetGroup"].includes(resource.kind)) continue;
        const tags = "tags" in resource.spec ? (resource.spec.tags ?? {}) : {};
        for (const [key, value] of Object.entries(defaultTags)) {
          const found = Object.hasOwn(tags, key) ? tags[key] : undefined;
          if (!featureGates.EnableDefaultTagsLowPriority) expect(found).toBe(value);
          else expect(found === value || askedTags(snapshot).has(`${key}=${found}`)).toBe(true);
        }
      }
    }
  });

  law("numbers the rules of a listener from 1, in the order of members and of their rules", (cluster, graph) => {
    const sources = explainDesired(cluster.snapshot, cluster.facts, undefined, cluster.settings);
    for (const stack of built(graph)) {
      for (const port of stack.listenerPorts) {
        const rules = rulesOf(stack, port);
        expect(rules).toEqual(rules.map((_, index) => index + 1));
        const order = rules.map((priority) => placeOf(stack, sources[stack.id]?.[`listenerRule/${port}:${priority}#`]));
        expect(order).toEqual([...order].sort((a, b) => a.member - b.member || a.rule - b.rule));
      }
    }
  });

  law("has a rule for every path on every listener, or says why not", ({ snapshot }, graph) => {
    for (const stack of built(graph)) {
      const members = stack.members.flatMap((key) => snapshot.ingresses.filter((ingress) => keyOf(ingress) === key));
      const redirected = stack.listenerPorts.filter((port) => redirectsAll(stack, port));
      const paths = stack.listenerPorts
        .filter((port) => !redirected.includes(port))
        .map((port) =>
          members.filter((ingress) => listens(ingress, port)).reduce((sum, ingress) => sum + pathsOf(ingress), 0),
        );
      const rules = stack.listenerPorts.map((port) => rulesOf(stack, port).length);
      const dropped = graph.diagnostics.filter(
        ({ code, stack: id }) =>
          id === stack.id &&
          ["rule.redirect-loop", "rule.covered-by-redirect", "rule.covered-by-host-regex"].includes(code),
      );
      expect(total(rules) + dropped.length).toBe(total(paths));
    }
  });
});

it(
  "strange input yields a graph all the same",
  () => {
    const strange = aCluster.chain((cluster) =>
      fc
        .tuple(mutated(cluster.snapshot), mutated(cluster.facts))
        .map(([snapshot, facts]) => ({ ...cluster, snapshot, facts })),
    );
    fc.assert(
      fc.property(strange, (cluster) => {
        deepFreeze(cluster);
        const graph = graphOf(cluster);
        expect(undefinedPlaces(graph)).toEqual([]);
        expect(danglingReferences(graph)).toEqual([]);
        expect(JSON.stringify(graphOf(cluster))).toBe(JSON.stringify(graph));
      }),
      { numRuns: runs },
    );
  },
  timeout,
);

function keyOf({ metadata: { namespace, name } }: Ingress): string {
  return `${namespace}/${name}`;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function rulesOf({ resources }: Stack, port: number): readonly number[] {
  return Object.values(resources).flatMap((resource) =>
    resource.kind === "listenerRule" && resource.id.startsWith(`${port}:`) ? [resource.spec.priority] : [],
  );
}

function placeOf(stack: Stack, source: Source | undefined): { readonly member: number; readonly rule: number } {
  const [, rule] = /^\/spec\/rules\/(\d+)\//.exec(source?.field ?? "") ?? [];
  return { member: stack.members.indexOf(`${source?.object?.namespace}/${source?.object?.name}`), rule: Number(rule) };
}

function redirectsAll({ resources }: Stack, port: number): boolean {
  const listener = resources[`listener/${port}`];
  if (listener?.kind !== "listener") return false;
  const [action] = listener.spec.defaultActions;
  return (
    listener.spec.protocol === "HTTP" &&
    action?.type === "redirect" &&
    action.redirectConfig.host === undefined &&
    rulesOf({ resources } as Stack, port).length === 0
  );
}

function annotation({ metadata }: Ingress, name: string): string | undefined {
  return metadata.annotations?.[ANNOTATION_PREFIX + name];
}

function listens(ingress: Ingress, port: number): boolean {
  const ports = annotation(ingress, "listen-ports");
  if (ports !== undefined) return ports.includes(`:${port}}`);
  return port === (annotation(ingress, "certificate-arn") === undefined ? 80 : 443);
}

function pathsOf({ spec }: Ingress): number {
  return total((spec?.rules ?? []).map(({ http }) => http?.paths.length ?? 0));
}

/** `key=value` of every tag that some annotation or class asks for. */
function askedTags({ ingresses, services, ingressClassParams }: ClusterSnapshot): ReadonlySet<string> {
  const annotated = [...ingresses, ...services].flatMap(({ metadata }) =>
    (metadata.annotations?.[`${ANNOTATION_PREFIX}tags`] ?? "").split(","),
  );
  const classes = ingressClassParams.flatMap(({ spec }) =>
    (spec?.tags ?? []).map(({ key, value }) => `${key}=${value}`),
  );
  return new Set([...annotated, ...classes]);
}
