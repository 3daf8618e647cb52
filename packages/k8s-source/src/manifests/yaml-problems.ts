/** What can be wrong with a document, in words that never quote the document: it may be a Secret. */
import type { ErrorCode } from "yaml";

/** Deepest nesting that is read; Kubernetes' own limit is 10,000, real objects stay below 60. */
export const MAX_DEPTH = 200;

/** Something found while one document was read; `offset` counts UTF-16 units from the document's start. */
export interface DocumentProblem {
  readonly code: "input.yaml-invalid" | "input.document-too-complex" | "input.duplicate-key" | "input.not-text";
  readonly offset: number;
  /** A clause without a subject, for instance `the indentation is wrong`. */
  readonly message: string;
}

const SENTENCES: { readonly [code in ErrorCode]?: string } = {
  ALIAS_PROPS: "an alias can't have an anchor or a tag",
  BAD_ALIAS: "an alias (*name) has no name or names no anchor before it",
  BAD_COLLECTION_TYPE: "a tag doesn't fit the map or list it stands before",
  BAD_DIRECTIVE: "a directive (%…) is malformed",
  BAD_DQ_ESCAPE: "a double-quoted string holds an escape that YAML doesn't know",
  BAD_INDENT: "the indentation is wrong",
  BAD_PROP_ORDER: "an anchor or tag stands in the wrong place",
  BAD_SCALAR_START: "a plain value can't start with this character; quote it",
  BLOCK_AS_IMPLICIT_KEY:
    "a map starts in the middle of a line that already has a key and a value; quote a value that contains ': '",
  BLOCK_IN_FLOW: "a block collection can't stand inside brackets or braces",
  IMPOSSIBLE: "the text makes no sense here",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a character is missing, such as a closing quote or bracket, a comma, or a colon after a key",
  MULTILINE_IMPLICIT_KEY: "a key spans several lines; a colon may be missing, or a value needs quotes",
  MULTIPLE_ANCHORS: "a value has more than one anchor",
  MULTIPLE_DOCS: "a second document starts without a line '---'",
  MULTIPLE_TAGS: "a value has more than one tag",
  TAB_AS_INDENT: "a tab is used for indentation; YAML wants spaces",
  TAG_RESOLVE_FAILED: "a value doesn't fit its tag",
  UNEXPECTED_TOKEN: "the text can't stand here; a value that contains special characters needs quotes",
};

/** Describes an error of the `yaml` library by its code alone. */
export function invalidYaml(code: ErrorCode, offset: number): DocumentProblem {
  if (code === "RESOURCE_EXHAUSTION") return tooDeep(offset);
  return { code: "input.yaml-invalid", offset, message: SENTENCES[code] ?? "the text is not valid YAML" };
}

/** Makes the problem of a document that would cost too much to read. */
export function tooComplex(offset: number, message: string): DocumentProblem {
  return { code: "input.document-too-complex", offset, message };
}

/** Makes the problem of a quote that is never closed. */
export function unclosedQuote(offset: number): DocumentProblem {
  return { code: "input.yaml-invalid", offset, message: "a quote opens here and isn't closed" };
}

/** Makes the problem of a document that is nested too deeply. */
export function tooDeep(offset: number): DocumentProblem {
  return tooComplex(offset, `it is nested more than ${MAX_DEPTH} levels deep`);
}
