/**
 * Runs of LBC v3.5.0 that were recorded step by step, between it and moto on a kube-apiserver, in short: what the cluster
 * held (`objects.json`, by file), what AWS knew (`facts.json`), and what ten of the steps led to (`states.json`, in the
 * form of `accountState`). Only fields that planning looks at were kept.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterSnapshot, Facts } from "@elbplan/core";
import { parseObjects } from "@elbplan/k8s-source";

const folder = join(import.meta.dirname, "recordings");

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as T;
}

const objects = read<{ readonly [file: string]: readonly unknown[] }>("objects");

/** A state in the form of `accountState`, as far as tests name its parts. */
export interface RecordedState {
  readonly targetGroups: readonly { readonly name: string; readonly targets: readonly string[] }[];
  readonly securityGroups: readonly { readonly name: string; readonly ingress: readonly string[] }[];
}

/** What AWS knew in all runs. */
export const RECORDED_FACTS = read<Facts>("facts");

/** What LBC led to, by step. */
export const RECORDED_STATES = read<{ readonly [step: string]: RecordedState }>("states");

/** The cluster that holds the objects of these files and no others. */
export function recordedCluster(...files: readonly string[]): ClusterSnapshot {
  const all = files.flatMap((file) => {
    const found = objects[file];
    if (found === undefined) throw new Error(`nothing was recorded under ${file}`);
    return found;
  });
  return parseObjects(all, { whole: true }).snapshot;
}
