/** YAML or JSON that is no manifest, read by the same rules. */
import type { Position } from "@elbplan/core";
import { parseDocument } from "./parse-document.ts";

export interface ParsedYaml {
  /** Undefined if a problem makes the text unreadable, null for an empty text. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
}

export interface YamlProblem {
  /** A clause without a subject, for instance `the indentation is wrong`. Never quotes values. */
  readonly message: string;
  readonly at: Position;
  /** Whether it makes the text unreadable; a key that stands twice doesn't. */
  readonly fatal: boolean;
}

/** Parses one document as kubectl reads YAML: `on` is true, of equal keys the last one holds. Never throws. */
export function parseYaml(file: string, text: string): ParsedYaml {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const { value, problems, positionAt } = parseDocument({ file, text: source, line: 1, column: 1 });
  return {
    value,
    problems: problems.map(({ code, offset, message }) => ({
      message,
      at: positionAt(offset),
      fatal: code !== "input.duplicate-key",
    })),
  };
}
