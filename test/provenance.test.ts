/** Where values come from, over the recorded cases: every field has a source of its own, and every source exists. */
import { fileURLToPath } from "node:url";
import {
  buildDesired,
  type ClusterSnapshot,
  explainDesired,
  isReference,
  isUnknown,
  type ObjectRef,
  type Source,
  type Stack,
  settingsFromFlags,
} from "@elbplan/core";
import { parseManifests } from "@elbplan/k8s-source";
import { describe, expect, it } from "vitest";
import { listCases, readCase } from "../conformance/compare.mjs";

const directory = fileURLToPath(new URL("../conformance", import.meta.url));
const cases = listCases(directory);
const areas = [...new Set(cases.map(({ area }) => area))];
const WORDS = /^(default|flag|generated|discovery|existing load balancer)/;

type Sources = { readonly [place: string]: Source };

describe.each(areas)("%s", (area) => {
  const built = cases.filter((one) => one.area === area).flatMap((one) => explained(one));

  it("every field has a source that says more than where the resource is from", () => {
    const bare = built.flatMap(({ name, stack, sources }) =>
      Object.entries(stack.resources).flatMap(([key, { spec }]) =>
        leaves(spec, "")
          .filter((pointer) => nearest(sources, key, pointer) === undefined)
          .map((pointer) => `${name}: ${key}${pointer}`),
      ),
    );
    expect(bare).toEqual([]);
  });

  it("every source is a field that exists, or says in words what decided", () => {
    const wrong = built.flatMap(({ name, snapshot, sources }) =>
      Object.entries(sources)
        .filter(([, { object, field }]) =>
          object === undefined ? !WORDS.test(field) : !exists(snapshot, object, field),
        )
        .map(([place, { object, field }]) => `${name}: ${place} is from ${object?.kind ?? ""} ${field}`),
    );
    expect(wrong).toEqual([]);
  });
});

interface Explained {
  readonly name: string;
  readonly snapshot: ClusterSnapshot;
  readonly stack: Stack;
  readonly sources: Sources;
}

function explained(one: (typeof cases)[number]): readonly Explained[] {
  const { facts, manifests } = readCase(directory, one);
  const { clusterName } = facts;
  const { settings, diagnostics } = settingsFromFlags(
    facts.flags ?? {},
    clusterName === undefined ? {} : { clusterName },
  );
  if (diagnostics.some(({ severity }) => severity === "error")) return [];
  const { snapshot } = parseManifests([{ file: "manifests.yaml", text: manifests }]);
  const graph = buildDesired(snapshot, facts, undefined, settings);
  const sources = explainDesired(snapshot, facts, undefined, settings);
  return [...Object.values(graph.stacks), graph.clusterStack]
    .filter(({ status }) => status === "built")
    .map((stack) => ({ name: one.name, snapshot, stack, sources: sources[stack.id] ?? {} }));
}

/** Pointers of all values that hold no further ones. */
function leaves(value: unknown, pointer: string): readonly string[] {
  if (typeof value !== "object" || value === null || isReference(value) || isUnknown(value)) return [pointer];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${pointer}/${escaped(key)}`));
}

function escaped(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The source of a field or of what holds it, short of the resource as a whole. */
function nearest(sources: Sources, key: string, pointer: string): Source | undefined {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = `${key}#${at}`;
    if (Object.hasOwn(sources, place)) return sources[place];
  }
  return undefined;
}

function exists(snapshot: ClusterSnapshot, { kind, namespace, name }: ObjectRef, field: string): boolean {
  const lists: { readonly [kind: string]: readonly { readonly metadata: { name: string; namespace?: string } }[] } = {
    Ingress: snapshot.ingresses,
    Service: snapshot.services,
    IngressClassParams: snapshot.ingressClassParams,
  };
  const object = lists[kind]?.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  let value: unknown = object;
  for (const token of field.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as { readonly [key: string]: unknown })[key];
  }
  return value !== undefined;
}
