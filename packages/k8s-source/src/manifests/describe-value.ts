/** Words about values for messages. The values of a Secret never get into them. */
/**
 * A value for a message: `the number 8080`, `the boolean true (written on)`, `a list`. With `secret` only its type
 * is told.
 */
export function valueName(value: unknown, written: string | undefined, secret: boolean): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  switch (typeof value) {
    case "string":
      return secret ? "a string" : `the string ${JSON.stringify(short(value))}`;
    case "number":
      return secret ? "a number" : `the number ${written === undefined ? value : short(written)}`;
    case "boolean": {
      if (secret) return "a boolean";
      const reading = written === undefined || written === String(value) ? "" : ` (written ${short(written)})`;
      return `the boolean ${value}${reading}`;
    }
    case "object":
      return "a map";
    default:
      return `a ${typeof value}`;
  }
}

/** Cuts a long text. */
export function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
