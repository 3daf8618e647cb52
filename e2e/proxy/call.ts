/** What a request to AWS is about. Nothing of its content, its signature or its credentials is kept. */
import type { IncomingHttpHeaders } from "node:http";

export interface CallName {
  /** The service as requests are signed for it, `elasticloadbalancing` for instance. */
  readonly service: string;
  readonly operation: string;
  /** Whether it may change anything. */
  readonly write: boolean;
}

const READS = /^(Describe|Get|List|Assume|GET )/;

/** Reads service and operation off a request: the scope of the signature, and header, body or path. */
export function nameOf(method: string, url: string, headers: IncomingHttpHeaders, body: string): CallName {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "");
  const target = headers["x-amz-target"];
  const named = typeof target === "string" ? target.split(".").at(-1) : new URLSearchParams(body).get("Action");
  const operation = named ?? `${method} ${new URL(url, "http://localhost").pathname.split("/").at(-1)}`;
  return { service: scope?.[1] ?? "", operation, write: !READS.test(operation) };
}
