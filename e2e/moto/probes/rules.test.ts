import { describe, expect, it } from "vitest";
import {
  FIXED,
  forward,
  host,
  httpsListener,
  listener,
  loadBalancer,
  path,
  refusal,
  rule,
  targetGroup,
  useAccount,
} from "./account.ts";

const account = useAccount();

/** A listener on a load balancer of its own. */
const someListener = async () => listener(account(), await loadBalancer(account()));

interface Rule {
  readonly RuleArn: string;
  readonly Priority: string;
  readonly Conditions: readonly object[];
  readonly Actions: readonly { readonly [key: string]: object }[];
  readonly Transforms?: readonly object[];
}

const rules = async (ListenerArn: string): Promise<Rule[]> =>
  (await account().elbv2("DescribeRules", { ListenerArn })).Rules;
const priorities = async (ListenerArn: string) => (await rules(ListenerArn)).map(({ Priority }) => Priority);
const described = async (RuleArn: string): Promise<Rule> =>
  (await account().elbv2("DescribeRules", { RuleArns: [RuleArn] })).Rules[0];

describe("priorities", () => {
  it("order the list, the default rule last", async () => {
    const on = await someListener();
    for (const priority of [20, 3, 100]) await rule(account(), on, priority);
    expect(await priorities(on)).toEqual(["3", "20", "100", "default"]);
  });

  it("are taken, or out of range", async () => {
    const on = await someListener();
    await rule(account(), on, 1);
    expect(await refusal(rule(account(), on, 1))).toBe("PriorityInUse");
    expect(await refusal(rule(account(), on, 0))).toBe("ValidationError");
    expect(await refusal(rule(account(), on, 50_001))).toBe("ValidationError");
    expect(await priorities(on)).toEqual(["1", "default"]);
  });

  it("move all at once: a shift, a swap", async () => {
    const { elbv2 } = account();
    const on = await someListener();
    const arns = [await rule(account(), on, 1), await rule(account(), on, 2), await rule(account(), on, 3)];
    const set = (...wanted: number[]) =>
      elbv2("SetRulePriorities", { RulePriorities: wanted.map((Priority, n) => ({ RuleArn: arns[n], Priority })) });
    await set(2, 3, 4);
    expect((await rules(on)).map(({ RuleArn }) => RuleArn).slice(0, 3)).toEqual(arns);
    await set(3, 2);
    expect((await rules(on)).map(({ RuleArn }) => RuleArn).slice(0, 3)).toEqual([arns[1], arns[0], arns[2]]);
    expect(await refusal(set(3, 4))).toBe("PriorityInUse");
    expect(await refusal(set(7, 7))).toBe("ValidationError");
    expect(await priorities(on)).toEqual(["2", "3", "4", "default"]);
  });

  it("of an unknown or a default rule don't change", async () => {
    const { elbv2 } = account();
    const on = await someListener();
    const [{ RuleArn }] = (await rules(on)) as [Rule];
    const set = (arn: string) => elbv2("SetRulePriorities", { RulePriorities: [{ RuleArn: arn, Priority: 9 }] });
    expect(await refusal(set(RuleArn))).toBe("OperationNotPermitted");
    expect(await refusal(set(`${RuleArn}0`))).toBe("RuleNotFound");
  });
});

describe("rules", () => {
  it("keep their quota over all listeners", async () => {
    const balancer = await loadBalancer(account());
    const [one, two] = [await listener(account(), balancer), await listener(account(), balancer, { Port: 81 })];
    for (let priority = 1; priority <= 60; priority++) await rule(account(), one, priority);
    for (let priority = 1; priority <= 40; priority++) await rule(account(), two, priority);
    expect(await refusal(rule(account(), two, 41))).toBe("TooManyRules");
  });

  it("change what is given and keep the rest", async () => {
    const { elbv2 } = account();
    const TargetGroupArn = await targetGroup(account());
    const RuleArn = await rule(account(), await someListener(), 1, { Conditions: [path("/a")] });
    await elbv2("ModifyRule", { RuleArn, Actions: forward({ TargetGroupArn }) });
    await elbv2("ModifyRule", { RuleArn, Conditions: [host("a.example.com"), path("/b")] });
    const { Conditions, Actions, Priority } = await described(RuleArn);
    expect(Conditions).toMatchObject([host("a.example.com"), path("/b")]);
    expect(Actions).toMatchObject([{ TargetGroupArn }]);
    expect(Priority).toBe("1");
  });

  it("leave the default one alone", async () => {
    const { elbv2 } = account();
    const [{ RuleArn }] = (await rules(await someListener())) as [Rule];
    expect(await refusal(elbv2("ModifyRule", { RuleArn, Actions: FIXED }))).toBe("OperationNotPermitted");
    expect(await refusal(elbv2("DeleteRule", { RuleArn }))).toBe("OperationNotPermitted");
  });

  it("are gone once deleted", async () => {
    const { elbv2 } = account();
    const RuleArn = await rule(account(), await someListener(), 1);
    await elbv2("DeleteRule", { RuleArn });
    expect(await refusal(elbv2("DeleteRule", { RuleArn }))).toBe("RuleNotFound");
    expect(await refusal(elbv2("DescribeRules", { RuleArns: [RuleArn] }))).toBe("RuleNotFound");
    expect(await refusal(elbv2("ModifyRule", { RuleArn, Actions: FIXED }))).toBe("RuleNotFound");
  });
});

