/** Proves what a plan guarantees, or finds where it doesn't hold. */
import { asAccount } from "./check/account/account.ts";
import { foreignSubjects, ownersByArn } from "./check/proof/contained.ts";
import { undrained } from "./check/proof/drained.ts";
import { endpointGaps } from "./check/proof/endpoints.ts";
import { type GaplessResult, gapsOf } from "./check/proof/gapless.ts";
import { interleavings } from "./check/proof/interleavings.ts";
import {
  type Counterexample,
  GUARANTEES,
  type Guarantee,
  type PlanCheck,
  type Verdict,
} from "./check/proof/plan-check.ts";
import { carryOut, type Run } from "./check/proof/run.ts";
import { reaches } from "./check/reaches.ts";
import { simulate } from "./check/simulate.ts";
import { compareStrings } from "./lib/compare.ts";
import { CLUSTER_STACK, type DesiredGraph } from "./model/graph.ts";
import type { Account, Inventory } from "./model/inventory.ts";
import type { Plan, PlanOptions } from "./model/plan.ts";
import { plan as planAgain } from "./plan.ts";
import type { RegexEngine } from "./route/regex-engine.ts";

export interface CheckPlanOptions {
  /** The options that the plan was made with. */
  readonly planning?: PlanOptions;
  /** Without one, rules with regular expressions match no witness. */
  readonly regex?: RegexEngine;
  /** Bound for the states between two actions over all interleavings; 1000 if absent. The plan's own order counts always. */
  readonly prefixes?: number;
  /** From how many states in the middle it is planned again; 4 if absent. */
  readonly resumptions?: number;
}

/** Counterexamples told of one guarantee. */
const TOLD = 5;

/** More orders than this are of little use, however short the plan. */
const MOST_INTERLEAVINGS = 64;

/** Codes by which a plan says that it can't be without a gap. */
const GAP_CODES: ReadonlySet<string> = new Set([
  "rules.gap",
  "certificates.gap",
  "redirects.gap",
  "permissions.gap",
  "targets.gap",
]);

/** Codes by which a plan says that AWS may refuse some calls, after which the rest is planned again. */
const REFUSAL_CODES: ReadonlySet<string> = new Set(["target-groups.gap"]);

/** Codes by which a plan says that targets get traffic before they are known to be healthy, directly or by a redirect. */
const COLD_CODES: ReadonlySet<string> = new Set(["targets.cold", "redirects.gap"]);

/**
 * Carries a plan out on a simulated account, in its own order and in others that the dependencies allow, and looks at
 * every state in between. docs/guarantees.md says what is proven, how, and where it ends; `bounds` how far it went here.
 * Stacks that the plan leaves alone with an error are left out. Pure: the same arguments give the same answer.
 */
export function checkPlan(
  desired: DesiredGraph,
  inventory: Account | Inventory,
  plan: Plan,
  { planning = {}, regex, prefixes = 1000, resumptions = 4 }: CheckPlanOptions = {},
): PlanCheck {
  const start = asAccount(inventory);
  const orders = interleavings(plan.actions, interleavingLimit(plan.actions.length, prefixes));
  const runs = orders.orders.map((actions, index) => carryOut(start, actions, index));
  const goal = withoutLeft(desired, plan);
  const { warm = true, drain = false } = planning;
  const routing = { warm, ...(regex === undefined ? {} : { regex }) };

  const owners = ownersByArn(start, desired);
  const gaps = liveLoadBalancers(owners, start, plan).map(({ arn, stack }) => gapsOf(arn, stack, runs, TOLD, routing));
  const resumed = resumptionsOf(runs[0], resumptions);
  const counterexamples = [
    ...runs.flatMap((run) => unreached(goal, run, planning)),
    ...leftToDo(desired, runs[0], planning),
    ...gaps.flatMap((result: GaplessResult) => result.counterexamples),
    ...runs.flatMap((run) => endpointGaps(desired, run, TOLD)),
    ...(drain ? runs.flatMap((run) => undrained(run, owners)) : []),
    ...uncontained(desired, start, plan, planning, owners),
    ...runs.flatMap(refusals),
    ...resumed.flatMap(({ account, step }) => unresumable(goal, desired, account, step, plan, planning)),
  ];
  const told = GUARANTEES.flatMap((guarantee) =>
    counterexamples
      .filter((one) => one.guarantee === guarantee)
      .sort((a, b) => a.interleaving - b.interleaving || a.step - b.step || compareStrings(a.stack, b.stack))
      .slice(0, TOLD),
  );
  return {
    guarantees: {
      ...verdicts(counterexamples, plan),
      ...(warm ? {} : { warm: "off" }),
      ...(drain ? {} : { drained: "off" }),
    },
    counterexamples: told,
    bounds: {
      witnesses: gaps.reduce((count, { witnesses }) => count + witnesses, 0),
      prefixes: runs.reduce((count, { steps }) => count + steps.length, 0),
      interleavings: runs.length,
      everyInterleaving: orders.complete,
      resumed: resumed.length,
      sampledRegexes: [...new Set(gaps.flatMap(({ sampled }) => sampled))].sort(compareStrings),
      cutShort: [...new Set(gaps.flatMap(({ cutShort }) => cutShort))].sort(compareStrings),
    },
  };
}

function interleavingLimit(actions: number, prefixes: number): number {
  return Math.min(MOST_INTERLEAVINGS, Math.max(1, Math.floor(prefixes / Math.max(1, actions))));
}

