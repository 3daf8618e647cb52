/** What there is to say of actions that weren't done. */
import {
  type Action,
  type ActionOf,
  type Call,
  type CallError,
  type Diagnostic,
  type DiagnosticCode,
  diagnose,
  type FieldChange,
  type Found,
  fieldName,
  type Reference,
  resourceName,
} from "@elbplan/core";

/** Of an error that no further attempt would mend. */
export function ofError(action: Action, { operation }: Call, error: CallError): Diagnostic {
  const { code, message, outcome, requestId } = error;
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  const what = `${operation} for ${nameOf(action)}`;
  if (outcome === "unknown") {
    return about(action, "run.unanswered", `${what} got no answer: ${code}, ${sentence(message)}${request}`);
  }
  return about(action, codeOf(error), `${what} was refused with ${code}: ${sentence(message)}${request}`);
}

/** Of something else in the place that a creation asks for. */
export function inTheWay(
  action: Action,
  found: Found,
  differences: readonly FieldChange[],
  stranger: boolean,
): Diagnostic {
  const fields = differences.map(({ path }) => fieldName(path)).join(", ");
  const message = stranger
    ? `${nameOf(action)} can't be created: its place is held by ${found.arn}, which has other owner's tags (${fields}).`
    : `${nameOf(action)} can't be created: ${found.arn} is in its place and differs in ${fields}.`;
  return about(action, stranger ? "run.taken" : "run.not-as-asked", message);
}

/** Of a wait that ended without what it waited for. */
export function ofWait(
  action: ActionOf<"wait">,
  code: "run.deadline" | "run.hopeless",
  note: string | undefined,
  onDeadline: "stop" | "continue" = "stop",
): Diagnostic {
  const { until, deadlineSeconds } = action.details;
  const what = `${nameOf(action)}: ${until.replaceAll("-", " ")}`;
  const state = note === undefined ? "" : ` (${note})`;
  if (code === "run.hopeless") return about(action, code, `${what} will not come about${state}.`);
  const after = onDeadline === "continue" ? "; the run went on" : "";
  return {
    ...about(action, code, `${what} didn't come about within ${deadlineSeconds} s${state}${after}.`),
    ...(onDeadline === "continue" ? { severity: "warning" } : {}),
  };
}

/** Of an action that waits for one that wasn't done; undefined: for one that the plan doesn't hold. */
export function ofSkipped(action: Action, unmet: Action | undefined): Diagnostic {
  const what = unmet === undefined ? "something that the plan lacks" : `${unmet.kind} for ${nameOf(unmet)}`;
  return about(
    action,
    "account.dependency-failed",
    `${action.kind} for ${nameOf(action)} is skipped: ${what} wasn't done.`,
  );
}

/** Of an action that names what nothing in the run created. */
export function ofMissing(action: Action, { ref, field }: Reference): Diagnostic {
  const message = `${action.id} names the ${field} of ${ref}, which wasn't created in this run.`;
  return about(action, "account.reference-unresolved", message);
}

/** Of all actions that a stopped run didn't begin. */
export function ofStopped(count: number): Diagnostic {
  return diagnose("run.stopped", `The run was stopped; ${count} ${count === 1 ? "action was" : "actions were"} left.`);
}

function about(action: Action, code: DiagnosticCode, message: string): Diagnostic {
  const { stack, resource, source } = action;
  return diagnose(code, message, {
    stack,
    resource,
    ...(source?.object === undefined ? {} : { object: source.object }),
    ...(source?.object === undefined || source.field === "" ? {} : { field: source.field }),
    ...(source?.at === undefined ? {} : { at: source.at }),
  });
}

const FORBIDDEN = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|Forbidden|OptInRequired)/;
const QUOTA = /^TooMany|Limits?Exceeded$|QuotaExceeded|LimitReached/;

function codeOf({ code }: CallError): DiagnosticCode {
  if (code === "SecretUnavailable") return "run.secret";
  if (code === "ValueUnknown") return "run.value-unknown";
  if (FORBIDDEN.test(code)) return "run.forbidden";
  return QUOTA.test(code) ? "run.quota" : "run.refused";
}

function nameOf({ resource, stack }: Action): string {
  return `${resourceName(resource)} of ${stack}`;
}

function sentence(message: string): string {
  const text = message.trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
