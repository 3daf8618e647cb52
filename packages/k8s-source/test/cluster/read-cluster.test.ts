/** One reading of a cluster, against a simulated one. */
import { DEFAULT_SETTINGS, type Diagnostic } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import type { KubernetesApi, KubernetesRequest } from "../../src/cluster/api/kubernetes-api.ts";
import { isExpired, KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import { clusterKind } from "../../src/cluster/kinds.ts";
import { arrive, type ClusterObject } from "../../src/cluster/read/arrival.ts";
import { assemble } from "../../src/cluster/read/assemble.ts";
import { listObjects } from "../../src/cluster/read/list.ts";
import { type ReadClusterOptions, readCluster } from "../../src/cluster/read/read-cluster.ts";
import { bindingsOfInventory } from "../../src/cluster/read/target-group-binding.ts";
import {
  type SimulatedAccess,
  type SimulatedCluster,
  simulatedCluster,
} from "../../src/simulated/simulated-cluster.ts";
import { aClass, aNode, anIngress, aSecret, aService, noisy, oidcIngress } from "./objects.ts";

const INGRESSES = "networking.k8s.io/ingresses";

/** A port that notes every request and may put something in its way. */
function noting(api: KubernetesApi, before: (request: KubernetesRequest) => void = () => {}) {
  const requests: KubernetesRequest[] = [];
  const call: KubernetesApi["call"] = async (request, options) => {
    requests.push(request);
    before(request);
    return api.call(request, options);
  };
  return { api: { ...api, call }, requests };
}

function shop(options: Parameters<typeof simulatedCluster>[0] = {}): SimulatedCluster {
  const cluster = simulatedCluster(options);
  cluster.apply(aClass(), "ingressclasses");
  cluster.apply(noisy(anIngress("web")), "ingresses");
  cluster.apply(oidcIngress("login", "oidc", { namespace: "auth" }), "ingresses");
  cluster.apply(aService("web"), "services");
  cluster.apply(aSecret("oidc", { clientID: "id", clientSecret: "s" }, "auth"), "secrets");
  cluster.apply(aSecret("foreign", { password: "canary" }), "secrets");
  cluster.apply(aNode("n"), "nodes");
  return cluster;
}

const read = (api: KubernetesApi, options: Partial<ReadClusterOptions> = {}) =>
  readCluster(api, { settings: DEFAULT_SETTINGS, ...options });
const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code, severity }) => `${severity} ${code}`);

