/** `npm run build`: every package from nothing, then what is generated from the types. */
import { buildClean } from "./compile.mjs";

process.exitCode = buildClean();
if (process.exitCode === 0) await import("./generate-schemas.mjs");
