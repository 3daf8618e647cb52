/** UTF-8 without the host's encoders, which the core doesn't see. */

/** Bytes that a text takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) as number;
    if (code >= 0x10000) index++;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Text of UTF-8 bytes. Every byte that begins no well-formed character becomes U+FFFD, as in Go. */
export function decodeUtf8(bytes: readonly number[]): string {
  const pieces: string[] = [];
  for (let index = 0; index < bytes.length; ) {
    const [code, length] = characterAt(bytes, index);
    pieces.push(String.fromCodePoint(code));
    index += length;
  }
  return pieces.join("");
}

const REPLACEMENT: readonly [number, number] = [0xfffd, 1];
/** The least code point that needs so many bytes; anything below is an overlong form. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** Code point and number of bytes. */
function characterAt(bytes: readonly number[], index: number): readonly [number, number] {
  const first = bytes[index] as number;
  if (first < 0x80) return [first, 1];
  const length = first >= 0xf8 || first < 0xc0 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (length === 0) return REPLACEMENT;
  let code = first & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset++) {
    const next = bytes[index + offset];
    if (next === undefined || (next & 0xc0) !== 0x80) return REPLACEMENT;
    code = (code << 6) | (next & 0x3f);
  }
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < (LEAST[length] as number) || code > 0x10ffff || surrogate ? REPLACEMENT : [code, length];
}
