import type { RedirectAction } from "../model/rule-action.ts";
import { queryText, type Request } from "./request.ts";

/** Where a redirect sends the client. */
export interface Redirect {
  /** An absolute URL; the port is always written. */
  readonly location: string;
  readonly statusCode: number;
}

/**
 * Computes the location. AWS, "Redirect actions" and RedirectActionConfig: an absent component keeps the request's;
 * `#{protocol}`, `#{host}`, `#{port}`, `#{path}` (without its leading slash) and `#{query}` stand for the request's
 * components, each in the components for which AWS lists it; the question mark is added when there is a query.
 */
export function redirectOf({ redirectConfig: config }: RedirectAction, request: Request): Redirect {
  const original: Originals = {
    protocol: request.scheme,
    host: request.host,
    port: String(request.port),
    path: request.path.slice(1),
    query: queryText(request.query),
  };
  const protocol = fill(config.protocol || "#{protocol}", original, ["protocol"]).toLowerCase();
  const host = fill(config.host || "#{host}", original, ["host"]);
  const port = fill(config.port || "#{port}", original, ["port"]);
  const path = fill(config.path || "/#{path}", original, ["host", "path", "port"]);
  const query = fill(config.query ?? "#{query}", original, ["protocol", "host", "port", "path", "query"]);
  return {
    location: `${protocol}://${host}:${port}${path}${query === "" ? "" : `?${query}`}`,
    statusCode: config.statusCode === "HTTP_301" ? 301 : 302,
  };
}

type Component = "protocol" | "host" | "port" | "path" | "query";
type Originals = { readonly [component in Component]: string };

/** Replaces keywords in one pass: what a request holds is never read as a keyword. */
function fill(template: string, original: Originals, allowed: readonly Component[]): string {
  return template.replace(/#\{(protocol|host|port|path|query)\}/g, (keyword, name: Component) =>
    allowed.includes(name) ? original[name] : keyword,
  );
}
