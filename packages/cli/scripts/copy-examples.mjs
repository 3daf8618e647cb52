/** Before packing: the examples of the repository become part of the package, for `elbplan demo`. */
import { cpSync, rmSync } from "node:fs";

const target = new URL("../examples", import.meta.url);
rmSync(target, { recursive: true, force: true });
cpSync(new URL("../../../examples", import.meta.url), target, { recursive: true });
