/** What the scripts share: where the repository is, its packages, and walking and hashing files. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));

/** The folders under packages/ that hold a package, sorted. */
export function packageNames() {
  return readdirSync(join(root, "packages"))
    .filter((name) => existsSync(join(root, "packages", name, "package.json")))
    .sort();
}

/** Every file under a folder, as paths relative to the repository, sorted. */
export function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesUnder(path);
      return [path];
    })
    .sort();
}

/** One digest over names and contents. A file that is missing counts as empty. */
export function hashFiles(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    const full = join(root, path);
    hash
      .update(`${path}\0`)
      .update(existsSync(full) ? readFileSync(full) : "")
      .update("\0");
  }
  return hash.digest("hex");
}
