/** What goes wrong between us and an API server, told apart without reading messages. */

export interface KubernetesErrorDetails {
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** The API server's own word for it, such as `Conflict`, `Expired` or `NotFound`. */
  readonly reason?: string;
  /** `refused`: it has not happened. `unknown`: it may or may not have happened. */
  readonly outcome: "refused" | "unknown";
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A call that failed. The message names method, path and reason; it never holds headers, bodies or credentials. */
export class KubernetesError extends Error {
  /** The server's word, else the status, else `NoAnswer`. */
  readonly code: string;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly outcome: "refused" | "unknown";
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { status, reason, outcome, retryAfterSeconds, cause }: KubernetesErrorDetails) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "KubernetesError";
    this.code = reason ?? status?.toString() ?? "NoAnswer";
    this.status = status;
    this.reason = reason;
    this.outcome = outcome;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** There is no such object, or no such kind. */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Our credentials don't allow it. */
export function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403);
}

/** The object is there already, or isn't as we last saw it. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409);
}

/** A JSON patch whose `test` failed, or an object that breaks a rule. */
export function isInvalid(error: unknown): boolean {
  return hasStatus(error, 422);
}

/** The moment asked for is no longer kept: list anew. */
export function isExpired(error: unknown): boolean {
  return hasStatus(error, 410);
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesError && error.status === status;
}
