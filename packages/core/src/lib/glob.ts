/** Globs as ELBv2 conditions have them: `*` stands for any number of characters, `?` for exactly one. */

/**
 * Tells whether some text matches both globs. Linear in the product of their lengths; no regular expressions, no
 * backtracking. Case matters: fold it before, where AWS ignores it.
 */
export function globsIntersect(a: string, b: string): boolean {
  if (a === b) return true;
  if (!plainEndsAgree(a, b)) return false;
  if (!a.includes("*") && !b.includes("*")) return true;
  // possible[j]: the rest of `a` from i and the rest of `b` from j have a common text. First for the end of `a`.
  let possible = new Uint8Array(b.length + 1);
  possible[b.length] = 1;
  for (let j = b.length - 1; j >= 0 && b[j] === "*"; j--) possible[j] = 1;
  let below = new Uint8Array(b.length + 1);
  for (let i = a.length - 1; i >= 0; i--) {
    [below, possible] = [possible, below];
    for (let j = b.length; j >= 0; j--) possible[j] = step(a[i], b[j], below, possible, j) ? 1 : 0;
  }
  return possible[0] === 1;
}

/** Whether the rests from these two characters on have a common text; `below` is the row after the left one. */
function step(
  left: string | undefined,
  right: string | undefined,
  below: Uint8Array,
  row: Uint8Array,
  j: number,
): boolean {
  if (left === "*") return below[j] === 1 || (right !== undefined && row[j + 1] === 1);
  if (right === undefined) return false;
  if (right === "*") return row[j + 1] === 1 || below[j] === 1;
  return (left === right || left === "?" || right === "?") && below[j + 1] === 1;
}

/** Most pairs differ before the first or after the last wildcard. */
function plainEndsAgree(a: string, b: string): boolean {
  for (let i = 0; ; i++) {
    const left = a[i];
    const right = b[i];
    if (left === "*" || right === "*") break;
    if (left === undefined || right === undefined) return left === right;
    if (left !== right && left !== "?" && right !== "?") return false;
  }
  for (let i = 1; ; i++) {
    const left = a[a.length - i];
    const right = b[b.length - i];
    if (left === "*" || right === "*" || left === undefined || right === undefined) return true;
    if (left !== right && left !== "?" && right !== "?") return false;
  }
}

/**
 * Tells whether every text that the second glob matches is matched by the first one too; never says so wrongly. At
 * most the product of their lengths in steps.
 */
export function globCovers(covering: string, covered: string): boolean {
  if (covering === covered || covering === "*") return true;
  const pattern = singlesFirst(covering);
  const text = singlesFirst(covered);
  // Glob matching in which the covered glob is the text: its `*` can only be taken by a `*`, its `?` also by a `?`.
  let i = 0;
  let star = -1;
  let resume = 0;
  for (let j = 0; j < text.length; ) {
    if (pattern[i] === "*") {
      star = i++;
      resume = j;
    } else if (i < pattern.length && (pattern[i] === text[j] || (pattern[i] === "?" && text[j] !== "*"))) {
      i++;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++resume;
    } else return false;
  }
  while (pattern[i] === "*") i++;
  return i === pattern.length;
}

/** The same glob with each run of wildcards as some `?` and then at most one `*`. */
function singlesFirst(glob: string): string {
  return glob.replace(/[*?]{2,}/g, (run) => run.replaceAll("*", "") + (run.includes("*") ? "*" : ""));
}
