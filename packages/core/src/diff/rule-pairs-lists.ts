/** The two lists of rules that are paired, and the pairs. */

import { type RuleShape, ruleShape } from "./rule-overlap.ts";
import type { PairableRule } from "./rule-pairs.ts";

export interface Lists {
  readonly existing: readonly PairableRule[];
  readonly desired: readonly PairableRule[];
  /** By index; made when first asked for: most plans change few rules. */
  readonly oldShape: (index: number) => RuleShape;
  readonly newShape: (index: number) => RuleShape;
}

/** The shapes of the rules of a list. */
export function shapesOf(rules: readonly PairableRule[]): (index: number) => RuleShape {
  const shapes = new Map<number, RuleShape>();
  return (index) => {
    const known = shapes.get(index);
    if (known !== undefined) return known;
    const shape = ruleShape(rules[index]?.conditions ?? []);
    shapes.set(index, shape);
    return shape;
  };
}

/** A one-to-one relation of indexes that can be read from either side. */
export class Pairs {
  readonly byExisting: Map<number, number>;
  readonly byDesired: Map<number, number>;

  constructor(pairs: Iterable<readonly [number, number]>) {
    this.byExisting = new Map(pairs);
    this.byDesired = new Map([...this.byExisting].map(([old, next]) => [next, old]));
  }

  add(old: number, next: number): void {
    this.byExisting.set(old, next);
    this.byDesired.set(next, old);
  }

  remove(old: number, next: number): void {
    this.byExisting.delete(old);
    this.byDesired.delete(next);
  }
}
