/** Reads a request from a line such as `GET https://shop.example.com/cart?x=1`. */
import { diagnose } from "../diagnostics/diagnose.ts";
import { parseAddress } from "../lib/address-range.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Request } from "./request.ts";

const LINE = /^(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+) +)?(\S+)$/;
const URL_PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/;
const AUTHORITY = /^(\[[^\]]*\]|[^:@[\]]*)(?::([^:]*))?$/;
const HOST_NAME = /^[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*$/;
const VISIBLE_ASCII = /^[!-~]*$/;

/**
 * Reads `[METHOD] URL`; the method is GET if absent. Scheme http or https; the port defaults to 80 and 443. As every
 * client does, takes `.` and `..` out of the path (RFC 3986, section 5.2.4) and drops a fragment. Headers and the
 * source address can't be written; add them to what is returned. A diagnostic for anything else.
 */
export function parseRequest(text: string): Request | Diagnostic {
  const line = LINE.exec(text.trim());
  const url = URL_PARTS.exec(line?.[2] ?? "");
  if (line === null || url === null) return refuse(text, "it is not of the form METHOD https://host/path");
  const [, scheme = "", authority = "", path = "", query = ""] = url;
  const lowerScheme = scheme.toLowerCase();
  if (lowerScheme !== "http" && lowerScheme !== "https") return refuse(text, `its scheme is ${scheme}`);
  if (authority.includes("@")) return refuse(text, "it holds a user name");
  const [, host = "", portText] = AUTHORITY.exec(authority) ?? [];
  if (!isHost(host)) return refuse(text, `${host || "an empty text"} is no host name`);
  const port = portText === undefined ? defaultPort(lowerScheme) : readPort(portText);
  if (port === undefined) return refuse(text, `${portText} is no port`);
  if (!VISIBLE_ASCII.test(path + query)) return refuse(text, "it holds characters that must be percent-encoded");
  return {
    scheme: lowerScheme,
    host,
    port,
    method: line[1] ?? "GET",
    path: withoutDotSegments(path),
    query,
    headers: {},
  };
}

/** The port that a URL needn't name. */
function defaultPort(scheme: Request["scheme"]): number {
  return scheme === "http" ? 80 : 443;
}

function refuse(text: string, why: string): Diagnostic {
  return diagnose("request.invalid", `The request ${JSON.stringify(text)} can't be read: ${why}.`);
}

function isHost(host: string): boolean {
  if (host.startsWith("[")) return host.includes(":") && parseAddress(host.slice(1, -1)) !== undefined;
  return HOST_NAME.test(host);
}

function readPort(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
    if (isLast && (segment === "." || segment === "..")) kept.push("");
  }
  return `/${kept.join("/")}`;
}
