import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { explainRequest } from "../src/explain-request.ts";
import type { Diagnostic } from "../src/model/diagnostic.ts";
import type { DesiredGraph } from "../src/model/graph.ts";
import type { Inventory } from "../src/model/inventory.ts";
import type { RuleAction } from "../src/model/rule-action.ts";
import type { Provenance } from "../src/model/source.ts";
import { renderRequestJson } from "../src/render/route-json.ts";
import { renderRequestText } from "../src/render/route-text.ts";
import { compareRoutes } from "../src/route/compare-routes.ts";
import { namedByTags } from "../src/route/named-by-tags.ts";
import { parseRequest } from "../src/route/parse-request.ts";
import type { Request } from "../src/route/request.ts";
import type { RequestExplanation } from "../src/route/request-explanation.ts";
import { listenerStateOfInventory } from "../src/route/state-of-inventory.ts";
import { listenerStateOfStack } from "../src/route/state-of-stack.ts";
import { witnesses } from "../src/route/witness/witnesses.ts";
import { aStack } from "./fixtures/arbitrary-stack.ts";
import { carryOut } from "./fixtures/carry-out.ts";
import { deepFreeze } from "./fixtures/deep-freeze.ts";
import { forwardTo, graphOf, host, path, type RuleSketch, redirectToPort, type StackSketch } from "./fixtures/graph.ts";

const read = (text: string): Request => {
  const parsed: Request | Diagnostic = parseRequest(text);
  if ("code" in parsed) throw new Error(parsed.message);
  return parsed;
};

const rule = (conditions: RuleSketch["conditions"], ...actions: readonly RuleAction[]): RuleSketch => ({
  conditions,
  actions,
});

/** A group `id` with a target group for each path of its host. */
const group = (id: string, name: string, ...paths: readonly string[]): StackSketch => ({
  id,
  members: [`shop/${id}`],
  targetGroups: Object.fromEntries(paths.map((value) => [`shop/${id}-${value.slice(1) || "root"}:80`, {}])),
  listeners: {
    80: {
      rules: paths.map((value) =>
        rule([host(name), path(value)], forwardTo(`shop/${id}-${value.slice(1) || "root"}:80`)),
      ),
    },
  },
});

const shop = group("web", "shop.io", "/cart", "/checkout", "/");
const office = group("office", "office.io", "/");

function explain(
  text: string,
  desired: DesiredGraph,
  inventory?: Inventory,
  more: { readonly provenance?: { readonly [stack: string]: Provenance } } = {},
): RequestExplanation {
  return explainRequest(read(text), deepFreeze({ desired, ...(inventory && { inventory }), ...more }));
}

const targets = (explanation: RequestExplanation, side: "before" | "after"): readonly (string | undefined)[] =>
  explanation.stacks.map((stack) => stack[side]?.route.targets?.[0]?.targetGroup);

