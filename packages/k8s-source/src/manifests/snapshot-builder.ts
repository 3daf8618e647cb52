/** Gathers objects into a cluster snapshot: unrolls lists, lets the last of equal objects hold, counts the rest. */
import {
  type ClusterSnapshot,
  type Diagnostic,
  diagnose,
  type ObjectRef,
  objectName,
  type Position,
  type Positions,
  positionName,
  type SnapshotList,
  WHOLE_KINDS,
  type WholeKind,
} from "@elbplan/core";
import { isPlainObject, pointerTo } from "./object-schema.ts";
import { type Origin, readObject, type SnapshotObject } from "./read-object.ts";

/** What was read: how many objects of each kind, and how many that elbplan doesn't look at. */
export interface ManifestCounts {
  /** Objects in the snapshot, by kind. */
  readonly read: { readonly [kind: string]: number };
  /** Objects of other kinds, by apiVersion and kind: `apps/v1 Deployment`. */
  readonly ignored: { readonly [apiVersionAndKind: string]: number };
}

/** What a reader of objects yields. Diagnostics stand in the order of the input. */
export interface Manifests {
  readonly snapshot: ClusterSnapshot;
  readonly positions: Positions;
  readonly diagnostics: readonly Diagnostic[];
  readonly counts: ManifestCounts;
}

/** Where an object is to be looked for later, when its document is no longer held parsed. */
type PlaceLater = (pointer: string) => Position | undefined;

export interface SnapshotBuilder {
  /** Adds one value of the input: an object or a list of objects. */
  readonly add: (value: unknown, origin: Origin, later: PlaceLater) => void;
  readonly say: (diagnostic: Diagnostic) => void;
  /** `whole`: there are no other objects than those that were added. */
  readonly finish: (whole?: boolean) => Manifests;
}

interface Entry {
  readonly list: SnapshotList;
  readonly object: SnapshotObject;
  readonly later: PlaceLater;
}

/** Lists in lists in lists; nobody writes that. */
const MAX_LIST_DEPTH = 10;

/** Makes an empty builder. */
export function snapshotBuilder(defaultNamespace: string): SnapshotBuilder {
  const diagnostics: Diagnostic[] = [];
  const entries = new Map<string, Entry>();
  const ignored = new Map<string, number>();

  const add = (value: unknown, origin: Origin, later: PlaceLater, depth: number): void => {
    const items = depth < MAX_LIST_DEPTH ? itemsOf(value) : undefined;
    if (items === undefined) {
      addObject(value, origin, later);
      return;
    }
    for (const [index, item] of items.entries()) {
      const prefix = pointerTo("/items", index);
      const { positionOf, writtenAt } = origin;
      const within: Origin = { positionOf: (p) => positionOf(prefix + p), writtenAt: (p) => writtenAt(prefix + p) };
      add(item, within, (pointer) => later(prefix + pointer), depth + 1);
    }
  };

  const addObject = (value: unknown, origin: Origin, later: PlaceLater): void => {
    const read = readObject(value, origin, defaultNamespace);
    for (const diagnostic of read.diagnostics) diagnostics.push(diagnostic);
    if (read.ignored !== undefined) ignored.set(read.ignored, (ignored.get(read.ignored) ?? 0) + 1);
    const { object, list, ref, sourcePointer } = read;
    if (object === undefined || list === undefined || ref === undefined) return;
    const key = keyOf(ref);
    const before = entries.get(key);
    if (before !== undefined) diagnostics.push(twice(ref, before.later(""), origin.positionOf("")));
    const place: PlaceLater = sourcePointer === undefined ? later : (pointer) => later(sourcePointer(pointer));
    entries.set(key, { list, object, later: place });
  };

  return {
    add: (value, origin, later) => add(value, origin, later, 0),
    say: (diagnostic) => {
      diagnostics.push(diagnostic);
    },
    finish: (whole = false) => ({
      snapshot: {
        ...snapshotOf([...entries.values()]),
        ...unreadableOf(diagnostics),
        ...(whole && { whole: wholeKinds(diagnostics) }),
      },
      positions: (object, pointer) => entries.get(keyOf(object))?.later(pointer),
      diagnostics: [...diagnostics],
      counts: { read: countKinds([...entries.values()]), ignored: sorted(ignored) },
    }),
  };
}

/** Items of `v1 List`, and of lists of one kind such as `IngressList`, whose items may leave apiVersion and kind out. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (!isPlainObject(value)) return undefined;
  const { apiVersion, kind, items } = value;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return undefined;
  if (kind === "List") return items;
  return items.map((item: unknown) => {
    return isPlainObject(item) ? { apiVersion, kind: kind.slice(0, -"List".length), ...item } : item;
  });
}

function twice(object: ObjectRef, first: Position | undefined, second: Position | undefined): Diagnostic {
  const places =
    first === undefined || second === undefined ? "" : `: at ${positionName(first)} and at ${positionName(second)}`;
  const message = `${objectName(object)} stands twice in the input${places}; the last one holds.`;
  return diagnose("input.duplicate-object", message, { object, field: "", ...(second && { at: second }) });
}

function keyOf({ kind, namespace = "", name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}

function snapshotOf(entries: readonly Entry[]): ClusterSnapshot {
  const list = <K extends SnapshotList>(name: K): NonNullable<ClusterSnapshot[K]> => {
    const objects = entries.filter((entry) => entry.list === name).map(({ object }) => object);
    return objects as unknown as NonNullable<ClusterSnapshot[K]>;
  };
  // Files that name no Node or Pod at all don't mean that the cluster has none.
  const optional = <K extends SnapshotList>(name: K): Pick<ClusterSnapshot, K> | undefined => {
    const objects = list(name);
    return objects.length === 0 ? undefined : ({ [name]: objects } as unknown as Pick<ClusterSnapshot, K>);
  };
  return {
    ingresses: list("ingresses"),
    ingressClasses: list("ingressClasses"),
    ingressClassParams: list("ingressClassParams"),
    services: list("services"),
    namespaces: list("namespaces"),
    secrets: list("secrets"),
    ...optional("nodes"),
    ...optional("pods"),
    ...optional("endpointSlices"),
    ...optional("endpoints"),
  };
}

/** What an error is about was there and isn't in the snapshot. */
function unreadableOf(diagnostics: readonly Diagnostic[]): Pick<ClusterSnapshot, "unreadable"> {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return {};
  const objects = new Map(
    errors.flatMap(({ object }) => (object === undefined ? [] : [[keyOf(object), object] as const])),
  );
  return { unreadable: { objects: [...objects.values()], others: errors.filter(({ object }) => !object).length } };
}

/** A kind of which an object couldn't be read isn't whole, and a document of which nothing is known may be of any. */
function wholeKinds(diagnostics: readonly Diagnostic[]): readonly WholeKind[] {
  const broken = diagnostics.filter(({ severity }) => severity === "error").map(({ object }) => object?.kind);
  return broken.includes(undefined) ? [] : WHOLE_KINDS.filter((kind) => !broken.includes(kind));
}

function countKinds(entries: readonly Entry[]): { readonly [kind: string]: number } {
  const counts = new Map<string, number>();
  for (const { object } of entries) counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
  return sorted(counts);
}

function sorted(counts: ReadonlyMap<string, number>): { readonly [key: string]: number } {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
