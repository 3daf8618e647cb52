/** What is wrong when AWS can't be read, in words for users. */
import { type Diagnostic, diagnose } from "@elbplan/core";
import { type AwsError, isAwsError, isThrottled, isUnknownCaller } from "./aws-error.ts";
import { permissionsOfRead } from "./reads.ts";

const DENIED: readonly string[] = ["AccessDenied", "UnauthorizedOperation", "NotAuthorized", "OptInRequired"];
const UNREACHABLE = /^(E[A-Z_]+|TimeoutError|NetworkingError)$/;

/** Names what was missing: credentials, the Region, a permission, or an answer. */
export function awsDiagnostic(error: AwsError): Diagnostic {
  const { code, message, operation, requestId } = error;
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  if (isAwsError(error, "CredentialsProviderError", "TokenProviderError")) {
    return diagnose("aws.credentials-missing", `${operation} can't be called: ${sentence(message)}`);
  }
  if (/Region is missing/.test(message)) {
    return diagnose("aws.region-missing", `${operation} can't be called: no Region is set.`);
  }
  if (isUnknownCaller(error)) {
    return diagnose("aws.credentials-invalid", `AWS refused ${operation} with ${code}${request}.`);
  }
  if (isAwsError(error, ...DENIED)) {
    const actions = permissionsOfRead(operation);
    const which = actions.length === 0 ? operation : actions.join(" and ");
    return diagnose("aws.access-denied", `AWS doesn't allow ${which}${request}: ${sentence(message)}`);
  }
  if (isThrottled(error)) {
    return diagnose("aws.throttled", `AWS refused ${operation} with ${code}${request}: ${sentence(message)}`);
  }
  if (UNREACHABLE.test(code)) {
    return diagnose("aws.unreachable", `${operation} got no answer: ${sentence(message)}`);
  }
  return diagnose("aws.call-failed", `${operation} ended with ${code}${request}: ${sentence(message)}`);
}

function sentence(message: string): string {
  const line = message.trim().split("\n", 1)[0] ?? "";
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
