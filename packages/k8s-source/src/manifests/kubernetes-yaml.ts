/**
 * YAML as kubectl reads it: YAML 1.1 scalars (`on` is true, `0777` is 511) without sexagesimal numbers and timestamps,
 * with `0o` octals. Measured against kubectl 1.32; the table is in docs/reading-manifests.md and is a test.
 */
import { type DocumentOptions, type ParseOptions, Schema, type SchemaOptions, type Tags } from "yaml";

function asKubernetes(tags: Tags): Tags {
  return [
    ...tags.filter(
      (tag) => typeof tag === "string" || (tag.format !== "TIME" && !/timestamp|omap|pairs|set$/.test(tag.tag)),
    ),
    {
      tag: "tag:yaml.org,2002:int",
      default: true,
      identify: () => false,
      format: "OCT12",
      test: /^[-+]?0o[0-7]+$/,
      resolve: (text: string): number => Number.parseInt(text.replace("0o", ""), 8),
    },
  ];
}

/** Options of the `yaml` library. The schema is made once: making it costs more than reading a small document. */
export const KUBERNETES_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  // A schema object, unlike a name, also holds for a document that says `%YAML 1.2`.
  schema: new Schema({ schema: "yaml-1.1", merge: true, resolveKnownTags: false, customTags: asKubernetes }) as never,
  // kubectl keeps the last of equal keys; plain-value.ts reports them.
  uniqueKeys: false,
  // The library's own messages quote the source, which may be a Secret.
  prettyErrors: false,
  logLevel: "silent",
};
