/** Globs as ELBv2 conditions have them: `*` stands for any number of characters, `?` for exactly one. */

/**
 * Tells whether some text matches both globs. Linear in the product of their lengths; no regular expressions, no
 * backtracking. Case matters: fold it before, where AWS ignores it.
 */
export function globsIntersect(a: string, b: string): boolean {
  if (a === b) return true;
  if (!plainEndsAgree(a, b)) return false;
  // possible[j]: the rest of `a` from i and the rest of `b` from j have a common text.
  let possible = endRow(b);
  for (let i = a.length - 1; i >= 0; i--) {
    const below = possible;
    possible = new Array<boolean>(b.length + 1).fill(false);
    for (let j = b.length; j >= 0; j--) possible[j] = step(a[i] ?? "", b[j], j, below, possible);
  }
  return possible[0] === true;
}

/** The row for the end of `a`: the rest of `b` must match the empty text. */
function endRow(b: string): boolean[] {
  const row = new Array<boolean>(b.length + 1).fill(false);
  row[b.length] = true;
  for (let j = b.length - 1; j >= 0 && b[j] === "*"; j--) row[j] = true;
  return row;
}

function step(
  left: string,
  right: string | undefined,
  j: number,
  below: readonly boolean[],
  row: readonly boolean[],
): boolean {
  const skipLeft = below[j] === true;
  const skipRight = row[j + 1] === true;
  if (left === "*") return skipLeft || (right !== undefined && skipRight);
  if (right === undefined) return false;
  if (right === "*") return skipRight || skipLeft;
  return (left === right || left === "?" || right === "?") && below[j + 1] === true;
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
