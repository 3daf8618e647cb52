/** One action from its first call to its end. */
import {
  type Action,
  type Call,
  type CallError,
  callFor,
  type Found,
  isStranger,
  isTwinKind,
  type Output,
  remainingPermissions,
  type Step,
  twinDifferences,
} from "@elbplan/core";
import { isStopped } from "../aws-error.ts";
import { type Attempt, attempt, type Patience, patience, pause, type RunContext } from "./context.ts";
import { inTheWay, ofError } from "./diagnostics.ts";
import { sentClients } from "./journal.ts";
import { isInTheWay, remedyFor } from "./remedy.ts";
import type { RunStep } from "./result.ts";
import { UNANSWERED } from "./try-again.ts";

/** Carries out an action. `planned` has the plan's references, `ready` what they stand for. */
export async function perform(context: RunContext, planned: Action, ready: Action): Promise<RunStep> {
  const patient = patience(context);
  let action = ready;
  let calls = 0;
  const ended = (
    state: RunStep["state"],
    rest: Omit<Partial<RunStep>, "action" | "state" | "calls"> = {},
  ): RunStep => ({
    action: planned.id,
    state,
    calls,
    ...rest,
  });
  const gaveUp = (error: CallError, diagnostic = ofError(planned, callOf(action), error)): RunStep =>
    ended(error.outcome === "unknown" ? "unanswered" : "refused", { error, diagnostic });
  /** The time is up, or the run was stopped before a refusal could pass. */
  const outOfTime = (error: CallError): RunStep =>
    context.signal.aborted && error.outcome === "refused" ? ended("stopped", { error }) : gaveUp(error);

  for (let last: CallError | undefined; ; ) {
    const step: Step = { action, call: callOf(action) };
    const sent = await send(context, patient, step, calls + 1);
    if (sent === "stopped") return last === undefined ? ended("stopped") : outOfTime(last);
    calls += 1;
    if ("value" in sent) return ended("done", output(sent.value));
    last = sent.error;

    const remedy = remedyFor(planned, step.call, last, context.tryAgain);
    if (remedy.kind === "give-up") return gaveUp(last);
    if (remedy.kind === "gone") return ended("done", { note: "it was gone already" });
    if (remedy.kind === "again") {
      if (!(await pause(context, planned, last, remedy.limit, patient))) return outOfTime(last);
      continue;
    }

    const found = await lookFor(context, step, last);
    if ("error" in found) return outOfTime(found.error);
    if (found.value === undefined) {
      // What isn't there wasn't made: it is asked for once more.
      if (!(await pause(context, planned, last, UNANSWERED, patient))) return outOfTime(last);
      continue;
    }
    const remaining = remainingPermissions(action, found.value);
    if (remaining === null) return ended("done", { note: "the permissions were as asked already" });
    if (remaining !== undefined) {
      action = remaining;
      if (!(await pause(context, planned, last, UNANSWERED, patient))) return outOfTime(last);
      continue;
    }
    const differences = twinDifferences(action, found.value);
    if (differences.length > 0)
      return gaveUp(last, inTheWay(planned, found.value, differences, isStranger(differences)));
    const adopted = outputOfFound(found.value);
    await context.note({ entry: "adopted", action: planned.id, output: adopted });
    return ended("adopted", output(adopted));
  }
}

/** Sends a call once, noted before and after. */
async function send(
  context: RunContext,
  { inTurn }: Patience,
  step: Step,
  number: number,
): Promise<Attempt<Output | undefined> | "stopped"> {
  return inTurn(async () => {
    if (context.signal.aborted) return "stopped";
    const { action, call } = step;
    await context.note({ entry: "sent", action: action.id, attempt: number, call });
    context.emit({ type: "sent", action, call, attempt: number });
    const answer = await attempt(() => context.executor.send(step));
    if ("error" in answer) {
      await context.note({ entry: "error", action: action.id, attempt: number, error: plain(answer.error) });
      if (isStopped(answer.error)) return "stopped";
    } else {
      const sent = sentClients(action, answer.value);
      for (const [arn, clients] of Object.entries(sent.clients ?? {})) context.clients.set(arn, clients);
      await context.note({ entry: "answered", action: action.id, attempt: number, ...output(answer.value), ...sent });
    }
    return answer;
  });
}

/** Looks for what holds the action's place. What AWS has just spoken of is looked for until it is seen. */
async function lookFor(context: RunContext, step: Step, error: CallError): Promise<Attempt<Found | undefined>> {
  const patient = patience(context);
  patient.since(UNANSWERED);
  const mustBeThere = isInTheWay(step.action, error) && isTwinKind(step.action.kind);
  for (;;) {
    const found = await patient.inTurn(() => attempt(() => context.executor.find(step)));
    const seen = "value" in found && (found.value !== undefined || !mustBeThere);
    if (seen) return found;
    if (!(await pause(context, step.action, "error" in found ? found.error : error, UNANSWERED, patient)))
      return { error };
  }
}

function callOf(action: Action): Call {
  const call = callFor(action);
  if (call === null) throw new Error(`${action.id} makes no call`);
  return call;
}

function outputOfFound({ arn, dnsName }: Found): Output {
  return { arn, id: arn, ...(dnsName === undefined ? {} : { dnsName }) };
}

function output(made: Output | undefined): { readonly output?: Output } {
  return made === undefined ? {} : { output: made };
}

function plain({ code, message, outcome, requestId }: CallError): CallError {
  return { code, message, outcome, ...(requestId === undefined ? {} : { requestId }) };
}