describe("conditions", () => {
  it("are returned as given, hosts and paths in both forms", async () => {
    const Conditions = [
      host("a.example.com"),
      path("/a"),
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X", Values: ["y"] } },
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "a", Value: "b" }] } },
      { Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } },
    ];
    const RuleArn = await rule(account(), await someListener(), 1, { Conditions });
    const returned = (await described(RuleArn)).Conditions;
    expect(returned).toMatchObject(Conditions);
    expect(returned[0]).toMatchObject({ Values: ["a.example.com"] });
    expect(returned[1]).toMatchObject({ Values: ["/a"] });
  });

  it("may be given in the short form", async () => {
    const RuleArn = await rule(account(), await someListener(), 1, {
      Conditions: [{ Field: "path-pattern", Values: ["/a"] }],
    });
    expect((await described(RuleArn)).Conditions).toMatchObject([path("/a")]);
  });

  it("may be regular expressions", async () => {
    const Conditions = [
      { Field: "host-header", HostHeaderConfig: { RegexValues: ["^(a|b)\\.example\\.com$"] } },
      { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/a[0-9]+"] } },
    ];
    const RuleArn = await rule(account(), await someListener(), 1, { Conditions });
    expect((await described(RuleArn)).Conditions).toEqual(Conditions);
  });

  it.each([
    ["none", []],
    ["six values", [path("/1", "/2", "/3", "/4", "/5", "/6")]],
    ["six wildcards", [path("/*/*/*/*/*/*")]],
    ["a path of 129 characters", [path(`/${"a".repeat(128)}`)]],
    ["a path with a space", [path("/a b")]],
    ["two paths conditions", [path("/a"), path("/b")]],
    ["an unknown field", [{ Field: "cookie", Values: ["a"] }]],
    ["values and expressions", [{ Field: "path-pattern", PathPatternConfig: { Values: ["/a"], RegexValues: ["b"] } }]],
    [
      "a header condition for Host",
      [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "Host", Values: ["a"] } }],
    ],
  ])("must not be %s", async (_, Conditions) => {
    const on = await someListener();
    expect(await refusal(rule(account(), on, 1, { Conditions }))).toBe("ValidationError");
    expect(await priorities(on)).toEqual(["default"]);
  });
});

describe("transforms", () => {
  const rewrite = (Type: string, key: string) => ({ Type, [key]: { Rewrites: [{ Regex: "^/a", Replace: "/b" }] } });
  const url = rewrite("url-rewrite", "UrlRewriteConfig");

  it("are kept, changed and reset", async () => {
    const { elbv2 } = account();
    const both = [url, rewrite("host-header-rewrite", "HostHeaderRewriteConfig")];
    const RuleArn = await rule(account(), await someListener(), 1, { Transforms: both });
    expect((await described(RuleArn)).Transforms).toEqual(both);
    await elbv2("ModifyRule", { RuleArn, Transforms: [url] });
    expect((await described(RuleArn)).Transforms).toEqual([url]);
    await elbv2("ModifyRule", { RuleArn, Conditions: [path("/c")] });
    expect((await described(RuleArn)).Transforms).toEqual([url]);
    await elbv2("ModifyRule", { RuleArn, ResetTransforms: true });
    expect((await described(RuleArn)).Transforms ?? []).toEqual([]);
  });

  it("are one of a type", async () => {
    const on = await someListener();
    expect(await refusal(rule(account(), on, 1, { Transforms: [url, url] }))).toBe("ValidationError");
  });
});

