const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...ALPHABET].map((char, index) => [char, index]));

/** Decodes standard base64 into bytes; line breaks are skipped. A character outside the alphabet ends it. */
export function decodeBase64(text: string): readonly number[] {
  let bits = 0;
  let buffer = 0;
  const bytes: number[] = [];
  for (const char of text) {
    if (char === "\n" || char === "\r") continue;
    const value = VALUES.get(char);
    if (value === undefined) break;
    buffer = (buffer << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >> bits) & 0xff);
      buffer &= (1 << bits) - 1;
    }
  }
  return bytes;
}
