/** Carries a plan out on AWS and tells how it goes. */
import type { FileJournal, RunResult } from "@elbplan/aws-executor";
import { type Executor, type Palette, type Plan, renderDiagnostics } from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import type { Io } from "../io.ts";
import type { OutputOptions } from "../options.ts";
import type { Recalled } from "./journal.ts";
import { plainProgress } from "./plain-progress.ts";
import type { Progress } from "./progress.ts";

/** Runs the plan; stops after what is under way when the user interrupts: then the executor's signal is aborted. Everything it says goes to standard error. */
export async function runOnAws(
  plan: Plan,
  executorFor: (stop: AbortSignal) => Executor,
  {
    journal,
    pending = [],
    ...options
  }: OutputOptions & Partial<Pick<FileJournal, "journal"> & Pick<Recalled, "pending">>,
  io: Io,
): Promise<RunResult> {
  const { runPlan } = await import("@elbplan/aws-executor");
  const palette = paletteFor(io.stderr, io, options.color);
  const progress = await progressFor(plan, options, io, palette);
  const stop = new AbortController();
  const release = io.onInterrupt(() => {
    progress.stopping();
    stop.abort();
  });
  try {
    progress.begin();
    const running = runPlan(plan, executorFor(stop.signal), {
      signal: stop.signal,
      onEvent: progress.tell,
      pending,
      ...(journal === undefined ? {} : { journal }),
    });
    const result = await running.finally(progress.end);
    io.stderr.write(renderDiagnostics(result.diagnostics, palette));
    io.stderr.write(`${palette.strong("Applied:")} ${sum(result)}.\n`);
    return result;
  } finally {
    release();
  }
}

/** Lines that redraw themselves are for terminals that can do that. */
async function progressFor(plan: Plan, { color }: OutputOptions, io: Io, palette: Palette): Promise<Progress> {
  const { stream } = io.stderr;
  if (stream === undefined || !io.stderr.isTTY || !color || io.env["TERM"] === "dumb") {
    return plainProgress(plan, io.stderr.write, palette);
  }
  const { liveProgress } = await import("./live-progress.ts");
  return liveProgress(plan, stream);
}

function sum({ steps }: RunResult): string {
  const count = (...states: readonly string[]): number => steps.filter(({ state }) => states.includes(state)).length;
  const parts = [
    `${count("done", "adopted")} of ${steps.length} steps`,
    ...named(count("refused", "unanswered", "skipped"), "failed"),
    ...named(count("stopped"), "not begun"),
    ...named(count("waiting"), "waiting"),
  ];
  return parts.join(", ");
}

function named(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}
