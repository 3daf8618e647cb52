/** The request that `explain` is asked about. */
import { isIP } from "node:net";
import { parseRequest, type Request } from "@elbplan/core";
import type { RequestOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*?)\s*$/;

/**
 * Reads `GET https://host/path` and what the options add. As with curl, a header Host replaces the host, and the TLS
 * handshake still asks for the URL's.
 */
export function readRequest(text: string, { header = [], sourceIp }: RequestOptions): Request {
  const parsed = parseRequest(text);
  if ("code" in parsed) throw new Refusal("nothing was explained.", [parsed]);
  if (sourceIp !== undefined && isIP(sourceIp) === 0) {
    throw new Refusal(`--source-ip ${sourceIp} is no IP address.`);
  }
  const headers = new Map<string, readonly string[]>();
  let named: Request = parsed;
  for (const line of header) {
    const [, name = "", value = ""] = HEADER.exec(line) ?? [];
    if (name === "") throw new Refusal(`-H ${JSON.stringify(line)} isn't of the form name: value.`);
    const key = name.toLowerCase();
    if (key === "host") named = withHost(parsed, value);
    else headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  return { ...named, headers: Object.fromEntries(headers), ...(sourceIp === undefined ? {} : { sourceIp }) };
}

/** Read by the same rules as the host of the URL; its port isn't the one that the client connects to. */
function withHost(request: Request, host: string): Request {
  const parsed = parseRequest(`${request.scheme}://${host}`);
  if ("code" in parsed) throw new Refusal(`-H Host: ${host} is no host name.`);
  return { ...request, host: parsed.host, ...(request.scheme === "https" ? { sni: request.host } : {}) };
}
