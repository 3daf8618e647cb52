/** Whose the things of a group are, where names alone don't tell, and what goes when nothing tells. */
import { expect, it } from "vitest";
import { buildDesired } from "../../src/build-desired.ts";
import { emptyAccount } from "../../src/check/account/account.ts";
import { simulate } from "../../src/check/simulate.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Ingress, Service } from "../../src/model/kubernetes.ts";
import type { PlanOptions } from "../../src/model/plan.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { plan } from "../../src/plan.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { facts as makeFacts } from "../fixtures/facts.ts";

const PREFIX = "alb.ingress.kubernetes.io/";
const settings = { ...DEFAULT_SETTINGS, clusterName: "test" };
const facts = makeFacts();

function ingress(
  name: string,
  service: string | undefined,
  more: Record<string, string> = {},
  className = "alb",
): Ingress {
  const backend = { service: { name: service ?? "stop", port: service ? { number: 80 } : { name: "use-annotation" } } };
  const stop = { [`${PREFIX}actions.stop`]: '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"410"}}' };
  const annotations = {
    [`${PREFIX}group.name`]: "g",
    [`${PREFIX}target-type`]: "ip",
    ...(service ? {} : stop),
    ...more,
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "shop", uid: name, annotations },
    spec: {
      ingressClassName: className,
      rules: [{ host: `${name}.example.com`, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  };
}

function service(name: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { type: "ClusterIP", ports: [{ port: 80, targetPort: 8080 }], ipFamilies: ["IPv4"] },
  };
}

function snapshot(...ingresses: readonly Ingress[]): ClusterSnapshot {
  return {
    ingresses,
    services: [service("api"), service("web")],
    ingressClasses: [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        metadata: { name: "alb" },
        spec: { controller: "ingress.k8s.aws/alb" },
      },
    ],
    ingressClassParams: [],
    namespaces: [],
    secrets: [],
  };
}

function planned(input: ClusterSnapshot, account: Account, options: PlanOptions = {}) {
  const made = plan(buildDesired(deepFreeze(input), facts, account, settings), account, options);
  const codes = made.diagnostics.filter(({ severity }) => severity !== "info").map(({ code }) => code);
  return { made, codes, kinds: made.actions.map(({ kind }) => kind) };
}

function applied(input: ClusterSnapshot): Account {
  const empty = emptyAccount({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  return simulate(empty, planned(input, empty).made).account;
}

const shop = ingress("shop", "web");
const admin = ingress("shop-admin", "api");
const stop = ingress("stop", undefined);

it.each<{
  name: string;
  first: Ingress[];
  second: Ingress[];
  options?: PlanOptions;
  unreadable?: true;
  codes: string[];
  kinds: string[];
}>([
  {
    name: "a name with a dash doesn't belong to the Ingress that is named like its first half",
    first: [shop, admin],
    second: [shop],
    codes: ["group.incomplete"],
    kinds: [],
  },
  {
    name: "with prune it goes",
    first: [shop, admin],
    second: [shop],
    options: { prune: true },
    codes: [],
    kinds: ["deleteRule", "deleteTargetGroup"],
  },
  {
    name: "an Ingress whose class is broken loses nothing, prune or not",
    first: [shop, admin],
    second: [shop, ingress("shop-admin", "api", {}, "missing")],
    options: { prune: true },
    codes: ["class.not-found", "group.member-broken"],
    kinds: [],
  },
  {
    name: "an Ingress that moves to a group where it is broken keeps what it has",
    first: [shop, admin],
    second: [shop, ingress("shop-admin", "api", { [`${PREFIX}group.name`]: "other", [`${PREFIX}scheme`]: "nowhere" })],
    codes: ["annotation.value-not-allowed", "group.member-broken"],
    kinds: [],
  },
  {
    name: "rules that nothing ties to an Ingress go with a warning",
    first: [shop, stop],
    second: [shop],
    codes: ["group.unattributed-rules"],
    kinds: ["deleteRule"],
  },
  {
    name: "an input that wasn't read whole prunes nothing",
    first: [shop, admin],
    second: [shop],
    options: { prune: true },
    unreadable: true,
    codes: ["plan.prune-refused", "group.incomplete"],
    kinds: [],
  },
  {
    name: "nor does it take away rules that nothing ties to an Ingress",
    first: [shop, stop],
    second: [shop],
    unreadable: true,
    codes: ["group.incomplete"],
    kinds: [],
  },
])("$name", ({ first, second, options, unreadable, codes, kinds }) => {
  const input = { ...snapshot(...second), ...(unreadable && { unreadable: { objects: [], others: 1 } }) };
  const after = planned(input, applied(snapshot(...first)), options);
  expect(after.codes).toEqual(codes);
  expect(after.kinds).toEqual(kinds);
});

it("doesn't take a Service that couldn't be read for a missing one", () => {
  const account = applied(snapshot(shop));
  const objects = [{ kind: "Service", namespace: "shop", name: "web" }];
  const input = { ...snapshot(shop), services: [service("api")], unreadable: { objects, others: 0 } };
  const after = planned(input, account);
  expect(after.codes).toEqual(["backend.service-unreadable"]);
  expect(after.kinds).toEqual([]);
});

it("gives a deletion no cause in the input", () => {
  const account = applied(snapshot(shop, stop));
  const { made } = planned(snapshot(stop), account, { prune: true });
  expect(made.actions.filter(({ kind }) => kind === "deleteRule").map(({ source }) => source)).toEqual([undefined]);
});
