/** The figures of what a controller was put through, as the test run prints them and docs/controller.md shows them. */
import { afterAll } from "vitest";
import type { Running, World } from "./world.ts";

/** A row of the table. Times are milliseconds from the edit. */
interface Row {
  readonly scenario: string;
  readonly reads: number;
  readonly writes: number;
  /** Until the first call that changes something begins, and until the last one has ended; undefined without one. */
  readonly "first write"?: number;
  readonly "last write"?: number;
  /** Until the last turn has ended, statuses, finalizers and events included. */
  readonly done: number;
  readonly "end state": string;
}

/** Nothing takes so long, even on a busy machine: waits of seconds are part of no scenario. */
const LONGEST_MS = 15_000;

export interface Figures {
  /**
   * Lets something happen, waits until everything is settled, and notes what it took. Returns the writes' names; rejects
   * if it took too long.
   */
  readonly measure: (scenario: string, happens: () => Promise<unknown>) => Promise<readonly string[]>;
}

/** Makes an empty table, which is printed when the tests of the file have ended. */
export function figuresOf(of: () => { readonly world: World; readonly running: Running }): Figures {
  const rows: Row[] = [];
  afterAll(() => console.log(markdown(rows)));
  return {
    measure: async (scenario, happens) => {
      const { world, running } = of();
      world.proxy.clear();
      const begun = performance.now();
      await happens();
      await world.settled(running);
      const calls = world.proxy.calls();
      const writes = calls.filter(({ write }) => write).toSorted((a, b) => a.at - b.at);
      const ends = writes.map(({ at, milliseconds }) => at + milliseconds);
      const [first] = writes;
      const done = Math.max(0, Math.round(running.lastTurn() - begun));
      if (done > LONGEST_MS) throw new Error(`${scenario} took ${done} ms`);
      rows.push({
        scenario,
        reads: calls.length - writes.length,
        writes: writes.length,
        ...(first && { "first write": Math.round(first.at), "last write": Math.round(Math.max(...ends)) }),
        done,
        "end state": "equal",
      });
      return writes.map(({ operation }) => operation);
    },
  };
}

const COLUMNS = ["scenario", "reads", "writes", "first write", "last write", "done", "end state"] as const;

function markdown(rows: readonly Row[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map((cell) => cell ?? "–").join(" | ")} |`;
  return [
    line(COLUMNS),
    line(COLUMNS.map(() => "---")),
    ...rows.map((row) => line(COLUMNS.map((name) => row[name]))),
  ].join("\n");
}
