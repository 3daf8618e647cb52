/** Scenarios as series of goals: of the examples, and the recorded ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Account,
  buildDesired,
  type ClusterSnapshot,
  type DesiredGraph,
  emptyAccount,
  type Facts,
  type Ingress,
  type Settings,
  settingsFromFlags,
} from "@elbplan/core";
import { parseManifests } from "@elbplan/k8s-source";
import { RECORDED_FACTS, recordedCluster } from "./recordings.ts";

const root = join(import.meta.dirname, "..");

interface ScenarioStep {
  readonly name: string;
  /** What should exist after the step. */
  readonly goal: (seen: Account) => DesiredGraph;
}

export interface Scenario {
  readonly name: string;
  /** Where it begins: nothing of ours exists. */
  readonly start: Account;
  readonly steps: readonly ScenarioStep[];
}

/** Files applied, or the Ingresses of a file deleted. */
interface Edit {
  readonly name: string;
  readonly applies?: readonly string[];
  readonly deletes?: readonly string[];
}

/** Create, edit and delete of the examples. */
export function exampleScenarios(): readonly Scenario[] {
  const folder = (name: string): readonly string[] =>
    readdirSync(join(root, "examples", name)).map((file) => join(root, "examples", name, file));
  const facts = readFacts(join(root, "examples", "facts.json"));
  const [shop, edited, https] = ["shop", "shop-edited", "https"].map(folder) as [string[], string[], string[]];
  return [
    scenario("examples", { facts, read, base: [] }, [
      { name: "create", applies: shop },
      { name: "edit", applies: edited },
      { name: "https", applies: https },
      { name: "delete", deletes: [...edited, ...https] },
    ]),
  ];
}

/** Five of the recorded scenarios. */
export function recordedScenarios(): readonly Scenario[] {
  const of = (name: string, ...steps: readonly (readonly [string, string, "deletes"?])[]): Scenario =>
    scenario(
      name,
      {
        facts: RECORDED_FACTS,
        read: (files) => recordedCluster(...files),
        base: ["00-base", "01-services", "02-pods"],
      },
      steps.map(([step, input, deletes]) => ({ name: step, [deletes ?? "applies"]: [input] })),
    );
  return [
    of(
      "single",
      ["create", "10-single"],
      ["backend", "11-single-backend"],
      ["insert-top", "12-single-top"],
      ["health-check", "13-single-hc"],
      ["certificates", "15-single-cert2"],
      ["one certificate", "14-single-cert"],
      ["no certificate", "10-single"],
      ["delete", "10-single", "deletes"],
    ),
    of(
      "group",
      ["create", "20-group"],
      ["update", "21-group-update"],
      ["reorder", "22-group-order"],
      ["drop-member", "21-group-update", "deletes"],
      ["delete", "20-group", "deletes"],
    ),
    of("weighted", ["create", "50-weighted"], ["shift", "51-weighted-shift"], ["delete", "50-weighted", "deletes"]),
    of("waf", ["create", "60-waf"], ["attributes", "61-waf-attrs"], ["delete", "60-waf", "deletes"]),
    of("fifty", ["create", "70-fifty"], ["insert-top", "71-fifty-top"], ["delete", "70-fifty", "deletes"]),
  ];
}

function readFacts(file: string): Facts {
  return JSON.parse(readFileSync(file, "utf8")) as Facts;
}

function read(files: readonly string[]): ClusterSnapshot {
  return parseManifests(
    files.map((file) => ({ file, text: readFileSync(file, "utf8") })),
    { whole: true },
  ).snapshot;
}

interface World {
  readonly facts: Facts;
  readonly read: (files: readonly string[]) => ClusterSnapshot;
  /** Files that are there from the start. */
  readonly base: readonly string[];
}

function scenario(name: string, { facts, read, base }: World, edits: readonly Edit[]): Scenario {
  const { settings } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "" });
  const ingresses = new Map<string, Ingress>();
  let rest: readonly string[] = base;
  const steps = edits.map((edit): ScenarioStep => {
    const applied = edit.applies ?? [];
    for (const ingress of read(applied).ingresses) ingresses.set(keyOf(ingress), ingress);
    rest = [...new Set([...rest, ...applied])];
    const gone = edit.deletes === undefined ? [] : read(edit.deletes).ingresses.map(keyOf);
    const held = [...ingresses].map(([key, ingress]) => (gone.includes(key) ? leaving(ingress) : ingress));
    for (const key of gone) ingresses.delete(key);
    return { name: edit.name, goal: goalOf({ ...read(rest), ingresses: held }, facts, settings) };
  });
  const { region, accountId, vpc } = facts;
  return { name, start: emptyAccount({ region, accountId, vpcId: vpc.id }), steps };
}

function goalOf(snapshot: ClusterSnapshot, facts: Facts, settings: Settings): ScenarioStep["goal"] {
  return (seen) => buildDesired(snapshot, facts, seen, settings);
}

function keyOf({ metadata: { namespace, name } }: Ingress): string {
  return `${namespace}/${name}`;
}

/** As the API server has an Ingress that was deleted while a finalizer of its group holds it. */
function leaving(ingress: Ingress): Ingress {
  const group = ingress.metadata.annotations?.["alb.ingress.kubernetes.io/group.name"];
  const finalizers = [group === undefined ? "ingress.k8s.aws/resources" : `group.ingress.k8s.aws/${group}`];
  return { ...ingress, metadata: { ...ingress.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers } };
}
