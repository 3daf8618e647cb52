/**
 * Texts for every way in which a list of globs can match: all globs are followed at once, one character at a time, and
 * situations that can't be told apart are entered once.
 */
import { ANY_ONE, ANY_RUN, type Glob } from "./glob-match.ts";

/** Which texts are possible at all: a machine that reads a text character by character. Its states are small numbers. */
export interface Language {
  readonly start: number;
  /** The state after a character, undefined when no text goes on like this. */
  readonly next: (state: number, code: number) => number | undefined;
  /** Whether a text may end here. */
  readonly accepts: (state: number) => boolean;
  /** Characters to fill wildcards with, the nicest first. */
  readonly alphabet: string;
  /** Characters that the machine treats unlike the rest of the alphabet. */
  readonly special: string;
}

export interface GlobClasses {
  /** One text for each set of globs that some text matches exactly, the shortest first. */
  readonly texts: readonly string[];
  /** Whether that is every such set; false when the limit was reached. */
  readonly complete: boolean;
}

/** Places in the globs that a text read so far may have led to, in one numbering over all globs. */
interface Situation {
  readonly places: readonly number[];
  readonly state: number;
  readonly text: string;
}

const END = -3;

/**
 * Finds the classes. `limit` bounds the work, counted in places looked at: globs with one `*` at one end make about as
 * many situations as they have characters, but each glob with stars at both ends may double their number.
 */
export function globClasses(globs: readonly Glob[], language: Language, limit: number): GlobClasses {
  const board = layOut(globs);
  const texts = new Map<string, string>();
  const seen = new Set<string>();
  const queue: Situation[] = [];
  let work = 0;
  const visit = (situation: Situation): void => {
    const key = `${situation.state}:${situation.places.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(situation);
  };
  visit({ places: settle(board, board.starts), state: language.start, text: "" });
  // The queue grows while it is walked.
  for (const situation of queue) {
    if (language.accepts(situation.state)) {
      const matched = situation.places.filter((place) => board.tokens[place] === END).join();
      if (!texts.has(matched)) texts.set(matched, situation.text);
    }
    if (work > limit) return { texts: [...texts.values()], complete: false };
    for (const code of charactersToTry(board, situation, language)) {
      const state = language.next(situation.state, code);
      if (state === undefined) continue;
      work += situation.places.length;
      const text = situation.text + String.fromCharCode(code);
      visit({ places: advance(board, situation.places, code), state, text });
    }
  }
  return { texts: [...texts.values()], complete: true };
}

/**
 * A shortest text that matches all globs and is of the language; undefined if there is none, or none was found within
 * the limit of situations.
 */
export function globMember(globs: readonly Glob[], language: Language, limit = 10_000): string | undefined {
  const board = layOut(globs);
  const queue: Situation[] = [{ places: settle(board, board.starts), state: language.start, text: "" }];
  const seen = new Set<string>();
  for (const { places, state, text } of queue) {
    const ends = places.filter((place) => board.tokens[place] === END).length;
    if (ends === globs.length && language.accepts(state)) return text;
    if (seen.size > limit) return undefined;
    for (const code of charactersToTry(board, { places, state, text }, language)) {
      const after = advance(board, places, code);
      const next = language.next(state, code);
      if (next === undefined || !everyGlobAlive(board, after, globs.length)) continue;
      const key = `${next}:${after.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ places: after, state: next, text: text + String.fromCharCode(code) });
    }
  }
  return undefined;
}

/** All globs one behind the other, each closed by END. */
interface Board {
  readonly tokens: readonly number[];
  readonly starts: readonly number[];
  /** Which glob a place belongs to. */
  readonly globOf: readonly number[];
}

function layOut(globs: readonly Glob[]): Board {
  const tokens: number[] = [];
  const starts: number[] = [];
  const globOf: number[] = [];
  for (const [index, glob] of globs.entries()) {
    starts.push(tokens.length);
    for (const token of glob) tokens.push(token);
    tokens.push(END);
    while (globOf.length < tokens.length) globOf.push(index);
  }
  return { tokens, starts, globOf };
}

/** Adds the places behind stars, which may stand for nothing; ascending, each once. */
function settle({ tokens }: Board, places: readonly number[]): readonly number[] {
  const settled: number[] = [];
  let last = -1;
  let isAscending = true;
  for (let place of places) {
    for (;;) {
      isAscending &&= place > last;
      last = place;
      settled.push(place);
      if (tokens[place] !== ANY_RUN) break;
      place++;
    }
  }
  if (isAscending) return settled;
  settled.sort((a, b) => a - b);
  return settled.filter((place, index) => place !== settled[index - 1]);
}

function advance(board: Board, places: readonly number[], code: number): readonly number[] {
  const after: number[] = [];
  for (const place of places) {
    const token = board.tokens[place];
    if (token === ANY_RUN) after.push(place);
    else if (token === ANY_ONE || token === code) after.push(place + 1);
  }
  return settle(board, after);
}

/**
 * The characters that lead to different situations: those that a glob waits for, those that mean something to the
 * language, and one that stands for all the others.
 */
function charactersToTry({ tokens }: Board, { places, state }: Situation, language: Language): readonly number[] {
  const wanted = new Set<number>();
  for (const place of places) {
    const token = tokens[place] ?? END;
    if (token >= 0) wanted.add(token);
  }
  for (let i = 0; i < language.special.length; i++) wanted.add(language.special.charCodeAt(i));
  for (let i = 0; i < language.alphabet.length; i++) {
    const code = language.alphabet.charCodeAt(i);
    if (wanted.has(code) || language.next(state, code) === undefined) continue;
    return [code, ...wanted];
  }
  return [...wanted];
}

function everyGlobAlive({ globOf }: Board, places: readonly number[], globs: number): boolean {
  return new Set(places.map((place) => globOf[place])).size === globs;
}
