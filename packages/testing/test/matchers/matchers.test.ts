import { type ListenerState, listenerStateOfStack, plan, simulate } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import {
  account,
  desired,
  type ExpectedRoute,
  elbplanMatchers,
  facts,
  ingress,
  service,
  snapshot,
} from "../../src/index.ts";

expect.extend(elbplanMatchers);

const HTTPS = { "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', "ssl-redirect": "443" };
const ALL = facts({ certificates: ["shop.example"] });

function shop(annotations: { readonly [name: string]: string } = {}) {
  const rules = { "shop.example": { "/cart": "cart:80", "/split": "split:use-annotation", "/": "web:80" } };
  const split =
    '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"web","servicePort":80,"weight":9},{"serviceName":"cart","servicePort":80,"weight":1}]}}';
  return desired(
    snapshot(
      ingress({ rules, annotations: { ...HTTPS, "actions.split": split, ...annotations } }),
      service(),
      service({ name: "cart" }),
    ),
    { facts: ALL },
  );
}

const listeners: readonly ListenerState[] = listenerStateOfStack(shop(), "default/web");

describe("toRoute", () => {
  it.each<{ readonly request: string; readonly expected: ExpectedRoute }>([
    { request: "GET https://shop.example/cart", expected: { to: "default/web-cart:80", owner: "default/web" } },
    { request: "GET https://shop.example/", expected: { to: "targetGroup/default/web-web:80", served: "rule" } },
    {
      request: "GET https://shop.example/split",
      expected: { to: { "default/web-web:80": 9, "default/web-cart:80": 1 }, authenticates: false },
    },
    {
      request: "GET http://shop.example/cart?x=1",
      expected: { redirectsTo: "https://shop.example/cart?x=1", status: 301 },
    },
    { request: "GET https://other.example/", expected: { status: 404, served: "default" } },
    { request: "GET https://shop.example:8443/", expected: { served: "refused" } },
  ])("$request", ({ request, expected }) => {
    expect(listeners).toRoute(request, expected);
  });

  it("tells what became of the request instead", () => {
    const expectation = () => expect(listeners).toRoute("GET https://shop.example/cart", { to: "default/web-web:80" });
    expect(expectation).toThrow("expected GET https://shop.example:443/cart to be served like this");
    expect(listeners).not.toRoute("GET https://shop.example/cart", { to: "default/web-web:80" });
    expect(listeners).not.toRoute("GET https://shop.example/split", { to: "default/web-web:80" });
    expect(listeners).not.toRoute("GET https://shop.example/cart", { redirectsTo: "https://shop.example/" });
  });

  it("refuses what is no request", () => {
    expect(() => expect(listeners).toRoute("shop.example", {})).toThrow("can't be read");
  });
});

describe("toBeGapless", () => {
  const before = simulate(account(ALL), plan(shop(), account(ALL))).account;
  const rules = { "shop.example": { "/cart": "web:80", "/new": "cart:80", "/": "cart:80" } };
  const goal = desired(snapshot(ingress({ rules, annotations: HTTPS }), service(), service({ name: "cart" })), {
    facts: ALL,
  });
  const made = plan(goal, before, { warm: false });

  it("passes for what elbplan plans", () => {
    expect(made.actions.length).toBeGreaterThan(2);
    expect(made).toBeGapless(goal, before, { planning: { warm: false } });
  });

  it("tells after which step what is wrong", () => {
    const gone = Object.values(before.listenerRules).map(({ arn }) => ({
      id: arn,
      stack: "default/web",
      resource: "listenerRule/443:1",
      reason: "too early",
      disruption: "none" as const,
      kind: "deleteRule" as const,
      details: { ruleArn: arn },
      dependsOn: [],
    }));
    const broken = { ...made, actions: [...gone, ...made.actions.filter(({ kind }) => kind === "createRule")] };
    expect(broken).not.toBeGapless(goal, before);
    expect(() => expect(broken).toBeGapless(goal, before)).toThrow(/expected no gap, but\n {2}after step \d/);
  });
});

describe("toHaveNoReplacement", () => {
  const { account: before } = simulate(account(ALL), plan(shop(), account(ALL)));
  const replacing = plan(shop({ scheme: "internet-facing" }), before, { allowReplace: true });

  it("passes for a plan that changes in place", () => {
    expect(plan(shop({ "load-balancer-attributes": "idle_timeout.timeout_seconds=90" }), before)).toHaveNoReplacement();
  });

  it("names what is replaced, and why", () => {
    expect(replacing).not.toHaveNoReplacement();
    expect(() => expect(replacing).toHaveNoReplacement()).toThrow(
      "loadBalancer/LoadBalancer of default/web, for /scheme",
    );
  });
});

describe("toHaveNoErrors", () => {
  it("passes without errors", () => {
    expect(shop()).toHaveNoErrors();
    expect(plan(shop(), account(ALL))).toHaveNoErrors();
  });

  it("shows the errors", () => {
    const broken = shop({ scheme: "public" });
    expect(broken).not.toHaveNoErrors();
    expect(() => expect(broken).toHaveNoErrors()).toThrow("public");
  });
});
