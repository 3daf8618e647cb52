/** Which texts can stand in each part of a request. */
import type { Language } from "../../lib/glob-classes.ts";

const LETTERS = "xyzabcdefghijklmnopqrstuvw";
const DIGITS = "0123456789";
const DOT = 46;
const SLASH = 47;

/** Host names in lower case: labels of at least one character, divided by dots. States: 0 a label begins, 1 within one. */
export const HOSTS: Language = {
  start: 0,
  next: (state, code) => {
    if (code === DOT) return state === 0 ? undefined : 0;
    return isHostCharacter(code) ? 1 : undefined;
  },
  accepts: (state) => state === 1,
  alphabet: `${LETTERS}${DIGITS}-_`,
  special: ".",
};

/**
 * Paths as they are after normalisation, before which AWS applies no path condition: a leading slash, no empty, `.` or
 * `..` segment; a trailing slash is fine. States: 0 nothing yet, 1 a segment begins, 2 within one, 3 after `.`, 4 after `..`.
 */
export const PATHS: Language = {
  start: 0,
  next: (state, code) => {
    if (state === 0) return code === SLASH ? 1 : undefined;
    if (code === SLASH) return state === 2 ? 1 : undefined;
    if (code === DOT && state !== 2) return state === 1 ? 3 : state === 3 ? 4 : 2;
    return isVisible(code) && !isOneOf(code, "?#") ? 2 : undefined;
  },
  accepts: (state) => state === 1 || state === 2,
  alphabet: `${LETTERS}${LETTERS.toUpperCase()}${DIGITS}-_~!$&'()*+,;=:@%"`,
  special: "./",
};

/** Values of headers in lower case, at least one character. */
export const HEADER_VALUES: Language = {
  start: 0,
  next: (_, code) => (isVisible(code) || code === 32 ? 1 : undefined),
  accepts: (state) => state === 1,
  alphabet: `${LETTERS}${DIGITS}-_.~!$&'()*+,;=:@%"/?#<>[]{}|\\^\``,
  special: "",
};

/** Keys of a query in lower case, at least one character. */
export const QUERY_KEYS: Language = {
  start: 0,
  next: (_, code) => (isVisible(code) && !isOneOf(code, "&=#") ? 1 : undefined),
  accepts: (state) => state === 1,
  alphabet: `${LETTERS}${DIGITS}-_.~!$'()*+,;:@%/?`,
  special: "",
};

/** Values of a query in lower case, possibly empty. */
export const QUERY_VALUES: Language = {
  start: 0,
  next: (_, code) => (isVisible(code) && !isOneOf(code, "&#") ? 0 : undefined),
  accepts: () => true,
  alphabet: `${LETTERS}${DIGITS}-_.~!$'()*+,;:@%/?=`,
  special: "",
};

/** Whether a text is of a language. */
export function isOfLanguage(text: string, language: Language): boolean {
  let state = language.start;
  for (let i = 0; i < text.length; i++) {
    const next = language.next(state, text.charCodeAt(i));
    if (next === undefined) return false;
    state = next;
  }
  return language.accepts(state);
}

function isVisible(code: number): boolean {
  return code > 32 && code < 127;
}

function isHostCharacter(code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = code >= 97 && code <= 122;
  return isDigit || isLetter || isOneOf(code, "-_");
}

function isOneOf(code: number, characters: string): boolean {
  return characters.includes(String.fromCharCode(code));
}
