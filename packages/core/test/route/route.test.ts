import { describe, expect, it } from "vitest";
import { linearRegex } from "../../src/linear-regex.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { compareRoutes } from "../../src/route/compare-routes.ts";
import { explainRoute } from "../../src/route/explain-route.ts";
import { route } from "../../src/route/route.ts";
import {
  deepFreeze,
  fastest,
  forward,
  header,
  host,
  listener,
  method,
  NOT_FOUND,
  path,
  pathRegex,
  request,
  rule,
  source,
} from "./rules.ts";

const owner = { kind: "Ingress", namespace: "shop", name: "web" };
const cognito: RuleAction = {
  type: "authenticate-cognito",
  authenticateCognitoConfig: { userPoolArn: "p", userPoolClientId: "c", userPoolDomain: "d" },
};

describe("route", () => {
  const state = deepFreeze([
    listener([
      { ...rule("admin", host("shop.example.com"), path("/admin/*"), source("10.0.0.0/8")), owner },
      rule("cart", host("shop.example.com"), path("/cart", "/cart/*")),
      rule("shop", host("*.example.com")),
      rule("late", path("/cart")),
    ]),
    listener([{ ...rule("secret", path("/*")), actions: [cognito, forward("secret")] }], {
      key: "listener/443",
      port: 443,
      protocol: "HTTPS",
      certificates: [{ certificate: "c1", names: ["shop.example.com"] }],
    }),
  ]);

  it.each([
    { name: "all conditions met", request: { path: "/admin/x", sourceIp: "10.1.1.1" }, to: "admin" },
    { name: "one condition fails", request: { path: "/admin/x" }, to: "shop" },
    { name: "one of several values", request: { path: "/cart/x" }, to: "cart" },
    { name: "the lower number first", request: { path: "/cart" }, to: "cart" },
    { name: "only a later rule", request: { host: "x.org", path: "/cart" }, to: "late" },
  ])("$name: $to", ({ request: rest, to }) => {
    const served = route(state, request(rest));
    expect(served.served).toBe("rule");
    expect(served.rule?.key).toBe(to);
    expect(served.targets).toEqual([{ targetGroup: to, weight: 1, share: 1 }]);
  });

  it("falls to the default last", () => {
    expect(route(state, request({ host: "x.org" }))).toEqual({
      served: "default",
      listener: { key: "listener/80", port: 80, protocol: "HTTP" },
      actions: [NOT_FOUND],
      fixedResponse: { statusCode: "404" },
      undecided: [],
    });
  });

  it("refuses a port without listener", () => {
    expect(route(state, request({ port: 81 }))).toEqual({ served: "refused", actions: [], undecided: [] });
  });

  it.each([
    { scheme: "https", port: 80 },
    { scheme: "http", port: 443 },
  ] as const)("serves no $scheme on port $port", (rest) => {
    expect(route(state, request(rest)).served).toBe("wrong-protocol");
  });

  it("tells owner, authentication and certificate", () => {
    expect(route(state, request({ path: "/admin/x", sourceIp: "10.1.1.1" })).owner).toEqual(owner);
    const secret = route(state, request({ scheme: "https", port: 443, sni: "other.example.com" }));
    expect(secret.authentication).toEqual(cognito);
    expect(secret.actions).toEqual([cognito, forward("secret")]);
    expect(secret.certificate).toEqual({ certificate: "c1", because: "default", alternatives: [] });
  });

  it("spreads by weight", () => {
    const targetGroups = [
      { targetGroupArn: "a", weight: 10 },
      { targetGroupArn: { ref: "targetGroup/b", field: "arn" as const }, weight: 30 },
      { targetGroupArn: { unknown: "chosen later" }, weight: 0 },
    ];
    const weighted = {
      ...rule("w", path("/*")),
      actions: [{ type: "forward" as const, forwardConfig: { targetGroups } }],
    };
    expect(route([listener([weighted])], request()).targets).toEqual([
      { targetGroup: "a", weight: 10, share: 0.25 },
      { targetGroup: "targetGroup/b", weight: 30, share: 0.75 },
      { targetGroup: "(chosen later)", weight: 0, share: 0 },
    ]);
  });

  it("takes a small part of a millisecond for 100 rules", () => {
    const many = [
      listener(Array.from({ length: 100 }, (_, i) => rule(`r${i}`, host("*.example.com"), path(`/a/${i}/*`)))),
    ];
    const last = request({ path: "/a/99/x" });
    expect(route(many, last).rule).toBe(many[0]?.rules[99]);
    const time = fastest(() => {
      for (let i = 0; i < 100; i++) route(many, last);
    });
    // Ten times what is promised, for busy machines.
    expect(time / 100).toBeLessThan(1);
  });

  it("lists rules that it can't decide and passes over them", () => {
    const unsure = [listener([rule("regex", pathRegex("^/$")), rule("all", path("/*"))])];
    const without = route(unsure, request());
    expect([without.rule?.key, without.undecided.map(({ key }) => key)]).toEqual(["all", ["regex"]]);
    const withEngine = route(unsure, request(), { regex: linearRegex() });
    expect([withEngine.rule?.key, withEngine.undecided]).toEqual(["regex", []]);
  });

  it("doesn't ask about an unknown part when another condition fails", () => {
    const unsure = [listener([rule("regex", pathRegex("x"), host("other.org"))])];
    expect(route(unsure, request()).undecided).toEqual([]);
  });
});

