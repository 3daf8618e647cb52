/**
 * Evaluates the regular expressions of rules. The core brings none into every program: `@elbplan/core/linear-regex`
 * has one that takes linear time. Without an engine, what depends on a regular expression is unknown.
 */
export interface RegexEngine {
  /** Whether the pattern is found anywhere in the text; undefined if the engine doesn't understand the pattern. */
  readonly matches: (pattern: string, text: string, ignoreCase: boolean) => boolean | undefined;
  /**
   * The text with the first match replaced, `$1` … standing for what the groups matched; null if nothing matches,
   * undefined if the engine doesn't understand the pattern or the replacement.
   */
  readonly replaceFirst: (
    pattern: string,
    replacement: string,
    text: string,
    ignoreCase: boolean,
  ) => string | null | undefined;
}

/** Knows nothing. */
export const UNKNOWN_REGEX: RegexEngine = { matches: () => undefined, replaceFirst: () => undefined };
