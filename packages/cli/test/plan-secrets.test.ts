/** A saved plan names the Secrets of OIDC clients: `apply` reads them, and tells before it asks if it can't. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { run } from "./scenario.ts";
import { type ServedCluster, serveCluster } from "./served-cluster.ts";
import { stubAws } from "./stub-aws.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const ENDPOINTS = ["issuer", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"].map(
  (name) => `"${name}": "https://id.example.com/${name}"`,
);
const LOGIN = `    alb.ingress.kubernetes.io/auth-type: oidc
    alb.ingress.kubernetes.io/auth-idp-oidc: '{${ENDPOINTS.join(", ")}, "secretName": "login"}'
`;
const MANIFESTS = readFileSync(`${examples}https/bakery.yaml`, "utf8")
  .replace("  annotations:\n", `  annotations:\n${LOGIN}`)
  .replace("kind: Service\nmetadata:\n", "kind: Service\nmetadata:\n  uid: uid-of-storefront\n");

function secret(clientSecret: string) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace: "shop" },
    stringData: { clientID: "bakery", clientSecret },
  };
}

const folder = mkdtempSync(join(tmpdir(), "elbplan-secrets-"));
const saved = join(folder, "plan.json");
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

let served: ServedCluster | undefined;
beforeAll(async () => {
  const manifests = file("bakery.yaml", `${MANIFESTS}\n---\n${JSON.stringify(secret("canary"))}`);
  const made = await run(["plan", "-f", manifests, "--facts", `${examples}facts.json`, "--out", saved]);
  expect(made.code).toBe(0);
  expect(readFileSync(saved, "utf8")).not.toContain("canary");
});
afterEach(async () => {
  await served?.close();
  served = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function apply(...rest: readonly string[]) {
  const { aws, writes } = stubAws();
  const done = await run(["apply", saved, "--aws", "--yes", ...rest], "", { aws });
  return { ...done, sent: JSON.stringify(writes), calls: writes.length };
}

describe("a saved plan with OIDC clients", () => {
  it("is refused before anything is asked or sent, if their Secrets aren't to be had", async () => {
    const { code, stdout, stderr, calls } = await apply();
    expect({ code, stdout, calls }).toEqual({ code: 1, stdout: "", calls: 0 });
    expect(stderr).toContain("error run.secret: The plan sends the client in Secret shop/login, which wasn't found.");
    expect(stderr).toContain("with --cluster, or with its manifest by -f");
  });

  it("sends them as manifests hold them", async () => {
    const { code, stdout, stderr, sent } = await apply("-f", file("secret.json", JSON.stringify(secret("canary"))));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(sent).toContain('"ClientId":"bakery","ClientSecret":"canary"');
    expect(stdout + stderr).not.toContain("canary");
  });

  it("sends them as the cluster holds them, of which it reads these alone", async () => {
    const cluster = simulatedCluster();
    const { stringData, ...rest } = secret("canary");
    const data = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, btoa(text)]));
    cluster.apply({ ...rest, data }, "secrets");
    served = await serveCluster(cluster);
    const { code, stderr, sent } = await apply("--cluster", "--kubeconfig", served.kubeconfig, "--alongside");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(sent).toContain('"ClientSecret":"canary"');
    expect(served.requests.filter((request) => request.includes("secrets"))).toEqual([
      "GET /api/v1/namespaces/shop/secrets",
    ]);
  });

  it("is refused if a Secret holds another client than when the plan was made", async () => {
    const { code, stderr, calls } = await apply("-f", file("secret.json", JSON.stringify(secret("another"))));
    expect({ code, calls }).toEqual({ code: 1, calls: 0 });
    expect(stderr).toContain("Secret shop/login holds another client than when the plan was made; plan again.");
    expect(stderr).not.toContain("another-");
  });

  it("is refused if a Secret lacks what LBC looks for", async () => {
    const { stringData: _, ...empty } = secret("");
    const { stderr } = await apply("-f", file("secret.json", JSON.stringify(empty)));
    expect(stderr).toContain("error run.secret: Secret shop/login holds no clientID.");
  });

  it("is refused where there is no way to the cluster, in words", async () => {
    const { code, stderr } = await apply("--cluster", "--kubeconfig", file("nowhere", "{}"), "--alongside");
    expect(code).toBe(1);
    expect(stderr).not.toContain("this is a bug");
  });
});
