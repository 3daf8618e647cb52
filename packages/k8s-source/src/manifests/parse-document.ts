/** One document's text → its value, its problems, and the place of each field. */
import type { Position } from "@elbplan/core";
import { Composer, type CST, isScalar, Lexer, type Node, Parser, visit } from "yaml";
import { jsonProblems, looksLikeJson, parseJson } from "./json-text.ts";
import { KUBERNETES_YAML } from "./kubernetes-yaml.ts";
import { nodeAt } from "./node-at.ts";
import { plainValue } from "./plain-value.ts";
import type { SourceDocument } from "./source-document.ts";
import { type DocumentProblem, invalidYaml, MAX_DEPTH, tooDeep, unclosedQuote } from "./yaml-problems.ts";

/** Finds places in one document; pointers are RFC 6901 pointers from the document's root. */
export interface DocumentPlaces {
  /** Where a field stands: a map entry's key, a list's item; the nearest existing ancestor of an absent one. */
  readonly positionOf: (pointer: string) => Position;
  /** A scalar field as it is written, for instance `on` of what is read as true. */
  readonly writtenAt: (pointer: string) => string | undefined;
  /** Turns an offset into the document's text into a place in its file. */
  readonly positionAt: (offset: number) => Position;
}

export interface ParsedDocument extends DocumentPlaces {
  /** Undefined if a problem makes the document unreadable. */
  readonly value: unknown;
  readonly problems: readonly DocumentProblem[];
}

/** Parses one document. Never throws; a document that would cost too much is a problem. */
export function parseDocument(source: SourceDocument): ParsedDocument {
  const control = controlCharacter(source.text);
  if (control !== undefined) return { value: undefined, problems: [control], ...placesIn(source) };
  if (looksLikeJson(source.text)) {
    const value = parseJson(source.text);
    if (value !== undefined) {
      const problems = jsonProblems(source.text);
      const isTooDeep = problems.some(({ code }) => code === "input.document-too-complex");
      return { value: isTooDeep ? undefined : value, problems, ...placesIn(source) };
    }
  }
  const { contents, problem } = compose(source.text);
  const places = placesIn(source, contents);
  if (problem !== undefined) return { value: undefined, problems: [problem], ...places };
  return { ...plainValue(contents), ...places };
}

/** Finds places in a document that isn't held parsed: it is parsed when the first one is asked for. */
export function placesIn(source: SourceDocument, parsed?: Node | null): DocumentPlaces {
  let contents = parsed;
  let starts: readonly number[] | undefined;
  const root = (): Node | null => {
    if (contents === undefined) contents = compose(source.text).contents;
    return contents;
  };
  const positionAt = (offset: number): Position => {
    starts ??= lineStarts(source.text);
    return positionIn(source, starts, offset);
  };
  return {
    positionAt,
    positionOf: (pointer) => positionAt(nodeAt(root(), pointer).offset),
    writtenAt: (pointer) => {
      const { node, exact } = nodeAt(root(), pointer);
      return exact && isScalar(node) ? node.source : undefined;
    },
  };
}

interface Composed {
  readonly contents: Node | null;
  /** The first error; what follows an error is mostly its echo. */
  readonly problem?: DocumentProblem;
}

/** The library's `parseDocument`, with a limit on nesting: some deep documents take it minutes or the whole process. */
function compose(text: string): Composed {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) {
      return { contents: null, problem: tooDeep(parser.offset) };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const [document, second] = new Composer(KUBERNETES_YAML).compose(tokens, true, text.length);
  if (document === undefined) return { contents: null };
  const error = document.errors[0];
  if (error !== undefined) {
    const quote = error.code === "MISSING_CHAR" ? openQuote(document.contents, error.pos[0]) : undefined;
    const problem = quote === undefined ? invalidYaml(error.code, error.pos[0]) : unclosedQuote(quote);
    return { contents: document.contents, problem };
  }
  if (second !== undefined) {
    return { contents: document.contents, problem: invalidYaml("MULTIPLE_DOCS", second.range[0]) };
  }
  return { contents: document.contents };
}

/** The library points at where a closing quote is missed, mostly the document's end; the opening one is the place to look at. */
function openQuote(contents: Node | null, offset: number): number | undefined {
  let found: number | undefined;
  visit(contents, {
    Scalar: (_key, { type, range }) => {
      const isQuoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
      if (isQuoted && range && range[0] < offset && offset <= range[1]) found = range[0];
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

function controlCharacter(text: string): DocumentProblem | undefined {
  // Every control character but tab, the line ends and NEL.
  const offset = text.search(/[^\P{Cc}\t\n\r\x85]|[\uFFFE\uFFFF]/u);
  if (offset === -1) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0");
  return { code: "input.not-text", offset, message: `the control character U+${code} isn't allowed in YAML` };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionIn(source: SourceDocument, starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const column = offset - (starts[low] ?? 0) + (low === 0 ? source.column : 1);
  return { file: source.file, line: source.line + low, column };
}
