/** Compiles every package into its dist/. Node builtins only; the compiler itself is installed by then. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, packageNames, root } from "./files.mjs";

const stampFile = join(root, ".cache/built");

/** Compiles if a source changed since the last build. Returns the compiler's exit code, 0 if there was nothing to do. */
export function buildIfStale(say) {
  const stamp = sourceState();
  const complete = packageNames().every((name) => existsSync(join(root, "packages", name, "dist")));
  if (complete && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return 0;
  // Its build information lies elsewhere, so the compiler would not notice a deleted dist/.
  if (!complete) clean();
  say("Compiling");
  return compile(stamp);
}

/** Compiles everything from nothing, since the compiler never deletes the output of a deleted source. */
export function buildClean() {
  clean();
  return compile(sourceState());
}

function compile(stamp) {
  // By path: the other TypeScript in the workspace installs a `tsc` too.
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b", root], { stdio: ["ignore", 2, 2] });
  if (status !== 0) return status ?? 1;
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(stampFile, stamp);
  return 0;
}

function clean() {
  rmSync(join(root, ".cache"), { recursive: true, force: true });
  for (const name of packageNames()) rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true });
}

/** Paths, sizes and times of everything the compiler reads. Times are enough, and much faster than contents. */
function sourceState() {
  const packages = packageNames().map((name) => `packages/${name}`);
  const paths = [
    "tsconfig.json",
    "tsconfig.base.json",
    "pnpm-lock.yaml",
    ...packages.flatMap((folder) => [
      `${folder}/package.json`,
      `${folder}/tsconfig.json`,
      ...filesUnder(`${folder}/src`),
    ]),
  ];
  return paths
    .map((path) => {
      const { size, mtimeMs } = statSync(join(root, path));
      return `${path} ${size} ${mtimeMs}\n`;
    })
    .join("");
}
