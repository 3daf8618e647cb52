import { describe, expect, it } from "vitest";
import { callFor } from "../../src/call-for.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Plan, SentClients } from "../../src/model/plan.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { plan } from "../../src/plan.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, NOT_FOUND, path, type StackSketch } from "../fixtures/graph.ts";

const oidc = (digest: string, secret = "shop/oidc"): RuleAction => ({
  type: "authenticate-oidc",
  authenticateOidcConfig: {
    issuer: "i",
    authorizationEndpoint: "a",
    tokenEndpoint: "t",
    userInfoEndpoint: "u",
    client: { secret, digest },
  },
});

/** A rule and a default action that authenticate; a rule that doesn't. */
const web = (digest: string, then = forwardTo("shop/web-web:80"), otherwise: RuleAction = NOT_FOUND): StackSketch => ({
  targetGroups: { "shop/web-web:80": {}, "shop/web-api:80": {} },
  listeners: {
    443: {
      protocol: "HTTPS",
      certificates: ["arn:cert"],
      defaultActions: [oidc(digest), otherwise],
      rules: [
        { conditions: [path("/login")], actions: [oidc(digest), then] },
        { conditions: [path("/api")], actions: [forwardTo("shop/web-api:80")] },
      ],
    },
  },
});

const { account: made } = carryOut(graphOf([web("1")]));
/** As AWS tells it: with the client's id. */
const account: Account = deepFreeze(
  JSON.parse(JSON.stringify(made).replaceAll('"issuer":"i"', '"issuer":"i","clientId":"the-id"')) as Account,
);
const [listenerArn = ""] = Object.keys(account.listeners);
const ruleArn = Object.values(account.listenerRules).find(({ spec }) => spec.priority === 1)?.arn ?? "";
const sent = (digest: string): SentClients => ({
  [listenerArn]: [{ secret: "shop/oidc", digest }],
  [ruleArn]: [{ secret: "shop/oidc", digest }],
});
const planned = (sketch: StackSketch, sentClients?: SentClients): Plan =>
  plan(graphOf([sketch]), account, { warm: false, ...(sentClients && { sentClients }) });
const calls = ({ actions }: Plan): readonly (readonly [string, unknown])[] =>
  actions.map((action) => [action.kind, JSON.parse(JSON.stringify(callFor(action)?.input))]);
const notes = ({ diagnostics }: Plan): readonly string[] => diagnostics.map(({ code }) => code);

const SENDS = expect.objectContaining({
  ClientId: expect.objectContaining({ secret: "shop/oidc" }),
  ClientSecret: expect.objectContaining({ key: "clientSecret" }),
});
const KEEPS = expect.objectContaining({ ClientId: "the-id", UseExistingClientSecret: true });
const withClient = (config: unknown) =>
  expect.arrayContaining([expect.objectContaining({ AuthenticateOidcConfig: config })]);

describe("clients that were sent", () => {
  it("nobody knows: nothing is sent, and a note says so", () => {
    expect(calls(planned(web("2")))).toEqual([]);
    expect(notes(planned(web("2")))).toEqual(["secret.not-comparable"]);
  });

  it("are the same: nothing to do, and nothing to note", () => {
    expect(calls(planned(web("1"), sent("1")))).toEqual([]);
    expect(notes(planned(web("1"), sent("1")))).toEqual([]);
  });

  it.each([
    { name: "others", known: sent("0") },
    { name: "unknown", known: {} },
    {
      name: "of another Secret",
      known: { ...sent("1"), [listenerArn]: [{ secret: "shop/old", digest: "1" }], [ruleArn]: [] },
    },
  ])("are $name: one modify each", ({ known }) => {
    const resent = planned(web("1"), known);
    expect(calls(resent)).toEqual([
      ["modifyRule", { RuleArn: ruleArn, Actions: withClient(SENDS) }],
      ["modifyListener", { ListenerArn: listenerArn, DefaultActions: withClient(SENDS) }],
    ]);
    expect(resent.actions.map(({ reason }) => reason)).toEqual(["client changes", "client changes"]);
    expect(resent.summary.update).toBe(2);
  });

  it("are the same and something else changes: AWS keeps what it has", () => {
    const unavailable: RuleAction = { type: "fixed-response", fixedResponseConfig: { statusCode: "503" } };
    const edit = web("1", forwardTo("shop/web-api:80"), unavailable);
    expect(calls(planned(edit, sent("1")))).toEqual([
      ["modifyRule", { RuleArn: ruleArn, Actions: withClient(KEEPS) }],
      ["modifyListener", { ListenerArn: listenerArn, DefaultActions: withClient(KEEPS) }],
    ]);
    // Without knowledge the client goes along.
    const goesAlong = ["modifyRule", { RuleArn: ruleArn, Actions: withClient(SENDS) }];
    expect(calls(planned(edit))[0]).toEqual(goesAlong);
    expect(calls(planned(edit, sent("0")))[0]).toEqual(goesAlong);
  });

  it("of an AWS that doesn't tell the id are sent along", () => {
    const edit = graphOf([web("1", forwardTo("shop/web-api:80"))]);
    const untold = plan(edit, made, { warm: false, sentClients: sent("1") });
    expect(calls(untold)).toEqual([["modifyRule", { RuleArn: ruleArn, Actions: withClient(SENDS) }]]);
  });

  it("go along with a rule that is renumbered", () => {
    const first = { conditions: [path("/first")], actions: [forwardTo("shop/web-api:80")] };
    const listener = web("1").listeners?.[443];
    const renumbered: StackSketch = {
      ...web("1"),
      listeners: { 443: { ...listener, rules: [first, ...(listener?.rules ?? [])] } },
    };
    const kinds = planned(renumbered, {}).actions.map(({ kind }) => kind);
    expect(kinds).toEqual(["modifyRule", "createRule", "setRulePriorities", "modifyListener"]);
  });
});
