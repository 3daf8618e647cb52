/** A run on a terminal: a line for each group that counts up, and beneath it what is done at the moment. */
import type { RunEvent } from "@elbplan/aws-executor";
import { CLUSTER_STACK, callFor, callWords, type Plan } from "@elbplan/core";
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from "listr2";
import { type Progress, STOPPING } from "./progress.ts";

/** The part of a line's handle that is used here. */
interface Line {
  title: string;
  output: string;
}

interface Group {
  readonly name: string;
  readonly total: number;
  ended: number;
  failed: number;
  line: Line | undefined;
  /** Ends the line, as failed if anything has. */
  finish: () => void;
}

/** It asks whether standard output is a terminal, which isn't where it draws. */
class OnAnyStream extends DefaultRenderer {
  static override nonTTY = true;
}

/** Redraws its lines on the stream, a terminal, until every group has ended. */
export function liveProgress({ actions }: Plan, stream: NodeJS.WriteStream): Progress {
  const groups = new Map<string, Group>();
  for (const { stack } of actions) {
    if (groups.has(stack)) continue;
    const total = actions.filter((action) => action.stack === stack).length;
    const name = stack === CLUSTER_STACK ? "shared by all groups" : stack;
    groups.set(stack, { name, total, ended: 0, failed: 0, line: undefined, finish: () => {} });
  }
  let shown: Promise<unknown> = Promise.resolve();
  return {
    begin: () => {
      const tasks = [...groups.values()].map((group) => ({
        title: titleOf(group),
        task: (_: unknown, line: Line) => following(group, line),
      }));
      // Standard output is for data; the renderer knows no other place by itself.
      const processOutput = new ProcessOutput(stream, stream, { leaveEmptyLine: false });
      const logger = new ListrLogger({ useIcons: true, toStderr: [], processOutput });
      const options = { concurrent: true, exitOnError: false, registerSignalListeners: false };
      shown = new Listr(tasks, { ...options, renderer: OnAnyStream, rendererOptions: { logger } }).run();
    },
    tell: (event) => {
      const group = groups.get(event.action.stack);
      if (group !== undefined) tell(group, event);
    },
    stopping: () => {
      for (const { line, ended, total } of groups.values()) {
        if (line !== undefined && ended < total) line.output = STOPPING;
      }
    },
    end: async () => {
      for (const group of groups.values()) group.finish();
      await shown;
    },
  };
}

function following(group: Group, line: Line): Promise<void> {
  group.line = line;
  return new Promise((resolve, reject) => {
    group.finish = () => (group.failed === 0 ? resolve() : reject(new Error(titleOf(group))));
    if (group.ended === group.total) group.finish();
  });
}

function tell(group: Group, event: RunEvent): void {
  const { call, on } = callWords(event.action, callFor);
  if (event.type === "ended") {
    group.ended += 1;
    if (["refused", "unanswered", "skipped"].includes(event.step.state)) group.failed += 1;
  }
  const { line } = group;
  if (line === undefined) return;
  line.title = titleOf(group);
  if (event.type === "sent") line.output = `${call} ${on}`;
  if (event.type === "waiting") line.output = `${call} ${on}${event.note === undefined ? "" : `: ${event.note}`}`;
  if (event.type === "again") {
    line.output = `${call} ${on}: ${event.error.code}, again in ${Math.round(event.inMilliseconds / 1000)} s`;
  }
  if (group.ended === group.total) group.finish();
}

function titleOf({ name, ended, total, failed }: Group): string {
  return `${name}  ${ended}/${total}${failed === 0 ? "" : `, ${failed} failed`}`;
}
