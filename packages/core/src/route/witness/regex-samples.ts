/**
 * Texts that a regular expression probably matches: its shortest one, and for each alternative and quantifier one that
 * differs there. A sample, no proof: whoever uses them tests them with an engine.
 */

const MOST_SAMPLES = 12;
const MOST_REPEATS = 50;

interface Reader {
  readonly pattern: string;
  at: number;
}

/** Thrown at what isn't read here, and caught in this file only. */
const NOT_READ = new Error("not read");

/** Samples of a pattern in the syntax that AWS takes; empty if it holds something that isn't read here. */
export function regexSamples(pattern: string): readonly string[] {
  const reader: Reader = { pattern, at: 0 };
  try {
    const samples = readAlternatives(reader);
    return reader.at === pattern.length ? [...new Set(samples)].slice(0, MOST_SAMPLES) : [];
  } catch (error) {
    if (error === NOT_READ) return [];
    throw error;
  }
}

function readAlternatives(reader: Reader): readonly string[] {
  const samples: string[] = [...readSequence(reader)];
  while (reader.pattern[reader.at] === "|") {
    reader.at++;
    samples.push(...readSequence(reader));
  }
  return spread(samples);
}

/** Varies one part at a time, all others being their first sample. */
function readSequence(reader: Reader): readonly string[] {
  let samples: readonly string[] = [""];
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const [first = "", ...others] = readQuantified(reader);
    const [base = ""] = samples;
    samples = spread([...samples.map((sample) => sample + first), ...others.map((other) => base + other)]);
  }
  return samples;
}

/** Keeps the number of samples bounded without forgetting the last ones. */
function spread(samples: readonly string[]): readonly string[] {
  const distinct = [...new Set(samples)];
  if (distinct.length <= MOST_SAMPLES) return distinct;
  return [...distinct.slice(0, MOST_SAMPLES / 2), ...distinct.slice(-MOST_SAMPLES / 2)];
}

function readQuantified(reader: Reader): readonly string[] {
  const atoms = readAtom(reader);
  const [first = ""] = atoms;
  const repeats = readRepeats(reader);
  if (repeats === undefined) return atoms;
  const { least, most } = repeats;
  const fewest = first.repeat(least);
  const more = [least + 1, least + 2].filter((count) => count <= most).map((count) => first.repeat(count));
  const varied = most === 0 ? [] : atoms.slice(1).map((atom) => atom + first.repeat(Math.max(least - 1, 0)));
  return [fewest, ...more, ...varied];
}

function readRepeats(reader: Reader): { readonly least: number; readonly most: number } | undefined {
  const found = /^(?:([*+?])|\{([0-9]{1,4})(,([0-9]{0,4}))?\})\??/.exec(reader.pattern.slice(reader.at));
  if (found === null) return undefined;
  reader.at += found[0].length;
  const [, sign, from, comma, to] = found;
  if (sign !== undefined) return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : MOST_REPEATS };
  const least = Number(from);
  const most = comma === undefined ? least : to ? Number(to) : MOST_REPEATS;
  if (least > MOST_REPEATS) throw NOT_READ;
  return { least, most };
}

function readAtom(reader: Reader): readonly string[] {
  const character = reader.pattern[reader.at++] ?? "";
  switch (character) {
    case "^":
    case "$":
      return [""];
    case ".":
      return ["x"];
    case "(":
      return readGroup(reader);
    case "[":
      return readClass(reader);
    case "\\":
      return [...readEscape(reader)].slice(0, 2);
    case "*":
    case "+":
    case "?":
      throw NOT_READ;
    default:
      return [character];
  }
}

function readGroup(reader: Reader): readonly string[] {
  const opening = /^\?(?::|P?<[A-Za-z_][0-9A-Za-z_]*>)/.exec(reader.pattern.slice(reader.at));
  if (opening !== null) reader.at += opening[0].length;
  else if (reader.pattern[reader.at] === "?") throw NOT_READ;
  const samples = readAlternatives(reader);
  if (reader.pattern[reader.at++] !== ")") throw NOT_READ;
  return samples;
}

/** Members of what an escape stands for; none for a boundary. */
function readEscape(reader: Reader): readonly string[] {
  const character = reader.pattern[reader.at++] ?? "";
  switch (character) {
    case "d":
      return ["0", "7"];
    case "w":
      return ["x", "0"];
    case "s":
      return [" "];
    case "D":
    case "W":
    case "S":
      return ["-"];
    case "b":
    case "B":
    case "A":
    case "z":
      return [""];
    default:
      if (/[0-9A-Za-z]/.test(character) || character === "") throw NOT_READ;
      return [character];
  }
}

/** The first two members of a class, or the first two usual characters that aren't in a negated one. */
function readClass(reader: Reader): readonly string[] {
  const negated = reader.pattern[reader.at] === "^";
  if (negated) reader.at++;
  const members: (readonly [from: string, to: string])[] = [];
  while (reader.pattern[reader.at] !== "]" || members.length === 0) {
    const [from, ...others] = readClassMember(reader);
    if (from === undefined) throw NOT_READ;
    const isRange = reader.pattern[reader.at] === "-" && reader.pattern[reader.at + 1] !== "]";
    if (isRange) reader.at++;
    const [to = from] = isRange ? readClassMember(reader) : [from];
    members.push([from, to], ...others.map((other) => [other, other] as const));
  }
  reader.at++;
  if (!negated) {
    const [[from, to] = ["x", "x"], second] = members;
    return second === undefined ? [from, to] : [from, second[0]];
  }
  const free = [..."xyz019-_./ "].filter((one) => !members.some(([from, to]) => from <= one && one <= to));
  if (free.length === 0) throw NOT_READ;
  return free.slice(0, 2);
}

function readClassMember(reader: Reader): readonly string[] {
  const character = reader.pattern[reader.at++];
  if (character === undefined || (character === "[" && reader.pattern[reader.at] === ":")) throw NOT_READ;
  return character === "\\" ? readEscape(reader) : [character];
}
