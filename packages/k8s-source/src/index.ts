/** Reads Kubernetes objects for elbplan: manifests now, clusters by subpath. */
export { type ManifestFile, type ParseOptions, parseManifests, parseObjects } from "./manifests/parse-manifests.ts";
export { type ParsedYaml, parseYaml, type YamlProblem } from "./manifests/parse-yaml.ts";
export { type ReadOptions, readManifests } from "./manifests/read-manifests.ts";
export type { ManifestCounts, Manifests } from "./manifests/snapshot-builder.ts";
