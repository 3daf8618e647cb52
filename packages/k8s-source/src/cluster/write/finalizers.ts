/** Finalizers: what keeps an object until its load balancer is gone. */
import { isPlainObject } from "../../manifests/object-schema.ts";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { isConflict, isInvalid, isNotFound } from "../api/kubernetes-error.ts";
import { type NamedObject, pathOfObject } from "./object-path.ts";

export interface Finalized extends NamedObject {
  readonly metadata: NamedObject["metadata"] & {
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
}

/** `changed`: written. `kept`: it was so already. `gone`: the object, or the one that had its name, is no more. */
export type FinalizerResult = "changed" | "kept" | "gone" | "deleting";

/** Times that somebody else may have edited the finalizers at the very moment. */
const ATTEMPTS = 5;

/** Adds a finalizer. `deleting`: the object is being deleted, and takes no new ones. Rejects with a KubernetesError. */
export async function addFinalizer(
  api: KubernetesApi,
  object: Finalized,
  finalizer: string,
  options?: CallOptions,
): Promise<FinalizerResult> {
  return edit(
    api,
    object,
    ({ finalizers = [], deletionTimestamp }) => {
      if (finalizers.includes(finalizer)) return finalizers;
      return deletionTimestamp === undefined ? [...finalizers, finalizer] : "deleting";
    },
    options,
  );
}

/** Removes a finalizer; the API server deletes an object that was only waiting for it. Rejects with a KubernetesError. */
export async function removeFinalizer(
  api: KubernetesApi,
  object: Finalized,
  finalizer: string,
  options?: CallOptions,
): Promise<FinalizerResult> {
  return edit(api, object, ({ finalizers = [] }) => finalizers.filter((each) => each !== finalizer), options);
}

type Meta = Finalized["metadata"];

async function edit(
  api: KubernetesApi,
  object: Finalized,
  wanted: (metadata: Meta) => readonly string[] | "deleting",
  options: CallOptions | undefined,
): Promise<FinalizerResult> {
  const path = pathOfObject(object);
  let metadata: Meta = object.metadata;
  for (let attempt = 1; ; attempt++) {
    const finalizers = wanted(metadata);
    if (finalizers === "deleting") return "deleting";
    const patch = finalizerPatch(metadata, finalizers);
    if (patch === undefined) return "kept";
    try {
      const patchType = "application/json-patch+json";
      await api.call({ method: "PATCH", path, patchType, body: patch }, options);
      return "changed";
    } catch (error) {
      if (isNotFound(error)) return "gone";
      // A test that failed: somebody else's edit came first.
      if (!(isConflict(error) || isInvalid(error)) || attempt >= ATTEMPTS) throw error;
    }
    const fresh = await readMetadata(api, path, options);
    if (fresh === undefined || (object.metadata.uid !== undefined && fresh.uid !== object.metadata.uid)) return "gone";
    metadata = fresh;
  }
}

/**
 * The JSON patch that gives an object these finalizers and fails if it isn't the object known, or has others than those
 * known, at the moment of the write. Undefined if there is nothing to write.
 */
export function finalizerPatch(
  { uid, finalizers }: Pick<Meta, "uid" | "finalizers">,
  wanted: readonly string[],
): readonly object[] | undefined {
  const current = finalizers ?? [];
  if (current.length === wanted.length && current.every((each, index) => each === wanted[index])) return undefined;
  const path = "/metadata/finalizers";
  return [
    ...(uid === undefined ? [] : [{ op: "test", path: "/metadata/uid", value: uid }]),
    // An absent list equals null.
    { op: "test", path, value: finalizers === undefined || finalizers.length === 0 ? null : finalizers },
    wanted.length === 0 ? { op: "remove", path } : { op: "add", path, value: wanted },
  ];
}

async function readMetadata(
  api: KubernetesApi,
  path: string,
  options: CallOptions | undefined,
): Promise<Meta | undefined> {
  try {
    const object = await api.call({ method: "GET", path }, options);
    return isPlainObject(object) ? (object["metadata"] as Meta) : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
