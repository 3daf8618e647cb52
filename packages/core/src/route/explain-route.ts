import type { RuleCondition } from "../model/listener-rule.ts";
import { conditionTest, prepareRequest } from "./condition.ts";
import type { ListenerState, RuleState } from "./listener-state.ts";
import { UNKNOWN_REGEX } from "./regex-engine.ts";
import { queryText, type Request } from "./request.ts";
import { type Route, type RouteOptions, route } from "./route.ts";

export interface RouteExplanation {
  readonly route: Route;
  /** Every rule of the listener in the order in which it is asked. */
  readonly rules: readonly RuleExplanation[];
  /** Those that fail by a single condition, in the same order. */
  readonly almost: readonly RuleExplanation[];
}

export interface RuleExplanation {
  readonly rule: RuleState;
  /** `shadowed`: it matches, but an earlier rule serves the request. `undecided`: not known whether it matches. */
  readonly verdict: "serves" | "shadowed" | "undecided" | "fails";
  readonly failed: readonly FailedCondition[];
}

export interface FailedCondition {
  readonly condition: RuleCondition;
  /** What the request has there: `host shop.example.com`. */
  readonly has: string;
  /** What the condition asks for: `*.example.org or example.org`. */
  readonly wants: string;
}

/** Routes a request and says of every rule of the listener why it serves it or not. */
export function explainRoute(
  state: readonly ListenerState[],
  request: Request,
  options: RouteOptions = {},
): RouteExplanation {
  const served = route(state, request, options);
  const listener = state.find(({ port }) => port === request.port);
  if (listener === undefined || served.served === "wrong-protocol") return { route: served, rules: [], almost: [] };
  const prepared = prepareRequest(request);
  const regex = options.regex ?? UNKNOWN_REGEX;
  const rules = listener.rules.map((rule): RuleExplanation => {
    const verdicts = rule.conditions.map((condition) => ({
      condition,
      verdict: conditionTest(condition, regex)(prepared),
    }));
    const failed = verdicts
      .filter(({ verdict }) => verdict === false)
      .map(({ condition }) => ({ condition, has: requestPart(condition, request), wants: wanted(condition) }));
    if (failed.length > 0) return { rule, verdict: "fails", failed };
    if (verdicts.some(({ verdict }) => verdict === undefined)) return { rule, verdict: "undecided", failed };
    return { rule, verdict: rule === served.rule ? "serves" : "shadowed", failed };
  });
  return { route: served, rules, almost: rules.filter(({ failed }) => failed.length === 1) };
}

function requestPart(condition: RuleCondition, request: Request): string {
  switch (condition.field) {
    case "host-header":
      return `host ${request.host}`;
    case "path-pattern":
      return `path ${request.path}`;
    case "http-request-method":
      return `method ${request.method}`;
    case "source-ip":
      return `source address ${request.sourceIp ?? "unknown"}`;
    case "query-string":
      return queryText(request.query) === "" ? "no query" : `query ${queryText(request.query)}`;
    case "http-header": {
      const name = condition.httpHeaderConfig.httpHeaderName;
      const values = Object.entries(request.headers)
        .filter(([key]) => key.toLowerCase() === name.toLowerCase())
        .flatMap(([, value]) => value);
      return values.length === 0 ? `no header ${name}` : `header ${name} ${values.join(" and ")}`;
    }
  }
}

function wanted(condition: RuleCondition): string {
  switch (condition.field) {
    case "host-header":
      return alternatives(condition.hostHeaderConfig);
    case "path-pattern":
      return alternatives(condition.pathPatternConfig);
    case "http-header":
      return alternatives(condition.httpHeaderConfig);
    case "http-request-method":
      return condition.httpRequestMethodConfig.values.join(" or ");
    case "source-ip":
      return condition.sourceIpConfig.values.join(" or ");
    case "query-string":
      return condition.queryStringConfig.values
        .map(({ key, value }) => (key ? `${key}=${value}` : `any key with value ${value}`))
        .join(" or ");
  }
}

function alternatives(patterns: {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}): string {
  return [...(patterns.values ?? []), ...(patterns.regexValues ?? []).map((regex) => `/${regex}/`)].join(" or ");
}
