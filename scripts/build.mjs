/** Compiles every package from nothing. (`npm run build` then writes what is generated from the types.) */
import { buildClean } from "./compile.mjs";

process.exitCode = buildClean();
