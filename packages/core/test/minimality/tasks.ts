/** All tasks of a small world, one for each class of those that differ by names only. */
import type { Listing, Task } from "./listing.ts";

export interface World {
  /** Sets of requests, as bits: what conditions there are. */
  readonly conditions: readonly number[];
  /** How many requests there are, beside the one that meets no condition. */
  readonly requests: number;
  /** Rules on either side at most. */
  readonly rules: number;
  /** Different answers at most, those of the defaults included. */
  readonly answers: number;
}

/** Every task once, but for renaming answers and, where that leads from conditions to conditions, requests. */
export function* tasksOf({ conditions, requests, rules, answers }: World): Generator<Task> {
  const renamings = permutations(requests)
    .map((order) => (set: number) => order.reduce((moved, to, from) => moved | (((set >> from) & 1) << to), 0))
    .filter((rename) => conditions.every((set) => conditions.includes(rename(set))));
  for (let old = 0; old <= rules; old++) {
    for (let next = 0; next <= rules; next++) {
      const labels = [...labellings(old + next + 2, answers)];
      for (const sets of words(conditions, old + next)) {
        if (!renamings.every((rename) => isSmallest(sets, rename))) continue;
        for (const label of labels) yield taskOf(sets, label, old);
      }
    }
  }
}

function taskOf(sets: readonly number[], label: readonly number[], old: number): Task {
  const rules = sets.map((requests, index) => ({ requests, answer: label[index + 2] ?? 0 }));
  const listing = (part: Listing["rules"], fallback = 0): Listing => ({ rules: part, fallback });
  return { before: listing(rules.slice(0, old), label[0]), after: listing(rules.slice(old), label[1]) };
}

/** A task of which renaming requests makes a smaller one stands for nothing new. */
function isSmallest(sets: readonly number[], rename: (set: number) => number): boolean {
  for (const set of sets) {
    const other = rename(set);
    if (other !== set) return set < other;
  }
  return true;
}

function* words(letters: readonly number[], length: number): Generator<readonly number[]> {
  if (length === 0) yield [];
  else for (const rest of words(letters, length - 1)) for (const letter of letters) yield [...rest, letter];
}

/** Labels in the order of their first use: one word for each way to say which places have the same label. */
function* labellings(length: number, labels: number): Generator<readonly number[]> {
  if (length === 0) yield [];
  else {
    for (const rest of labellings(length - 1, labels)) {
      const used = Math.max(-1, ...rest) + 1;
      for (let label = 0; label < Math.min(used + 1, labels); label++) yield [...rest, label];
    }
  }
}

function permutations(count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => order.toSpliced(place, 0, count - 1)),
  );
}
