/** How a cluster is found and what is shown to it: kubeconfigs, exec plugins, service accounts; and what is never said. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeClock } from "@elbplan/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../src/cluster/api/connect.ts";
import { ConnectionError } from "../../src/cluster/api/connection.ts";
import { httpsApi } from "../../src/cluster/api/https-api.ts";
import { connectInCluster, isInCluster } from "../../src/cluster/api/in-cluster.ts";
import { connectKubeconfig } from "../../src/cluster/api/kubeconfig.ts";
import { type FakeApiServer, fakeApiServer, json, status } from "./fake-api-server.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "elbplan-connection-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

interface Sketch {
  readonly server?: string;
  readonly user?: object;
  readonly namespace?: string;
}

function write(text: string, name = "config"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function kubeconfig({ server = "http://127.0.0.1:1", user = {}, namespace }: Sketch = {}): string {
  return write(
    JSON.stringify({
      "current-context": "here",
      // KubeConfig refuses plain HTTP unless told not to look at certificates.
      clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
      users: [{ name: "u", user }],
      contexts: [
        { name: "here", context: { cluster: "c", user: "u", ...(namespace && { namespace }) } },
        { name: "there", context: { cluster: "c", user: "u", namespace: "far" } },
        { name: "broken", context: { cluster: "gone", user: "u" } },
      ],
    }),
  );
}

const headersOf = async (user: object) => {
  const connection = await connectKubeconfig({ kubeconfig: kubeconfig({ user }) });
  return (await connection.credentials(false)).headers as { readonly [name: string]: string };
};

describe("a kubeconfig", () => {
  it("names server and namespace by its current context, or by another", async () => {
    const file = kubeconfig({ server: "http://127.0.0.1:7", namespace: "near" });
    expect(await connectKubeconfig({ kubeconfig: file })).toMatchObject({
      server: "http://127.0.0.1:7",
      namespace: "near",
    });
    expect(await connectKubeconfig({ kubeconfig: file, context: "there" })).toMatchObject({ namespace: "far" });
  });

  it.each([
    { name: "no file", config: () => join(folder, "none"), why: "it doesn't exist" },
    { name: "no kubeconfig", config: () => write("[1]"), why: "context" },
    { name: "an empty file", config: () => write(""), why: "can't be read" },
    {
      name: "an unknown context",
      config: kubeconfig,
      context: "nowhere",
      why: 'no context "nowhere"; it has here, there, broken',
    },
    { name: "a context without a cluster", config: kubeconfig, context: "broken", why: "names no cluster" },
  ])("$name is an error that says so", async ({ config, context, why }) => {
    const connecting = connectKubeconfig({ kubeconfig: config(), ...(context && { context }) });
    await expect(connecting).rejects.toThrow(ConnectionError);
    await expect(connectKubeconfig({ kubeconfig: config(), ...(context && { context }) })).rejects.toThrow(why);
  });

  it("that isn't YAML is told by line, without the text around it", async () => {
    const file = write("users:\n- name: a\n  user: {token: canary-4711, client-key-data: 'canary\n");
    const error = await connectKubeconfig({ kubeconfig: file }).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/line \d+/);
    expect(String((error as Error).stack)).not.toContain("canary");
  });

  it.each([
    { name: "a token", user: { token: "t" }, authorization: "Bearer t" },
    { name: "a password", user: { username: "a", password: "b" }, authorization: `Basic ${btoa("a:b")}` },
  ])("gives $name", async ({ user, authorization }) => {
    const headers = await headersOf(user);
    expect(headers["Authorization"] ?? headers["authorization"]).toBe(authorization);
  });

  it("is found by KUBECONFIG", async () => {
    vi.stubEnv("KUBECONFIG", kubeconfig({ namespace: "near" }));
    expect(await connect()).toMatchObject({ namespace: "near" });
    expect(await connect({ context: "there" })).toMatchObject({ namespace: "far" });
  });
});

describe("an exec plugin", () => {
  /** A plugin that counts its runs in its token. */
  const plugin = (code: string): object => ({
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: [
        write(
          `const fs = require("node:fs"); const count = ${JSON.stringify(join(folder, "count"))};
        fs.appendFileSync(count, "x"); const runs = fs.readFileSync(count, "utf8").length; ${code}`,
          "plugin.cjs",
        ),
      ],
      env: [{ name: "MINE", value: "yes" }],
    },
  });
  const prints = (status: string): string =>
    `console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status: ${status} }))`;

  let server: FakeApiServer;
  beforeEach(async () => {
    server = await fakeApiServer();
  });
  afterEach(() => server.close());

  it("gives its token, and is told which version to print", async () => {
    const code = prints("{ token: process.env.MINE + ' ' + JSON.parse(process.env.KUBERNETES_EXEC_INFO).apiVersion }");
    expect(await headersOf(plugin(code))).toMatchObject({
      Authorization: "Bearer yes client.authentication.k8s.io/v1",
    });
  });

  it("runs once for many requests, and again when the server refuses its token", async () => {
    const expirationTimestamp = "new Date(Date.now() + 3600e3)";
    const file = kubeconfig({
      server: server.connection.server,
      user: plugin(prints(`{ token: "t" + runs, expirationTimestamp: ${expirationTimestamp} }`)),
    });
    const api = httpsApi(await connectKubeconfig({ kubeconfig: file }));
    server.script(json({}), json({}), status(401, "Unauthorized"), json({ ok: 1 }));
    for (let request = 0; request < 3; request++) await api.call({ method: "GET", path: "/api/v1/x" });
    expect(server.headers.map(({ authorization }) => authorization)).toEqual([
      "Bearer t1",
      "Bearer t1",
      "Bearer t1",
      "Bearer t2",
    ]);
  });

  it("that names no time of expiry isn't run for each request, but now and then", async () => {
    const clock = fakeClock();
    const file = kubeconfig({ user: plugin(prints(`{ token: "t" + runs }`)) });
    const connection = await connectKubeconfig({ kubeconfig: file, clock });
    const token = async () => (await connection.credentials(false)).headers["Authorization"];
    expect([await token(), await token()]).toEqual(["Bearer t1", "Bearer t1"]);
    await clock.advance(61_000);
    expect(await token()).toBe("Bearer t2");
  });

  it.each([
    { name: "fails", code: 'console.error("sign in first"); process.exit(3)', why: "sign in first" },
    { name: "prints no JSON", code: 'console.log("canary-4711 is the token")', why: "printed no ExecCredential" },
  ])("that $name is an error without what it printed on stdout", async ({ code, why }) => {
    const error = await headersOf(plugin(code)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(String(error)).toContain(why);
    expect(String((error as Error).stack)).not.toContain("canary");
  });

  it("that isn't installed is an error that names it", async () => {
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-plugin-4711" } };
    await expect(headersOf(user)).rejects.toThrow("there is no no-such-plugin-4711");
  });
});

