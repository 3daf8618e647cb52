/**
 * A cluster in memory behind the same port as a real one: lists with pages and exact moments, watches, creation, patches
 * with their preconditions, finalizers, deletion. It checks no schemas and grants everything unless told otherwise.
 * For tests and demonstrations; tested to answer as a real API server does.
 */

import type { KubernetesApi, KubernetesRequest, WatchEvent, WatchOptions } from "../cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../cluster/api/kubernetes-error.ts";
import type { Clock } from "../cluster/clock.ts";
import { systemClock } from "../cluster/clock.ts";
import { pathOf } from "../cluster/kinds.ts";
import type { Access } from "../cluster/rights.ts";
import { type History, makeHistory, type StoredObject } from "./history.ts";
import { jsonPatched, mergePatched, PatchError, strategicallyPatched } from "./patch.ts";
import { parsePath, type ResourcePath } from "./route.ts";
import { updated } from "./update.ts";

/** A request as rights speak of it. */
export interface SimulatedAccess extends Access {
  readonly namespace?: string;
}

export interface SimulatedClusterOptions {
  /** `group/plural` of resources that aren't installed. */
  readonly missing?: readonly string[];
  /** Whether a request is allowed; all are if absent. */
  readonly allow?: (access: SimulatedAccess) => boolean;
  readonly clock?: Clock;
}

export interface SimulatedCluster {
  readonly api: KubernetesApi;
  /** Creates an object or replaces it, as `kubectl apply` would. Needs apiVersion, kind, metadata and a plural of its kind. */
  readonly apply: (object: object, plural: string) => StoredObject;
  readonly objects: (resource: string) => readonly StoredObject[];
  /** Sends a bookmark to every watch. */
  readonly bookmark: () => void;
  /** Ends every watch: in the server's time, or by an error. */
  readonly endWatches: (error?: KubernetesError) => void;
  /** Forgets the past: watches and pages from before are answered with 410. */
  readonly compact: () => void;
}

/** Makes a cluster with no objects. */
export function simulatedCluster(options: SimulatedClusterOptions = {}): SimulatedCluster {
  const history = makeHistory();
  const world: World = { history, clock: options.clock ?? systemClock, watches: new Set() };
  const admit = (request: KubernetesRequest): ResourcePath => {
    const path = parsePath(request.path);
    if (path === undefined || options.missing?.includes(path.resource)) throw refused(request, 404, "NotFound");
    const access = accessOf(request, path);
    if (options.allow?.(access) === false) {
      const what = `${access.verb} ${access.resource}`;
      throw refused(request, 403, "Forbidden", `${what} is forbidden`);
    }
    return path;
  };
  const api: KubernetesApi = {
    call: async (request, { signal } = {}) => {
      signal?.throwIfAborted();
      // What goes over a wire is a copy.
      return structuredClone(answer(world, structuredClone(request), admit(request)));
    },
    watch: (path, query, watchOptions) => {
      const request: KubernetesRequest = { method: "GET", path, query: { ...query, watch: true } };
      return watchEvents(world, request, () => admit(request), watchOptions);
    },
  };
  return {
    api,
    apply: (object, plural) => {
      const { apiVersion = "", metadata = {} } = object as { apiVersion?: string; metadata?: Named };
      const { namespace, name } = metadata;
      const path = parsePath(pathOf({ apiVersion, plural }, namespace, name)) as ResourcePath;
      const before = history.get(path.resource, keyOf(path));
      const wanted: StoredObject = { ...structuredClone(object), metadata: { ...before?.metadata, ...metadata } };
      const stored = write(world, path, before, wanted);
      return wanted["status"] === undefined ? stored : write(world, { ...path, subresource: "status" }, stored, wanted);
    },
    objects: (resource) => history.objects(resource),
    bookmark: () => {
      for (const each of world.watches) each.push("bookmark");
    },
    endWatches: (error) => {
      for (const each of world.watches) each.push(error ?? "end");
    },
    compact: history.compact,
  };
}

type Named = { readonly namespace?: string; readonly name?: string };

