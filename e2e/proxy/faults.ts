/** What may go wrong between us and AWS, and when it does. */
import type { CallName } from "./call.ts";

export type Fault =
  /** AWS refuses with an error code of its own; the call isn't carried out. */
  | { readonly kind: "refused"; readonly code: string }
  /** AWS was asked too often; the call isn't carried out. */
  | { readonly kind: "throttled" }
  /** An internal error of AWS; it was carried out or not. */
  | { readonly kind: "failed"; readonly carriedOut: boolean }
  /** The connection breaks before the call arrives, or before its answer does. */
  | { readonly kind: "reset"; readonly carriedOut: boolean }
  /** No answer for so long, and then the connection breaks. */
  | { readonly kind: "silent"; readonly carriedOut: boolean; readonly milliseconds: number }
  /** No answer, and the connection stays open: it is the caller who has to end it. */
  | { readonly kind: "hung"; readonly carriedOut: boolean }
  /** The answer comes late. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** The answer is the one that the same read got before, if there was one: AWS hasn't caught up with its writes. */
  | { readonly kind: "stale" };

/** Says what goes wrong with a call; `nth` counts calls of the same operation, from 0. */
export type Faults = (call: CallName, nth: number) => Fault | undefined;

/** One fault, for the first calls that fit. */
export interface FaultRule {
  readonly operation: string;
  readonly fault: Fault;
  /** 1 if absent. */
  readonly times?: number;
  /** Calls of the operation that pass before. */
  readonly after?: number;
}

/** Faults by rules: the first one that fits and isn't used up. */
export function faultsByRule(...rules: readonly FaultRule[]): Faults {
  return ({ operation }, nth) =>
    rules.find(
      (rule) => rule.operation === operation && nth >= (rule.after ?? 0) && nth < (rule.after ?? 0) + (rule.times ?? 1),
    )?.fault;
}

const FAULTS_OF_WRITES: readonly Fault[] = [
  { kind: "throttled" },
  { kind: "failed", carriedOut: false },
  { kind: "failed", carriedOut: true },
  { kind: "reset", carriedOut: false },
  { kind: "reset", carriedOut: true },
  { kind: "silent", carriedOut: true, milliseconds: 20 },
  { kind: "slow", milliseconds: 20 },
];
const FAULTS_OF_READS: readonly Fault[] = [
  { kind: "throttled" },
  { kind: "failed", carriedOut: false },
  { kind: "reset", carriedOut: false },
  { kind: "slow", milliseconds: 20 },
  { kind: "stale" },
];

/**
 * A random schedule that a seed repeats: with the probability `rate` something goes wrong with a call. It depends on the
 * operation and its count only, so the order in which parallel calls arrive doesn't matter.
 */
export function randomFaults(seed: number, rate: number): Faults {
  return ({ operation, write }, nth) => {
    const random = randomNumbers(hash(`${seed} ${operation} ${nth}`));
    if (random() >= rate) return undefined;
    const faults = write ? FAULTS_OF_WRITES : FAULTS_OF_READS;
    return faults[Math.floor(random() * faults.length)];
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** Numbers from 0 to 1 that only look random (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
