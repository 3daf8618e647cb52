/** One group's turn, in LBC's order (behaviour.md §5.1): finalizers ▸ plan ▸ check ▸ carry out ▸ status ▸ finalizers ▸ events. */
import { isDone, type RunResult, runPlan } from "@elbplan/aws-executor";
import {
  afterRun,
  CLUSTER_STACK,
  type Diagnostic,
  failureMessage,
  type Ingress,
  type Plan,
  type PlanOptions,
  plan,
  type Stack,
} from "@elbplan/core";
import type { Outcome } from "./events.ts";
import { planInTurn } from "./exclusive.ts";
import { followTargets } from "./follow-targets.ts";
import { writeGates } from "./gates.ts";
import { addFinalizers, ingressesOf, removeFinalizers, tell, writeAnnotations, writeStatus } from "./ingress-writes.ts";
import type { Known } from "./knowledge.ts";
import { proofErrors } from "./proof.ts";
import type { Turn } from "./queue.ts";
import { knownBy, type ReconcileContext } from "./reconcile-context.ts";

/** If the watch hasn't said by then what became of a member that can't be held any more. */
const NEWS_MS = 1000;

/** What a turn came to. */
interface Ended {
  readonly outcome: Outcome;
  readonly plan?: Plan;
  readonly diagnostics?: readonly Diagnostic[];
  readonly againInMilliseconds?: number;
}

/** Whose turn it is. */
interface Subject {
  /** Of a group, or of what all groups share. */
  readonly id: string;
  /** Undefined for what all groups share. */
  readonly stack: Stack | undefined;
  /** Its active members. */
  readonly members: readonly Ingress[];
  /** Something was written to them in this turn. */
  readonly wrote: boolean;
}

/** Gives a group its turn; `CLUSTER_STACK` is what all groups share. Never rejects: what goes wrong is told. */
export async function reconcile(context: ReconcileContext, id: string): Promise<Turn> {
  const { clock, emit, failing } = context;
  const begun = clock.now();
  const { outcome, plan: made, diagnostics = [], againInMilliseconds } = await attempt(context, id);
  const failed = outcome === "failed";
  if (failed) failing.add(id);
  else {
    failing.delete(id);
    context.complaints.delete(id);
  }
  // The Pods of a group that is broken are looked at as often as those that wait for their load balancer.
  const follows = failed && context.lastGood.has(id) ? context.targetsMs : Number.POSITIVE_INFINITY;
  const again = failed ? Math.min(context.nextDelay(id), follows) : againInMilliseconds;
  emit({
    type: "reconciled",
    group: id,
    outcome,
    ...(made && { summary: made.summary }),
    diagnostics,
    milliseconds: clock.now() - begun,
    ...(again !== undefined && { againInMilliseconds: again }),
  });
  return { failed, ...(again !== undefined && { againInMilliseconds: again }) };
}

async function attempt(context: ReconcileContext, id: string): Promise<Ended> {
  try {
    await makeSure(context, id);
    const known = knownBy(context);
    if (id === CLUSTER_STACK) return await carryOut(context, { id, stack: undefined, members: [], wrote: false });
    const stack = Object.hasOwn(known.graph.stacks, id) ? known.graph.stacks[id] : undefined;
    if (stack !== undefined) return await reconcileGroup(context, known, stack);
    context.settled.delete(id);
    context.lastGood.delete(id);
    context.pending.delete(id);
    return { outcome: "gone" };
  } catch (error) {
    if (!context.signal.aborted) context.emit({ type: "failed", what: `group ${id}`, error });
    return { outcome: "failed" };
  }
}

async function makeSure({ knowledge, clock, emit, requestBuild }: ReconcileContext, id: string): Promise<void> {
  const begun = clock.now();
  if (!(await knowledge.makeSure(id))) return;
  emit({ type: "read", why: "unsure", group: id, milliseconds: clock.now() - begun });
  requestBuild();
}

async function reconcileGroup(context: ReconcileContext, known: Known, stack: Stack): Promise<Ended> {
  const { id, status, failedAt } = stack;
  const members = ingressesOf(known, stack.members);
  const { wrote, left } =
    failedAt === "load" ? { wrote: false, left: false } : await addFinalizers(context, stack, members);
  if (left) {
    // What is made for who isn't held would stay for ever. The watch brings the news.
    context.settled.delete(id);
    return { outcome: "waiting", againInMilliseconds: NEWS_MS };
  }
  if (status === "failed") {
    const errors = known.graph.diagnostics.filter((one) => one.severity === "error" && one.stack === id);
    // What it lacks may be made in AWS before the next attempt.
    context.knowledge.doubtFacts();
    context.requestBuild();
    context.settled.delete(id);
    if (failedAt !== "load") await complain(context, id, members, failureMessage("build", errors));
    await follow(context, id);
    return { outcome: "failed", diagnostics: errors };
  }
  await writeAnnotations(context, known, stack);
  const ended = await carryOut(context, { id, stack, members, wrote });
  if (context.signal.aborted || context.dryRun || ended.outcome === "failed") return ended;
  const gates = await writeGates(context, stack);
  return gates === undefined
    ? ended
    : { ...ended, againInMilliseconds: Math.min(gates, ended.againInMilliseconds ?? gates) };
}

/** Plans and carries out. What all groups share is changed by one at a time, and planned when its turn has come. */
async function carryOut(context: ReconcileContext, subject: Subject): Promise<Ended> {
  const carry = async (made: MadePlan): Promise<Ended> =>
    isOutdated(context, subject) ? { outcome: "waiting" } : carryOutPlan(context, subject, made);
  const planNow = (): MadePlan => planFor(context, subject.id);
  return context.dryRun ? carry(planNow()) : planInTurn(context.exclusive, planNow, carry);
}

