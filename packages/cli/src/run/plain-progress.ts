/** A run as plain lines, for logs. */
import type { RunEvent, RunStep } from "@elbplan/aws-executor";
import { type Action, callFor, callWords, groupNaming, type Palette, type Plan } from "@elbplan/core";
import { type Progress, STOPPING } from "./progress.ts";

/** One line for each action when it has ended, in the order of the ends; its number is that of the plan. */
export function plainProgress({ actions }: Plan, write: (text: string) => void, palette: Palette): Progress {
  const numbers = new Map(actions.map(({ id }, index) => [id, index + 1]));
  const words = new Map(actions.map((action) => [action.id, callWords(action, callFor)]));
  const numberWidth = `${actions.length}`.length;
  const callWidth = Math.max(0, ...[...words.values()].map(({ call }) => call.length));
  const groupOf = groupNaming(actions);
  const line = (sign: string, action: Action, note: string): void => {
    const number = palette.dim(`${numbers.get(action.id)}`.padStart(numberWidth));
    const { call, on } = words.get(action.id) ?? { call: action.kind, on: "" };
    const group = groupOf(action);
    const place = group === undefined ? on : `${on}${palette.dim(` of ${group}`)}`;
    write(`  ${sign} ${number}  ${call.padEnd(callWidth)}  ${place}${note === "" ? "" : palette.dim(`  (${note})`)}\n`);
  };
  return {
    begin: () => {},
    tell: (event) => {
      const told = toldOf(event, palette);
      if (told !== undefined) line(told.sign, event.action, told.note);
    },
    stopping: () => write(`  ${STOPPING}\n`),
    end: async () => {},
  };
}

function toldOf(event: RunEvent, palette: Palette): { readonly sign: string; readonly note: string } | undefined {
  switch (event.type) {
    case "sent":
      return undefined;
    case "again": {
      const seconds = Math.round(event.inMilliseconds / 1000);
      return { sign: palette.warning("…"), note: `${event.error.code}; again in ${seconds} s` };
    }
    case "waiting":
      return { sign: palette.dim("…"), note: event.note ?? "waiting" };
    case "ended":
      return ofStep(event.step, palette);
  }
}

function ofStep({ state, note = "" }: RunStep, palette: Palette): { readonly sign: string; readonly note: string } {
  switch (state) {
    case "done":
      return { sign: palette.create("✓"), note };
    case "adopted":
      return { sign: palette.create("✓"), note: "it existed already, as asked" };
    case "waiting":
    case "stopped":
      return { sign: palette.dim("-"), note: state === "stopped" ? "not begun" : "waits" };
    case "skipped":
    case "refused":
    case "unanswered":
      return { sign: palette.error("✗"), note: state === "skipped" ? "skipped" : note };
  }
}
