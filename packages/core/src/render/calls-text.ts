/** The calls of a plan, numbered in the order in which they are made. */
import type { Action } from "../model/action.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Call } from "../model/plan.ts";
import { paintDisruption } from "./change-text.ts";
import { resourceName, shortName } from "./names.ts";
import type { Palette } from "./palette.ts";
import { describe } from "./value-text.ts";

/** What one action calls; null for a wait. */
export type CallOf = (action: Action) => Call | null;

/** The services as the AWS command line calls them. */
export const SERVICES = {
  elasticloadbalancingv2: "elbv2",
  ec2: "ec2",
  acm: "acm",
  wafv2: "wafv2",
  "waf-regional": "waf-regional",
  shield: "shield",
  route53: "route53",
  kubernetes: "kubernetes",
} as const satisfies Record<Call["service"], string>;

/** Resources named on one line. */
const NAMED = 3;

interface Row {
  /** Where the calls of several groups are shown, whose these are. */
  readonly group: string | undefined;
  readonly first: number;
  readonly last: number;
  readonly what: string;
  readonly actions: readonly Action[];
}

/**
 * One line a call; equal calls that follow one another share a line. With several groups a line names the group whose
 * calls follow. No line breaks at the ends.
 */
export function callLines(actions: readonly Action[], callOf: CallOf, palette: Palette): readonly string[] {
  const groupOf = groupNaming(actions);
  const rows: Row[] = [];
  for (const [index, action] of actions.entries()) {
    const what = operation(action, callOf);
    const group = groupOf(action);
    const previous = rows.at(-1);
    if (previous?.what === what && previous.group === group && action.kind !== "wait") {
      rows[rows.length - 1] = { ...previous, last: index + 1, actions: [...previous.actions, action] };
    } else {
      rows.push({ group, first: index + 1, last: index + 1, what, actions: [action] });
    }
  }
  const numbers = rows.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const numberWidth = Math.max(0, ...numbers.map((number) => number.length));
  const whatWidth = Math.max(0, ...rows.map(({ what }) => what.length));
  return rows.flatMap(({ group, what, actions: done }, index) => {
    const number = palette.dim((numbers[index] ?? "").padStart(numberWidth));
    const line = `  ${number}  ${what.padEnd(whatWidth)}  ${subjects(done)}${labels(done, palette)}`.trimEnd();
    return group === undefined || group === rows[index - 1]?.group ? [line] : [`  ${palette.dim(`${group}:`)}`, line];
  });
}

/** Names the group of an action if the actions are of more than one group; what all share speaks for itself. */
export function groupNaming(actions: readonly Action[]): (action: Action) => string | undefined {
  const groups = new Set(actions.map(({ stack }) => stack).filter((stack) => stack !== CLUSTER_STACK));
  return ({ stack }) => (groups.size < 2 ? undefined : stack === CLUSTER_STACK ? "shared by all groups" : stack);
}

/** One action by itself: what it calls and on what, for instance `elbv2 CreateRule` and `rule 443:1`. */
export function callWords(action: Action, callOf: CallOf): { readonly call: string; readonly on: string } {
  return { call: operation(action, callOf), on: subjects([action]) };
}

/** `elbv2 CreateRule`, or the words of a wait. */
function operation(action: Action, callOf: CallOf): string {
  const call = callOf(action);
  if (call !== null) return `${SERVICES[call.service]} ${call.operation}`;
  return action.kind === "wait" ? `wait: ${action.details.until.replaceAll("-", " ")}` : action.kind;
}

function subjects(actions: readonly Action[]): string {
  const [first] = actions;
  if (first === undefined) return "";
  if (first.kind === "wait") return `${describe(first.details.subject)}, at most ${first.details.deadlineSeconds} s`;
  const [one] = actions;
  if (actions.length === 1 && one !== undefined) return resourceName(one.resource);
  const ids = actions.map(({ resource }) => shortName(resource));
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  return `${ids.slice(0, NAMED).join(", ")}${more}`;
}

function labels(actions: readonly Action[], palette: Palette): string {
  const found = [...new Set(actions.map(({ disruption }) => disruption))].filter((label) => label !== "none").sort();
  return found.map((label) => `  ${paintDisruption(label, palette)}`).join("");
}
