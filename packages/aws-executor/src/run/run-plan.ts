/** Carries out a plan through an executor. */
import { setMaxListeners } from "node:events";
import { type Action, type Diagnostic, type Executor, type Plan, resolveAction, withOutput } from "@elbplan/core";
import pLimit from "p-limit";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { RunContext } from "./context.ts";
import { ofMissing, ofSkipped, ofStopped } from "./diagnostics.ts";
import type { Journal } from "./journal.ts";
import { perform } from "./perform.ts";
import { isDone, type PendingWait, type RunEvent, type RunResult, type RunStep } from "./result.ts";
import { TRY_AGAIN, type TryAgain } from "./try-again.ts";
import { performWait, WAIT_INTERVALS, type WaitIntervals, waitKey } from "./wait.ts";

export interface RunOptions {
  /** Calls under way at a time; 20 by default. */
  readonly parallelism?: number;
  /** When aborted nothing more is begun; calls under way are waited for. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly journal?: Journal;
  readonly clock?: Clock;
  /** `block`: the run goes on until every wait is met or its deadline passed. `return`: it ends at unmet waits. */
  readonly waits?: "block" | "return";
  /** Waits that earlier runs ended at: their deadlines go on. */
  readonly pending?: readonly PendingWait[];
  readonly tryAgain?: readonly TryAgain[];
  readonly intervals?: WaitIntervals;
}

/**
 * Carries out the actions of a plan: each as soon as what it depends on is done, as many at a time as `parallelism`
 * allows. An error stops what depends on the action, the rest goes on. Refusals that pass by themselves, calls without an
 * answer and creations that meet what they have made before are dealt with as docs/reliability.md says.
 *
 * Whatever becomes of the calls is in the result; it rejects only if the journal can't be written (then nothing more is
 * begun), or for a mistake of elbplan's own.
 */
export async function runPlan(
  plan: Pick<Plan, "actions" | "inputs">,
  executor: Executor,
  options: RunOptions = {},
): Promise<RunResult> {
  const { actions } = plan;
  const { onEvent = () => {}, journal = async () => {} } = options;
  // What breaks the run itself stops it as the caller's signal does.
  const broken = new AbortController();
  let fault: unknown;
  const context: RunContext = {
    executor,
    clock: options.clock ?? SYSTEM_CLOCK,
    signal: options.signal === undefined ? broken.signal : AbortSignal.any([options.signal, broken.signal]),
    tryAgain: options.tryAgain ?? TRY_AGAIN,
    intervals: options.intervals ?? WAIT_INTERVALS,
    waits: options.waits ?? "block",
    waitingSince: new Map((options.pending ?? []).map((wait) => [waitKey(wait.action, wait.subject), wait.since])),
    outputs: {},
    pending: [],
    clients: new Map(),
    limit: pLimit(options.parallelism ?? 20),
    emit: onEvent,
    note: journal,
  };
  // Every action may sleep until the signal at the same time.
  setMaxListeners(0, context.signal);
  await journal({ entry: "begin", desired: plan.inputs.digests.desired, actions: actions.length });

  const tasks: Tasks = new Map();
  for (const action of actions) {
    const task = carryOut(context, action, tasks).catch((thrown: unknown): RunStep => {
      fault ??= thrown;
      broken.abort(thrown);
      return { action: action.id, state: "stopped", calls: 0 };
    });
    tasks.set(action.id, { action, task });
  }
  const steps = await Promise.all([...tasks.values()].map(({ task }) => task));
  if (fault !== undefined) throw fault;

  const state = stateOf(steps);
  await journal({ entry: "end", state });
  const left = steps.filter((step) => step.state === "stopped").length;
  return {
    state,
    steps,
    outputs: context.outputs,
    diagnostics: [
      ...steps.flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic])),
      ...(left === 0 ? [] : [ofStopped(left)]),
    ],
    waiting: context.pending,
    sentClients: Object.fromEntries(context.clients),
  };
}

/** Those begun so far, by id; what an action depends on is always before it. */
type Tasks = Map<string, { readonly action: Action; readonly task: Promise<RunStep> }>;

async function carryOut(context: RunContext, action: Action, tasks: Tasks): Promise<RunStep> {
  const before = await Promise.all(action.dependsOn.map((id) => tasks.get(id)?.task));
  const failed = action.dependsOn.find((_, index) => hasFailed(before[index]));
  const skipped = failed === undefined ? undefined : ofSkipped(action, tasks.get(failed)?.action);
  const step = await afterOthers(context, action, before, skipped);
  if (step.output !== undefined) context.outputs = withOutput(context.outputs, action, step.output);
  context.emit({ type: "ended", action, step });
  return step;
}

function hasFailed(step: RunStep | undefined): boolean {
  return step === undefined || ["refused", "unanswered", "skipped"].includes(step.state);
}

async function afterOthers(
  context: RunContext,
  action: Action,
  before: readonly (RunStep | undefined)[],
  skipped: Diagnostic | undefined,
): Promise<RunStep> {
  const ended = (state: RunStep["state"], diagnostic?: Diagnostic): RunStep => ({
    action: action.id,
    state,
    calls: 0,
    ...(diagnostic === undefined ? {} : { diagnostic }),
  });
  if (skipped !== undefined) return ended("skipped", skipped);
  const undone = before.flatMap((step) => (step === undefined || isDone(step) ? [] : [step.state]));
  if (undone.length > 0) return ended(undone.includes("stopped") ? "stopped" : "waiting");
  if (context.signal.aborted) return ended("stopped");
  const { action: ready, missing } = resolveAction(action, context.outputs);
  const [unresolved] = missing;
  if (unresolved !== undefined) return ended("refused", ofMissing(action, unresolved));
  return action.kind === "wait" && ready.kind === "wait"
    ? performWait(context, action, ready)
    : perform(context, action, ready);
}

function stateOf(steps: readonly RunStep[]): RunResult["state"] {
  const has = (...states: readonly RunStep["state"][]): boolean => steps.some(({ state }) => states.includes(state));
  if (has("refused", "unanswered", "skipped")) return "failed";
  if (has("stopped")) return "stopped";
  return has("waiting") ? "waiting" : "done";
}
