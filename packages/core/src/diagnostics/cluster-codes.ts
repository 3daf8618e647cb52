import type { CodeEntry } from "./codes.ts";

/** Codes of reading a cluster. */
export const clusterCodes = {
  "cluster.forbidden": {
    severity: "error",
    meaning: "The API server refuses to show objects of a kind that planning needs.",
    hint: "Grant the rights that docs/cluster.md lists, or name the namespaces that may be read with --namespace.",
  },
  "cluster.kind-missing": {
    severity: "info",
    meaning: "The API server doesn't know a kind of LBC's, because its CustomResourceDefinition isn't installed.",
    hint: "Nothing to do unless objects of that kind are wanted; deploy/crds holds the definitions.",
  },
  "cluster.moments-differ": {
    severity: "warning",
    meaning:
      "The API server couldn't show all kinds as they were at one moment; objects that were edited meanwhile may not fit together.",
    hint: "Read again if the plan shows something unexpected.",
  },
  "cluster.object-invalid": {
    severity: "error",
    meaning: "An object of the cluster isn't of the shape that its kind has; it is left out.",
    hint: "Correct the object; if it is one of a custom kind, check that the CustomResourceDefinition is LBC's own.",
  },
  "cluster.namespaces-limited": {
    severity: "info",
    meaning: "Only some namespaces of the cluster were read, so nothing is deleted for being absent.",
    hint: "Leave out --namespace to read the whole cluster.",
  },
} as const satisfies Record<string, CodeEntry>;
