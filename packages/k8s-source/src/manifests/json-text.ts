/** JSON documents: several values after one another, and keys that stand twice, which JSON.parse doesn't report. */
import { countLines, type SourceDocument } from "./source-document.ts";
import { type DocumentProblem, MAX_DEPTH, tooDeep } from "./yaml-problems.ts";

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Tells whether a document looks like JSON, by the rule kubectl goes by: it starts with a brace. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/** Parses JSON; undefined if it isn't valid JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Splits a document of several JSON objects after one another; returns any other document as it is. */
export function splitJson(document: SourceDocument): readonly SourceDocument[] {
  if (!looksLikeJson(document.text)) return [document];
  const ends = objectEnds(document.text);
  const first = ends[0];
  if (first === undefined || document.text.slice(first).trim() === "") return [document];
  if (parseJson(document.text.slice(0, first)) === undefined) return [document];
  const pieces: SourceDocument[] = [];
  let start = 0;
  let { line, column } = document;
  for (const end of [...ends, document.text.length]) {
    const text = document.text.slice(start, end);
    if (text.trim() !== "") pieces.push({ ...document, text, line, column });
    const lines = countLines(document.text, start, end);
    line += lines;
    column = lines === 0 ? column + end - start : end - document.text.lastIndexOf("\n", end - 1);
    start = end;
  }
  return pieces;
}

function objectEnds(text: string): readonly number[] {
  const ends: number[] = [];
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") {
      depth--;
      if (depth === 0) ends.push(index + 1);
    }
  }
  return ends;
}

/**
 * Finds what JSON.parse lets pass in a valid JSON text: keys that stand twice in one object, and nesting so deep that
 * whoever walks the value would run out of stack. Only the latter makes the value unreadable.
 */
export function jsonProblems(text: string): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const open: (Set<string> | undefined)[] = [];
  let last = { token: "", index: 0 };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (open.length > MAX_DEPTH) return [tooDeep(index)];
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const keys = open.at(-1);
      const key: unknown = parseJson(last.token);
      if (keys !== undefined && typeof key === "string") {
        if (keys.has(key)) {
          const message = `the key ${JSON.stringify(key)} stands in this object twice; the last value holds, as in kubectl`;
          problems.push({ code: "input.duplicate-key", offset: last.index, message });
        }
        keys.add(key);
      }
    }
    last = { token, index };
  }
  return problems;
}
