/** The lines in which two texts differ, for showing an edit. */
import type { Palette } from "@elbplan/core";

/** Unchanged lines shown around a change. */
const CONTEXT = 1;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Removed and added lines with some context, `…` for what is left out; empty text if nothing differs. */
export function diffLines(before: string, after: string, palette: Palette): string {
  const lines = align(before.trimEnd().split("\n"), after.trimEnd().split("\n"));
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== " ");
  let shown = "";
  let skipping = true;
  for (const [index, { sign, text }] of lines.entries()) {
    if (!near(index)) {
      skipping = true;
      continue;
    }
    if (skipping && shown !== "") shown += palette.dim("    …\n");
    skipping = false;
    const line = `  ${sign} ${text}`.trimEnd();
    shown += `${sign === "-" ? palette.delete(line) : sign === "+" ? palette.create(line) : palette.dim(line)}\n`;
  }
  return shown;
}

/** Longest common subsequence, from its table of lengths. Manifests are short. */
function align(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i];
    for (let j = after.length - 1; row !== undefined && j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      lines.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: "-", text: old });
      i++;
    } else if (now !== undefined) {
      lines.push({ sign: "+", text: now });
      j++;
    }
  }
  return lines;
}
