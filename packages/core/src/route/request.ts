/** One HTTP request as a listener sees it. */
export interface Request {
  readonly scheme: "http" | "https";
  /** The host name of the Host header, without port. */
  readonly host: string;
  /** The port that the client connects to. */
  readonly port: number;
  readonly method: string;
  /** Begins with a slash; without the query. */
  readonly path: string;
  /** As sent, without the question mark, or as pairs. */
  readonly query: string | readonly QueryPair[];
  /** Names in any case; several values mean that the header is sent several times. */
  readonly headers: { readonly [name: string]: string | readonly string[] };
  /** Address of whatever connects to the load balancer. Unknown if absent: then conditions on it stay undecided. */
  readonly sourceIp?: string;
  /** The name asked for in the TLS handshake; the host if absent. */
  readonly sni?: string;
}

export interface QueryPair {
  readonly key: string;
  readonly value: string;
}

/** The pairs of a query, not decoded; a part without `=` is a key with an empty value. */
export function queryPairs(query: Request["query"]): readonly QueryPair[] {
  if (typeof query !== "string") return query;
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0 ? { key: part, value: "" } : { key: part.slice(0, equals), value: part.slice(equals + 1) };
    });
}

/** The query as sent, without the question mark. */
export function queryText(query: Request["query"]): string {
  return typeof query === "string" ? query : query.map(({ key, value }) => `${key}=${value}`).join("&");
}
