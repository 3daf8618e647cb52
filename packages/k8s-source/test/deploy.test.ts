/** deploy/: what is granted is what is needed, what is defined is what is read, and nobody is root. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RIGHTS, type Right, type Verb } from "../src/cluster/rights.ts";
import { parseYaml } from "../src/manifests/parse-yaml.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const deploy = `${root}deploy/`;

type Json = { readonly [key: string]: unknown };
// biome-ignore lint/suspicious/noExplicitAny: manifests of many shapes
type Manifest = any;

function read(path: string): Manifest {
  const text = readFileSync(`${deploy}${path}`, "utf8");
  const { value, problems } = parseYaml(path, text);
  expect(problems).toEqual([]);
  return value;
}

describe("kustomizations", () => {
  it.each(["base", "crds", "components/oidc-secrets", "components/bindings"])(
    "%s lists every file beside it",
    (folder) => {
      const files = readdirSync(`${deploy}${folder}`).filter((file) => file !== "kustomization.yaml");
      expect(read(`${folder}/kustomization.yaml`).resources.toSorted()).toEqual(files.toSorted());
    },
  );

  it("everything has a name, and what has a namespace has that of the base", () => {
    for (const file of read("base/kustomization.yaml").resources as string[]) {
      const { apiVersion, kind, metadata } = read(`base/${file}`);
      expect([typeof apiVersion, typeof kind, typeof metadata.name]).toEqual(["string", "string", "string"]);
      expect(["elbplan-system", undefined]).toContain(metadata.namespace);
    }
  });
});

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly Verb[];
}

/** `group/resource [name]: verb`, each by itself, sorted. */
function granted(rules: readonly Rule[]): readonly string[] {
  const lines = rules.flatMap(({ apiGroups, resources, resourceNames = [""], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb) => `${group}/${resource} [${name}]: ${verb}`)),
      ),
    ),
  );
  return lines.toSorted();
}

function needed(...purposes: readonly Right["for"][]): readonly string[] {
  return granted(
    RIGHTS.filter((right) => purposes.includes(right.for)).map(({ apiGroup, resource, ...rest }) => ({
      ...rest,
      apiGroups: [apiGroup],
      resources: [resource],
    })),
  );
}

describe("rights", () => {
  it.each<{ file: string; purposes: readonly Right["for"][] }>([
    { file: "base/cluster-role.yaml", purposes: ["read", "run"] },
    { file: "base/role.yaml", purposes: ["own"] },
    { file: "components/oidc-secrets/cluster-role.yaml", purposes: ["oidc"] },
    { file: "components/bindings/cluster-role.yaml", purposes: ["bindings"] },
  ])("$file grants what is needed and nothing else", ({ file, purposes }) => {
    expect(granted(read(file).rules)).toEqual(needed(...purposes));
  });

  it("are never for everything", () => {
    const text = JSON.stringify(RIGHTS);
    expect(text).not.toContain('"*"');
    for (const { verbs, resource } of RIGHTS) expect(verbs, resource).not.toContain("deletecollection");
  });

  it("go to the service account that the Deployment runs as", () => {
    const { metadata } = read("base/service-account.yaml");
    const bindings = [
      "base/cluster-role-binding",
      "base/role-binding",
      "components/oidc-secrets/cluster-role-binding",
      "components/bindings/cluster-role-binding",
    ];
    for (const binding of bindings) {
      const { roleRef, subjects } = read(`${binding}.yaml`);
      expect(subjects).toEqual([{ kind: "ServiceAccount", name: metadata.name, namespace: metadata.namespace }]);
      const role = read(`${binding.replace("-binding", "")}.yaml`);
      expect([roleRef.kind, roleRef.name]).toEqual([role.kind, role.metadata.name]);
    }
    expect(read("base/deployment.yaml").spec.template.spec.serviceAccountName).toBe(metadata.name);
  });
});

