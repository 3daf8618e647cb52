/** Matching of globs as ELBv2 conditions have them: `*` stands for any number of characters, `?` for exactly one. */

/** A glob's characters as UTF-16 code units, with the two wildcards as negative numbers. */
export type Glob = readonly number[];

export const ANY_RUN = -1;
export const ANY_ONE = -2;

const STAR = 42;
const QUESTION = 63;
const BACKSLASH = 92;

/** Reads a glob. With `escapes`, a backslash takes the special meaning from a wildcard or a backslash that follows. */
export function parseGlob(pattern: string, escapes = false): Glob {
  const glob: number[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const code = pattern.charCodeAt(i);
    const next = pattern.charCodeAt(i + 1);
    if (escapes && code === BACKSLASH && (next === STAR || next === QUESTION || next === BACKSLASH)) {
      glob.push(next);
      i++;
    } else if (code === QUESTION) glob.push(ANY_ONE);
    else if (code !== STAR) glob.push(code);
    else if (glob.at(-1) !== ANY_RUN) glob.push(ANY_RUN);
  }
  return glob;
}

/**
 * Whether the whole text matches. Takes at most the product of both lengths: after a mismatch only the last `*` is
 * widened, since what an earlier one could take, the last one can take as well.
 */
export function globMatches(glob: Glob, text: string): boolean {
  let at = 0;
  let i = 0;
  let star = -1;
  let resume = 0;
  while (i < text.length) {
    const token = glob[at];
    if (token === ANY_RUN) {
      star = at++;
      resume = i;
    } else if (token === ANY_ONE || token === text.charCodeAt(i)) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (glob[at] === ANY_RUN) at++;
  return at === glob.length;
}
