/** JSON inside an unquoted here-document of a POSIX shell, in which variables are expanded and nothing else is. */

/** Names a shell variable instead of holding a value. */
export interface ShellVariable {
  readonly variable: string;
}

/** The variable that a value stands for, if any; `key` is the field that holds the value. */
type VariableOf = (value: unknown, key: string) => ShellVariable | undefined;

/**
 * Indented JSON whose text means the same to the shell as to a JSON reader, whatever the strings hold: `$`, backquotes
 * and backslashes of the value are written as `\u` escapes, for a here-document would take them as its own.
 * `variableOf` tells which values stand for a variable; the shell puts the variable's text between the quotes.
 */
export function heredocJson(value: unknown, variableOf: VariableOf): string {
  return write(value, "", variableOf, "");
}

function write(value: unknown, key: string, variableOf: VariableOf, indent: string): string {
  const found = variableOf(value, key);
  if (found !== undefined) return `"\${${found.variable}}"`;
  if (typeof value !== "object" || value === null) return literal(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item: unknown) => write(item, key, variableOf, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${literal(name)}: ${write(item, name, variableOf, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}${close}`;
}

const ESCAPES: { readonly [text: string]: string } = { "\\\\": "\\u005c", $: "\\u0024", "`": "\\u0060" };

function literal(value: unknown): string {
  return JSON.stringify(value ?? null).replace(/\\\\|[$`]/g, (text) => ESCAPES[text] ?? text);
}
