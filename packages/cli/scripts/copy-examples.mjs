/**
 * Before packing: the examples of the repository become part of the package, for `elbplan demo`. After it, with
 * `--remove`, the copy goes, so that a checkout has one set of examples.
 */
import { cpSync, rmSync } from "node:fs";

const target = new URL("../examples", import.meta.url);
rmSync(target, { recursive: true, force: true });
if (!process.argv.includes("--remove")) {
  cpSync(new URL("../../../examples", import.meta.url), target, { recursive: true });
}