interface World {
  readonly history: History;
  readonly clock: Clock;
  readonly watches: Set<{ push: (signal: "bookmark" | "end" | KubernetesError) => void }>;
}

function accessOf({ method, query }: KubernetesRequest, path: ResourcePath): SimulatedAccess {
  const { group, plural, namespace, subresource } = path;
  const selected = selectedName(query?.["fieldSelector"]);
  const name = path.name ?? selected;
  const verbs = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" } as const;
  const reading = query?.["watch"] === true ? "watch" : path.name === undefined ? "list" : "get";
  return {
    verb: method === "GET" ? reading : verbs[method],
    apiGroup: group,
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function answer(world: World, request: KubernetesRequest, path: ResourcePath): unknown {
  const existing = (): StoredObject => {
    const found = world.history.get(path.resource, keyOf(path));
    if (found === undefined) throw refused(request, 404, "NotFound", `${path.plural} "${path.name}" not found`);
    return found;
  };
  switch (request.method) {
    case "GET":
      return path.name === undefined ? list(world, request, path) : existing();
    case "POST":
      return create(world, request, path);
    case "PUT":
      return update(world, request, path, existing(), request.body as StoredObject);
    case "PATCH":
      return update(world, request, path, existing(), patched(request, existing()));
    case "DELETE":
      return remove(world, path, existing());
  }
}

function create(world: World, request: KubernetesRequest, path: ResourcePath): StoredObject {
  const body = request.body as StoredObject;
  const name = body.metadata["name"] as string;
  const named: ResourcePath = { ...path, name };
  if (world.history.get(path.resource, keyOf(named)) !== undefined) {
    throw refused(request, 409, "AlreadyExists", `${path.plural} "${name}" already exists`);
  }
  const { namespace } = path;
  return write(world, named, undefined, {
    ...body,
    metadata: { ...body.metadata, ...(namespace !== undefined && { namespace }) },
  });
}

function update(
  world: World,
  request: KubernetesRequest,
  path: ResourcePath,
  before: StoredObject,
  wanted: StoredObject,
): StoredObject {
  for (const field of ["resourceVersion", "uid"]) {
    const given = wanted.metadata[field];
    if (given !== undefined && given !== before.metadata[field]) {
      throw refused(request, 409, "Conflict", `the object's ${field} is another`);
    }
  }
  return write(world, path, before, wanted);
}

function patched(request: KubernetesRequest, before: StoredObject): StoredObject {
  try {
    switch (request.patchType) {
      case "application/json-patch+json":
        return jsonPatched(before, request.body) as StoredObject;
      case "application/strategic-merge-patch+json":
        return strategicallyPatched(before, request.body as StoredObject) as StoredObject;
      default:
        return mergePatched(before, request.body) as StoredObject;
    }
  } catch (error) {
    if (error instanceof PatchError) throw refused(request, 422, "Invalid", error.message);
    throw error;
  }
}

function remove(world: World, path: ResourcePath, before: StoredObject): StoredObject {
  const finalizers = before.metadata["finalizers"];
  if (before.metadata["deletionTimestamp"] !== undefined) return before;
  if (!Array.isArray(finalizers) || finalizers.length === 0) return erase(world, path, before);
  const deletionTimestamp = world.clock
    .date()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  return store(world, path, before, {
    ...before,
    metadata: { ...before.metadata, deletionTimestamp, generation: Number(before.metadata["generation"]) + 1 },
  });
}

function erase({ history }: World, path: ResourcePath, object: StoredObject): StoredObject {
  const revision = history.tick();
  const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  history.append({ type: "DELETED", resource: path.resource, key: keyOf(path), object: last });
  return last;
}

/** Stores an object unless it is as it was; one that was only waiting for its finalizers goes. */
function write(world: World, path: ResourcePath, before: StoredObject | undefined, wanted: StoredObject): StoredObject {
  const { clock } = world;
  const next = updated(before, wanted, path, clock.date());
  if (next === before) return before;
  const finalizers = next.metadata["finalizers"];
  const isHeld = Array.isArray(finalizers) && finalizers.length > 0;
  if (before?.metadata["deletionTimestamp"] !== undefined && !isHeld) return erase(world, path, next);
  return store(world, path, before, next);
}

function store(
  { history }: World,
  path: ResourcePath,
  before: StoredObject | undefined,
  next: StoredObject,
): StoredObject {
  const revision = history.tick();
  const object = { ...next, metadata: { ...next.metadata, resourceVersion: String(revision) } };
  const type = before === undefined ? "ADDED" : "MODIFIED";
  history.append({ type, resource: path.resource, key: keyOf(path), object });
  return object;
}

function list({ history }: World, request: KubernetesRequest, path: ResourcePath): unknown {
  const { limit, continue: token, resourceVersion, resourceVersionMatch } = request.query ?? {};
  const [at, from] =
    typeof token === "string"
      ? (token.split(":").map(Number) as [number, number])
      : [resourceVersionMatch === "Exact" ? Number(resourceVersion) : history.revision(), 0];
  if (at < history.oldest()) throw refused(request, 410, "Expired", "the resource version is too old");
  if (at > history.revision()) throw refused(request, 504, "Timeout", "Too large resource version");
  const all = history.objects(path.resource, at).filter(matching(request, path));
  const end = typeof limit === "number" ? from + limit : all.length;
  return {
    kind: "List",
    metadata: { resourceVersion: String(at), ...(end < all.length && { continue: `${at}:${end}` }) },
    items: all.slice(from, end),
  };
}

function matching(request: KubernetesRequest, path: ResourcePath): (object: StoredObject) => boolean {
  const name = selectedName(request.query?.["fieldSelector"]);
  return ({ metadata }) =>
    (path.namespace === undefined || metadata["namespace"] === path.namespace) &&
    (name === undefined || metadata["name"] === name);
}

async function* watchEvents(
  world: World,
  request: KubernetesRequest,
  admit: () => ResourcePath,
  { signal, onOpen }: WatchOptions,
): AsyncGenerator<WatchEvent, void> {
  signal?.throwIfAborted();
  const path = admit();
  const { history } = world;
  const matches = matching(request, path);
  let revision = Number(request.query?.["resourceVersion"] ?? history.revision());
  if (revision < history.oldest()) throw refused(request, 410, "Expired", "too old resource version");
  const signals: ("bookmark" | "end" | KubernetesError)[] = [];
  let wake = (): void => {};
  const push = (each: (typeof signals)[number]): void => {
    signals.push(each);
    wake();
  };
  const entry = { push };
  world.watches.add(entry);
  const stopListening = history.onChange(() => wake());
  const abort = (): void => wake();
  signal?.addEventListener("abort", abort, { once: true });
  onOpen?.();
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (revision < history.oldest() && history.oldest() > 1) {
        yield { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired", message: "too old" } };
        return;
      }
      // What happened while the last event was being taken comes before anything else.
      const [event] = history.since(path.resource, revision);
      if (event !== undefined) {
        revision = event.revision;
        if (matches(event.object)) yield structuredClone({ type: event.type, object: event.object });
        continue;
      }
      const next = signals.shift();
      if (next === "end") return;
      if (next === "bookmark") {
        revision = history.revision();
        yield { type: "BOOKMARK", object: { metadata: { resourceVersion: String(revision) } } };
      } else if (next !== undefined) throw next;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    world.watches.delete(entry);
    stopListening();
    signal?.removeEventListener("abort", abort);
  }
}

function selectedName(selector: unknown): string | undefined {
  return /^metadata\.name=(.+)$/.exec(String(selector ?? ""))?.[1];
}

function keyOf({ namespace = "", name }: Named): string {
  return `${namespace}/${name}`;
}

function refused(request: KubernetesRequest, status: number, reason: string, message = reason): KubernetesError {
  return new KubernetesError(`${request.method} ${request.path}: ${status} ${message}`, {
    status,
    reason,
    outcome: "refused",
  });
}
