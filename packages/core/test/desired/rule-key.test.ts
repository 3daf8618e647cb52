import { describe, expect, it } from "vitest";
import { conditionsKey, ruleKeys, sameActions, transformsKey } from "../../src/desired/rule-key.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { host, path } from "../fixtures/graph.ts";

const forward = (
  groups: readonly (readonly [string, number?])[],
  stickiness?: { enabled: boolean; durationSeconds?: number },
): RuleAction => ({
  type: "forward",
  forwardConfig: {
    targetGroups: groups.map(([targetGroupArn, weight]) => ({
      targetGroupArn,
      ...(weight === undefined ? {} : { weight }),
    })),
    ...(stickiness === undefined ? {} : { targetGroupStickinessConfig: stickiness }),
  },
});
const redirect = (config: object): RuleAction => ({
  type: "redirect",
  redirectConfig: { statusCode: "HTTP_301", ...config },
});
const oidc = (config: object): RuleAction => ({
  type: "authenticate-oidc",
  authenticateOidcConfig: {
    issuer: "https://i",
    authorizationEndpoint: "https://a",
    tokenEndpoint: "https://t",
    userInfoEndpoint: "https://u",
    ...config,
  },
});
const fixed = (config: object): RuleAction => ({
  type: "fixed-response",
  fixedResponseConfig: { statusCode: "404", ...config },
});

describe("sameActions", () => {
  it.each([
    { name: "the weight of a single group", desired: forward([["a"]]), existing: forward([["a", 7]]), same: true },
    {
      name: "a left-out weight and 1",
      desired: forward([["a"], ["b"]]),
      existing: forward([
        ["a", 1],
        ["b", 1],
      ]),
      same: true,
    },
    {
      name: "the order of groups",
      desired: forward([
        ["a", 1],
        ["b", 2],
      ]),
      existing: forward([
        ["b", 2],
        ["a", 1],
      ]),
      same: true,
    },
    {
      name: "weights",
      desired: forward([
        ["a", 1],
        ["b", 2],
      ]),
      existing: forward([
        ["a", 2],
        ["b", 1],
      ]),
      same: false,
    },
    { name: "groups", desired: forward([["a"]]), existing: forward([["b"]]), same: false },
    {
      name: "stickiness that the goal doesn't mention",
      desired: forward([["a"]]),
      existing: forward([["a"]], { enabled: true, durationSeconds: 60 }),
      same: true,
    },
    {
      name: "stickiness that the goal switches off",
      desired: forward([["a"]], { enabled: false }),
      existing: forward([["a"]], { enabled: true, durationSeconds: 60 }),
      same: false,
    },
    {
      name: "stickiness switched off and none",
      desired: forward([["a"]], { enabled: false, durationSeconds: 60 }),
      existing: forward([["a"]]),
      same: true,
    },
    {
      name: "the defaults of a redirect",
      desired: redirect({ port: "443" }),
      existing: redirect({
        port: "443",
        host: "#{host}",
        path: "/#{path}",
        query: "#{query}",
        protocol: "#{protocol}",
      }),
      same: true,
    },
    { name: "a redirect's path", desired: redirect({ path: "/x" }), existing: redirect({}), same: false },
    { name: "an empty body", desired: fixed({ messageBody: "" }), existing: fixed({}), same: true },
    { name: "a body", desired: fixed({ messageBody: "x" }), existing: fixed({}), same: false },
    {
      name: "the OIDC client and AWS's defaults",
      desired: oidc({ client: { secret: "shop/oidc", digest: "d" }, authenticationRequestExtraParams: {} }),
      existing: oidc({
        clientId: "c",
        scope: "openid",
        sessionTimeout: 604800,
        onUnauthenticatedRequest: "authenticate",
      }),
      same: true,
    },
    { name: "the OIDC scope", desired: oidc({ scope: "email" }), existing: oidc({ scope: "openid" }), same: false },
  ])("$name: same is $same", ({ desired, existing, same }) => {
    expect(sameActions([desired], [existing])).toBe(same);
  });

  it("minds the order of actions", () => {
    expect(sameActions([fixed({}), redirect({})], [redirect({}), fixed({})])).toBe(false);
  });
});

describe("conditionsKey", () => {
  it.each([
    { name: "the order of fields doesn't count", a: [host("h"), path("/p")], b: [path("/p"), host("h")], same: true },
    { name: "the order of values counts", a: [path("/a", "/b")], b: [path("/b", "/a")], same: false },
  ])("$name", ({ a, b, same }) => expect(conditionsKey(a) === conditionsKey(b)).toBe(same));
});

describe("transformsKey", () => {
  it("takes none for an empty list and sorts by type", () => {
    const url = { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } } as const;
    const header = { type: "host-header-rewrite", hostHeaderRewriteConfig: { rewrites: [] } } as const;
    expect(transformsKey(undefined)).toBe(transformsKey([]));
    expect(transformsKey([url, header])).toBe(transformsKey([header, url]));
    expect(transformsKey([url])).not.toBe(transformsKey([]));
  });
});

describe("ruleKeys", () => {
  it("tells rules apart by each of their parts", () => {
    const rule = { actions: [forward([["a"]])], conditions: [path("/a")] };
    const { content } = ruleKeys(rule);
    expect(ruleKeys({ ...rule, actions: [forward([["b"]])] }).content).not.toBe(content);
    expect(ruleKeys({ ...rule, conditions: [path("/b")] }).content).not.toBe(content);
    expect(ruleKeys({ ...rule, transforms: [] }).content).toBe(content);
  });
});
