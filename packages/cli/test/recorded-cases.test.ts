/** Every recorded case is planned and rendered in every form: nothing half-written, no secret comes out, and the saved plan is as its schema says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  buildDesired,
  callFor,
  emptyAccount,
  explainDesired,
  explainRequest,
  type Facts,
  listenerStateOfStack,
  plan,
  planFromJson,
  renderDiagnostics,
  renderJson,
  renderLbcPlanAnnotation,
  renderLbcStack,
  renderPlanJson,
  renderPlanText,
  renderRequestJson,
  renderRequestText,
  settingsFromFlags,
  witnesses,
} from "@elbplan/core";
import planSchema from "@elbplan/core/schemas/plan.schema.json" with { type: "json" };
import { parseManifests } from "@elbplan/k8s-source";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

const root = new URL("../../../conformance/", import.meta.url);
const areas = readdirSync(new URL("cases/", root)).map((area) => ({ area }));
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const isPlanFile = new Ajv({ strict: false }).compile(planSchema);

describe("rendering the recorded cases", () => {
  it.each(areas)("$area", ({ area }) => {
    const cases = readdirSync(new URL(`cases/${area}/`, root)).map((name) => `cases/${area}/${name}/`);
    expect(cases.length).toBeGreaterThan(0);
    for (const path of cases) {
      if (!existsSync(new URL(`${path}manifests.yaml`, root))) continue;
      const facts = JSON.parse(read(`facts/${JSON.parse(read(`${path}case.json`)).facts}.json`)) as Facts;
      const { snapshot, diagnostics } = parseManifests([
        { file: "manifests.yaml", text: read(`${path}manifests.yaml`) },
      ]);
      const { settings } = settingsFromFlags({ "cluster-name": facts.clusterName ?? "", ...facts.flags });
      const graph = buildDesired(snapshot, facts, undefined, settings);
      const nothing = emptyAccount({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
      const provenance = explainDesired(snapshot, facts, undefined, settings);
      const made = plan(graph, nothing, {}, provenance);
      const explanations = Object.keys(graph.stacks)
        .map((id) => listenerStateOfStack(graph, id).map((it) => ({ ...it, rules: it.rules.slice(0, 5) })))
        .flatMap((state) => witnesses([state]).requests.slice(0, 3))
        .map((request) => explainRequest(request, { desired: graph, provenance }));

      const texts = [
        renderPlanText(made, { callFor }),
        renderDiagnostics([...diagnostics, ...made.diagnostics]),
        ...explanations.map((explanation) => renderRequestText(explanation)),
      ];
      for (const text of texts) expect(text, path).not.toMatch(/undefined|NaN|\[object/);
      const saved = renderPlanJson(made, callFor);
      expect(isPlanFile(JSON.parse(saved)) || isPlanFile.errors, path).toBe(true);
      const loaded = planFromJson(saved);
      expect("plan" in loaded && renderPlanJson(loaded.plan, callFor), path).toBe(saved);
      const forms = [
        ...texts,
        saved,
        ...explanations.map(renderRequestJson),
        renderJson(graph),
        renderJson(renderLbcStack(graph)),
        ...Object.values(graph.stacks).map((stack) => renderLbcPlanAnnotation(stack)),
      ].join("\n");
      const leaked = secretsOf(read(`${path}expected.json`)).filter((secret) => forms.includes(secret));
      expect(leaked, path).toEqual([]);
    }
  });
});

interface Expected {
  /** Where a client is sent to AWS, its id and its secret, both quoted. */
  readonly groups: readonly { readonly oidcClients?: readonly string[] }[];
}

function secretsOf(expected: string): readonly string[] {
  const { groups } = JSON.parse(expected) as Expected;
  const quoted = groups.flatMap(({ oidcClients = [] }) =>
    oidcClients.map((client) => /"(?:[^"\\]|\\.)*"$/.exec(client)?.[0]),
  );
  const secrets = quoted.flatMap((secret) => (secret === undefined ? [] : [String(JSON.parse(secret))]));
  // One letter stands in every text.
  return secrets.filter(({ length }) => length > 3);
}
