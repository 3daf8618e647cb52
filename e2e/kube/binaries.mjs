/**
 * Builds the servers that the tests talk to, kube-apiserver and etcd, from their Go modules, and keeps them.
 *
 * Kubernetes publishes no module whose `main` can be built as a dependency: its go.mod replaces k8s.io/* by folders that
 * aren't in the module. A generated main module replaces them by the published ones of the same version instead.
 *
 * A cold build takes some six minutes of two cores and needs Go; without Go (see ../prerequisites.mjs) or the modules it
 * fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { binaryPaths, cacheFolder, ETCD, KUBERNETES } from "./binary-paths.mjs";

const GO = "1.26";

/**
 * The paths of both servers, built if they aren't there yet. Two callers at once build once.
 * @returns {Promise<{ apiserver: string, etcd: string }>}
 */
export async function kubernetesBinaries() {
  const { apiserver, etcd } = binaryPaths();
  if (existsSync(etcd) && existsSync(apiserver)) return { apiserver, etcd };
  mkdirSync(cacheFolder(), { recursive: true });
  const unlock = await lock(join(cacheFolder(), "building"));
  try {
    if (!existsSync(etcd)) build(etcd, "go.etcd.io/etcd/server/v3", etcdModule, []);
    if (!existsSync(apiserver)) {
      build(apiserver, "k8s.io/kubernetes/cmd/kube-apiserver", apiserverModule, versionFlags());
    }
  } finally {
    unlock();
  }
  return { apiserver, etcd };
}

function build(target, packagePath, goMod, flags) {
  const folder = mkdtempSync(join(tmpdir(), "elbplan-go-"));
  const started = Date.now();
  process.stderr.write(`Building ${target} …\n`);
  try {
    writeFileSync(join(folder, "go.mod"), goMod(folder));
    const built = join(folder, "built");
    go(folder, ["build", "-trimpath", "-ldflags", ["-s", "-w", ...flags].join(" "), "-o", built, packagePath]);
    mkdirSync(join(target, ".."), { recursive: true });
    // The temporary folder may be on another file system, and a half-written binary must not look whole.
    const part = `${target}.part`;
    writeFileSync(part, readFileSync(built), { mode: 0o755 });
    renameSync(part, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stderr.write(`Built ${target} in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function etcdModule() {
  return `module e2e/etcd\n\ngo ${GO}.0\n\nrequire go.etcd.io/etcd/server/v3 v${ETCD}\n`;
}

function apiserverModule(folder) {
  writeFileSync(join(folder, "go.mod"), `module e2e/apiserver\n\ngo ${GO}.0\n`);
  const kubernetes = `k8s.io/kubernetes@v${KUBERNETES}`;
  const { GoMod } = JSON.parse(go(folder, ["mod", "download", "-json", kubernetes]));
  const staged = [...readFileSync(GoMod, "utf8").matchAll(/^\s*(?:replace\s+)?(k8s\.io\/\S+) => \.\/staging\//gm)];
  if (staged.length === 0) throw new Error(`the go.mod of ${kubernetes} names no staging module`);
  const replaces = staged.map(([, module]) => `replace ${module} => ${module} v0.${KUBERNETES.slice(2)}\n`);
  return `module e2e/apiserver\n\ngo ${GO}.0\n\nrequire k8s.io/kubernetes v${KUBERNETES}\n\n${replaces.join("")}`;
}

/** A server that doesn't know its version answers /version with nonsense, which clients refuse. */
function versionFlags() {
  const [major, minor] = KUBERNETES.split(".");
  const values = { gitVersion: `v${KUBERNETES}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

function go(cwd, args) {
  const env = { ...process.env, GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOWORK: "off" };
  const { status, error, stdout, stderr } = spawnSync("go", args, { cwd, env, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (error !== undefined || status !== 0) {
    throw new Error(`go ${args.slice(0, 2).join(" ")} failed: ${error?.message ?? stderr.slice(-4000)}`);
  }
  return stdout;
}

/** Waits for a folder of that name to be ours. One that a killed process left behind is taken over after half an hour. */
async function lock(folder) {
  for (;;) {
    try {
      mkdirSync(folder);
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (Date.now() - statSync(folder, { throwIfNoEntry: false })?.mtimeMs > 30 * 60_000) {
        rmSync(folder, { recursive: true, force: true });
      }
      await sleep(1000);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await kubernetesBinaries());
