/**
 * Writes the pages of docs/ that are made from the core's own tables; `--check` writes nothing and fails if one is
 * stale. Reads the built core.
 */
import * as core from "../packages/core/dist/index.js";
import { writeGenerated } from "./generated.mjs";

const pages = {
  "docs/diagnostics.md": core.renderDiagnosticsDoc,
  "docs/annotations.md": core.renderAnnotationsDoc,
};

writeGenerated(
  Object.entries(pages)
    .filter(([, render]) => render !== undefined)
    .map(([path, render]) => [path, render()]),
  "npm run docs",
);
