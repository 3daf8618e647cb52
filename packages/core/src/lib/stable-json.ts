/** One text for equal data: JSON without spaces and with sorted keys. */

/** Texts in which JSON escapes nothing: no quote, backslash or control character, and no surrogate that may be alone. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** Canonical JSON: keys in ascending order, undefined fields left out. Lists keep their order, for it carries meaning. */
export function stableJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? stableJson(item) : `,${stableJson(item)}`;
    return `[${text}]`;
  }
  for (const key of sortedKeys(value)) {
    const item: unknown = (value as { readonly [key: string]: unknown })[key];
    if (item !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${stableJson(item)}`;
  }
  return `{${text}}`;
}

/** A text as JSON. Most texts need no escapes, and looking is cheaper than escaping. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The keys of an object, ascending by UTF-16 code units. */
export function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}
