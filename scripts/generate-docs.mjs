/**
 * Writes what is made from the core's own tables: pages of docs/ and the schema of annotations; `--check` writes nothing and fails if one is
 * stale. Reads the built core.
 */
import * as core from "../packages/core/dist/index.js";
import { renderConformanceDoc } from "./conformance-doc.mjs";
import { writeGenerated } from "./generated.mjs";

const pages = {
  "docs/diagnostics.md": core.renderDiagnosticsDoc,
  "docs/annotations.md": core.renderAnnotationsDoc,
  "docs/conformance.md": renderConformanceDoc,
  "packages/core/schemas/annotations.schema.json": () => `${JSON.stringify(core.annotationsSchema(), null, 2)}\n`,
};

writeGenerated(
  Object.entries(pages)
    .filter(([, render]) => render !== undefined)
    .map(([path, render]) => [path, render()]),
  "npm run docs",
);
