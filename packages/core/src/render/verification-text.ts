/** The proof of a plan as a short table. */
import type { Counterexample, Guarantee, PlanCheck, Verdict } from "../check/proof/plan-check.ts";
import { type Palette, PLAIN } from "./palette.ts";

const WORDS: { readonly [guarantee in Guarantee]: readonly [name: string, says: string] } = {
  reaches: ["reaches", "afterwards everything is as asked, and nothing is left over"],
  idempotent: ["idempotent", "planned again, there is nothing to do"],
  gapless: ["gapless", "meanwhile every request is served as before or as after"],
  warm: ["warm", "traffic moves only to targets that are healthy"],
  drained: ["drained", "what lost its last rule has time to end its connections"],
  contained: ["contained", "nothing is touched that belongs to others"],
  withinQuota: ["within quota", "AWS takes every call"],
  resumable: ["resumable", "stopped anywhere, a new plan gets there"],
};

/** One line for each guarantee that is claimed, the counterexamples, and how far the check went; ends with a line break. */
export function renderVerification(
  { guarantees, counterexamples, bounds }: PlanCheck,
  claimed: readonly Guarantee[],
  palette: Palette = PLAIN,
): string {
  const colour: { readonly [verdict in Verdict]: (text: string) => string } = {
    proven: palette.create,
    announced: palette.warning,
    refuted: palette.error,
    off: palette.dim,
  };
  const rows = claimed.map((guarantee) => {
    const [name, says] = WORDS[guarantee];
    const verdict = guarantees[guarantee];
    return `  ${name.padEnd(13)} ${colour[verdict](verdict.padEnd(10))} ${says}`;
  });
  const found = counterexamples
    .filter(({ guarantee }) => claimed.includes(guarantee))
    .flatMap((one) => ["", ...counterexampleLines(one)]);
  const orders = bounds.everyInterleaving ? "the only order" : `${bounds.interleavings} orders`;
  const reach = `  ${bounds.witnesses} requests through ${bounds.prefixes} states in ${orders}; planned again from ${bounds.resumed}.`;
  const limits = [
    ...bounds.sampledRegexes.map((regex) => `  Only samples of /${regex}/ were tried.`),
    ...bounds.cutShort.map((place) => `  The search for requests was cut short at ${place}.`),
  ];
  return `${[palette.strong("Verification"), ...rows, ...found, "", reach, ...limits].join("\n")}\n`;
}

function counterexampleLines(one: Counterexample): readonly string[] {
  const { guarantee, message, step, action, interleaving, before, now, after } = one;
  const order = interleaving === 0 ? "" : `, in order ${interleaving}`;
  const place = action === undefined ? "before the first action" : `after action ${step}${order}: ${action}`;
  const served = [
    ["before", before],
    ["now", now],
    ["after", after],
  ].flatMap(([when, what]) => (what === undefined ? [] : [`      ${when?.padEnd(7)} ${what}`]));
  return [`  ${WORDS[guarantee][0]}: ${message}`, `    ${place}`, ...served];
}
