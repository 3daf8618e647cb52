/** Short ways to write rules, listeners and requests. */
import type { RuleCondition } from "../../src/model/listener-rule.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import type { ListenerState, RuleState } from "../../src/route/listener-state.ts";
import type { Request } from "../../src/route/request.ts";

export const host = (...values: string[]): RuleCondition => ({ field: "host-header", hostHeaderConfig: { values } });
export const hostRegex = (...regexValues: string[]): RuleCondition => ({
  field: "host-header",
  hostHeaderConfig: { regexValues },
});
export const path = (...values: string[]): RuleCondition => ({ field: "path-pattern", pathPatternConfig: { values } });
export const pathRegex = (...regexValues: string[]): RuleCondition => ({
  field: "path-pattern",
  pathPatternConfig: { regexValues },
});
export const header = (httpHeaderName: string, ...values: string[]): RuleCondition => ({
  field: "http-header",
  httpHeaderConfig: { httpHeaderName, values },
});
export const method = (...values: string[]): RuleCondition => ({
  field: "http-request-method",
  httpRequestMethodConfig: { values },
});
export const source = (...values: string[]): RuleCondition => ({ field: "source-ip", sourceIpConfig: { values } });
/** `key=value` or, for any key, `value`. */
export const query = (...pairs: string[]): RuleCondition => ({
  field: "query-string",
  queryStringConfig: {
    values: pairs.map((pair) => {
      const [first = "", second] = pair.split("=");
      return second === undefined ? { value: first } : { key: first, value: second };
    }),
  },
});

export const forward = (targetGroupArn: string): RuleAction => ({
  type: "forward",
  forwardConfig: { targetGroups: [{ targetGroupArn }] },
});
export const NOT_FOUND: RuleAction = { type: "fixed-response", fixedResponseConfig: { statusCode: "404" } };

/** A rule that forwards to a target group of its own name. */
export const rule = (key: string, ...conditions: RuleCondition[]): RuleState => ({
  key,
  priority: 1,
  conditions,
  actions: [forward(key)],
});

export const listener = (rules: readonly RuleState[], rest: Partial<ListenerState> = {}): ListenerState => ({
  key: "listener/80",
  port: 80,
  protocol: "HTTP",
  defaultActions: [NOT_FOUND],
  certificates: [],
  rules: rules.map((one, index) => ({ ...one, priority: index + 1 })),
  ...rest,
});

export const request = (rest: Partial<Request> = {}): Request => ({
  scheme: "http",
  host: "shop.example.com",
  port: 80,
  method: "GET",
  path: "/",
  query: "",
  headers: {},
  sourceIp: "203.0.113.5",
  ...rest,
});

export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

/** Milliseconds of the fastest of five runs: what the code takes, and not what else the machine does. */
export function fastest(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...times);
}
