import type { Parsed } from "./grammar.ts";
import { boolean, type Decoder, decodeJson, int32, list, object, record, string } from "./json.ts";

export interface ListenPort {
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
}

const listenPorts: Decoder<readonly Readonly<Record<string, number>>[]> = list(record(int32));

/**
 * `[{"HTTP": 80}, {"HTTPS": 443}]`; protocols in capitals, ports 1 to 65535, a port given twice keeps its last
 * protocol. A list without items is refused; one whose items name no port means no listener at all, as LBC has it.
 */
export function parseListenPorts(text: string): Parsed<readonly ListenPort[]> {
  const decoded = decodeJson(text, listenPorts);
  if ("problem" in decoded) return decoded;
  const byPort = new Map<number, ListenPort>();
  const entries = decoded.value ?? [];
  if (entries.length === 0) return { problem: "it names no port" };
  for (const entry of entries) {
    for (const [protocol, port] of Object.entries(entry)) {
      if (protocol !== "HTTP" && protocol !== "HTTPS")
        return { problem: `protocol ${JSON.stringify(protocol)} is neither HTTP nor HTTPS` };
      if (port < 1 || port > 65535) return { problem: `port ${port} is not within 1 to 65535` };
      byPort.set(port, { port, protocol });
    }
  }
  return { value: [...byPort.values()] };
}

/** One item of the `mutual-authentication` annotation; unchecked beyond types. */
export interface MutualAuthenticationJson {
  readonly port?: number;
  readonly mode?: string;
  /** ARN or name. */
  readonly trustStore?: string;
  readonly ignoreClientCertificateExpiry?: boolean;
  readonly advertiseTrustStoreCaNames?: string;
}

export const mutualAuthentication: Decoder<readonly MutualAuthenticationJson[]> = list(
  object({
    port: int32,
    mode: string,
    trustStore: string,
    ignoreClientCertificateExpiry: boolean,
    advertiseTrustStoreCaNames: string,
  }),
);
