/** What a plan costs, as people read it. */
import type { PlanCost } from "../check/cost/cost.ts";
import { SERVICES } from "./calls-text.ts";
import { type Palette, PLAIN } from "./palette.ts";

/**
 * A line of sums, a table of calls, the rate buckets that hold the plan up and the IAM actions; every line ended by a
 * line break. Nothing but the line of sums for a plan that does nothing.
 */
export function renderCostText(cost: PlanCost, palette: Palette = PLAIN): string {
  const width = Math.max(0, ...cost.operations.map(({ service }) => SERVICES[service].length));
  const counts = Math.max(0, ...cost.operations.map(({ calls }) => String(calls).length));
  const slow = cost.buckets.filter(({ atLeastSeconds }) => atLeastSeconds > 0);
  const blocks = [
    [sums(cost, palette)],
    cost.operations.map(
      ({ service, operation, calls }) =>
        `  ${String(calls).padStart(counts)}  ${SERVICES[service].padEnd(width)}  ${operation}`,
    ),
    slow.map(
      ({ bucket, calls, atLeastSeconds }) =>
        `  ${bucket.name}: ${calls} calls take at least ${seconds(atLeastSeconds)} (${bucket.capacity} at once, then ${bucket.refillPerSecond} a second)`,
    ),
    cost.iamActions.length === 0 ? [] : ["  IAM actions:", ...cost.iamActions.map((action) => `    ${action}`)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function sums({ calls, kubernetesWrites, depth, ...cost }: PlanCost, palette: Palette): string {
  const writes = kubernetesWrites === 0 ? "" : ` and ${count(kubernetesWrites, "write")} to Kubernetes`;
  if (calls + kubernetesWrites === 0) return `${palette.strong("Cost:")} no calls.`;
  const atMost = cost.secondsAtMost > cost.seconds ? `, at most ${seconds(cost.secondsAtMost)} with all waits` : "";
  return `${palette.strong("Cost:")} ${count(calls, "AWS call")}${writes}, ${depth} of them one after another; about ${seconds(cost.seconds)}${atMost}.`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function seconds(value: number): string {
  return `${Math.round(value * 10) / 10} s`;
}
