import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { quoted, sortedKeys } from "./stable-json.ts";

/** Text that is hashed at once: enough to be quick, little enough to be forgotten soon. */
const CHUNK = 8192;

/**
 * Lower-case hex SHA-256 of a canonical text of a value, which is never held as a whole: JSON with sorted keys, but a text
 * that stood there before, as a key or a value, is its number in order of appearance. ARNs, tags and field names recur, so
 * there is little to hash; and texts can be told from numbers by a sign, so that unequal values have unequal texts.
 */
export function stableDigest(value: unknown): string {
  const hash = sha256.create();
  let text = "";
  const seen = new Map<string, string>();
  const name = (item: string): string => {
    const number = seen.get(item);
    if (number !== undefined) return number;
    seen.set(item, `#${seen.size}`);
    return quoted(item);
  };
  const write = (item: unknown): void => {
    if (typeof item === "string") text += name(item);
    else if (typeof item !== "object" || item === null) text += JSON.stringify(item) ?? "null";
    else if (Array.isArray(item)) writeList(item);
    else writeFields(item as { readonly [key: string]: unknown });
  };
  const writeList = (list: readonly unknown[]): void => {
    text += "[";
    for (let index = 0; index < list.length; index++) {
      if (index > 0) text += ",";
      write(list[index]);
    }
    text += "]";
  };
  const writeFields = (fields: { readonly [key: string]: unknown }): void => {
    let separator = "{";
    for (const key of sortedKeys(fields)) {
      const item = fields[key];
      if (item === undefined) continue;
      text += `${separator}${name(key)}:`;
      separator = ",";
      write(item);
    }
    text += separator === "{" ? "{}" : "}";
    // Only between whole texts, so that no character is cut in two.
    if (text.length < CHUNK) return;
    hash.update(utf8ToBytes(text));
    text = "";
  };
  write(value);
  hash.update(utf8ToBytes(text));
  return bytesToHex(hash.digest());
}
