/** One reading of a real cluster: what was applied is what is read, and it plans as the files do. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildDesired,
  type ClusterSnapshot,
  callFor,
  emptyAccount,
  type Facts,
  plan,
  renderPlanJson,
  settingsFromFlags,
} from "@elbplan/core";
import { parseObjects, parseYaml } from "@elbplan/k8s-source";
import {
  connect,
  connectInCluster,
  httpsApi,
  type KubernetesApi,
  KubernetesError,
  readCluster,
} from "@elbplan/k8s-source/cluster";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { apply, collectionOf, deployed, type Manifest, pathOf } from "./deployed.ts";
import { workload } from "./workload.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const facts = JSON.parse(readFileSync(join(root, "examples/facts.json"), "utf8")) as Facts;
const { settings } = settingsFromFlags({ "cluster-name": facts.clusterName ?? "" });

let server: ApiServer;
/** As elbplan's service account, with the Secrets of the component. */
let api: KubernetesApi;

beforeAll(async () => {
  server = await startApiServer();
  api = await deployed(server, "oidc-secrets");
}, 30 * 60_000);
afterAll(() => server?.stop());

/** All objects of the examples, and some of every other kind that is read. */
function manifests(): readonly Manifest[] {
  const files = ["shop", "https"].flatMap((folder) =>
    readdirSync(join(root, "examples", folder)).map((file) => join(root, "examples", folder, file)),
  );
  const objects = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split(/^---$/m)
      .map((text) => parseYaml(file, text).value as Manifest)
      .filter((value) => value?.kind !== undefined),
  );
  return [...objects, ...workload("shop")];
}

const metadataOf = (object: Manifest): string =>
  `${object.kind}/${object.metadata.namespace ?? ""}/${object.metadata.name}`;

