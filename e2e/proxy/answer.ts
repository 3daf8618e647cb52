/** Answers of AWS that the proxy makes up: errors, in the form of each service's protocol. */
import type { CallName } from "./call.ts";

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: Buffer;
}

/** An error as the service would send it. */
export function errorAnswer({ service }: CallName, status: number, code: string): Answer {
  const message = "made up by the proxy";
  const id = "00000000-0000-0000-0000-000000000000";
  const xml = (text: string): Answer => answer(status, "text/xml", text);
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  if (service === "ec2") return xml(`<Response><Errors>${error}</Errors><RequestID>${id}</RequestID></Response>`);
  if (["elasticloadbalancing", "sts", "route53"].includes(service)) {
    return xml(`<ErrorResponse>${error}<RequestId>${id}</RequestId></ErrorResponse>`);
  }
  return answer(status, "application/x-amz-json-1.1", JSON.stringify({ __type: code, message }));
}

/** How the service says that it was asked too often. */
export function throttledAnswer(call: CallName): Answer {
  if (call.service === "ec2") return errorAnswer(call, 503, "RequestLimitExceeded");
  const isJson = !["elasticloadbalancing", "sts", "route53"].includes(call.service);
  return errorAnswer(call, 400, isJson ? "ThrottlingException" : "Throttling");
}

/** An internal error of the service. */
export function failedAnswer(call: CallName): Answer {
  return errorAnswer(call, 500, call.service === "ec2" ? "InternalError" : "InternalFailure");
}

function answer(status: number, type: string, text: string): Answer {
  return { status, headers: { "content-type": type }, body: Buffer.from(text) };
}

/** AWS's error code in an answer, if it is an error. */
export function errorCodeOf({ status, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  const text = body.toString();
  return /<Code>([^<]+)/.exec(text)?.[1] ?? /"__type":\s*"([^"]+)/.exec(text)?.[1] ?? "unknown";
}
