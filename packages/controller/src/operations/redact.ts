/** A last net under what is logged: no event holds a secret, and should one, it doesn't reach a line. */

/** Fields that are never told, whatever they hold. */
const SECRET_FIELD =
  /^(?:authorization|cookie|credentials?|password|passwd|private_?key|(?:client|session|access)_?(?:secret|token|key)|secret_?access_?key|token)$/i;

/** Texts that are credentials by their form: AWS's key ids, tokens of service accounts, headers, signed URLs. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, "***"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, "***"],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{4,}/gi, "$1 ***"],
  [/\b(X-Amz-(?:Security-Token|Credential|Signature))=[^&\s"']+/gi, "$1=***"],
  [/\b(client_?secret|session_?token|secret_?access_?key|password)(["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, "$1$2***"],
  [/(\/\/[^/\s:@]+):[^/\s@]+@/g, "$1:***@"],
];

/** Objects in objects further down aren't told. */
const DEEPEST = 8;

/** The same with `***` for what looks like a credential. Never throws, whatever it is given. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactedText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return "…";
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET_FIELD.test(name) ? "***" : redacted(item, depth + 1)]),
  );
}

/** A text likewise. */
function redactedText(text: string): string {
  return SECRET_TEXT.reduce((masking, [pattern, mask]) => masking.replace(pattern, mask), text);
}