/** The group is another one by now, of other members maybe: its next turn has been asked for with that. */
function isOutdated(context: ReconcileContext, { id, stack }: Subject): boolean {
  return stack !== undefined && knownBy(context).graph.stacks[id] !== stack;
}

interface MadePlan extends Plan {
  readonly milliseconds: number;
}

function planFor(context: ReconcileContext, id: string): MadePlan {
  const { graph, inventory } = knownBy(context);
  const begun = context.clock.now();
  const made = plan(graph, inventory, planOptions(context, id));
  return { ...made, milliseconds: context.clock.now() - begun };
}

/** The graph is of all objects there are: what nobody asks for goes, and that nobody does is the consent to it. */
function planOptions(context: ReconcileContext, id: string): PlanOptions {
  const { graph } = knownBy(context);
  const { warm = true, drain = true, allowReplace = true } = context.planning;
  const settled = [...context.settled].filter(([key, stack]) => key !== id && graph.stacks[key] === stack);
  return {
    only: id === CLUSTER_STACK ? [] : [id],
    settled: settled.map(([key]) => key),
    prune: graph.incompleteInput !== true,
    allowDelete: true,
    allowReplace,
    warm,
    drain,
    sentClients: Object.fromEntries(context.sentClients),
  };
}

async function carryOutPlan(context: ReconcileContext, subject: Subject, planned: MadePlan): Promise<Ended> {
  const { milliseconds, ...made } = planned;
  const { id, stack, members } = subject;
  const known = knownBy(context);
  context.emit({ type: "planned", group: id, plan: made, milliseconds });
  const fail = async (diagnostics: readonly Diagnostic[]): Promise<Ended> => {
    context.settled.delete(id);
    await tell(context, members, "FailedDeployModel", failureMessage("deploy", diagnostics));
    return { outcome: "failed", plan: made, diagnostics };
  };
  // What is wrong with other Ingresses is told at the build, and isn't this group's affair.
  const ofBuild = new Set(known.graph.diagnostics);
  const refusals = made.diagnostics.filter((one) => one.severity === "error" && !ofBuild.has(one));
  if (refusals.length > 0) {
    // What is in the way is put right in AWS.
    context.knowledge.doubt(id);
    const ended = await fail(refusals);
    if (stack !== undefined) await follow(context, id);
    return ended;
  }
  if (context.dryRun) return { outcome: "planned", plan: made };
  if (context.planning.verify !== false) {
    const unproven = proofErrors(known, made, planOptions(context, id));
    if (unproven.length > 0) {
      context.knowledge.doubt(id);
      return fail(unproven);
    }
  }
  const result = await run(context, id, made);
  const done = new Set(result.steps.filter(isDone).map(({ action }) => action));
  const left = made.actions.filter((action) => !done.has(action.id)).map(({ kind }) => kind);
  const after = afterRun({ ...result, left });
  if (after.outcome === "failed")
    return context.signal.aborted ? { outcome: "failed", plan: made } : fail(result.diagnostics);
  const again = after.againInMilliseconds === undefined ? {} : { againInMilliseconds: after.againInMilliseconds };
  const ended: Ended = { outcome: after.outcome, plan: made, ...again };
  if (stack === undefined) return ended;

  const now = knownBy(context);
  // A build that came meanwhile may ask for something else, and hold whom this one lets go.
  if (isOutdated(context, subject)) return ended;
  const told = after.writeStatus && (await writeStatus(context, now, stack));
  if (!after.release) return ended;
  await removeFinalizers(context, now, stack);
  if (after.outcome !== "done") return ended;
  context.settled.set(id, stack);
  context.lastGood.set(id, stack);
  if (made.actions.length > 0 || told || subject.wrote || context.failing.has(id)) {
    await tell(context, members, "SuccessfullyReconciled", "Successfully reconciled");
  }
  return ended;
}

/** Tells why a group is broken: at once, and ever more rarely as long as it stays so. */
async function complain(
  context: ReconcileContext,
  id: string,
  members: readonly Ingress[],
  message: string,
): Promise<void> {
  const { complaints, clock } = context;
  const last = complaints.get(id);
  if (last?.message === message && clock.now() - last.at < context.nextDelay(id)) return;
  complaints.set(id, { message, at: clock.now() });
  await tell(context, members, "FailedBuildModel", message);
}

function follow(context: ReconcileContext, id: string): Promise<void> {
  return followTargets(context, id, planOptions(context, id), (made) => run(context, id, made));
}

async function run(context: ReconcileContext, id: string, made: Plan): Promise<RunResult> {
  const { executor, signal, emit, pending, knowledge, awsClock, journal } = context;
  if (made.actions.length === 0) {
    pending.delete(id);
    return { state: "done", steps: [], outputs: {}, diagnostics: [], waiting: [], sentClients: {} };
  }
  const result = await runPlan(made, executor, {
    signal,
    clock: awsClock,
    waits: "return",
    pending: pending.get(id) ?? [],
    onEvent: (event) => emit({ type: "run", group: id, event }),
    ...(journal && { journal: journal(id) }),
  });
  pending.set(id, result.waiting);
  for (const [arn, clients] of Object.entries(result.sentClients)) context.sentClients.set(arn, clients);
  knowledge.ran(made.actions, result);
  context.requestBuild();
  return result;
}
