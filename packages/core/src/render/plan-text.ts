/** A plan as people read it: what changes and why, the calls in order, what there is to say, and a sum. */
import type { Change, ChangeKind } from "../model/change.ts";
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Plan, PlannedStack } from "../model/plan.ts";
import type { ResourceKind } from "../model/resource.ts";
import { type CallOf, callLines } from "./calls-text.ts";
import { changeLines, SIGNS } from "./change-text.ts";
import { renderDiagnostics } from "./diagnostics-text.ts";
import { type KeysByArn, keysByArn, nameArns } from "./known-arns.ts";
import { splitKey } from "./names.ts";
import { type Palette, PLAIN } from "./palette.ts";
import { gatherRenumbered, type Renumbered, renumberedLines } from "./renumbered-text.ts";

export interface PlanTextOptions {
  /** No colour by default. */
  readonly palette?: Palette;
  /** What each action calls. */
  readonly callFor: CallOf;
  /** What exists: ARNs of its resources are shown by name. */
  readonly inventory?: Inventory;
  /** Show the numbered calls; true by default. */
  readonly calls?: boolean;
  /** Show the diagnostics, above the sum; true by default. */
  readonly diagnostics?: boolean;
}

/** Resources stand in this order: what a request meets first comes first. */
const KINDS: readonly ResourceKind[] = [
  "loadBalancer",
  "securityGroup",
  "certificate",
  "listener",
  "listenerRule",
  "targetGroup",
  "targetGroupBinding",
  "targets",
  "endpointPermissions",
  "frontendNlbTarget",
  "webAclAssociation",
  "wafRegionalAssociation",
  "shieldProtection",
];

const MEANINGS: readonly (readonly [Exclude<ChangeKind, "keep">, string])[] = [
  ["create", "create"],
  ["update", "change in place"],
  ["replace", "replace"],
  ["delete", "delete"],
];

/**
 * The plan as text, every line ended by a line break.
 *
 * Stacks without a change are not shown. Values that only the API server or AWS will choose read `(known after
 * apply)`, values of resources that don't exist yet are the names of those resources. The last line is the sum,
 * `Plan: …` or `Nothing to do. …`.
 */
export function renderPlanText(plan: Plan, options: PlanTextOptions): string {
  const palette = options.palette ?? PLAIN;
  const stacks = plan.stacks.filter(({ changes }) => changes.some(({ kind }) => kind !== "keep"));
  const keys = keysByArn(plan, options.inventory);
  const blocks = [
    ...(stacks.length === 0 ? [] : [legend(plan, palette)]),
    ...stacks.map((stack) => stackBlock(stack, plan, keys, palette, options.inventory)),
    ...(options.calls === false || plan.actions.length === 0
      ? []
      : [
          [palette.strong("Calls, in this order:"), "", ...callLines(plan.actions, options.callFor, palette)].join(
            "\n",
          ),
        ]),
    ...(options.diagnostics === false || plan.diagnostics.length === 0
      ? []
      : [renderDiagnostics(plan.diagnostics, palette).trimEnd()]),
    summaryLine(plan, palette),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/**
 * `Plan: 7 to create, 1 to change, 0 to replace, 2 to delete; 12 AWS calls.`, or `Nothing to do. …`, or, when errors are
 * the reason for that, `Not planned: …`.
 */
export function summaryLine(plan: Plan, palette: Palette = PLAIN): string {
  const { create, update, replace, delete: remove, writes, kubernetesWrites } = plan.summary;
  const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
  if (plan.actions.length === 0) {
    const withheld = plan.diagnostics.filter(({ code }) => code === "plan.action-withheld");
    const broken = new Set([...errors, ...withheld].map(({ stack }) => stack));
    const sound = plan.stacks.filter(({ id }) => id !== CLUSTER_STACK && !broken.has(id)).length;
    const rest = sound === 0 ? "" : ` ${sound} ${sound === 1 ? "group is as it" : "groups are as they"} should be.`;
    return errors.length === 0
      ? `${palette.strong("Nothing to do.")}${withheld.length === 0 ? "" : " A policy withholds what there was."}${rest}`
      : `${palette.error("Not planned:")} ${counted(errors.length, "error")}.${rest}`;
  }
  const counts = `${create} to create, ${update} to change, ${replace} to replace, ${remove} to delete`;
  const calls = [
    counted(writes, "AWS call"),
    ...(kubernetesWrites === 0 ? [] : [counted(kubernetesWrites, "Kubernetes write")]),
  ];
  const left = errors.length === 0 ? "" : ` ${counted(errors.length, "error")}.`;
  return `${palette.strong("Plan:")} ${counts}; ${calls.join(", ")}.${left}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function legend(plan: Plan, palette: Palette): string {
  const kinds = new Set(plan.stacks.flatMap(({ changes }) => changes.map(({ kind }) => kind)));
  const signs = MEANINGS.filter(([kind]) => kinds.has(kind)).map(
    ([kind, meaning]) => `${palette[kind](SIGNS[kind])} ${meaning}`,
  );
  return `Signs: ${signs.join("   ")}`;
}

function stackBlock(stack: PlannedStack, plan: Plan, keys: KeysByArn, palette: Palette, inventory?: Inventory): string {
  const actions = plan.actions.filter((action) => action.stack === stack.id);
  const changes = stack.changes.filter(({ kind }) => kind !== "keep").toSorted(byPlace);
  const show = (shown: readonly Change[]): readonly string[] => changeBlocks(shown, actions, keys, palette, inventory);
  const drifted = changes.filter(({ drift }) => drift === true);
  return [
    heading(stack, palette),
    ...show(changes.filter(({ drift }) => drift !== true)),
    ...(drifted.length === 0
      ? []
      : ["", `  ${palette.warning("Drift")}: others changed this since the last goal; the plan brings it back`]),
    ...show(drifted),
  ].join("\n");
}

function changeBlocks(
  changes: readonly Change[],
  actions: Plan["actions"],
  keys: KeysByArn,
  palette: Palette,
  inventory?: Inventory,
): readonly string[] {
  const blocks = gatherRenumbered(changes);
  return blocks.flatMap((block, index) => [
    ...(typeOf(block) === typeOf(blocks[index - 1]) ? [] : [""]),
    ...("moved" in block
      ? renumberedLines(block, palette)
      : changeLines(
          nameArns(block, keys),
          actions.filter(({ resource }) => resource === block.resource),
          palette,
          inventory,
        )),
  ]);
}

function typeOf(block: Change | Renumbered | undefined): string | undefined {
  return block === undefined || "moved" in block ? block && "listenerRule" : block.type;
}

function heading({ id, members }: PlannedStack, palette: Palette): string {
  if (id === CLUSTER_STACK) return palette.strong("Shared by all groups");
  if (members.length === 1 && members[0] === id) return palette.strong(`Ingress ${id}`);
  const who =
    members.length === 0
      ? "no Ingress left"
      : `${members.length === 1 ? "Ingress" : "Ingresses"} ${members.join(", ")}`;
  return `${palette.strong(`Group ${id}`)}: ${who}`;
}

/** By kind, then by id, numbers in ids compared as numbers. */
function byPlace(a: Change, b: Change): number {
  const kinds = KINDS.indexOf(a.type) - KINDS.indexOf(b.type);
  if (kinds !== 0) return kinds;
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    const numeric = /^[0-9]+$/.test(one) && /^[0-9]+$/.test(other) ? Number(one) - Number(other) : 0;
    if (numeric !== 0) return numeric;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function parts({ resource }: Change): readonly string[] {
  return splitKey(resource).id.split(/([0-9]+)/);
}