describe("explainRequest", () => {
  it.each<{ name: string; request: string; stacks: readonly string[]; passedOver: readonly string[] }>([
    { name: "the group with a rule", request: "http://shop.io/cart", stacks: ["web"], passedOver: ["office default"] },
    {
      name: "the group that knows the host, when no rule matches",
      request: "http://shop.io/none",
      stacks: ["web"],
      passedOver: ["office default"],
    },
    {
      name: "every group that listens, when none knows the host",
      request: "http://nobody.io/",
      stacks: ["office", "web"],
      passedOver: [],
    },
    {
      name: "no group on another port",
      request: "http://shop.io:8080/",
      stacks: [],
      passedOver: ["office nothing-listens", "web nothing-listens"],
    },
    {
      name: "no group of another protocol",
      request: "https://shop.io:80/",
      stacks: [],
      passedOver: ["office wrong-protocol", "web wrong-protocol"],
    },
  ])("shows $name", ({ request, stacks, passedOver }) => {
    const explanation = explain(request, graphOf([shop, office]));
    expect(explanation.stacks.map(({ stack }) => stack)).toEqual(stacks);
    expect(explanation.passedOver.map(({ stack, because }) => `${stack} ${because}`)).toEqual(passedOver);
    expect(explanation.compares).toBe(false);
  });

  it("shows both groups when a host moves from one to the other", () => {
    const { account } = carryOut(graphOf([group("a", "shop.io", "/"), group("b", "other.io", "/")]));
    const moved = explain("http://shop.io/", graphOf([group("a", "new.io", "/"), group("b", "shop.io", "/")]), account);
    expect(moved.stacks.map(({ stack, before, after }) => [stack, before?.route.served, after?.route.served])).toEqual([
      ["a", "rule", "default"],
      ["b", "default", "rule"],
    ]);
  });

  it("names target groups that exist as the graph does, and tells whether anything changes", () => {
    const { account } = carryOut(graphOf([shop]));
    const same = explain("http://shop.io/cart", graphOf([shop]), account);
    expect(same.stacks).toMatchObject([{ same: true, loadBalancer: { arn: Object.keys(account.loadBalancers)[0] } }]);
    expect([targets(same, "before"), targets(same, "after")]).toEqual([
      ["targetGroup/shop/web-cart:80"],
      ["targetGroup/shop/web-cart:80"],
    ]);
    const gone = explain("http://shop.io/cart", graphOf([group("web", "shop.io", "/checkout", "/")]), account);
    expect(gone.stacks).toMatchObject([{ same: false, after: { route: { served: "default" } } }]);
  });

  it("leaves a group without Ingress and a broken one as they are", () => {
    const { account } = carryOut(graphOf([shop, office]));
    const left = (desired: DesiredGraph): unknown =>
      explain("http://shop.io/cart", desired, account).stacks.map(({ leftAlone, after }) => [leftAlone, after]);
    expect(left(graphOf([office]))).toEqual([["unclaimed", undefined]]);
    expect(left(graphOf([{ ...shop, status: "failed" }, office]))).toEqual([["broken", undefined]]);
    const unknown = explain("http://shop.io/cart", graphOf([{ ...shop, status: "failed" }]));
    expect(unknown.passedOver).toEqual([{ stack: "web", because: "broken", ports: [] }]);
  });

  it("says that nothing listens before and after", () => {
    const { account } = carryOut(graphOf([office]));
    const created = explain("http://shop.io/cart", graphOf([shop, office]), account);
    expect(created.stacks).toMatchObject([{ before: { route: { served: "refused" } }, same: false }]);
  });

  it.each<{ name: string; request: string; almost: readonly number[] }>([
    { name: "a slip of the pen", request: "http://shop.io/chekout", almost: [2, 1, 3] },
    { name: "an exact path where a prefix was meant", request: "http://shop.io/cart/items", almost: [1, 2, 3] },
    { name: "another host, and the rule for the path alone", request: "http://shops.io/cart", almost: [1] },
    { name: "nothing where a rule serves and no other is near", request: "http://shop.io/", almost: [] },
  ])("lists $name", ({ request, almost }) => {
    const [stack] = explain(request, graphOf([shop])).stacks;
    expect(stack?.after?.almost.map(({ rule: { priority } }) => priority)).toEqual(almost);
  });

  it("says where rules come from, also those that exist already", () => {
    const { account } = carryOut(graphOf([shop]));
    const object = { kind: "Ingress", namespace: "shop", name: "web" };
    const source = { object, field: "/spec/rules/0/http/paths/0" };
    const edited = graphOf([group("web", "shop.io", "/cart", "/")]);
    const from = (text: string): readonly unknown[] =>
      explain(text, edited, account, { provenance: { web: { "listenerRule/80:1#": source } } }).stacks.flatMap(
        ({ before, after }) => [before?.source, after?.source],
      );
    expect(from("http://shop.io/cart")).toEqual([source, source]);
    // What goes is known by the id of its target group alone.
    expect(from("http://shop.io/checkout")[0]).toEqual({ object, field: "" });
  });

  test.prop([aStack, aStack], { numRuns: 40 })("calls nothing the same that routes differently", (old, next) => {
    const { account } = carryOut(graphOf([old]));
    const desired = graphOf([next]);
    const [arn = ""] = Object.keys(account.loadBalancers);
    const before = namedByTags(listenerStateOfInventory(account, arn), account);
    const after = listenerStateOfStack(desired, "shop/web");
    const { requests } = witnesses([before, after]);
    for (const request of requests.slice(0, 40)) {
      const { stacks } = explainRequest(request, { desired, inventory: account });
      for (const { same } of stacks) {
        if (same === true) expect(compareRoutes(before, after, [request])).toEqual([]);
      }
    }
  });
});

describe("renderRequestText and renderRequestJson", () => {
  const redirected: StackSketch = {
    ...shop,
    listeners: { ...shop.listeners, 8080: { defaultActions: [redirectToPort(443)] } },
  };

  it.each([
    ["a rule", "GET http://shop.io/cart?a=b", "then:     forward to target group shop/web-cart:80"],
    ["the default", "POST http://shop.io/x", "No rule of any load balancer takes it. What answers by default:"],
    ["a redirect", "http://shop.io:8080/x?y", "then:     redirect 301 to https://shop.io:443/x?y"],
    ["a port without listener", "http://shop.io:81/", "No load balancer takes it: none serves HTTP on port 81."],
    ["another protocol", "https://shop.io:80/", "Group web listens on port 80, but not for HTTPS."],
  ])("tell of %s", (_, text, line) => {
    const explanation = explain(text, graphOf([redirected]));
    expect(renderRequestText(explanation)).toContain(line);
    expect(JSON.parse(renderRequestJson(explanation))).toMatchObject({ formatVersion: 1, request: read(text) });
  });

  test.prop([aStack, aStack, fc.constantFrom("/a", "/b", "/ab", "/"), fc.constantFrom("a.io", "b.io", "x")], {
    numRuns: 60,
  })("say everything in words", (old, next, where, name) => {
    const { account } = carryOut(graphOf([old]));
    const explanation = explain(`http://${name}${where}`, graphOf([next]), account);
    const text = renderRequestText(explanation);
    expect(text).not.toMatch(/undefined|NaN|\[object|arn:/);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
    expect(renderRequestJson(explanation)).toBe(renderRequestJson(structuredClone(explanation)));
  });
});
