import { emptyAccount, listenerStateOfStack, plan, simulate } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import {
  account,
  deepFreeze,
  desired,
  facts,
  ingress,
  ingressClass,
  resourcesOf,
  service,
  snapshot,
} from "../../src/index.ts";

describe("builders", () => {
  it("make a cluster that can be planned and carried out without a word said", () => {
    const graph = desired(deepFreeze(snapshot(ingress(), service())), { facts: deepFreeze(facts()) });
    expect(graph.diagnostics).toEqual([]);
    const made = plan(graph, account());
    expect(made.diagnostics).toEqual([]);
    expect(simulate(account(), made).diagnostics).toEqual([]);
  });

  it.each([
    {
      name: "of port 80 by default",
      sketch: {},
      expected: [{ path: "/", pathType: "Prefix", service: "web", port: 80 }],
    },
    {
      name: "exact and by name",
      sketch: { rules: { "a.example": { "=/cart": "cart:http" } } },
      expected: [{ path: "/cart", pathType: "Exact", service: "cart", port: "http" }],
    },
    { name: "only a default backend", sketch: { defaultBackend: "web:80" }, expected: [] },
  ])("an Ingress $name", ({ sketch, expected }) => {
    const paths = (ingress(sketch).spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
    const short = paths.map(({ path, pathType, backend }) => ({
      path,
      pathType,
      service: backend.service?.name,
      port: backend.service?.port?.number ?? backend.service?.port?.name,
    }));
    expect(short).toEqual(expected);
  });

  it("puts the prefix before annotations that have none", () => {
    const { annotations } = ingress({ annotations: { scheme: "internal", "example.com/x": "y" } }).metadata;
    expect(annotations).toEqual({ "alb.ingress.kubernetes.io/scheme": "internal", "example.com/x": "y" });
  });

  it("leaves out the default class if there is another", () => {
    expect(snapshot(ingressClass("other")).ingressClasses.map(({ metadata }) => metadata.name)).toEqual(["other"]);
    expect(snapshot().ingressClasses.map(({ metadata }) => metadata.name)).toEqual(["alb"]);
  });

  it("finds certificates of the facts", () => {
    const cluster = snapshot(
      ingress({ annotations: { "listen-ports": '[{"HTTPS": 443}]' }, rules: { "shop.example": { "/": "web:80" } } }),
      service(),
    );
    const graph = desired(cluster, { facts: facts({ certificates: ["*.example"] }) });
    expect(graph.diagnostics).toEqual([]);
    expect(resourcesOf(graph, "listener").map(({ spec }) => spec.certificates)).toEqual([
      ["arn:aws:acm:eu-central-1:111122223333:certificate/wildcard.example"],
    ]);
    expect(listenerStateOfStack(graph, "default/web")).toHaveLength(1);
  });

  it("gives an account in the place of the facts", () => {
    expect(account(facts({ region: "us-west-2" }))).toEqual(
      emptyAccount({ region: "us-west-2", accountId: "111122223333", vpcId: "vpc-1" }),
    );
  });
});