describe("a cluster", () => {
  let applied: readonly Manifest[];
  beforeAll(async () => {
    applied = manifests();
    const namespaces = new Set(applied.flatMap(({ metadata }) => metadata.namespace ?? []));
    for (const name of namespaces) await apply(server.api, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    for (const object of applied) await apply(server.api, object);
  });

  /** The manifests with what only a cluster can choose: uids and node ports. */
  async function asStored(): Promise<readonly Manifest[]> {
    return Promise.all(
      applied.map(async (object) => {
        const { metadata, spec } = (await server.api.call({ method: "GET", path: pathOf(object) })) as Manifest;
        const ports = object.kind === "Service" ? { spec: { ...object.spec, ports: spec.ports } } : {};
        const { uid, generation } = metadata;
        const isNamed = ["Ingress", "Service", "Pod"].includes(object.kind);
        return {
          ...object,
          ...ports,
          metadata: { ...object.metadata, ...(isNamed && { uid }), ...(object.kind === "Ingress" && { generation }) },
        };
      }),
    );
  }

  it("is read as the manifests are", async () => {
    const { snapshot, targetGroupBindings, diagnostics } = await readCluster(api, { settings });
    expect(diagnostics).toEqual([]);
    expect(targetGroupBindings).toEqual([]);
    // A Secret that no annotation names isn't read, nor what runs in a Pod.
    const wanted = (await asStored())
      .filter(({ metadata }) => metadata.name !== "foreign")
      .map((object) => (object.kind === "Pod" ? { ...object, spec: { nodeName: object.spec.nodeName } } : object));
    const fromFiles = parseObjects(wanted).snapshot;
    for (const list of [
      "ingresses",
      "ingressClasses",
      "ingressClassParams",
      "services",
      "secrets",
      "nodes",
      "pods",
      "endpointSlices",
    ] as const) {
      expect(known(snapshot[list], fromFiles[list]), list).toEqual(sorted(fromFiles[list]));
    }
  });

  it("plans as the manifests do, byte for byte", async () => {
    const { snapshot } = await readCluster(api, { settings });
    const fromFiles = { ...parseObjects(await asStored(), { whole: true }).snapshot, namespaces: snapshot.namespaces };
    const planned = (from: ClusterSnapshot): string => {
      const graph = buildDesired(from, facts, undefined, settings);
      const account = emptyAccount({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
      return renderPlanJson(plan(graph, account, {}), callFor);
    };
    expect(planned(snapshot)).toBe(planned(fromFiles));
    expect(JSON.parse(planned(snapshot)).actions.length).toBeGreaterThan(20);
  });

  it("is planned by the command", () => {
    const file = join(root, "examples/facts.json");
    const args = [
      join(root, "packages/cli/bin/elbplan.js"),
      "plan",
      "--cluster",
      "--kubeconfig",
      server.kubeconfig,
      "--facts",
      file,
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("+ load balancer");
    expect(stderr).not.toMatch(/error|bug/);
  });

  it("is read at one moment, whatever is edited meanwhile", async () => {
    const service = applied.find(({ kind }) => kind === "Service");
    const before = await readCluster(api, { settings });
    const meddling: KubernetesApi = {
      ...api,
      call: async (request, options) => {
        if (request.path.endsWith("/services"))
          await apply(server.api, {
            ...service,
            metadata: { ...service.metadata, labels: { edited: String(Math.random()) } },
          });
        return api.call(request, options);
      },
    };
    const { snapshot, diagnostics } = await readCluster(meddling, { settings });
    expect(diagnostics).toEqual([]);
    expect(snapshot.services).toEqual(before.snapshot.services);
    expect((await readCluster(api, { settings })).snapshot.services).not.toEqual(before.snapshot.services);
  });

  it("with more objects than a page holds is read whole", async () => {
    const many = Array.from({ length: 1203 }, (_, index) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `many-${index}`, namespace: "shop", labels: { "kubernetes.io/service-name": "many" } },
      addressType: "IPv4",
      endpoints: [{ addresses: [`10.9.${index >> 8}.${index & 255}`] }],
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    }));
    for (let from = 0; from < many.length; from += 50) {
      const some = many.slice(from, from + 50);
      await Promise.all(some.map((body) => server.api.call({ method: "POST", path: collectionOf(body), body })));
    }
    const { snapshot } = await readCluster(api, { settings });
    const slices = snapshot.endpointSlices?.filter(({ metadata }) => metadata.name.startsWith("many-"));
    expect(new Set(slices?.map(({ metadata }) => metadata.name)).size).toBe(1203);
  });
});

describe("rights", () => {
  it("of the service account are enough to read, without one Secret too many", async () => {
    const reading = await readCluster(api, { settings });
    expect(reading.diagnostics).toEqual([]);
    await expect(api.call({ method: "GET", path: "/api/v1/namespaces/shop/secrets/login" })).rejects.toMatchObject({
      status: 403,
    });
  });

  it.each([
    { method: "DELETE", path: "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/storefront" },
    { method: "POST", path: "/api/v1/namespaces/shop/services", body: {} },
    { method: "GET", path: "/api/v1/configmaps" },
    { method: "GET", path: "/apis/coordination.k8s.io/v1/leases" },
    { method: "PATCH", path: "/api/v1/nodes/n1", body: {}, patchType: "application/merge-patch+json" },
  ] as const)("of the service account don't reach $method $path", async (request) => {
    await expect(api.call(request)).rejects.toMatchObject({ status: 403, outcome: "refused" });
  });

  it("of one namespace give what is in it", async () => {
    const limited = await userWith("limited", [
      { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["list"] },
      { apiGroups: [""], resources: ["services", "pods"], verbs: ["list"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list"] },
    ]);
    const { snapshot, diagnostics } = await readCluster(limited, { settings, namespaces: ["shop"] });
    expect(snapshot.ingresses.length).toBeGreaterThan(0);
    const refused = diagnostics
      .filter(({ code }) => code === "cluster.forbidden")
      .map(({ message }) => /the (\w+) of/.exec(message)?.[1]);
    expect(refused.toSorted()).toEqual([
      "ingressclasses",
      "ingressclassparams",
      "namespaces",
      "nodes",
      "targetgroupbindings",
    ]);
    expect(snapshot.unreadable?.kinds).toEqual([{ kind: "IngressClass" }, { kind: "IngressClassParams" }]);
    const everywhere = await readCluster(limited, { settings });
    expect(everywhere.snapshot.ingresses).toEqual([]);
    expect(everywhere.snapshot.unreadable?.kinds).toContainEqual({ kind: "Ingress" });
  });

  async function userWith(name: string, rules: readonly object[]): Promise<KubernetesApi> {
    const metadata = { name, namespace: "shop" };
    const rbac = "rbac.authorization.k8s.io";
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata };
    await apply(server.api, account);
    await apply(server.api, { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules });
    const roleRef = { apiGroup: rbac, kind: "Role", name };
    const subjects = [{ kind: "ServiceAccount", ...metadata }];
    await apply(server.api, { apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata, roleRef, subjects });
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { status } = (await server.api.call({ method: "POST", path: `${pathOf(account)}/token`, body })) as Manifest;
    return server.apiAs(status.token);
  }
});

describe("definitions", () => {
  const params = (spec: object): Manifest => ({
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "IngressClassParams",
    metadata: { name: "checked" },
    spec,
  });

  it.each([
    { name: "an unknown scheme", spec: { scheme: "public" } },
    { name: "subnets by id and by tag", spec: { subnets: { ids: ["subnet-1"], tags: { a: ["b"] } } } },
    { name: "subnets by neither", spec: { subnets: {} } },
    { name: "a subnet twice", spec: { subnets: { ids: ["subnet-1", "subnet-1"] } } },
    { name: "both spellings of prefix lists", spec: { prefixListsIDs: ["pl-1"], PrefixListsIDs: ["pl-1"] } },
    { name: "a listener's port that is none", spec: { listeners: [{ protocol: "HTTP", port: 0 }] } },
    { name: "a tag without a value", spec: { tags: [{ key: "a" }] } },
  ])("refuse $name", async ({ spec }) => {
    const body = params(spec);
    await expect(server.api.call({ method: "POST", path: collectionOf(body), body })).rejects.toMatchObject({
      status: 422,
    });
  });

  it("keep every field that is read", async () => {
    const full = JSON.parse(readFileSync(new URL("class-params.json", import.meta.url), "utf8")) as object;
    const stored = await apply(server.api, params(full));
    expect(stored.spec).toEqual(full);
  });
});

it("a pod reaches the server by its service account", async () => {
  const folder = mkdtempSync(join(tmpdir(), "elbplan-serviceaccount-"));
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { namespace: "elbplan-system", name: "elbplan" },
  };
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const { status } = (await server.api.call({ method: "POST", path: `${pathOf(account)}/token`, body })) as Manifest;
  writeFileSync(join(folder, "token"), status.token, { mode: 0o600 });
  const kubeconfigText = JSON.parse(readFileSync(server.kubeconfig, "utf8"));
  copyFileSync(kubeconfigText.clusters[0].cluster["certificate-authority"], join(folder, "ca.crt"));
  writeFileSync(join(folder, "namespace"), "elbplan-system");
  const { hostname, port } = new URL(server.connection.server);
  const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  const connection = await connectInCluster({ env, folder });
  expect(connection.namespace).toBe("elbplan-system");
  const { snapshot, diagnostics } = await readCluster(httpsApi(connection), { settings });
  expect(diagnostics).toEqual([]);
  expect(snapshot.ingresses.length).toBeGreaterThan(0);
  rmSync(folder, { recursive: true });
});

it("a server that can't be reached is an error that says why", async () => {
  const unreachable = join(root, ".cache", "unreachable-kubeconfig");
  const text = readFileSync(server.kubeconfig, "utf8").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
  writeFileSync(unreachable, text, { mode: 0o600 });
  const error = await readCluster(httpsApi(await connect({ kubeconfig: unreachable })), { settings }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KubernetesError);
  expect(String(error)).toContain("ECONNREFUSED");
});

type Objects = readonly {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}[];

function sorted(objects: Objects = []): Objects {
  return objects.toSorted((a, b) => (metadataOf(a) < metadataOf(b) ? -1 : 1));
}

/** Of what was read those that were applied, and of each the fields that the file has: the server adds defaults. */
function known(read: Objects = [], applied: Objects = []): Objects {
  const names = new Map(applied.map((object) => [metadataOf(object), object]));
  return sorted(read.filter((object) => names.has(metadataOf(object)))).map((object) =>
    only(object, names.get(metadataOf(object))),
  ) as Objects;
}

function only(value: Manifest, like: Manifest): Manifest {
  if (Array.isArray(value) && Array.isArray(like)) return value.map((item, index) => only(item, like[index]));
  if (typeof like !== "object" || like === null || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in like)
      .map(([key, inner]) => [key, only(inner, like[key])]),
  );
}