describe("explainRoute", () => {
  const state = [
    listener([
      rule("post", host("*.example.com"), method("POST")),
      rule("beta", header("X-Beta", "1"), path("/beta/*")),
      rule("shop", host("*.example.com")),
      rule("regex", pathRegex("^/")),
      rule("all", path("/*")),
    ]),
  ];

  it("says of every rule why", () => {
    const { route: served, rules, almost } = explainRoute(state, request());
    expect(served.rule?.key).toBe("shop");
    expect(rules.map(({ rule: { key }, verdict }) => `${key} ${verdict}`)).toEqual([
      "post fails",
      "beta fails",
      "shop serves",
      "regex undecided",
      "all shadowed",
    ]);
    expect(almost.map(({ rule: { key } }) => key)).toEqual(["post"]);
    expect(almost[0]?.failed).toEqual([{ condition: method("POST"), has: "method GET", wants: "POST" }]);
    expect(rules[1]?.failed.map(({ has, wants }) => `${has}: ${wants}`)).toEqual([
      "no header X-Beta: 1",
      "path /: /beta/*",
    ]);
  });

  it("has nothing to say where nothing listens", () => {
    expect(explainRoute(state, request({ port: 1 })).rules).toEqual([]);
  });
});

describe("compareRoutes", () => {
  const all = [request({ path: "/a" }), request({ path: "/b" }), request({ path: "/a", port: 81 })];
  const before = [listener([rule("x", path("/a"))])];

  it.each([
    { name: "the same", after: before, differs: [] },
    { name: "another number", after: [listener([rule("none", host("n.o")), rule("x", path("/a"))])], differs: [] },
    {
      name: "another target",
      after: [listener([{ ...rule("y", path("/a")), actions: [forward("z")] }])],
      differs: ["/a"],
    },
    { name: "gone", after: [listener([])], differs: ["/a"] },
    { name: "a new listener", after: [...before, listener([], { port: 81 })], differs: ["/a"] },
    { name: "no listener", after: [], differs: ["/a", "/b"] },
  ])("$name", ({ after, differs }) => {
    expect(compareRoutes(before, after, all).map((one) => one.request.path)).toEqual(differs);
  });

  it("can give target groups one name", () => {
    const after = [listener([{ ...rule("x", path("/a")), actions: [forward("arn:x")] }])];
    const nameOfTarget = (name: string) => name.replace("arn:", "");
    expect(compareRoutes(before, after, all, { nameOfTarget })).toEqual([]);
  });
});
