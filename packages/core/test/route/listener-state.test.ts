import { describe, expect, it } from "vitest";
import { explainDesired } from "../../src/build-desired.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import { compareRoutes } from "../../src/route/compare-routes.ts";
import { ownerOfTargets, ownersOf } from "../../src/route/owner.ts";
import { route } from "../../src/route/route.ts";
import { listenerStateOfInventory } from "../../src/route/state-of-inventory.ts";
import { listenerStateOfStack } from "../../src/route/state-of-stack.ts";
import { witnesses } from "../../src/route/witness/witnesses.ts";
import { carryOut } from "../fixtures/carry-out.ts";
import { act, backend, exact, ingress, prefix, rule, service, snapshot } from "../fixtures/cluster.ts";
import { desired } from "../fixtures/desired.ts";
import { facts } from "../fixtures/facts.ts";
import { forward, request } from "./rules.ts";

const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/shop";
const world = {
  certificates: [
    {
      arn: CERTIFICATE,
      domain: "shop.example.com",
      sans: ["*.example.com"],
      status: "ISSUED",
      type: "AMAZON_ISSUED",
      keyAlgorithm: "RSA_2048",
    },
  ],
};
const group = { "group.name": "demo", "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "certificate-arn": CERTIFICATE };
const objects = {
  services: [service("web"), service("api"), service("my-api")],
  ingresses: [
    ingress({
      name: "web",
      annotations: {
        ...group,
        "actions.old": { type: "redirect", redirectConfig: { host: "shop.example.com", statusCode: "HTTP_301" } },
      },
      rules: [
        rule("shop.example.com", prefix("/"), exact("/healthz", backend("api"))),
        rule("old.example.com", prefix("/", act("old"))),
      ],
    }),
    ingress({
      name: "the-api",
      annotations: group,
      rules: [rule("api.example.com", prefix("/v1", backend("my-api")))],
      defaultBackend: backend("api"),
    }),
  ],
};
const graph = desired(objects, { facts: world });
const { account } = carryOut(graph);
const arn = Object.keys(account.loadBalancers)[0] ?? "";
const stackState = listenerStateOfStack(graph, "demo", undefined, { certificates: world.certificates });
const accountState = listenerStateOfInventory(account, arn, { certificates: world.certificates });

/** Target groups by resource id, in ARNs as in references. */
const nameOfTarget = (target: string): string =>
  target.startsWith("arn:")
    ? resourceKey("targetGroup", account.targetGroups[target]?.spec.tags?.["ingress.k8s.aws/resource"] ?? "")
    : target;

describe("the state of a stack and of what was made from it", () => {
  it("have the same listeners and rules", () => {
    const shape = (state: typeof stackState) =>
      state.map(({ port, protocol, rules }) => ({
        port,
        protocol,
        rules: rules.map(({ priority, conditions }) => ({ priority, conditions })),
      }));
    expect(stackState.map(({ port, rules }) => [port, rules.length])).toEqual([
      [80, 4],
      [443, 4],
    ]);
    expect(shape(accountState)).toEqual(shape(stackState));
  });

  it("serve every witness alike", () => {
    const { requests, bounded } = witnesses([stackState, accountState]);
    expect(bounded).toEqual([]);
    expect(requests.length).toBeGreaterThan(10);
    expect(compareRoutes(stackState, accountState, requests, { nameOfTarget })).toEqual([]);
  });

  it.each([
    { name: "the graph", state: stackState },
    { name: "the inventory", state: accountState },
  ])("tell which Ingress a target group was made for: $name", ({ state }) => {
    const owner = (host: string, path: string) => route(state, request({ host, path })).owner;
    expect(owner("shop.example.com", "/x")).toEqual({ kind: "Ingress", namespace: "shop", name: "web" });
    expect(owner("api.example.com", "/v1")).toEqual({ kind: "Ingress", namespace: "shop", name: "the-api" });
    expect(owner("other.example.com", "/")).toEqual({ kind: "Ingress", namespace: "shop", name: "the-api" });
    expect(owner("old.example.com", "/")).toBeUndefined();
  });

  it.each([
    { name: "the graph", state: stackState },
    { name: "the inventory", state: accountState },
  ])("know the names of certificates: $name", ({ state }) => {
    const shown = (host: string) => route(state, request({ scheme: "https", port: 443, host })).certificate;
    expect(shown("a.example.com")).toEqual({ certificate: CERTIFICATE, because: "wildcard-name", alternatives: [] });
    expect(shown("a.b")?.because).toBe("default");
  });
});

it("owners come from provenance where there is one", () => {
  const { settings } = settingsFromFlags({ "cluster-name": "demo" });
  const provenance = explainDesired(snapshot(objects), facts(world), undefined, settings);
  const owners = ownersOf(provenance["demo"] ?? {});
  const state = listenerStateOfStack(graph, "demo", undefined, { owners });
  expect(route(state, request({ host: "old.example.com" })).owner).toMatchObject({ kind: "Ingress", name: "web" });
});

it("there is no state of what isn't there", () => {
  expect(listenerStateOfStack(graph, "constructor")).toEqual([]);
  expect(listenerStateOfStack(graph, "demo", "Other")).toEqual([]);
  expect(listenerStateOfInventory(account, "arn:none")).toEqual([]);
});

describe("ownerOfTargets", () => {
  it.each([
    { resourceId: "shop/web-api:80", service: "api", owner: "web" },
    { resourceId: "shop/my-web-my-api:http", service: "my-api", owner: "my-web" },
    { resourceId: "shop/web-api:80", owner: "web" },
    { resourceId: "shop/my-web-api:80", owner: undefined },
    { resourceId: "shop/my-web-my-api:80", groupName: "k8s-shop-myapi-0123456789", owner: "my-web" },
    { resourceId: "shop/my-web-my-api:80", groupName: "k8s-shop-other-0123456789", owner: undefined },
    { resourceId: "shop/web-api:80", service: "other", owner: undefined },
    { resourceId: "web-api", owner: undefined },
  ])("reads $resourceId with Service $service", ({ owner, ...backendName }) => {
    expect(ownerOfTargets([forward("x")], () => backendName)?.name).toBe(owner);
  });
});
