/**
 * `@elbplan/core/linear-regex`: evaluates regular expressions of users with RE2's algorithm, in time linear in the text,
 * which JavaScript's own engine doesn't promise. Apart from the main entry, so that only who asks for it loads it.
 */
import { RE2JS } from "re2js";
import type { RegexEngine } from "./route/regex-engine.ts";

export type { RegexEngine } from "./route/regex-engine.ts";

/**
 * Makes an engine, which remembers the patterns that it has read. RE2 and AWS both leave out look-arounds and
 * back-references; what RE2 doesn't read is unknown, and so is a replacement that names a group the pattern lacks.
 */
export function linearRegex(): RegexEngine {
  const compiled = new Map<string, RE2JS | undefined>();
  const read = (pattern: string, ignoreCase: boolean): RE2JS | undefined => {
    const key = `${ignoreCase ? "i" : "c"}${pattern}`;
    if (!compiled.has(key)) compiled.set(key, compile(pattern, ignoreCase));
    return compiled.get(key);
  };
  return {
    matches: (pattern, text, ignoreCase) => read(pattern, ignoreCase)?.matcher(text).find(),
    replaceFirst: (pattern, replacement, text, ignoreCase) => {
      const matcher = read(pattern, ignoreCase)?.matcher(text);
      if (matcher === undefined) return undefined;
      if (!matcher.find()) return null;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? "");
      const filled = fill(replacement, groups);
      return filled && text.slice(0, matcher.start()) + filled.text + text.slice(matcher.end());
    },
  };
}

function compile(pattern: string, ignoreCase: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    // The library's way to say that it can't read the pattern.
    return undefined;
  }
}

/** Puts groups in the place of `$1` …, in one pass; undefined if there is no such group. */
function fill(replacement: string, groups: readonly string[]): { readonly text: string } | undefined {
  let known = true;
  const text = replacement.replace(/\$([0-9]{1,2})/g, (_, digits: string) => {
    const group = groups[Number(digits)];
    if (group !== undefined) return group;
    // `$12` is group 1 and a 2 where there are fewer than 12 groups.
    const first = groups[Number(digits[0])];
    if (first === undefined || digits.length === 1) known = false;
    return `${first ?? ""}${digits.slice(1)}`;
  });
  return known ? { text } : undefined;
}
