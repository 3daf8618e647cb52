import { describe, expect, it } from "vitest";
import { DIAGNOSTIC_CODES } from "../../src/diagnostics/codes.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { ANNOTATIONS } from "../../src/read/annotations.ts";
import { renderAnnotationsDoc } from "../../src/render/annotations-doc.ts";
import { renderDiagnosticsDoc } from "../../src/render/diagnostics-doc.ts";
import { countDiagnostics, renderDiagnostic, renderDiagnostics } from "../../src/render/diagnostics-text.ts";

const scheme: Diagnostic = {
  code: "annotation.value-invalid",
  severity: "error",
  message: 'The scheme "public" is neither internal nor internet-facing.',
  hint: "Write internal or internet-facing.",
  object: { kind: "Ingress", namespace: "shop", name: "web" },
  field: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
  at: { file: "web.yaml", line: 12, column: 5 },
  stack: "shop",
};

describe("renderDiagnostic", () => {
  it("begins with the place, as editors expect", () => {
    expect(renderDiagnostic(scheme)).toBe(
      [
        'web.yaml:12:5: error annotation.value-invalid: The scheme "public" is neither internal nor internet-facing.',
        "    Ingress shop/web, annotation alb.ingress.kubernetes.io/scheme",
        "    hint: Write internal or internet-facing.",
        "",
      ].join("\n"),
    );
  });

  it.each<{ name: string; diagnostic: Diagnostic; text: string }>([
    {
      name: "nothing but a message",
      diagnostic: { code: "a.b", severity: "info", message: "M." },
      text: "info a.b: M.\n",
    },
    {
      name: "a stack and a resource",
      diagnostic: { code: "a.b", severity: "warning", message: "M.", stack: "edge", resource: "listener/443" },
      text: "warning a.b: M.\n    group edge, listener 443\n",
    },
    {
      name: "a field of the facts",
      diagnostic: { code: "a.b", severity: "error", message: "M.", field: "/subnets/0/id" },
      text: "error a.b: M.\n    subnets[0].id\n",
    },
  ])("$name", ({ diagnostic, text }) => {
    expect(renderDiagnostic(diagnostic)).toBe(text);
  });

  it("puts errors first and keeps the order otherwise", () => {
    const make = (severity: Diagnostic["severity"], message: string): Diagnostic => ({
      code: "a.b",
      severity,
      message,
    });
    const text = renderDiagnostics([make("info", "1"), make("error", "2"), make("warning", "3"), make("error", "4")]);
    expect(text.match(/\d/g)).toEqual(["2", "4", "3", "1"]);
  });

  it("counts", () => {
    expect(countDiagnostics([scheme, scheme, { ...scheme, severity: "warning" }])).toBe("2 errors, 1 warning");
    expect(countDiagnostics([])).toBe("");
  });
});

describe("pages", () => {
  it.each(Object.keys(DIAGNOSTIC_CODES).map((code) => ({ code })))("docs/diagnostics.md has $code", ({ code }) => {
    expect(renderDiagnosticsDoc().split(`| \`${code}\` |`)).toHaveLength(2);
  });

  it("docs/annotations.md has a row for each annotation", () => {
    const rows = renderAnnotationsDoc()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows).toHaveLength(Object.keys(ANNOTATIONS).length);
    for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(9);
  });
});