describe("the Deployment", () => {
  const { spec } = read("base/deployment.yaml");
  const pod = spec.template.spec;
  const [container, ...others] = pod.containers;

  it("has one container, which isn't root and can't become it", () => {
    expect(others).toEqual([]);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(read("base/namespace.yaml").metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    for (const field of ["hostNetwork", "hostPID", "hostIPC"]) expect(pod).not.toHaveProperty(field);
    expect(JSON.stringify(pod.volumes)).not.toContain("hostPath");
  });

  it("selects its own pods, and probes a port that it has", () => {
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(read("base/pod-disruption-budget.yaml").spec.selector).toEqual(spec.selector);
    const ports = container.ports.map(({ name }: { name: string }) => name);
    for (const probe of ["livenessProbe", "readinessProbe"]) expect(ports).toContain(container[probe].httpGet.port);
  });

  it("mounts what it names", () => {
    const volumes = pod.volumes.map(({ name }: { name: string }) => name);
    expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(volumes);
  });
});

describe("the container file", () => {
  const instructions = readFileSync(`${deploy}Containerfile`, "utf8")
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line)?.slice(1) as [string, string]);
  const last = instructions.slice(instructions.findLastIndex(([name]) => name === "FROM"));
  const argumentOf = (name: string): string | undefined => last.find(([each]) => each === name)?.[1];

  it("builds in one stage and runs in another", () => {
    const stages = instructions.filter(([name]) => name === "FROM").map(([, image]) => image);
    expect(stages).toEqual(["node:22-alpine AS build", "node:22-alpine"]);
    expect(last.filter(([name]) => name === "RUN" || name === "ADD")).toEqual([]);
    expect(last.filter(([name]) => name === "COPY").every(([, what]) => what.startsWith("--from=build "))).toBe(true);
  });

  it("runs as a user who isn't root, named by number, the Deployment's own", () => {
    expect(argumentOf("USER")).toBe("65532:65532");
    const order = last.map(([name]) => name);
    expect(order.indexOf("USER")).toBeLessThan(order.indexOf("ENTRYPOINT"));
    expect(instructions.filter(([name]) => name === "USER")).toHaveLength(1);
    // What it runs it can't change.
    expect(argumentOf("COPY")).toContain("--chown=0:0");
  });

  it("starts the command without a shell", () => {
    const [program, script] = JSON.parse(argumentOf("ENTRYPOINT") ?? "[]") as string[];
    expect(program).toBe("node");
    const cli = JSON.parse(readFileSync(`${root}packages/cli/package.json`, "utf8")) as { bin: { elbplan: string } };
    expect(script).toBe(`/app/node_modules/@elbplan/cli/${cli.bin.elbplan.replace("./", "")}`);
    expect(JSON.parse(argumentOf("CMD") ?? "")).toBeInstanceOf(Array);
  });

  it("holds no secret, fetches nothing by itself, and uses scripts that exist", () => {
    const text = instructions.map((each) => each.join(" ")).join("\n");
    expect(text).not.toMatch(/token|password|secret|_KEY|https?:|curl|wget/i);
    expect(instructions.some(([name]) => name === "ARG")).toBe(false);
    for (const [script] of text.matchAll(/scripts\/[\w-]+\.mjs/g)) expect(existsSync(`${root}${script}`)).toBe(true);
  });

  it("doesn't copy what belongs to the machine it is built on", () => {
    const ignored = readFileSync(`${root}.dockerignore`, "utf8").split("\n");
    for (const each of [".git", "**/node_modules", ".cache"]) expect(ignored).toContain(each);
  });
});

describe("definitions", () => {
  const schemaOf = (file: string): Json => read(`crds/${file}`).spec.versions[0].schema.openAPIV3Schema.properties.spec;

  it.each([
    { file: "ingress-class-params.yaml", kind: "IngressClassParams", scope: "Cluster" },
    { file: "target-group-bindings.yaml", kind: "TargetGroupBinding", scope: "Namespaced" },
  ])("$file is named as its kind demands", ({ file, kind, scope }) => {
    const { metadata, spec } = read(`crds/${file}`);
    const { group, names, versions } = spec;
    expect(metadata.name).toBe(`${names.plural}.${group}`);
    expect([names.kind, spec.scope, group, versions.map(({ name }: { name: string }) => name)]).toEqual([
      kind,
      scope,
      "elbv2.k8s.aws",
      ["v1beta1"],
    ]);
  });

  it("the class params have the fields that are read from files, of the same types", async () => {
    const { kindOf } = await import("../src/manifests/object-kinds.ts");
    const known = kindOf("elbv2.k8s.aws/v1beta1", "IngressClassParams");
    const schema = known.is === "read" ? (known.kind.schema.fields["spec"] as unknown) : undefined;
    expect(typesOfDefinition(schemaOf("ingress-class-params.yaml"))).toEqual(typesOfDecoder(schema));
  });

  it("the bindings have the fields that are written", async () => {
    const { callFor } = await import("@elbplan/core");
    const spec = {
      ...{
        namespace: "n",
        name: "b",
        labels: {},
        targetGroupArn: "arn",
        targetType: "ip",
        serviceRef: { name: "s", port: 80 },
      },
      ...{ networking: { ingress: [{ from: [{ securityGroupId: "sg" }], ports: [{ protocol: "TCP", port: 1 }] }] } },
      ...{
        nodeSelector: { matchLabels: { a: "b" } },
        ipAddressType: "ipv4",
        vpcId: "vpc",
        multiClusterTargetGroup: true,
        targetGroupProtocol: "HTTP",
      },
    };
    const call = callFor({ kind: "createTargetGroupBinding", details: { spec } } as never);
    expect(unknownFields(call?.input["spec"], schemaOf("target-group-bindings.yaml"))).toEqual([]);
    expect(unknownFields({ serviceRef: { name: "s", ports: 1 } }, schemaOf("target-group-bindings.yaml"))).toEqual([
      ".serviceRef.ports",
    ]);
  });
});

/** Fields and their types, from a definition's schema. */
function typesOfDefinition(schema: Manifest): unknown {
  if (schema["x-kubernetes-int-or-string"]) return "integerOrString";
  if (schema.type === "array") return [typesOfDefinition(schema.items)];
  if (schema.additionalProperties) return { "*": typesOfDefinition(schema.additionalProperties) };
  if (schema.type !== "object") return schema.type;
  return mapValues(schema.properties, typesOfDefinition);
}

/** The same from the schema by which files are read. */
function typesOfDecoder(schema: Manifest): unknown {
  if (schema.type === "list") return [typesOfDecoder(schema.items)];
  if (schema.type === "map") return { "*": typesOfDecoder(schema.values) };
  return schema.type === "object" ? mapValues(schema.fields, typesOfDecoder) : schema.type;
}

function mapValues(record: Json, map: (value: Manifest) => unknown): Json {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** Paths of fields that a definition would drop. */
function unknownFields(value: Manifest, schema: Manifest, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unknownFields(item, schema.items, `${path}[]`));
  if (typeof value !== "object" || value === null || schema.additionalProperties) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const of = schema.properties?.[key];
    return of === undefined ? [`${path}.${key}`] : unknownFields(inner, of, `${path}.${key}`);
  });
}
