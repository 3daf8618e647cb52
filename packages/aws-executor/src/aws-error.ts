/** Errors of calls to AWS. */

/**
 * `refused`: AWS answered, and nothing was done. `unknown`: no answer came, or one that tells nothing; the call may or may
 * not have taken effect.
 */
export type AwsErrorOutcome = "refused" | "unknown";

/** A call that wasn't answered as asked. Its text holds nothing of the request or the credentials. */
export class AwsError extends Error {
  /** AWS's error code without the suffix `Exception`; for a broken connection the system's, `ECONNRESET` for instance. */
  readonly code: string;
  readonly operation: string;
  readonly outcome: AwsErrorOutcome;
  /** AWS's id of the request, for its support; absent if no answer came. */
  readonly requestId: string | undefined;

  constructor(given: {
    readonly code: string;
    readonly message: string;
    readonly operation: string;
    readonly outcome: AwsErrorOutcome;
    readonly requestId?: string | undefined;
  }) {
    super(given.message);
    this.name = "AwsError";
    this.code = given.code;
    this.operation = given.operation;
    this.outcome = given.outcome;
    this.requestId = given.requestId;
  }
}

/** Tells an `AwsError`, whoever made it; with codes, one of these. */
export function isAwsError(error: unknown, ...codes: readonly string[]): error is AwsError {
  if (!(error instanceof Error && error.name === "AwsError" && "code" in error && "outcome" in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}

/** Codes by which AWS says that it can't tell who calls. What it answers may repeat the request, with a session's token. */
const UNKNOWN_CALLER: ReadonlySet<string> = new Set([
  "AuthFailure",
  "ExpiredToken",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignature",
  "MissingAuthenticationToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClient",
]);

/** Tells an error by which AWS says that the credentials aren't good. */
export function isUnknownCaller(error: unknown): error is AwsError {
  return isAwsError(error) && UNKNOWN_CALLER.has(error.code);
}

/** Codes by which AWS says that it was asked too often; the call wasn't carried out. */
export const THROTTLED: ReadonlySet<string> = new Set([
  "Throttling",
  "Throttled",
  "EC2Throttled",
  "RequestThrottled",
  "RequestLimitExceeded",
  "TooManyRequests",
  "PriorRequestNotComplete",
  "SlowDown",
  "BandwidthLimitExceeded",
]);

/** Tells an error by which AWS says that it was asked too often. */
export function isThrottled(error: unknown): error is AwsError {
  return isAwsError(error) && THROTTLED.has(error.code);
}

const STOPPED = "Stopped";

/** The error of a call that wasn't sent, for it was still waiting for its turn when the caller gave up. */
export function stoppedError(operation: string, reason: unknown): AwsError {
  const message = `the call wasn't sent: ${reason instanceof Error ? reason.message : "it was stopped"}`;
  return new AwsError({ code: STOPPED, message, operation, outcome: "refused" });
}

/** Tells that error, in a journal too. */
export function isStopped({ code, outcome }: { readonly code: string; readonly outcome: AwsErrorOutcome }): boolean {
  return code === STOPPED && outcome === "refused";
}

/** Codes of the SDK and the system that mean: nothing was ever sent. */
const UNSENT: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** What the SDK throws, in the words of `AwsError`. */
export function awsErrorOf(thrown: unknown, operation: string): AwsError {
  if (isAwsError(thrown)) return thrown;
  const fields = new Map(typeof thrown === "object" && thrown !== null ? Object.entries(thrown) : []);
  const metadata = new Map(Object.entries(fields.get("$metadata") ?? {}));
  const status = metadata.get("httpStatusCode");
  const attempts = metadata.get("attempts");
  const requestId = text(metadata.get("requestId")) ?? text(fields.get("requestId"));
  const code = codeOf(thrown, fields);
  const answered = typeof status === "number" && status >= 400 && status < 500;
  const unsent = UNSENT.has(code) && (attempts === undefined || attempts === 1);
  return new AwsError({
    code,
    message: messageOf(thrown, code),
    operation,
    outcome: answered || unsent || THROTTLED.has(code) ? "refused" : "unknown",
    requestId,
  });
}

function messageOf(thrown: unknown, code: string): string {
  if (UNKNOWN_CALLER.has(code)) return "AWS doesn't accept the credentials";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Node tells the command line, and what the program wrote: a profile's credential_process may put secrets into both.
  if (message.startsWith("Command failed")) return "the program that the profile names for credentials failed";
  // What EC2 adds is longer than a screen and can be read only with a permission of its own.
  return message.replace(/\s*Encoded authorization failure message:.*$/s, "");
}

function codeOf(thrown: unknown, fields: ReadonlyMap<string, unknown>): string {
  // The SDK calls every broken connection a TimeoutError; the system's code says which way it broke.
  const code = text(fields.get("code"));
  if (code !== undefined && /^E[A-Z_]+$/.test(code)) return code;
  return (thrown instanceof Error ? thrown.name : "Error").replace(/Exception$/, "");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
