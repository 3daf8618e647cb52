/** Reads a cluster once. */
import { type Diagnostic, diagnose, type Settings, secretsNamed } from "@elbplan/core";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { isForbidden, isNotFound, KubernetesError } from "../api/kubernetes-error.ts";
import { boundedApi } from "../api/wrappers.ts";
import { CLUSTER_KINDS, type ClusterKind, clusterKind } from "../kinds.ts";
import { assemble, type ClusterReading, type KindReading, type Reading } from "./assemble.ts";
import { type ListOptions, listObjects } from "./list.ts";

/** Requests in flight. */
const AT_ONCE = 16;

export interface ReadClusterOptions {
  /** Say which classes are ours, hence which Secrets are wanted, and whether Endpoints stand in for EndpointSlices. */
  readonly settings: Settings;
  /** Only these namespaces; that of `settings.watchNamespace`, or all, if absent. */
  readonly namespaces?: readonly string[];
  /** Whether nodes, pods and endpoints are read; true if absent. */
  readonly workloads?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads what planning looks at, all of it as it was at one moment: that of the first list. The API server keeps its
 * recent past and shows every kind at an exact resource version; one that doesn't is read as it is now, and a warning
 * says so. Secrets are read one by one, only those that our objects name. What isn't allowed or isn't installed is a
 * diagnostic. Rejects with a KubernetesError when the API server can't be talked to.
 */
export async function readCluster(port: KubernetesApi, options: ReadClusterOptions): Promise<ClusterReading> {
  const { settings, signal } = options;
  const api = boundedApi(port, AT_ONCE);
  const watched = settings.watchNamespace === "" ? undefined : [settings.watchNamespace];
  const namespaces = options.namespaces ?? watched;
  const moment: Moment = { at: undefined, missed: false };
  const read = (kind: ClusterKind, where: Pick<ListOptions, "namespace" | "fieldSelector"> = {}): Promise<Reading> =>
    readOne(api, kind, { ...where, ...(signal && { signal }) }, moment);
  const lists = kindsToList(options).flatMap((kind): readonly Omit<KindReading, "reading">[] => {
    return kind.namespaced && namespaces ? namespaces.map((namespace) => ({ kind, namespace })) : [{ kind }];
  });
  const readList = async ({ kind, ...where }: (typeof lists)[number]): Promise<KindReading> => {
    return { kind, ...where, reading: await read(kind, where) };
  };
  const readings: KindReading[] = [];
  // The first answer tells the moment, so nothing else is asked before it.
  for (const list of lists.slice(0, 1)) readings.push(await readList(list));
  readings.push(...(await Promise.all(lists.slice(1).map(readList))));

  const named = secretsNamed(assemble(readings, false).snapshot, settings);
  const secrets = await Promise.all(named.map((key) => readSecret(key, read)));
  const { diagnostics, ...reading } = assemble([...readings, ...secrets], namespaces !== undefined);
  return { ...reading, diagnostics: [...diagnostics, ...limits(namespaces, moment)] };
}

/**
 * Reads these Secrets, each by `namespace/name`. One that doesn't exist is missing from the answer; for one that may not be
 * read there is a diagnostic. Rejects as `readCluster` does.
 */
export async function readSecrets(port: KubernetesApi, keys: readonly string[]): Promise<ClusterReading> {
  const api = boundedApi(port, AT_ONCE);
  const moment: Moment = { at: undefined, missed: false };
  const read: ReadKind = (kind, where) => readOne(api, kind, where, moment);
  return assemble(await Promise.all(keys.map((key) => readSecret(key, read))), false);
}

type ReadKind = (kind: ClusterKind, where: Pick<ListOptions, "namespace" | "fieldSelector">) => Promise<Reading>;

async function readSecret(key: string, read: ReadKind): Promise<KindReading> {
  const kind = clusterKind("Secret");
  const [namespace = "", name = ""] = key.split("/");
  const reading = await read(kind, { namespace, fieldSelector: `metadata.name=${name}` });
  return { kind, namespace, reading: reading.is === "forbidden" ? { ...reading, name } : reading };
}

/** The kinds that are listed as a whole. */
export function kindsToList({
  settings,
  workloads = true,
}: Pick<ReadClusterOptions, "settings" | "workloads">): readonly ClusterKind[] {
  const endpoints = settings.enableEndpointSlices ? "EndpointSlice" : "Endpoints";
  const unwanted = new Set(["Secret", "EndpointSlice", "Endpoints", ...(workloads ? [] : ["Node", "Pod"])]);
  return CLUSTER_KINDS.filter(({ kind }) => !unwanted.has(kind) || (workloads && kind === endpoints));
}

interface Moment {
  /** A resource version, once a list has told one. */
  at: string | undefined;
  /** Some list was read as it is now instead. */
  missed: boolean;
}

async function readOne(api: KubernetesApi, kind: ClusterKind, where: ListOptions, moment: Moment): Promise<Reading> {
  try {
    const listed = await listAt(api, kind, where, moment);
    return { is: "read", objects: listed.objects, invalid: listed.invalid };
  } catch (error) {
    if (isForbidden(error)) return { is: "forbidden", why: (error as KubernetesError).message };
    if (kind.custom && isNotFound(error)) return { is: "missing" };
    throw error;
  }
}

async function listAt(
  api: KubernetesApi,
  kind: ClusterKind,
  where: ListOptions,
  moment: Moment,
): Promise<Awaited<ReturnType<typeof listObjects>>> {
  const { at } = moment;
  if (at === undefined) {
    const listed = await listObjects(api, kind, where);
    moment.at ??= listed.resourceVersion;
    return listed;
  }
  try {
    return await listObjects(api, kind, { ...where, at });
  } catch (error) {
    if (!cannotGoBack(error)) throw error;
    moment.missed = true;
    return listObjects(api, kind, where);
  }
}

/** Too old a moment, one that this kind's storage hasn't come to, or a server that doesn't know the question. */
function cannotGoBack(error: unknown): boolean {
  return error instanceof KubernetesError && [400, 410, 500, 504].includes(error.status ?? 0);
}

function limits(namespaces: readonly string[] | undefined, { missed }: Moment): readonly Diagnostic[] {
  const only = namespaces?.join(", ");
  return [
    ...(only === undefined
      ? []
      : [diagnose("cluster.namespaces-limited", `Of the cluster only these namespaces were read: ${only}.`)]),
    ...(missed ? [diagnose("cluster.moments-differ", "Some kinds were read a moment later than the Ingresses.")] : []),
  ];
}
