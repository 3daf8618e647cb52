/** A request's way as JSON. */
import type { AskedRule, RequestExplanation, Way } from "../route/request-explanation.ts";
import { renderJson } from "./json.ts";

/**
 * The explanation as JSON text with sorted keys. Of the rules those are told that matter: `almost`, those that match but
 * are asked later (`shadowed`), and those that depend on something unknown (`undecided`).
 */
export function renderRequestJson(explanation: RequestExplanation): string {
  return renderJson({
    formatVersion: 1,
    ...explanation,
    stacks: explanation.stacks.map(({ before, after, ...stack }) => ({
      ...stack,
      ...(before && { before: wayJson(before) }),
      ...(after && { after: wayJson(after) }),
    })),
  });
}

function wayJson({ route: { undecided: _, ...route }, rules, almost, source }: Way): object {
  const all = (verdict: AskedRule["verdict"]): readonly AskedRule[] => rules.filter((rule) => rule.verdict === verdict);
  return {
    route,
    ...(source && { source }),
    almost,
    shadowed: all("shadowed"),
    undecided: all("undecided"),
  };
}
