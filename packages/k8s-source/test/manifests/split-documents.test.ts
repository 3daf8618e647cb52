import { describe, expect, it } from "vitest";
import { splitDocuments } from "../../src/manifests/split-documents.ts";

function split(text: string): readonly string[] {
  return splitDocuments("f", text).map((document) => {
    const refused = document.refused === undefined ? "" : ` ${document.refused}`;
    return `${document.line}:${document.column} ${document.text.trim()}${refused}`;
  });
}

describe("splitDocuments", () => {
  it.each([
    { name: "one document", text: "a: 1\n", documents: ["1:1 a: 1"] },
    { name: "two documents", text: "a: 1\n---\nb: 2\n", documents: ["1:1 a: 1", "2:1 b: 2"] },
    {
      name: "a comment after the separator",
      text: "--- # first\na: 1\n--- # second\nb: 2",
      documents: ["1:1 a: 1", "3:1 b: 2"],
    },
    { name: "CRLF", text: "a: 1\r\n---\r\nb: 2\r\n", documents: ["1:1 a: 1", "2:1 b: 2"] },
    { name: "a byte order mark", text: "\uFEFFa: 1", documents: ["1:1 a: 1"] },
    {
      name: "empty documents and comments",
      text: "---\n---\n# nothing\n---\n\t\n---\na: 1\n---\n",
      documents: ["6:1 a: 1"],
    },
    { name: "nothing", text: "", documents: [] },
    { name: "an indented separator is text", text: "a: |\n  ---\n  b\n", documents: ["1:1 a: |\n  ---\n  b"] },
    {
      name: "text on the separator's line",
      text: "a: 1\n--- {b: 2}\n---\nc: 3\n",
      documents: ["1:1 a: 1", "2:1 --- {b: 2} bad-separator", "3:1 c: 3"],
    },
    { name: "a separator glued to text", text: "a: 1\n---x\n", documents: ["1:1 a: 1", "2:1 ---x bad-separator"] },
    {
      name: "text after the document's end",
      text: "a: 1\n...\nb: 2\n---\nc: 3\n",
      documents: ["1:1 a: 1", "2:1 b: 2 after-document-end", "4:1 c: 3"],
    },
    { name: "a document's end and no more", text: "a: 1\n...\n", documents: ["1:1 a: 1"] },
    {
      name: "JSON objects after one another",
      text: '{"a": "}"}\n{"b": 2} {"c": 3}\n',
      documents: ['1:1 {"a": "}"}', '1:11 {"b": 2}', '2:9 {"c": 3}'],
    },
    { name: "a flow map that is no JSON", text: "{a: '}'}\n", documents: ["1:1 {a: '}'}"] },
    {
      name: "a line separator of Unicode ends no line",
      text: "a: 'x\u2028---\u2028y'\n",
      documents: ["1:1 a: 'x\u2028---\u2028y'"],
    },
  ])("splits $name", ({ text, documents }) => {
    expect(split(text)).toEqual(documents);
  });
});
