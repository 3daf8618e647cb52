/** What a load balancer does with a request. */
import type {
  AuthenticateCognitoAction,
  AuthenticateOidcAction,
  ForwardAction,
  JwtValidationAction,
  RuleAction,
} from "../model/rule-action.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import { certificateFor, type ServedCertificate } from "./certificate.ts";
import { conditionTest, type PreparedRequest, prepareRequest, type Verdict } from "./condition.ts";
import { type ListenerState, type RuleState, valueName } from "./listener-state.ts";
import { type Redirect, redirectOf } from "./redirect.ts";
import { type RegexEngine, UNKNOWN_REGEX } from "./regex-engine.ts";
import type { Request } from "./request.ts";
import { type Forwarded, forwardedOf } from "./transform.ts";

export interface RouteOptions {
  /** Without one, regular expressions are unknown. */
  readonly regex?: RegexEngine;
}

/** Fields that don't apply are absent. */
export interface Route {
  /**
   * `refused`: nothing listens on the port. `wrong-protocol`: plain HTTP on an HTTPS listener (ALB answers 400) or the
   * other way round (no handshake). Else which rule serves the request.
   */
  readonly served: "refused" | "wrong-protocol" | "rule" | "default";
  readonly listener?: { readonly key: string; readonly port: number; readonly protocol: "HTTP" | "HTTPS" };
  readonly certificate?: ServedCertificate;
  readonly rule?: RuleState;
  /** All actions in order; empty if no rule is reached. */
  readonly actions: readonly RuleAction[];
  /** The step before the last action. */
  readonly authentication?: AuthenticateCognitoAction | AuthenticateOidcAction | JwtValidationAction;
  readonly targets?: readonly RouteTarget[];
  /** What the targets get to see. */
  readonly forwarded?: Forwarded;
  readonly redirect?: Redirect;
  readonly fixedResponse?: {
    readonly statusCode: string;
    readonly contentType?: string;
    readonly messageBody?: string;
  };
  /** The Ingress that the rule, or the default, comes from. */
  readonly owner?: ObjectRef;
  /** Rules asked before this one of which it isn't known whether they match. Empty: the route is certain. */
  readonly undecided: readonly RuleState[];
}

export interface RouteTarget {
  /** ARN, or the target group's resource key. */
  readonly targetGroup: string;
  readonly weight: number;
  /** Part of the requests, 0 to 1. */
  readonly share: number;
}

/**
 * Routes a request as an Application Load Balancer does (AWS, "Listener rules for your Application Load Balancer"): the
 * listener of the port, then the first rule in ascending priority whose conditions are all met, else the default
 * actions. The sources of each step are with its function. A rule of which it is unknown whether it matches is passed
 * over and listed in `undecided`.
 */
export function route(state: readonly ListenerState[], request: Request, options: RouteOptions = {}): Route {
  const listener = state.find(({ port }) => port === request.port);
  if (listener === undefined) return { served: "refused", actions: [], undecided: [] };
  const { key, port, protocol } = listener;
  const place = { listener: { key, port, protocol } };
  if ((protocol === "HTTPS") !== (request.scheme === "https")) {
    return { served: "wrong-protocol", ...place, actions: [], undecided: [] };
  }
  const regex = options.regex ?? UNKNOWN_REGEX;
  const prepared = prepareRequest(request);
  const undecided: RuleState[] = [];
  let rule: RuleState | undefined;
  for (const candidate of listener.rules) {
    const verdict = ruleMatches(candidate, prepared, regex);
    if (verdict === undefined) undecided.push(candidate);
    if (verdict !== true) continue;
    rule = candidate;
    break;
  }
  const certificate = certificateFor(listener.certificates, request.sni ?? request.host);
  const owner = (rule ?? listener).owner;
  return {
    served: rule === undefined ? "default" : "rule",
    ...place,
    ...(certificate && { certificate }),
    ...(rule && { rule }),
    ...perform(rule?.actions ?? listener.defaultActions, rule, request, regex),
    ...(owner && { owner }),
    undecided,
  };
}

/** Tests conditions as they are needed: most rules fail at their first one. */
function ruleMatches({ conditions }: RuleState, request: PreparedRequest, regex: RegexEngine): Verdict {
  let verdict: Verdict = true;
  for (const condition of conditions) {
    const one = conditionTest(condition, regex)(request);
    if (one === false) return false;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}

function perform(
  actions: readonly RuleAction[],
  rule: RuleState | undefined,
  request: Request,
  regex: RegexEngine,
): Pick<Route, "actions" | "authentication" | "targets" | "forwarded" | "redirect" | "fixedResponse"> {
  let done: ReturnType<typeof perform> = { actions };
  for (const action of actions) {
    switch (action.type) {
      case "forward":
        done = { ...done, targets: targetsOf(action), forwarded: forwardedOf(rule?.transforms, request, regex) };
        break;
      case "redirect":
        done = { ...done, redirect: redirectOf(action, request) };
        break;
      case "fixed-response":
        done = { ...done, fixedResponse: action.fixedResponseConfig };
        break;
      default:
        done = { ...done, authentication: action };
    }
  }
  return done;
}

/** AWS, "Forward actions": requests are spread by weight; a single target group gets all, whatever its weight. */
function targetsOf({ forwardConfig: { targetGroups } }: ForwardAction): readonly RouteTarget[] {
  const weights = targetGroups.map(({ weight }) => (targetGroups.length === 1 ? 1 : (weight ?? 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return targetGroups.map(({ targetGroupArn }, index) => {
    const weight = weights[index] ?? 0;
    return { targetGroup: valueName(targetGroupArn), weight, share: total === 0 ? 0 : weight / total };
  });
}
