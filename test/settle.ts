/** Runs a goal to its end through whatever happens on the way: plan, run, see what exists, plan again. */

import { type Clock, type RunResult, runPlan } from "@elbplan/aws-executor";
import {
  type Account,
  type DesiredGraph,
  type Executor,
  type Plan,
  plan,
  type Step,
  simulatedExecutor,
} from "@elbplan/core";
import { type Fault, faultyExecutor } from "@elbplan/testing";

/** `crash`: the process is gone before the call, or between the call and its answer. */
export type Mishap = Fault | "crash" | "crash-unheard";

export interface Schedule {
  /** What goes wrong, by number of the call over all runs. */
  readonly mishaps: { readonly [call: number]: Mishap };
  /** How long calls take, in milliseconds; used in turn. */
  readonly delays: readonly number[];
  /** How many calls ago what a run plans from was seen, by run. */
  readonly lags: readonly number[];
  /** How traffic moves: neither by default. */
  readonly planning?: { readonly warm: boolean; readonly drain: boolean };
  /** So many looks find that targets waited for fail their checks. */
  readonly failingLooks?: number;
}

export interface Settled {
  readonly account: Account;
  /** Runs until there was nothing to do; the last plan was empty. */
  readonly runs: number;
  readonly results: readonly (RunResult | "crashed")[];
  readonly plans: readonly Plan[];
  /** The account after every call. */
  readonly history: readonly Account[];
}

const CONSENT = { allowReplace: true, allowDelete: true };
const AT_ONCE = { warm: false, drain: false };
/** Far more than any schedule needs once nothing goes wrong any more. */
const MOST_RUNS = 40;

/** Rejects if there is something to do still after so many runs. The goal is built anew from what is seen before each run. */
export async function settle(
  goalFor: (seen: Account) => DesiredGraph,
  start: Account,
  schedule: Schedule,
): Promise<Settled> {
  const { planning = AT_ONCE, failingLooks = 0 } = schedule;
  const options = { ...CONSENT, ...planning };
  const history: Account[] = [start];
  const simulated = simulatedExecutor(start, planning.warm ? "waits" : "instant");
  let looks = 0;
  const seen: Executor = {
    ...simulated,
    met: async (wait) => {
      const fails = wait.details.until === "targets-healthy" && looks++ < failingLooks;
      if (fails) return { state: "unmet", note: "its targets fail" };
      const state = await simulated.met(wait);
      history.push(simulated.account());
      return state;
    },
    send: async (step) => {
      try {
        return await simulated.send(step);
      } finally {
        history.push(simulated.account());
      }
    },
  };
  const results: (RunResult | "crashed")[] = [];
  const plans: Plan[] = [];
  let calls = 0;
  for (let run = 0; run < MOST_RUNS; run++) {
    const lag = schedule.lags[run] ?? 0;
    const view = history[Math.max(0, history.length - 1 - lag)] ?? start;
    const made = plan(goalFor(view), looks < failingLooks ? failing(view) : view, options);
    plans.push(made);
    if (made.actions.length === 0 && view === simulated.account()) {
      return { account: view, runs: run, results, plans, history };
    }
    const process = mortal(seen, schedule, () => calls++);
    const running = runPlan(made, process.executor, { clock: process.clock, parallelism: 4 });
    results.push(await Promise.race([running, process.crashed]));
  }
  const now = simulated.account();
  const [first] = plan(goalFor(now), now, options).actions;
  throw new Error(`not settled after ${MOST_RUNS} runs: ${first?.id}`);
}

/** What is in its first checks has failed them. */
function failing(account: Account): Account {
  const targets = Object.entries(account.targets).map(([arn, registered]) => [
    arn,
    registered.map((one) => (one.state === "initial" ? { ...one, state: "unhealthy" as const } : one)),
  ]);
  return { ...account, targets: Object.fromEntries(targets) };
}

/** An executor as one process has it: when it crashes, nothing it was about to do is done, and nothing is heard any more. */
function mortal(executor: Executor, { mishaps, delays }: Schedule, number: () => number) {
  let crash: () => void = () => {};
  let dead = false;
  const crashed = new Promise<"crashed">((resolve) => {
    crash = () => {
      dead = true;
      resolve("crashed");
    };
  });
  const never = new Promise<never>(() => {});
  let turn = 0;
  const clock = virtualClock(() => dead);
  const mishapOf = new Map<number, Mishap>();
  const faulty = faultyExecutor(
    {
      ...executor,
      send: async (step: Step) => {
        if (dead) return never;
        return executor.send(step);
      },
    },
    {
      fault: ({ number: n }) => {
        const mishap = mishapOf.get(n);
        return mishap === "crash" || mishap === "crash-unheard" ? undefined : mishap;
      },
      delay: () => clock.sleep(delays.length === 0 ? 0 : (delays[turn++ % delays.length] ?? 0)),
    },
  );
  let asked = 0;
  const note = (): Mishap | undefined => {
    const mishap = mishaps[number()];
    if (mishap !== undefined) mishapOf.set(asked, mishap);
    asked += 1;
    return mishap;
  };
  const wrapped: Executor = {
    send: async (step) => {
      const mishap = note();
      if (mishap === "crash") {
        crash();
        return never;
      }
      if (mishap !== "crash-unheard") return faulty.send(step);
      await executor.send(step).catch(() => {});
      crash();
      return never;
    },
    find: (step) => {
      note();
      return faulty.find(step);
    },
    met: (wait) => {
      note();
      return faulty.met(wait);
    },
  };
  return { executor: wrapped, clock, crashed };
}

/** Time that passes as soon as nothing else happens; it stands still when the process is dead. */
function virtualClock(stopped: () => boolean): Clock {
  let now = 0;
  let order = 0;
  let ticking = false;
  const sleepers: { at: number; order: number; wake: () => void }[] = [];
  const tick = (): void => {
    if (ticking || stopped()) return;
    ticking = true;
    setImmediate(() => {
      ticking = false;
      sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = sleepers.shift();
      if (next === undefined || stopped()) return;
      now = Math.max(now, next.at);
      next.wake();
      tick();
    });
  };
  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + milliseconds, order: order++, wake: resolve });
        tick();
      }),
  };
}
