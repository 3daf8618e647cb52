/** Rules that no request can reach, whatever the actions, members and namespaces of the two rules. */

import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Stack } from "../../model/graph.ts";
import type { ListenerRuleSpec } from "../../model/listener-rule.ts";
import { resourceKey } from "../../model/resource.ts";
import type { Source } from "../../model/source.ts";
import { fieldName } from "../../render/names.ts";
import type { LintInput } from "./lint-input.ts";
import { addCover, findCover, newRuleCoverIndex } from "./rule-cover-index.ts";
import { shapeOf } from "./rule-shape.ts";

interface OwnedRule {
  readonly port: string;
  readonly id: string;
  readonly spec: ListenerRuleSpec;
  readonly source: Source | undefined;
}

interface Unreachable {
  readonly rule: OwnedRule;
  readonly why: string;
  readonly ports: string[];
}

/** One diagnostic a path, however many listeners it concerns. */
export function unreachableRules({ graph, provenance }: LintInput): readonly Diagnostic[] {
  return Object.values(graph.stacks).flatMap((stack) => {
    const found = new Map<string, Unreachable>();
    for (const rules of rulesByPort(stack, provenance[stack.id] ?? {}).values()) {
      const earlier = newRuleCoverIndex<OwnedRule>();
      for (const rule of rules) {
        const why = reason(rule, earlier);
        if (why === undefined) continue;
        const key = `${place(rule)}\n${why}`;
        const known = found.get(key);
        if (known === undefined) found.set(key, { rule, why, ports: [rule.port] });
        else known.ports.push(rule.port);
      }
    }
    return [...found.values()].map((one) => describe(stack.id, one));
  });
}

function reason(rule: OwnedRule, earlier: ReturnType<typeof newRuleCoverIndex<OwnedRule>>): string | undefined {
  const shape = shapeOf(rule.spec);
  if (shape.paths?.every((path) => !/^[/*?]/.test(path)) === true)
    return `it can match no path, since every path begins with a slash and ${shape.paths.join(", ")} doesn't`;
  const cover = findCover(earlier, shape);
  if (cover === undefined) addCover(earlier, shape, rule);
  return cover && `the earlier rule of ${place(cover)}, answers all its requests`;
}

function place({ id, source }: OwnedRule): string {
  const { namespace, name } = source?.object ?? {};
  return name === undefined ? `rule ${id}` : `Ingress ${namespace}/${name}, ${fieldName(source?.field ?? "")}`;
}

function describe(stack: string, { rule, why, ports }: Unreachable): Diagnostic {
  const where = `${ports.length > 1 ? "ports" : "port"} ${ports.join(", ")}`;
  const { object, field } = rule.source ?? {};
  return diagnose("lint.rule-unreachable", `${place(rule)}: its rule on ${where} is never reached: ${why}`, {
    stack,
    resource: resourceKey("listenerRule", rule.id),
    ...(object && { object }),
    ...(field !== undefined && { field }),
  });
}

/** The rules of each listener by priority. */
function rulesByPort(
  { resources }: Stack,
  sources: LintInput["provenance"][string],
): ReadonlyMap<string, readonly OwnedRule[]> {
  const ports = new Map<string, OwnedRule[]>();
  for (const [key, resource] of Object.entries(resources)) {
    if (resource.kind !== "listenerRule") continue;
    const port = resource.id.slice(0, resource.id.indexOf(":"));
    const rule = { port, id: resource.id, spec: resource.spec, source: sources[`${key}#`] };
    const rules = ports.get(port);
    if (rules === undefined) ports.set(port, [rule]);
    else rules.push(rule);
  }
  for (const rules of ports.values()) rules.sort((a, b) => a.spec.priority - b.spec.priority);
  return ports;
}
