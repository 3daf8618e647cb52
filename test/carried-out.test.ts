/** The recorded cases once more: what is planned from each is carried out on a simulated account. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  buildDesired,
  emptyAccount,
  type Facts,
  plan,
  reaches,
  settingsFromFlags,
  simulate,
} from "../packages/core/src/index.ts";
import { parseManifests } from "../packages/k8s-source/src/index.ts";

const CASES = fileURLToPath(new URL("../conformance/cases", import.meta.url));
const FACTS = fileURLToPath(new URL("../conformance/facts", import.meta.url));

/** Cases whose manifests ask for what AWS doesn't take, with the error of the first call refused. */
const REFUSED: { readonly [name: string]: string } = {
  "actions/redirect-loop-not-with-query": "InvalidLoadBalancerAction",
  "class-params/everything": "InvalidConfigurationRequest",
  "conditions/all-kinds": "ValidationError",
  "groups/class-resolves-listener-attribute-conflict": "InvalidConfigurationRequest",
  "groups/listener-attributes-joined": "InvalidConfigurationRequest",
  "load-balancer/attributes-escaped-comma": "InvalidConfigurationRequest",
  "load-balancer/attributes-trailing-comma": "ValidationError",
  "load-balancer/attributes-unknown-key": "InvalidConfigurationRequest",
  "load-balancer/attributes-value-with-equals": "InvalidConfigurationRequest",
  "load-balancer/name-empty-string": "ValidationError",
  "negative-groups/nlb-attributes-second-member-only": "InvalidConfigurationRequest",
  "rules/unicode-and-encoded-path": "ValidationError",
  "target-groups/healthcheck-negative-numbers": "ValidationError",
  "target-groups/healthcheck-port-out-of-range": "ValidationError",
};

type RecordedFacts = Facts & { readonly clusterName?: string; readonly flags?: Readonly<Record<string, string>> };

function factsOf(directory: string): RecordedFacts {
  const { facts } = JSON.parse(readFileSync(`${directory}/case.json`, "utf8")) as { readonly facts: string };
  return JSON.parse(readFileSync(`${FACTS}/${facts}.json`, "utf8"));
}

interface Outcome {
  /** AWS's error codes of refused calls. */
  readonly refused: readonly string[];
  readonly problems: readonly string[];
  /** Ids of the actions of a second plan. */
  readonly again: readonly string[];
}

/** Undefined where there is nothing to carry out: flags refused, or a stack that the plan itself refuses. */
function carryOut(directory: string): Outcome | undefined {
  const facts = factsOf(directory);
  const { settings, diagnostics } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "" });
  if (diagnostics.some(({ severity }) => severity === "error")) return undefined;
  const manifests = { file: "manifests.yaml", text: readFileSync(`${directory}/manifests.yaml`, "utf8") };
  const { snapshot } = parseManifests([manifests]);
  const { region, accountId, vpc } = facts;
  // Large groups need more than AWS gives at first.
  const quotas = { rulesPerLoadBalancer: 1000, targetGroupsPerLoadBalancer: 1000 };
  const account = emptyAccount({ region, accountId, vpcId: vpc.id, quotas });
  const graph = buildDesired(snapshot, facts, undefined, settings);
  const first = plan(graph, account);
  const isRefused = first.diagnostics.some((found) => found.severity === "error" && !graph.diagnostics.includes(found));
  if (isRefused) return undefined;
  const done = simulate(account, first);
  const second = plan(buildDesired(snapshot, facts, done.account, settings), done.account);
  return {
    refused: done.steps.flatMap(({ awsCode }) => awsCode ?? []),
    problems: reaches(graph, done.account).map(({ message }) => message),
    again: second.actions.map(({ id }) => id),
  };
}

describe("recorded cases carried out", () => {
  it.each(readdirSync(CASES))("%s", (area) => {
    for (const name of readdirSync(`${CASES}/${area}`)) {
      const outcome = carryOut(`${CASES}/${area}/${name}`);
      if (outcome === undefined) continue;
      const { refused, problems, again } = outcome;
      const expected = REFUSED[`${area}/${name}`];
      expect(refused[0], `${area}/${name} refused`).toBe(expected);
      if (expected !== undefined) continue;
      expect(problems, `${area}/${name} reached`).toEqual([]);
      expect(again, `${area}/${name} again`).toEqual([]);
    }
  });
});