describe("a reading", () => {
  it("holds every kind, with Secrets only as far as they are named", async () => {
    const { api, requests } = noting(shop().api);
    const { snapshot, targetGroupBindings, diagnostics } = await read(api);
    expect(snapshot.ingresses.map(({ metadata }) => metadata.name)).toEqual(["login", "web"]);
    expect(snapshot.secrets.map(({ metadata }) => metadata.name)).toEqual(["oidc"]);
    expect(snapshot.nodes).toHaveLength(1);
    expect([snapshot.pods, snapshot.endpointSlices, targetGroupBindings]).toEqual([[], [], []]);
    expect(snapshot).not.toHaveProperty("endpoints");
    expect(snapshot).not.toHaveProperty("unreadable");
    expect(snapshot.whole).toEqual(["Service", "Node", "Pod", "EndpointSlice"]);
    expect(diagnostics).toEqual([]);
    expect(
      requests
        .filter(({ path }) => path.endsWith("/secrets"))
        .map(({ path, query }) => [path, query?.["fieldSelector"]]),
    ).toEqual([["/api/v1/namespaces/auth/secrets", "metadata.name=oidc"]]);
  });

  it("only reads", async () => {
    const { api, requests } = noting(shop().api);
    await read(api);
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("leaves nodes, pods and endpoints out if they aren't wanted", async () => {
    const { snapshot } = await read(shop().api, { workloads: false });
    expect(Object.keys(snapshot).filter((list) => ["nodes", "pods", "endpointSlices"].includes(list))).toEqual([]);
  });

  it("reads Endpoints instead of EndpointSlices when the flag says so", async () => {
    const { snapshot } = await read(shop().api, { settings: { ...DEFAULT_SETTINGS, enableEndpointSlices: false } });
    expect([snapshot.endpoints, snapshot.endpointSlices]).toEqual([[], undefined]);
  });
});

describe("one moment", () => {
  it("what is edited between two lists isn't seen", async () => {
    const cluster = shop();
    let edited = false;
    const { api } = noting(cluster.api, ({ path }) => {
      if (edited || !path.endsWith("/services")) return;
      edited = true;
      cluster.apply(aService("web", "shop", { type: "ClusterIP" }), "services");
      cluster.apply(aService("late"), "services");
    });
    const { snapshot, diagnostics } = await read(api);
    expect(edited).toBe(true);
    expect(snapshot.services.map(({ metadata, spec }) => [metadata.name, spec?.type])).toEqual([["web", "NodePort"]]);
    expect(diagnostics).toEqual([]);
  });

  it.each([400, 410, 500, 504])("a server that can't go back (%s) is read as it is, with a warning", async (status) => {
    const { api } = noting(shop().api, ({ path, query }) => {
      if (path.endsWith("/services") && query?.["resourceVersionMatch"] === "Exact") {
        throw new KubernetesError("no", { status, outcome: "refused" });
      }
    });
    const { snapshot, diagnostics } = await read(api);
    expect(snapshot.services).toHaveLength(1);
    expect(codes(diagnostics)).toEqual(["warning cluster.moments-differ"]);
  });
});

describe("what isn't allowed", () => {
  const without = (allow: (access: SimulatedAccess) => boolean, options: Partial<ReadClusterOptions> = {}) =>
    read(shop({ allow }).api, options);

  it.each([
    { resource: "services", kind: "Service", severity: "error" },
    { resource: "ingresses", kind: "Ingress", severity: "error" },
    { resource: "ingressclasses", kind: "IngressClass", severity: "error" },
    { resource: "ingressclassparams", kind: "IngressClassParams", severity: "error" },
  ])("$resource: the snapshot says that it isn't whole", async ({ resource, kind, severity }) => {
    const { snapshot, diagnostics } = await without((access) => access.resource !== resource);
    expect(codes(diagnostics)).toEqual([`${severity} cluster.forbidden`]);
    expect(diagnostics[0]?.message).toContain(`${resource} of the cluster`);
    expect(snapshot.unreadable).toEqual({ objects: [], kinds: [{ kind }], others: 0 });
  });

  it.each(["nodes", "pods", "endpointslices"])("%s: nobody looked, and a warning", async (resource) => {
    const { snapshot, diagnostics } = await without((access) => access.resource !== resource);
    const list = resource === "endpointslices" ? "endpointSlices" : resource;
    expect(snapshot).not.toHaveProperty(list);
    expect(snapshot).not.toHaveProperty("unreadable");
    expect(codes(diagnostics)).toEqual(["warning cluster.forbidden"]);
  });

  it("namespaces: whoever selects them by label will say so", async () => {
    const { snapshot, diagnostics } = await without(({ resource }) => resource !== "namespaces");
    expect(snapshot.namespaces).toEqual([]);
    expect(codes(diagnostics)).toEqual(["warning cluster.forbidden"]);
  });

  it("nothing at all: a snapshot all the same", async () => {
    const { snapshot, diagnostics } = await without(() => false);
    expect(Object.keys(snapshot)).toHaveLength(8);
    expect(snapshot.whole).toEqual([]);
    expect(diagnostics.every(({ code }) => code === "cluster.forbidden")).toBe(true);
  });

  it("bindings: unknown, not none", async () => {
    const reading = await without(({ resource }) => resource !== "targetgroupbindings");
    expect(reading).not.toHaveProperty("targetGroupBindings");
  });

  it("one Secret: the object is named, its contents nowhere", async () => {
    const { snapshot, diagnostics } = await without(({ resource }) => resource !== "secrets");
    expect(snapshot.unreadable?.objects).toEqual([{ kind: "Secret", namespace: "auth", name: "oidc" }]);
    expect(diagnostics[0]).toMatchObject({ code: "cluster.forbidden", object: { kind: "Secret", name: "oidc" } });
  });

  it("a namespace of two: the other is read", async () => {
    const { snapshot, diagnostics } = await without(
      ({ namespace, resource }) => {
        return resource === "ingressclasses" || namespace === "shop" || namespace === undefined;
      },
      { namespaces: ["shop", "auth"] },
    );
    expect(snapshot.ingresses.map(({ metadata }) => metadata.name)).toEqual(["web"]);
    expect(snapshot.unreadable?.kinds).toEqual([
      { kind: "Ingress", namespace: "auth" },
      { kind: "Service", namespace: "auth" },
    ]);
    // A list of Pods with one namespace missing would look whole.
    expect(snapshot).not.toHaveProperty("pods");
    expect(codes(diagnostics)).toContain("info cluster.namespaces-limited");
  });
});

describe("some namespaces only", () => {
  it("are asked for one by one, and the snapshot isn't whole", async () => {
    const { api, requests } = noting(shop().api);
    const { snapshot } = await read(api, { namespaces: ["shop"] });
    expect(snapshot.ingresses).toHaveLength(1);
    expect(snapshot.unreadable).toEqual({ objects: [], others: 0 });
    const lists = requests.map(({ path }) => path).filter((path) => path.includes("/namespaces/"));
    expect(lists.every((path) => path.includes("/namespaces/shop/"))).toBe(true);
  });

  it("those of the flag watch-namespace if none are named", async () => {
    const { snapshot } = await read(shop().api, { settings: { ...DEFAULT_SETTINGS, watchNamespace: "auth" } });
    expect(snapshot.ingresses.map(({ metadata }) => metadata.namespace)).toEqual(["auth"]);
  });
});

it("kinds of LBC's that aren't installed are empty, with an info each", async () => {
  const missing = ["elbv2.k8s.aws/ingressclassparams", "elbv2.k8s.aws/targetgroupbindings"];
  const { snapshot, targetGroupBindings, diagnostics } = await read(shop({ missing }).api, { namespaces: ["a", "b"] });
  expect([snapshot.ingressClassParams, targetGroupBindings]).toEqual([[], []]);
  const missed = diagnostics.filter(({ code }) => code === "cluster.kind-missing");
  expect(missed.map(({ severity }) => severity)).toEqual(["info", "info"]);
});

it("a kind of Kubernetes' own that isn't there is a broken server", async () => {
  await expect(read(shop({ missing: ["/services"] }).api)).rejects.toThrow(KubernetesError);
});

it("objects that can't be read are left out and named", async () => {
  const cluster = shop();
  cluster.apply(anIngress("bad", {}, { rules: [{ http: { paths: "no" } }] }), "ingresses");
  const { snapshot, diagnostics } = await read(cluster.api);
  expect(snapshot.ingresses).toHaveLength(2);
  expect(snapshot.unreadable).toEqual({ objects: [{ kind: "Ingress", namespace: "shop", name: "bad" }], others: 0 });
  expect(codes(diagnostics)).toEqual(["error cluster.object-invalid"]);
});

describe("pages", () => {
  const many = (): SimulatedCluster => {
    const cluster = simulatedCluster();
    for (let index = 0; index < 25; index++)
      cluster.apply(anIngress(`i${String(index).padStart(2, "0")}`), "ingresses");
    return cluster;
  };
  const kind = clusterKind("Ingress");

  it("all are of the first one's moment", async () => {
    const cluster = many();
    const { api, requests } = noting(cluster.api, ({ query }) => {
      if (query?.["continue"] !== undefined) cluster.apply(anIngress(`z${requests.length}`), "ingresses");
    });
    const { objects, resourceVersion } = await listObjects(api, kind, { pageSize: 10 });
    expect(objects).toHaveLength(25);
    expect(requests).toHaveLength(3);
    expect(cluster.objects(INGRESSES)).toHaveLength(27);
    expect(Number(resourceVersion)).toBe(26);
  });

  it("a moment that is dropped between two pages: everything anew, in one", async () => {
    const cluster = many();
    const { api, requests } = noting(cluster.api, ({ query }) => {
      if (query?.["continue"] === undefined) return;
      cluster.apply(anIngress("z"), "ingresses");
      cluster.compact();
    });
    const { objects } = await listObjects(api, kind, { pageSize: 10 });
    expect(objects).toHaveLength(26);
    expect(requests.map(({ query }) => query?.["limit"])).toEqual([10, 10, undefined]);
  });

  it("an exact moment that is gone stays an error", async () => {
    const cluster = many();
    cluster.compact();
    await expect(listObjects(cluster.api, kind, { at: "3" })).rejects.toSatisfy(isExpired);
  });

  it.each([
    undefined,
    null,
    7,
    {},
    { items: {} },
    { items: [], metadata: {} },
    { items: "x", metadata: { resourceVersion: "1" } },
  ])("an answer that is no list (%j) is an error", async (answer) => {
    const api = { ...cluster().api, call: async () => answer };
    await expect(listObjects(api, kind)).rejects.toThrow("the answer is no list");
  });
  const cluster = (): SimulatedCluster => simulatedCluster();
});

it("more Pods than a call takes arguments are no problem", () => {
  const arrival = arrive(clusterKind("Pod"), { metadata: { namespace: "n", name: "p" } });
  const objects = Array.from({ length: 300_000 }, () => (arrival as { object: ClusterObject }).object);
  const { snapshot } = assemble([{ kind: clusterKind("Pod"), reading: { is: "read", objects, invalid: [] } }], false);
  expect(snapshot.pods).toHaveLength(300_000);
});

it("bindings become part of an inventory", () => {
  const binding = {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding" as const,
    metadata: { name: "b", namespace: "shop", labels: { "ingress.k8s.aws/stack": "s" } },
    spec: {
      targetGroupARN: "arn:tg",
      targetType: "ip",
      serviceRef: { name: "web", port: "http" },
      networking: {
        ingress: [
          {
            from: [{ securityGroup: { groupID: "sg-1" } }, {}],
            ports: [{ protocol: "TCP", port: 8080 }, { protocol: "TCP" }],
          },
        ],
      },
      nodeSelector: {},
      ipAddressType: "ipv4",
      vpcID: "vpc-1",
      targetGroupProtocol: "HTTP",
    },
  };
  const foreign = {
    ...binding,
    metadata: { name: "f", namespace: "shop" },
    spec: { serviceRef: { name: "x", port: 1 } },
  };
  expect(bindingsOfInventory([binding, foreign])).toEqual({
    "shop/b": {
      arn: "shop/b",
      spec: {
        namespace: "shop",
        name: "b",
        labels: { "ingress.k8s.aws/stack": "s" },
        targetGroupArn: "arn:tg",
        targetType: "ip",
        serviceRef: { name: "web", port: "http" },
        networking: {
          ingress: [
            { from: [{ securityGroupId: "sg-1" }], ports: [{ protocol: "TCP", port: 8080 }, { protocol: "TCP" }] },
          ],
        },
        nodeSelector: { matchLabels: {} },
        ipAddressType: "ipv4",
        vpcId: "vpc-1",
        targetGroupProtocol: "HTTP",
      },
    },
  });
});
