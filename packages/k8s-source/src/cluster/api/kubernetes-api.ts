/** The port through which everything talks to an API server: a call that answers, and a stream of watch events. */

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** How a PATCH's body is meant (Kubernetes documentation, "Update API objects in place using kubectl patch"). */
export type PatchType =
  | "application/json-patch+json"
  | "application/merge-patch+json"
  | "application/strategic-merge-patch+json";

export interface KubernetesRequest {
  readonly method: Method;
  /** Begins with `/api/` or `/apis/`. */
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  readonly body?: unknown;
  /** Only with PATCH. */
  readonly patchType?: PatchType;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Until the whole answer is there; 30,000 if absent. */
  readonly timeoutMs?: number;
}

export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** Longest silence, before the first byte and between two, until the connection counts as dead. */
  readonly stallMs: number;
  /** Called once, when the server has taken the watch. */
  readonly onOpen?: () => void;
}

/** An event of a watch, as the API server sends it; `object` is what it says it is only if its sender is well. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** Everything goes through these two, so that tests, records and guards are wrappers of them. */
export interface KubernetesApi {
  /** Resolves with the answer's JSON; rejects with a KubernetesError, or with the signal's reason once it is aborted. */
  readonly call: (request: KubernetesRequest, options?: CallOptions) => Promise<unknown>;
  /**
   * Events as they come, until the server closes the connection or the loop over them is left. Throws a KubernetesError
   * for every other end: an answer that isn't 200, a broken connection, silence, a line that is no event.
   */
  readonly watch: (
    path: string,
    query: NonNullable<KubernetesRequest["query"]>,
    options: WatchOptions,
  ) => AsyncIterable<WatchEvent>;
}