/** The graph without the stacks that the plan doesn't touch, and says why. */
function withoutLeft(desired: DesiredGraph, { diagnostics }: Plan): DesiredGraph {
  const left = new Set(diagnostics.flatMap(({ severity, stack }) => (severity === "error" && stack ? [stack] : [])));
  const stacks = Object.entries(desired.stacks).map(([id, stack]) =>
    left.has(id) ? [id, { ...stack, status: "failed" as const }] : [id, stack],
  );
  const { clusterStack } = desired;
  const full = new Set(
    diagnostics.flatMap(({ severity, stack, resource }) =>
      severity === "error" && stack === CLUSTER_STACK && resource !== undefined ? [resource] : [],
    ),
  );
  if (full.size === 0) return { ...desired, stacks: Object.fromEntries(stacks) };
  const resources = Object.entries(clusterStack.resources).filter(([key]) => !full.has(key));
  return {
    ...desired,
    stacks: Object.fromEntries(stacks),
    clusterStack: { ...clusterStack, resources: Object.fromEntries(resources) },
    endpointPermissions: "incomplete",
  };
}

/** What exists at the start and belongs to a stack with actions. Nobody knows the name of one that the plan creates. */
function liveLoadBalancers(
  owners: ReadonlyMap<string, string>,
  start: Account,
  { actions }: Plan,
): readonly { readonly arn: string; readonly stack: string }[] {
  const touched = new Set(actions.map(({ stack }) => stack));
  return Object.keys(start.loadBalancers)
    .sort(compareStrings)
    .flatMap((arn) => {
      const stack = owners.get(arn);
      return stack !== undefined && touched.has(stack) ? [{ arn, stack }] : [];
    });
}

function unreached(goal: DesiredGraph, { end, steps, interleaving }: Run, { prune }: PlanOptions): Counterexample[] {
  return reaches(goal, end, prune === true ? { prune } : {}).map(({ stack, message }) => ({
    guarantee: "reaches",
    stack,
    step: steps.length,
    ...lastAction(steps),
    interleaving,
    message,
  }));
}

function lastAction(steps: Run["steps"]): { readonly action?: string } {
  const last = steps.at(-1);
  return last === undefined ? {} : { action: last.action.id };
}

function leftToDo(desired: DesiredGraph, run: Run | undefined, planning: PlanOptions): Counterexample[] {
  if (run === undefined) return [];
  return planAgain(desired, run.end, planning).actions.map(({ id, stack }) => ({
    guarantee: "idempotent",
    stack,
    step: run.steps.length,
    ...lastAction(run.steps),
    interleaving: 0,
    message: `Planned again, there is still ${id} to do.`,
  }));
}

function uncontained(
  desired: DesiredGraph,
  start: Account,
  plan: Plan,
  planning: PlanOptions,
  owners: ReadonlyMap<string, string>,
): Counterexample[] {
  return plan.actions.flatMap((action, index) =>
    foreignSubjects(action, owners, start, desired, planning.prune === true).map((message) => ({
      guarantee: "contained" as const,
      stack: action.stack,
      step: index + 1,
      action: action.id,
      interleaving: 0,
      message,
    })),
  );
}

function refusals({ steps, interleaving }: Run): Counterexample[] {
  return steps.flatMap(({ action, result }, index) =>
    result.state === "done"
      ? []
      : [
          {
            guarantee: "withinQuota" as const,
            stack: action.stack,
            step: index + 1,
            action: action.id,
            interleaving,
            message: result.diagnostic?.message ?? `${action.id} isn't done.`,
          },
        ],
  );
}

interface Stop {
  readonly account: Account;
  readonly step: number;
}

/** States spread evenly over the plan's own order; the last one is the end, which was looked at already. */
function resumptionsOf(run: Run | undefined, count: number): readonly Stop[] {
  const between = (run?.steps ?? []).slice(0, -1);
  const wanted = Math.min(count, between.length);
  return Array.from({ length: wanted }, (_, index) => Math.floor(((index + 0.5) * between.length) / wanted)).flatMap(
    (index) => {
      const account = between[index]?.account;
      return account === undefined ? [] : [{ account, step: index + 1 }];
    },
  );
}

function unresumable(
  goal: DesiredGraph,
  desired: DesiredGraph,
  account: Account,
  step: number,
  { actions }: Plan,
  planning: PlanOptions,
): Counterexample[] {
  const { account: end, diagnostics } = simulate(account, planAgain(desired, account, planning), { pace: "waits" });
  const problems = diagnostics.length > 0 ? diagnostics : reaches(goal, end);
  const action = actions[step - 1]?.id;
  return problems.slice(0, TOLD).map(({ message, stack = "" }) => ({
    guarantee: "resumable",
    stack,
    step,
    ...(action === undefined ? {} : { action }),
    interleaving: 0,
    message: `Planned again from here: ${message}`,
  }));
}

/** A gap counts as announced when the plan warns of one in the same stack. */
function verdicts(counterexamples: readonly Counterexample[], { diagnostics }: Plan): PlanCheck["guarantees"] {
  const warned = (codes: ReadonlySet<string>): ReadonlySet<string> =>
    new Set(diagnostics.flatMap(({ code, stack }) => (codes.has(code) && stack ? [stack] : [])));
  const announced: { readonly [guarantee in Guarantee]?: ReadonlySet<string> } = {
    gapless: warned(GAP_CODES),
    warm: warned(COLD_CODES),
    withinQuota: warned(REFUSAL_CODES),
  };
  const verdict = (guarantee: Guarantee): Verdict => {
    const found = counterexamples.filter((one) => one.guarantee === guarantee);
    if (found.length === 0) return "proven";
    return found.every(({ stack }) => announced[guarantee]?.has(stack) === true) ? "announced" : "refuted";
  };
  return {
    reaches: verdict("reaches"),
    idempotent: verdict("idempotent"),
    gapless: verdict("gapless"),
    warm: verdict("warm"),
    drained: verdict("drained"),
    contained: verdict("contained"),
    withinQuota: verdict("withinQuota"),
    resumable: verdict("resumable"),
  };
}
