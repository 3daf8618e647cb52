/** Actions of rules and listeners: what AWS takes, and the form in which it returns them. */
import type { Account } from "../../model/inventory.ts";
import type { ListenerSpec } from "../../model/listener.ts";
import { quotasOf } from "../../model/quotas.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import { countRegistered, countTargets, targetGroupsInUse } from "../quotas.ts";
import { type Refused, refuse, type Surroundings } from "./answer.ts";
import { targetGroupsOf } from "./association.ts";
import { noSuchTargetGroup } from "./target-group.ts";

type Action = RuleAction<string>;
type Protocol = ListenerSpec["protocol"];

const invalidAction = (message: string): Refused =>
  refuse("account.invalid-action", "InvalidLoadBalancerAction", message);
const invalidValue = (message: string): Refused => refuse("account.invalid-value", "ValidationError", message);

/**
 * Checks the shape of a list of actions: exactly one of forward, redirect and fixed-response, and that one last;
 * authentication on HTTPS only (ELB User Guide: rule action types).
 */
export function checkActions(account: Account, actions: readonly Action[], protocol: Protocol): Refused | undefined {
  const final = actions.filter(({ type }) => type === "forward" || type === "redirect" || type === "fixed-response");
  if (final.length !== 1 || actions.at(-1) !== final[0]) {
    return invalidAction("the last action, and only that, must be a forward, a redirect or a fixed response");
  }
  if (actions.length > 2)
    return refuse("account.invalid-action", "TooManyActions", `${actions.length} actions are too many`);
  const authentication = actions.length === 2 ? actions[0] : undefined;
  if (authentication !== undefined && protocol !== "HTTPS") {
    return invalidAction(`the action ${authentication.type} needs an HTTPS listener, this one is ${protocol}`);
  }
  if (protocol === "TCP" && final[0]?.type !== "forward") {
    return invalidAction("a TCP listener can only forward");
  }
  for (const action of actions) {
    const refusal = checkAction(account, action, protocol);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkAction(account: Account, action: Action, protocol: Protocol): Refused | undefined {
  switch (action.type) {
    case "forward":
      return checkForward(account, action.forwardConfig);
    case "redirect":
      return checkRedirect(action.redirectConfig, protocol);
    case "fixed-response":
      return checkFixedResponse(action.fixedResponseConfig);
    default:
      return undefined;
  }
}

type Forward = Extract<Action, { type: "forward" }>["forwardConfig"];
type Redirect = Extract<Action, { type: "redirect" }>["redirectConfig"];
type FixedResponse = Extract<Action, { type: "fixed-response" }>["fixedResponseConfig"];

function checkForward(account: Account, { targetGroups, targetGroupStickinessConfig }: Forward): Refused | undefined {
  const limit = quotasOf(account).targetGroupsPerAction;
  if (targetGroups.length === 0) return invalidValue("a forward names no target group");
  if (targetGroups.length > limit) {
    const message = `${targetGroups.length} target groups are more than the ${limit} that an action may have`;
    return refuse("account.quota-exceeded", "TooManyTargetGroups", message);
  }
  const arns = targetGroups.map((tuple) => tuple.targetGroupArn);
  const twice = arns.find((arn, index) => arns.indexOf(arn) < index);
  if (twice !== undefined) return invalidValue(`a forward names the target group ${twice} twice`);
  for (const { weight = 1 } of targetGroups) {
    if (!Number.isInteger(weight) || weight < 0 || weight > 999)
      return invalidValue(`the weight ${weight} isn't 0 to 999`);
  }
  const { enabled = false, durationSeconds } = targetGroupStickinessConfig ?? {};
  if (enabled && durationSeconds === undefined) return invalidValue("target group stickiness needs a duration");
  if (durationSeconds !== undefined && (durationSeconds < 1 || durationSeconds > 604_800)) {
    return invalidValue(`the stickiness duration ${durationSeconds} isn't 1 to 604800 seconds`);
  }
  return undefined;
}

/** A redirect must change something, and HTTPS can't be redirected to HTTP (ELB API Reference: RedirectActionConfig). */
function checkRedirect(redirect: Redirect, protocol: Protocol): Refused | undefined {
  const { host, path, port, protocol: to, query, statusCode } = withRedirectDefaults(redirect);
  if (statusCode !== "HTTP_301" && statusCode !== "HTTP_302") {
    return invalidValue(`the redirect's status code "${statusCode}" isn't HTTP_301 or HTTP_302`);
  }
  if (!["HTTP", "HTTPS", "#{protocol}"].includes(to)) return invalidValue(`a redirect can't go to protocol "${to}"`);
  if (port !== "#{port}" && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    return invalidValue(`the redirect's port "${port}" isn't 1 to 65535`);
  }
  if (!path.startsWith("/") || path.length > 128) {
    return invalidValue(`the redirect's path "${path}" doesn't begin with / or has more than 128 characters`);
  }
  if (host.length === 0 || host.length > 128) return invalidValue("the redirect's host isn't 1 to 128 characters");
  if (query.length > 128) return invalidValue("the redirect's query has more than 128 characters");
  if (protocol === "HTTPS" && to === "HTTP") return invalidAction("HTTPS can't be redirected to HTTP");
  if (host === "#{host}" && path === "/#{path}" && port === "#{port}" && to === "#{protocol}") {
    return invalidAction("the redirect changes neither protocol, host, port nor path and would loop");
  }
  return undefined;
}

const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

function checkFixedResponse({ statusCode, contentType, messageBody = "" }: FixedResponse): Refused | undefined {
  if (!/^[245]\d\d$/.test(statusCode))
    return invalidValue(`the response's status code "${statusCode}" isn't 2XX, 4XX or 5XX`);
  if (contentType !== undefined && contentType !== "" && !CONTENT_TYPES.includes(contentType)) {
    return invalidValue(`the response's content type "${contentType}" isn't one of ${CONTENT_TYPES.join(", ")}`);
  }
  if (messageBody.length > 1024) return invalidValue("the response's body has more than 1024 characters");
  return undefined;
}

/**
 * Checks the target groups that new actions name: they exist, serve no other load balancer, speak the listener's
 * language, and the load balancer has room for them and their targets.
 */
export function checkTargetGroups(
  account: Account,
  loadBalancerArn: string,
  actions: readonly Action[],
  { isForeign }: Surroundings,
  protocol: Protocol,
): Refused | undefined {
  const arns = targetGroupsOf(actions);
  for (const arn of arns) {
    const group = account.targetGroups[arn];
    if (group === undefined) {
      if (isForeign(arn)) continue;
      return noSuchTargetGroup(arn);
    }
    const other = group.loadBalancerArns.find((serves) => serves !== loadBalancerArn);
    if (other !== undefined) {
      const message = `the target group ${arn} serves ${other} already, and a target group serves one load balancer`;
      return refuse("account.target-group-taken", "TargetGroupAssociationLimit", message);
    }
    const isHttp = group.spec.protocol === "HTTP" || group.spec.protocol === "HTTPS";
    if (isHttp === (protocol === "TCP")) {
      const message = `a ${protocol} listener can't forward to a target group of protocol ${group.spec.protocol}`;
      return refuse("account.invalid-action", "IncompatibleProtocols", message);
    }
  }
  return checkRoom(account, loadBalancerArn, arns);
}

function checkRoom(account: Account, loadBalancerArn: string, arns: readonly string[]): Refused | undefined {
  const inUse = targetGroupsInUse(account, loadBalancerArn);
  const fresh = arns.filter((arn) => !inUse.has(arn));
  if (fresh.length === 0) return undefined;
  const { targetGroupsPerLoadBalancer, targetsPerLoadBalancer } = quotasOf(account);
  const groups = inUse.size + fresh.length;
  if (groups > targetGroupsPerLoadBalancer) {
    const message = `${groups} target groups are more than the ${targetGroupsPerLoadBalancer} that a load balancer may have`;
    return refuse("account.quota-exceeded", "TooManyUniqueTargetGroupsPerLoadBalancer", message);
  }
  const added = fresh.reduce((sum, arn) => sum + countRegistered(account, arn), 0);
  const targets = added === 0 ? 0 : countTargets(account, loadBalancerArn) + added;
  if (targets > targetsPerLoadBalancer) {
    const message = `${targets} targets are more than the ${targetsPerLoadBalancer} that a load balancer may have`;
    return refuse("account.quota-exceeded", "TooManyTargets", message);
  }
  return undefined;
}

function withRedirectDefaults(redirect: Redirect): Required<Redirect> {
  return {
    host: "#{host}",
    path: "/#{path}",
    port: "#{port}",
    protocol: "#{protocol}",
    query: "#{query}",
    ...redirect,
  };
}

const SESSION_DEFAULTS = {
  onUnauthenticatedRequest: "authenticate",
  scope: "openid",
  sessionCookieName: "AWSELBAuthSessionCookie",
  sessionTimeout: 604_800,
};

/** An action as AWS returns it: defaults filled in, a forward with weights, no client and no secret. */
export function asReturned(action: Action): Action {
  switch (action.type) {
    case "forward": {
      const { targetGroups, targetGroupStickinessConfig } = action.forwardConfig;
      const forwardConfig = {
        targetGroups: targetGroups.map((tuple) => ({ weight: 1, ...tuple })),
        targetGroupStickinessConfig: { enabled: false, ...targetGroupStickinessConfig },
      };
      return { type: "forward", forwardConfig };
    }
    case "redirect":
      return { type: "redirect", redirectConfig: withRedirectDefaults(action.redirectConfig) };
    case "authenticate-oidc": {
      const { client: _, ...config } = action.authenticateOidcConfig;
      return { type: "authenticate-oidc", authenticateOidcConfig: { ...SESSION_DEFAULTS, ...config } };
    }
    case "authenticate-cognito":
      return {
        type: "authenticate-cognito",
        authenticateCognitoConfig: { ...SESSION_DEFAULTS, ...action.authenticateCognitoConfig },
      };
    default:
      return action;
  }
}
