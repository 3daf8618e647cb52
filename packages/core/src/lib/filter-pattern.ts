/**
 * Whether a text matches a value of an EC2 filter: `*` stands for any number of characters, `?` for exactly one, a
 * backslash makes the next character literal; letters compare with case. One pass with a single point of return, so
 * hostile patterns cost no more than the product of the lengths.
 */
export function matchesFilter(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const char = pattern[p];
    if (char === "*") {
      star = p++;
      resume = t;
    } else if (char === "?") {
      p++;
      t++;
    } else if (char === "\\" && p + 1 < pattern.length && pattern[p + 1] === text[t]) {
      p += 2;
      t++;
    } else if (char !== "\\" && char === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