describe("actions", () => {
  const onHttps = async () => httpsListener(account(), await loadBalancer(account()));
  const OIDC = {
    Issuer: "https://issuer.example.com",
    AuthorizationEndpoint: "https://a.example.com",
    TokenEndpoint: "https://t.example.com",
    UserInfoEndpoint: "https://u.example.com",
    ClientId: "client",
    ClientSecret: "hidden",
  };

  it("forward with weights, and name a single target group twice", async () => {
    const [one, two] = [await targetGroup(account(), "one"), await targetGroup(account(), "two")];
    const on = await someListener();
    const single = await rule(account(), on, 1, { Actions: forward({ TargetGroupArn: one }) });
    expect((await described(single)).Actions[0]).toMatchObject({
      TargetGroupArn: one,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: one, Weight: 1 }],
        TargetGroupStickinessConfig: { Enabled: false },
      },
    });
    const groups = [
      { TargetGroupArn: one, Weight: 90 },
      { TargetGroupArn: two, Weight: 10 },
    ];
    const stickiness = { Enabled: true, DurationSeconds: 200 };
    const weighted = await rule(account(), on, 2, {
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickiness } }],
    });
    const [action] = (await described(weighted)).Actions;
    expect(action).toMatchObject({
      ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickiness },
    });
    expect(action).not.toHaveProperty("TargetGroupArn");
  });

  it("redirect with defaults filled in", async () => {
    const RedirectConfig = { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" };
    const RuleArn = await rule(account(), await someListener(), 1, { Actions: [{ Type: "redirect", RedirectConfig }] });
    expect((await described(RuleArn)).Actions[0]?.["RedirectConfig"]).toEqual({
      ...RedirectConfig,
      Host: "#{host}",
      Path: "/#{path}",
      Query: "#{query}",
    });
  });

  it("never show a client's secret", async () => {
    const Actions = [
      { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: OIDC },
      { ...FIXED[0], Order: 2 },
    ];
    const RuleArn = await rule(account(), await onHttps(), 1, { Actions });
    const returned = (await described(RuleArn)).Actions;
    expect(JSON.stringify(returned)).not.toContain("hidden");
    expect(returned[0]).toMatchObject({
      Type: "authenticate-oidc",
      AuthenticateOidcConfig: { ClientId: "client", Scope: "openid", SessionTimeout: 604_800 },
    });
  });

  it("validate JSON web tokens", async () => {
    const JwtValidationConfig = { JwksEndpoint: "https://j.example.com/keys", Issuer: "https://issuer.example.com" };
    const Actions = [
      { Type: "jwt-validation", Order: 1, JwtValidationConfig },
      { ...FIXED[0], Order: 2 },
    ];
    const RuleArn = await rule(account(), await onHttps(), 1, { Actions });
    expect((await described(RuleArn)).Actions).toMatchObject(Actions);
  });

  it("may be the default too", async () => {
    const { elbv2 } = account();
    const Actions = [
      { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: OIDC },
      { ...FIXED[0], Order: 2 },
    ];
    const ListenerArn = await httpsListener(account(), await loadBalancer(account()), { DefaultActions: Actions });
    const { Listeners } = await elbv2("DescribeListeners", { ListenerArns: [ListenerArn] });
    expect(Listeners[0].DefaultActions.map(({ Type }: { Type: string }) => Type)).toEqual([
      "authenticate-oidc",
      "fixed-response",
    ]);
    expect(JSON.stringify(Listeners)).not.toContain("hidden");
  });

  it.each([
    [
      "authentication alone",
      "InvalidLoadBalancerAction",
      [{ Type: "authenticate-oidc", AuthenticateOidcConfig: OIDC }],
    ],
    ["two final ones", "InvalidLoadBalancerAction", [FIXED[0], FIXED[0]]],
    [
      "authentication on HTTP",
      "InvalidLoadBalancerAction",
      [
        { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: OIDC },
        { ...FIXED[0], Order: 2 },
      ],
    ],
    ["a weight of 1000", "ValidationError", forward({ TargetGroupArn: "arn", Weight: 1000 })],
    ["a missing target group", "TargetGroupNotFound", forward({ TargetGroupArn: "arn" })],
    [
      "a redirect to itself",
      "InvalidLoadBalancerAction",
      [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }],
    ],
    [
      "a status code of 99",
      "ValidationError",
      [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "99", ContentType: "text/plain" } }],
    ],
  ])("must not be %s", async (_, code, Actions) => {
    const on = await someListener();
    expect(await refusal(rule(account(), on, 1, { Actions }))).toBe(code);
    expect(await priorities(on)).toEqual(["default"]);
  });
});
