import type { Rewrite, RuleTransform } from "../model/listener-rule.ts";
import type { RegexEngine } from "./regex-engine.ts";
import { queryText, type Request } from "./request.ts";

/** What a target gets to see. */
export interface Forwarded {
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** Regular expressions that couldn't be evaluated: what they would rewrite is shown as it came. */
  readonly unknown: readonly string[];
}

/**
 * Applies a rule's transforms. AWS, "Transforms for listener rules": they rewrite host, path and query before the
 * request goes to a target and change nothing of the choice of the rule; without a match the request stays as it is.
 * AWS doesn't say, and this reads it as: the URL is the path with its query; of several rewrites the first that
 * matches is applied, to its first match; a host is matched without regard to case.
 */
export function forwardedOf(
  transforms: readonly RuleTransform[] | undefined,
  request: Request,
  regex: RegexEngine,
): Forwarded {
  const query = queryText(request.query);
  const unknown: string[] = [];
  let host = request.host;
  let url = query === "" ? request.path : `${request.path}?${query}`;
  for (const transform of transforms ?? []) {
    if (transform.type === "url-rewrite") {
      url = rewrite(transform.urlRewriteConfig.rewrites, url, false, regex, unknown);
    } else host = rewrite(transform.hostHeaderRewriteConfig.rewrites, host, true, regex, unknown);
  }
  const mark = url.indexOf("?");
  return {
    host,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    unknown,
  };
}

function rewrite(
  rewrites: readonly Rewrite[],
  text: string,
  ignoreCase: boolean,
  regex: RegexEngine,
  unknown: string[],
): string {
  for (const { regex: pattern, replace } of rewrites) {
    const rewritten = regex.replaceFirst(pattern, replace, text, ignoreCase);
    if (rewritten === undefined) {
      unknown.push(pattern);
      return text;
    }
    if (rewritten !== null) return rewritten;
  }
  return text;
}
