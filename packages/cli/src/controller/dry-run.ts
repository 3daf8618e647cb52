/** What a dry run prints: each group's plan, when it is another one than before. */
import type { ControllerEvent } from "@elbplan/controller";
import { CLUSTER_STACK, callFor, type Inventory, type Plan, renderPlanJson, renderPlanText } from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import type { Io } from "../io.ts";
import type { OutputOptions } from "../options.ts";

/**
 * Listens to a controller. As text, or as a line of JSON each: `{ at, group, plan }`, the plan as `plan --format json`.
 * What exists is named as the inventory of that moment has it.
 */
export function planPrinter(
  { format, color, calls }: OutputOptions,
  io: Io,
  { date, inventory }: { readonly date: () => Date; readonly inventory: () => Inventory | undefined },
): (event: ControllerEvent) => void {
  const palette = paletteFor(io.stdout, io, color);
  const asText = (group: string, plan: Plan): string => {
    const existing = inventory();
    const name = group === CLUSTER_STACK ? "shared by all groups" : group;
    const options = { callFor, palette, ...(calls === false && { calls }), ...(existing && { inventory: existing }) };
    return `${palette.strong(`${name}:`)}\n${renderPlanText(plan, options)}\n`;
  };
  const asJson = (group: string, plan: Plan): string => {
    const whole: unknown = JSON.parse(renderPlanJson(plan, callFor));
    return `${JSON.stringify({ at: date().toISOString(), group, plan: whole })}\n`;
  };
  const print = format === "json" ? asJson : asText;
  /** By group, what would be done; a group of which nothing was said has nothing to do. */
  const said = new Map<string, string>();
  return (event) => {
    if (event.type === "reconciled" && event.outcome === "gone") said.delete(event.group);
    if (event.type !== "planned") return;
    const { group, plan } = event;
    const what = plan.actions.length === 0 ? "" : JSON.stringify(plan.actions);
    if (what === (said.get(group) ?? "")) return;
    said.set(group, what);
    io.stdout.write(print(group, plan));
  };
}
