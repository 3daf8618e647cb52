import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action, ActionDetails } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { ListenerRuleSpec, RuleCondition } from "../../../src/model/listener-rule.ts";
import type { RuleAction } from "../../../src/model/rule-action.ts";
import { action, build, outcome } from "./call.ts";
import { ARN, FOREIGN, forward, NOT_FOUND, rule, SHOP, withQuotas } from "./shop.ts";

const create = (priority: number, more: Partial<ListenerRuleSpec> = {}, listener = ARN.http): Action =>
  action("createRule", { spec: rule(listener, priority, more) });
const modify = (changes: Omit<ActionDetails["modifyRule"], "ruleArn">, ruleArn = ARN.rule1): Action =>
  action("modifyRule", { ruleArn, ...changes });
const renumber = (...pairs: [ruleArn: string, priority: number][]): Action =>
  action("setRulePriorities", { priorities: pairs.map(([ruleArn, priority]) => ({ ruleArn, priority })) });
const paths = (...values: string[]): RuleCondition => ({ field: "path-pattern", pathPatternConfig: { values } });
const hosts = (...values: string[]): RuleCondition => ({ field: "host-header", hostHeaderConfig: { values } });
const when = (...conditions: RuleCondition[]): Action => create(9, { conditions });
const then = (...actions: RuleAction[]): Action => create(9, { actions });
const redirect = (redirectConfig: object): RuleAction =>
  ({ type: "redirect", redirectConfig: { statusCode: "HTTP_301", ...redirectConfig } }) as RuleAction;
const weighted = (...weights: number[]): RuleAction => ({
  type: "forward",
  forwardConfig: {
    targetGroups: weights.map((weight, index) => ({
      targetGroupArn: [ARN.web, ARN.cart, ARN.spare][index] ?? "",
      weight,
    })),
  },
});
const cognito: RuleAction = {
  type: "authenticate-cognito",
  authenticateCognitoConfig: { userPoolArn: "arn:pool", userPoolClientId: "id", userPoolDomain: "domain" },
};
const oidc: RuleAction = {
  type: "authenticate-oidc",
  authenticateOidcConfig: {
    issuer: "https://id.example.com",
    authorizationEndpoint: "https://id.example.com/a",
    tokenEndpoint: "https://id.example.com/t",
    userInfoEndpoint: "https://id.example.com/u",
    client: { secret: "shop/oidc", digest: "0".repeat(64) },
  },
};

