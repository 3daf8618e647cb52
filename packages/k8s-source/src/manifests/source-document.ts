/** The text of one document and where it starts in its file. */
export interface SourceDocument {
  readonly file: string;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based; only a second JSON value on one line starts elsewhere than at 1. */
  readonly column: number;
  /** Set if kubectl wouldn't read this text, and why. */
  readonly refused?: "after-document-end" | "bad-separator";
}

/** Number of line feeds in a text between two offsets. */
export function countLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
