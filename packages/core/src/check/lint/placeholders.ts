/** Values that nobody filled in, as templates leave them: `${NAME}`, `$(name)`, `<name>`, `YOUR_NAME`. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { GrammarName } from "../../read/annotation-grammar.ts";
import { quote } from "../../read/grammar.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";

const PLACEHOLDER = /\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z][A-Z0-9_]*|<[A-Za-z][^<>]*>|\bYOUR[_-][A-Z]+/;

/** JSON may hold such texts for good reason: regular expressions, replacements. So may tags. */
const GRAMMARS: ReadonlySet<GrammarName> = new Set(["string", "bool", "int32", "int64", "stringList"]);

/** Looks at annotations that aren't JSON or tags. */
export function placeholders({ groups }: LintInput): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id: stack, members } of groups) {
    for (const { ingress, annotations } of members) {
      for (const { fullName, text, known } of annotations) {
        if (known === undefined || !GRAMMARS.has(known.row.grammar)) continue;
        const [placeholder] = PLACEHOLDER.exec(text) ?? [];
        if (placeholder === undefined) continue;
        const message = `${fullName} holds ${quote(placeholder)}, which looks like a placeholder`;
        found.push(finding("lint.placeholder", ingress, fullField(fullName), message, { stack }));
      }
    }
  }
  return found;
}