describe("listener rules", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account; code?: string }>([
    { name: "a free priority", call: create(3), expected: "done" },
    { name: "a used priority", call: create(1), expected: "PriorityInUse", code: "account.priority-in-use" },
    { name: "the number of another listener's rule", call: create(1, {}, ARN.https), expected: "done" },
    { name: "priority 0", call: create(0), expected: "ValidationError" },
    { name: "priority 50000", call: create(50_000), expected: "done" },
    { name: "priority 50001", call: create(50_001), expected: "ValidationError" },
    { name: "a listener that isn't there", call: create(3, {}, "arn:gone"), expected: "ListenerNotFound" },
    {
      name: "too many rules over all listeners",
      call: create(1, {}, ARN.https),
      expected: "TooManyRules",
      account: withQuotas({ rulesPerLoadBalancer: 2 }),
      code: "account.quota-exceeded",
    },
    {
      name: "rules of another load balancer don't count",
      call: create(1, {}, ARN.otherHttp),
      expected: "done",
      account: withQuotas({ rulesPerLoadBalancer: 2 }),
    },

    { name: "no conditions", call: when(), expected: "ValidationError" },
    { name: "five values", call: when(paths("/1", "/2", "/3", "/4", "/5")), expected: "done" },
    {
      name: "six values in two conditions",
      call: when(paths("/1", "/2", "/3"), hosts("a.x", "b.x", "c.x")),
      expected: "ValidationError",
      code: "account.quota-exceeded",
    },
    { name: "five wildcards", call: when(paths("/*/?/*/?/*")), expected: "done" },
    {
      name: "six wildcards",
      call: when(paths("/*/?/*/?/*/?")),
      expected: "ValidationError",
      code: "account.quota-exceeded",
    },
    { name: "a path of 128 characters", call: when(paths(`/${"x".repeat(127)}`)), expected: "done" },
    { name: "a path of 129 characters", call: when(paths(`/${"x".repeat(128)}`)), expected: "ValidationError" },
    { name: "a path with a parenthesis", call: when(paths("/a(b)")), expected: "ValidationError" },
    { name: "a host of 129 characters", call: when(hosts("x".repeat(129))), expected: "ValidationError" },
    { name: "a host with a slash", call: when(hosts("a/b")), expected: "ValidationError" },
    { name: "two path conditions", call: when(paths("/1"), paths("/2")), expected: "ValidationError" },
    {
      name: "two conditions on headers",
      call: when(
        { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-A", values: ["1"] } },
        { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-B", regexValues: ["^1"] } },
      ),
      expected: "done",
    },
    {
      name: "a condition on the header host",
      call: when({ field: "http-header", httpHeaderConfig: { httpHeaderName: "Host", values: ["1"] } }),
      expected: "ValidationError",
    },
    {
      name: "values and regular expressions",
      call: when({ field: "path-pattern", pathPatternConfig: { values: ["/1"], regexValues: ["1"] } }),
      expected: "ValidationError",
    },
    {
      name: "a method in lower case",
      call: when({ field: "http-request-method", httpRequestMethodConfig: { values: ["get"] } }),
      expected: "ValidationError",
    },
    {
      name: "a source network",
      call: when({ field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8", "fd00::/8"] } }),
      expected: "done",
    },
    {
      name: "a source address",
      call: when({ field: "source-ip", sourceIpConfig: { values: ["10.0.0.1"] } }),
      expected: "ValidationError",
    },
    {
      name: "a query",
      call: when({ field: "query-string", queryStringConfig: { values: [{ key: "v", value: "1" }, { value: "x" }] } }),
      expected: "done",
    },

    { name: "no action", call: then(), expected: "InvalidLoadBalancerAction" },
    { name: "two final actions", call: then(NOT_FOUND, NOT_FOUND), expected: "InvalidLoadBalancerAction" },
    {
      name: "authentication alone",
      call: create(9, { actions: [cognito] }, ARN.https),
      expected: "InvalidLoadBalancerAction",
    },
    {
      name: "authentication last",
      call: create(9, { actions: [NOT_FOUND, cognito] }, ARN.https),
      expected: "InvalidLoadBalancerAction",
    },
    {
      name: "authentication on HTTPS",
      call: create(9, { actions: [cognito, NOT_FOUND] }, ARN.https),
      expected: "done",
    },
    {
      name: "authentication on HTTP",
      call: then(cognito, NOT_FOUND),
      expected: "InvalidLoadBalancerAction",
      code: "account.invalid-action",
    },
    {
      name: "two authentications",
      call: create(9, { actions: [cognito, oidc, NOT_FOUND] }, ARN.https),
      expected: "TooManyActions",
    },
    { name: "weights 0 and 999", call: then(weighted(0, 999)), expected: "done" },
    { name: "weight 1000", call: then(weighted(1, 1000)), expected: "ValidationError" },
    { name: "weight -1", call: then(weighted(-1)), expected: "ValidationError" },
    { name: "no target group", call: then(weighted()), expected: "ValidationError" },
    { name: "a target group twice", call: then(forward(ARN.web, ARN.web)), expected: "ValidationError" },
    {
      name: "too many target groups in an action",
      call: then(weighted(1, 1, 1)),
      expected: "TooManyTargetGroups",
      account: withQuotas({ targetGroupsPerAction: 2 }),
    },
    {
      name: "too many target groups behind the load balancer",
      call: then(forward(ARN.spare)),
      expected: "TooManyUniqueTargetGroupsPerLoadBalancer",
      account: withQuotas({ targetGroupsPerLoadBalancer: 2 }),
    },
    {
      name: "a target group that is behind it already",
      call: then(forward(ARN.cart)),
      expected: "done",
      account: withQuotas({ targetGroupsPerLoadBalancer: 2 }),
    },
    { name: "a foreign target group", call: then(forward("arn:foreign-group")), expected: "done" },
    { name: "a target group that isn't there", call: then(forward("arn:gone")), expected: "TargetGroupNotFound" },
    {
      name: "a target group of another load balancer",
      call: create(9, { actions: [forward(ARN.web)] }, ARN.otherHttp),
      expected: "TargetGroupAssociationLimit",
      code: "account.target-group-taken",
    },
    {
      name: "stickiness without a duration",
      call: then({
        type: "forward",
        forwardConfig: { targetGroups: [{ targetGroupArn: ARN.web }], targetGroupStickinessConfig: { enabled: true } },
      }),
      expected: "ValidationError",
    },
    { name: "a redirect to HTTPS", call: then(redirect({ protocol: "HTTPS", port: "443" })), expected: "done" },
    { name: "a redirect to itself", call: then(redirect({ query: "a=b" })), expected: "InvalidLoadBalancerAction" },
    {
      name: "a redirect with status 307",
      call: then(redirect({ port: "81", statusCode: "HTTP_307" })),
      expected: "ValidationError",
    },
    { name: "a redirect to port 70000", call: then(redirect({ port: "70000" })), expected: "ValidationError" },
    { name: "a redirect to a relative path", call: then(redirect({ path: "x" })), expected: "ValidationError" },
    {
      name: "a redirect from HTTPS to HTTP",
      call: create(9, { actions: [redirect({ protocol: "HTTP" })] }, ARN.https),
      expected: "InvalidLoadBalancerAction",
    },
    {
      name: "a response of status 302",
      call: then({ type: "fixed-response", fixedResponseConfig: { statusCode: "302" } }),
      expected: "ValidationError",
    },
    {
      name: "a response in XML",
      call: then({ type: "fixed-response", fixedResponseConfig: { statusCode: "200", contentType: "text/xml" } }),
      expected: "ValidationError",
    },
    {
      name: "a response of 1025 characters",
      call: then({ type: "fixed-response", fixedResponseConfig: { statusCode: "200", messageBody: "x".repeat(1025) } }),
      expected: "ValidationError",
    },
    {
      name: "two transforms of a type",
      call: create(9, {
        transforms: [
          { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } },
          { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } },
        ],
      }),
      expected: "ValidationError",
    },

    { name: "other actions", call: modify({ actions: [forward(ARN.spare)] }), expected: "done" },
    { name: "invalid actions", call: modify({ actions: [] }), expected: "InvalidLoadBalancerAction" },
    { name: "invalid conditions", call: modify({ conditions: [] }), expected: "ValidationError" },
    { name: "a rule that isn't there", call: modify({}, "arn:gone"), expected: "RuleNotFound" },

    { name: "a swap", call: renumber([ARN.rule1, 2], [ARN.rule2, 1]), expected: "done" },
    { name: "a shift", call: renumber([ARN.rule1, 2], [ARN.rule2, 3]), expected: "done" },
    { name: "a number of a rule outside the call", call: renumber([ARN.rule1, 2]), expected: "PriorityInUse" },
    { name: "one number for two rules", call: renumber([ARN.rule1, 7], [ARN.rule2, 7]), expected: "PriorityInUse" },
    { name: "one rule twice", call: renumber([ARN.rule1, 7], [ARN.rule1, 8]), expected: "ValidationError" },
    { name: "a number too high", call: renumber([ARN.rule1, 50_001]), expected: "ValidationError" },
    { name: "numbers for a rule that isn't there", call: renumber(["arn:gone", 7]), expected: "RuleNotFound" },

    { name: "deletion", call: action("deleteRule", { ruleArn: ARN.rule1 }), expected: "done" },
    { name: "deletion of none", call: action("deleteRule", { ruleArn: "arn:gone" }), expected: "RuleNotFound" },
  ])("$name: $expected", ({ call, expected, account = SHOP, code }) => {
    const applied = applyAction(account, call, {}, { foreign: FOREIGN });
    expect(outcome(applied)).toBe(expected);
    if (code !== undefined) expect("refused" in applied && applied.refused.code).toBe(code);
  });

  it("returns actions as AWS does: defaults filled in, no client", () => {
    const { account, outputs } = build(SHOP, [create(9, { actions: [oidc, redirect({ port: "8443" })] }, ARN.https)]);
    const created = account.listenerRules[outputs["shop"]?.["createRule/x"]?.arn ?? ""];
    expect(created?.spec.actions).toEqual([
      {
        type: "authenticate-oidc",
        authenticateOidcConfig: {
          issuer: "https://id.example.com",
          authorizationEndpoint: "https://id.example.com/a",
          tokenEndpoint: "https://id.example.com/t",
          userInfoEndpoint: "https://id.example.com/u",
          onUnauthenticatedRequest: "authenticate",
          scope: "openid",
          sessionCookieName: "AWSELBAuthSessionCookie",
          sessionTimeout: 604_800,
        },
      },
      {
        type: "redirect",
        redirectConfig: {
          host: "#{host}",
          path: "/#{path}",
          port: "8443",
          protocol: "#{protocol}",
          query: "#{query}",
          statusCode: "HTTP_301",
        },
      },
    ]);
  });

  it("follows which load balancer a target group serves", () => {
    const serves = (account: Account, arn: string) => account.targetGroups[arn]?.loadBalancerArns;
    const moved = build(SHOP, [modify({ actions: [forward(ARN.spare)] })]).account;
    expect(serves(moved, ARN.cart)).toEqual([]);
    expect(serves(moved, ARN.spare)).toEqual([ARN.loadBalancer]);
    const shared = build(SHOP, [
      create(9, { actions: [forward(ARN.cart)] }),
      action("deleteRule", { ruleArn: ARN.rule1 }),
    ]);
    expect(serves(shared.account, ARN.cart)).toEqual([ARN.loadBalancer]);
  });

  it("resets transforms", () => {
    const transforms = [
      { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } },
    ] as const;
    const { account } = build(SHOP, [modify({ transforms })]);
    expect(account.listenerRules[ARN.rule1]?.spec.transforms).toEqual(transforms);
    const reset = build(account, [modify({ resetTransforms: true })]).account;
    expect(reset.listenerRules[ARN.rule1]?.spec).not.toHaveProperty("transforms");
  });
});
