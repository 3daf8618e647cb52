/** What all our Ingresses keep to, whoever wrote them. Run by `vitest run`; see README.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildDesired,
  DEFAULT_SETTINGS,
  type DesiredGraph,
  emptyAccount,
  type Facts,
  listenerStateOfStack,
  plan,
  simulate,
} from "@elbplan/core";
import { readManifests } from "@elbplan/k8s-source";
import { desired, elbplanMatchers, facts, ingress, resourcesOf, service, snapshot } from "@elbplan/testing";
import { beforeAll, describe, expect, it } from "vitest";

expect.extend(elbplanMatchers);

const here = import.meta.dirname;
// Of your own account: what `elbplan facts-needed` asks for.
const account: Facts = JSON.parse(readFileSync(join(here, "../facts.json"), "utf8"));
const settings = { ...DEFAULT_SETTINGS, clusterName: "bakery" };

let graph: DesiredGraph;
beforeAll(async () => {
  const { snapshot: cluster } = await readManifests([join(here, "manifests")]);
  graph = buildDesired(cluster, account, undefined, settings);
});

describe("our load balancers", () => {
  it("can be built", () => {
    expect(graph).toHaveNoErrors();
    expect(Object.keys(graph.stacks)).not.toEqual([]);
  });

  it("have a web ACL if the internet reaches them", () => {
    expect(withoutWebAcl(graph)).toEqual([]);
  });

  it("redirect every host to HTTPS", () => {
    expect(servedWithoutTls(graph)).toEqual([]);
  });

  it("send requests where they belong", () => {
    const shop = listenerStateOfStack(graph, "shop/shop");
    expect(shop).toRoute("GET https://www.loaf.example/cart/1", { to: "shop/shop-cart:80" });
    expect(shop).toRoute("GET https://www.loaf.example/", { to: "shop/shop-web:80" });
    expect(shop).toRoute("GET http://www.loaf.example/", { redirectsTo: "https://www.loaf.example/", status: 301 });
  });

  it("are never replaced by what we plan", () => {
    // What runs today: `elbplan capture` writes it to a file. Here, what the same manifests made.
    const { region, accountId, vpc } = account;
    const nothing = emptyAccount({ region, accountId, vpcId: vpc.id });
    const today = simulate(nothing, plan(graph, nothing)).account;
    expect(plan(graph, today)).toHaveNoReplacement();
  });
});

describe("the policies themselves", () => {
  const open = { scheme: "internet-facing" };

  it("find a load balancer without a web ACL", () => {
    const cluster = snapshot(ingress({ annotations: open }), service());
    expect(withoutWebAcl(desired(cluster))).toEqual(["default/web"]);
  });

  it("find an Ingress without a redirect", () => {
    const rules = { "shop.example": { "/": "web:80" } };
    const both = { "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]' };
    const options = { facts: facts({ certificates: ["shop.example"] }) };
    const cluster = snapshot(ingress({ annotations: both, rules }), service());
    expect(servedWithoutTls(desired(cluster, options))).toEqual(["default/web: rule 80:1", "default/web: listener 80"]);
    const redirected = snapshot(ingress({ annotations: { ...both, "ssl-redirect": "443" }, rules }), service());
    expect(servedWithoutTls(desired(redirected, options))).toEqual([]);
  });

  it("find a replacement", () => {
    const internal = desired(snapshot(ingress(), service()));
    const nothing = emptyAccount({ region: "eu-central-1", accountId: "111122223333", vpcId: "vpc-1" });
    const today = simulate(nothing, plan(internal, nothing)).account;
    const opened = desired(snapshot(ingress({ annotations: open }), service()));
    expect(plan(opened, today, { allowReplace: true })).not.toHaveNoReplacement();
  });
});

/** Stacks whose load balancer the internet reaches and no web ACL guards. */
function withoutWebAcl(all: DesiredGraph): readonly string[] {
  const guarded = new Set(
    resourcesOf(all, "webAclAssociation")
      .filter(({ spec }) => spec.webAclArn !== "")
      .map(({ stack }) => stack),
  );
  return resourcesOf(all, "loadBalancer")
    .filter(({ spec, stack }) => spec.scheme === "internet-facing" && !guarded.has(stack))
    .map(({ stack }) => stack);
}

/** Rules and defaults of HTTP listeners that do something else than redirect to HTTPS. */
function servedWithoutTls(all: DesiredGraph): readonly string[] {
  return Object.keys(all.stacks).flatMap((stack) =>
    listenerStateOfStack(all, stack)
      .filter(({ protocol }) => protocol === "HTTP")
      .flatMap(({ port, rules, defaultActions }) => [
        ...rules.map(({ key, actions }) => ({ name: `rule ${key.replace("listenerRule/", "")}`, actions })),
        { name: `listener ${port}`, actions: defaultActions },
      ])
      .filter(({ actions }) =>
        actions.some((one) => one.type !== "redirect" || one.redirectConfig.protocol !== "HTTPS"),
      )
      .map(({ name }) => `${stack}: ${name}`),
  );
}
