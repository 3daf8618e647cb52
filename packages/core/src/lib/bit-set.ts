/** Sets of small numbers as lists of 32-bit words; sets that are combined must have the same size. Never mutated. */
export type BitSet = readonly number[];

/** The set of all numbers below `size` that pass. */
export function bitSet(size: number, contains: (index: number) => boolean): BitSet {
  const words = new Array<number>(Math.ceil(size / 32)).fill(0);
  for (let index = 0; index < size; index++) {
    if (contains(index)) words[index >>> 5] = (words[index >>> 5] ?? 0) | (1 << (index & 31));
  }
  return words;
}

/** Whether a number is in the set. */
export function hasBit(set: BitSet, index: number): boolean {
  return (((set[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/** What is in both sets. */
export function intersection(a: BitSet, b: BitSet): BitSet {
  return a.map((word, index) => word & (b[index] ?? 0));
}

/** What is in either set. */
export function union(a: BitSet, b: BitSet): BitSet {
  return a.map((word, index) => word | (b[index] ?? 0));
}

/** What is in the first set and not in the second. */
export function difference(a: BitSet, b: BitSet): BitSet {
  return a.map((word, index) => word & ~(b[index] ?? 0));
}

/** Whether the sets have nothing in common. */
export function areDisjoint(a: BitSet, b: BitSet): boolean {
  return a.every((word, index) => (word & (b[index] ?? 0)) === 0);
}

/** The numbers of the set, ascending. */
export function bitsOf(set: BitSet): readonly number[] {
  const found: number[] = [];
  for (const [index, word] of set.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) found.push(index * 32 + (31 - Math.clz32(rest & -rest)));
  }
  return found;
}

/** A text that is equal for equal sets of one size. */
export function bitSetKey(set: BitSet): string {
  return set.join();
}