describe("a pod", () => {
  const env = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
  const mount = (files: { readonly [name: string]: string }): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };

  it("connects by its service account", async () => {
    mount({ token: "t1\n", "ca.crt": "", namespace: "elbplan" });
    const connection = await connectInCluster({ env, folder });
    expect(connection).toMatchObject({ server: "https://10.96.0.1:443", namespace: "elbplan" });
    expect((await connection.credentials(false)).headers).toEqual({ authorization: "Bearer t1" });
    const six = await connectInCluster({ env: { ...env, KUBERNETES_SERVICE_HOST: "fd00::1" }, folder });
    expect(six.server).toBe("https://[fd00::1]:443");
  });

  it("reads a renewed token within a minute, or at once when the old one was refused", async () => {
    const clock = fakeClock();
    mount({ token: "t1", "ca.crt": "" });
    const connection = await connectInCluster({ env, folder, clock });
    const first = await connection.credentials(false);
    mount({ token: "t2" });
    expect(await connection.credentials(false)).toBe(first);
    expect((await connection.credentials(true)).headers["authorization"]).toBe("Bearer t2");
    mount({ token: "t3" });
    await clock.advance(61_000);
    const third = await connection.credentials(false);
    expect(third.headers["authorization"]).toBe("Bearer t3");
    // Connections are kept as long as the certificate authority is the same.
    expect(third.agent).toBe(first.agent);
  });

  it("without a service account is an error", async () => {
    await expect(connectInCluster({ env, folder })).rejects.toThrow(`${folder}/`);
    await expect(connectInCluster({ env: {}, folder })).rejects.toThrow(ConnectionError);
    expect([isInCluster(env), isInCluster({})]).toEqual([true, false]);
  });
});

it("no way to a cluster is an error that says so", async () => {
  await expect(connect({ env: { HOME: folder } })).rejects.toThrow("no cluster: there is no kubeconfig");
});
