/**
 * Writes packages/core/schemas/*.schema.json from the TypeScript types: one definition.
 * They are committed, so that a change of a file format is seen in review; `--check` writes nothing and fails if
 * one is stale.
 */
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { root } from "./files.mjs";
import { writeGenerated } from "./generated.mjs";

const types = {
  plan: "PlanFile",
  facts: "Facts",
  inventory: "Inventory",
  settings: "SettingsFile",
  snapshot: "ClusterSnapshot",
};

const generator = createGenerator({
  path: join(root, "packages/core/src/model/*.ts"),
  tsconfig: join(root, "packages/core/tsconfig.json"),
  skipTypeCheck: true, // the compiler has its own step
  topRef: false,
  additionalProperties: true, // Kubernetes objects and files of a newer version hold fields unknown to us
});

writeGenerated(
  Object.entries(types).map(([file, type]) => [`packages/core/schemas/${file}.schema.json`, render(file, type)]),
  "npm run build",
);

function render(file, type) {
  const schema = { $id: `urn:elbplan:${file}`, ...generator.createSchema(type) };
  if (file === "settings") {
    // People write this one: only what differs from the defaults, and a misspelt name must not pass in silence.
    for (const part of [schema, ...["Compat", "FeatureGates", "PolicyTexts"].map((name) => schema.definitions[name])]) {
      delete part.required;
      part.additionalProperties = false;
    }
  }
  return `${JSON.stringify(schema, null, 2)}\n`;
}
