/**
 * Splits the text of a file into documents at the lines that separate them, before anything is parsed, so that one
 * broken document can't take others with it. In YAML such a line separates wherever it stands, also inside a string.
 */
import { splitJson } from "./json-text.ts";
import { countLines, type SourceDocument } from "./source-document.ts";

/** Not `^…$` with the flag m: that would also see a line end in U+2028 and in a lone carriage return. */
const SEPARATOR = /(?<![^\n])(---|\.\.\.)([^\n]*)/g;

/**
 * Splits a file as kubectl does: at `---`, which may be followed by a comment only; what follows `...` up to the next
 * `---` isn't read. A document of several JSON values after one another is split too. Blank documents are left out.
 */
export function splitDocuments(file: string, text: string): readonly SourceDocument[] {
  const documents: SourceDocument[] = [];
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  let start = 0;
  let line = 1;
  let refused: SourceDocument["refused"];
  const take = (end: number): void => {
    const piece = source.slice(start, end);
    if (!isBlank(piece)) {
      if (refused === undefined) documents.push(...splitJson({ file, text: piece, line, column: 1 }));
      else documents.push({ file, text: piece, line, column: 1, refused });
    }
    line += countLines(source, start, end);
    start = end;
  };
  for (const match of source.matchAll(SEPARATOR)) {
    const after = (match[2] ?? "").trim();
    if (match[1] === "...") {
      // Text after the dots on the same line is left to the YAML parser to refuse.
      if (after !== "" && !after.startsWith("#")) continue;
      take(match.index);
      start = match.index + match[0].length;
      refused ??= "after-document-end";
    } else {
      take(match.index);
      const isSeparator = after === "" || after.startsWith("#");
      start = isSeparator ? match.index + match[0].length : match.index;
      refused = isSeparator ? undefined : "bad-separator";
    }
  }
  take(source.length);
  return documents;
}

function isBlank(text: string): boolean {
  return !/(?<![^\n])[^\S\n]*[^\s#]/.test(text);
}
