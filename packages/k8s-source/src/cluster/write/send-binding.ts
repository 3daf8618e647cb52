/** Carries out the calls of service `kubernetes`: writes of TargetGroupBindings, as `callFor` makes them. */
import type { Call, Inventory } from "@elbplan/core";
import { isPlainObject } from "../../manifests/object-schema.ts";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { isNotFound, KubernetesError } from "../api/kubernetes-error.ts";
import { type Clock, pause, systemClock } from "../clock.ts";
import { clusterKind, pathOf } from "../kinds.ts";
import { arrive } from "../read/arrival.ts";
import { bindingsOfInventory, type TargetGroupBinding } from "../read/target-group-binding.ts";

export interface BindingSenderOptions {
  readonly clock?: Clock;
  /** How long the binding's controller may take to act on a patch or a deletion; 60,000 as in LBC. */
  readonly settleMs?: number;
}

export interface BindingSender {
  /**
   * Makes the call, and for a patch or a deletion waits until the controller of bindings has acted on it, as LBC does:
   * what comes next in a plan counts on it. A deletion of what is gone is done. Rejects with a KubernetesError.
   */
  readonly send: (call: Call, options?: CallOptions) => Promise<void>;
  /** The binding that has the name that a creation asks for, as an inventory has it. Rejects with a KubernetesError. */
  readonly find: (call: Call, options?: CallOptions) => Promise<Inventory["targetGroupBindings"][string] | undefined>;
}

const KIND = clusterKind("TargetGroupBinding");
/** LBC looks as often. */
const LOOK_MS = 200;

/** Makes a sender. References in calls must be resolved. */
export function bindingSender(api: KubernetesApi, sender: BindingSenderOptions = {}): BindingSender {
  return {
    send: async (call, options) => {
      const { namespace, name } = nameIn(call);
      const path = pathOf(KIND, namespace, name);
      switch (call.operation) {
        case "create":
          await api.call({ method: "POST", path: pathOf(KIND, namespace), body: call.input }, options);
          return;
        case "patch": {
          const request = { method: "PATCH", path, patchType: "application/json-patch+json" } as const;
          const patched = await api.call({ ...request, body: replacing(call.input) }, options);
          const generation = numberAt(patched, "metadata", "generation");
          await settled(api, path, sender, options, (object) => {
            return object === undefined || numberAt(object, "status", "observedGeneration") >= generation;
          });
          return;
        }
        case "delete":
          await removed(api, path, options);
          await settled(api, path, sender, options, (object) => object === undefined);
          return;
        default:
          throw new Error(`there is no call ${call.operation} of Kubernetes`);
      }
    },
    find: async (call, options) => {
      const { namespace, name } = nameIn(call);
      const found = await read(api, pathOf(KIND, namespace, name), options);
      const arrival = found === undefined ? undefined : arrive(KIND, found);
      if (arrival === undefined || !("object" in arrival)) return undefined;
      return bindingsOfInventory([arrival.object as TargetGroupBinding])[`${namespace}/${name}`];
    },
  };
}

/** Labels and spec are replaced as a whole, and annotations vanish: among them is the checkpoint of LBC's controller. */
function replacing(input: Call["input"]): readonly object[] {
  const { metadata, spec } = input as { readonly metadata: { readonly labels?: object }; readonly spec: object };
  return [
    { op: "add", path: "/metadata/labels", value: metadata.labels ?? {} },
    { op: "add", path: "/metadata/annotations", value: {} },
    { op: "add", path: "/spec", value: spec },
  ];
}

async function settled(
  api: KubernetesApi,
  path: string,
  { clock = systemClock, settleMs = 60_000 }: BindingSenderOptions,
  options: CallOptions | undefined,
  isSettled: (object: unknown) => boolean,
): Promise<void> {
  const until = clock.now() + settleMs;
  for (;;) {
    if (isSettled(await read(api, path, options))) return;
    if (clock.now() + LOOK_MS > until) {
      const message = `${path}: its controller hasn't acted on the change within ${settleMs / 1000} s`;
      throw new KubernetesError(message, { outcome: "unknown", reason: "NotSettled" });
    }
    await pause(clock, LOOK_MS, options?.signal);
    options?.signal?.throwIfAborted();
  }
}

async function removed(api: KubernetesApi, path: string, options: CallOptions | undefined): Promise<void> {
  try {
    await api.call({ method: "DELETE", path }, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function read(api: KubernetesApi, path: string, options: CallOptions | undefined): Promise<unknown> {
  try {
    return await api.call({ method: "GET", path }, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function nameIn({ input }: Call): { readonly namespace: string; readonly name: string } {
  const { namespace, name } = (input["metadata"] ?? {}) as { readonly namespace?: unknown; readonly name?: unknown };
  if (typeof namespace !== "string" || typeof name !== "string") throw new Error("a binding's name isn't resolved");
  return { namespace, name };
}

function numberAt(object: unknown, part: string, field: string): number {
  const inner = isPlainObject(object) ? object[part] : undefined;
  const value = isPlainObject(inner) ? inner[field] : undefined;
  return typeof value === "number" ? value : 0;
}
