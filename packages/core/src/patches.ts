/** From one value to the next, as the patches that immer makes. */
import { enablePatches, Immer, type Patch } from "immer";

enablePatches();
const immer: Immer = new Immer({ autoFreeze: false });

/**
 * Names that immer refuses in the path of a patch, or loses where it copies. A group or a tag may well have one of them:
 * what holds it is replaced as a whole.
 */
const REFUSED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The patches that turn `before` into `after`; immer's `applyPatches` carries them out. Both are plain JSON. A list that
 * differs is replaced as a whole, for places in a list are no names. A key `__proto__` stands in the patches, but
 * `applyPatches` leaves it out.
 */
export function patchesBetween<T extends object>(before: T, after: T): readonly Patch[] {
  if (before === after) return [];
  const whole: { value: object } = { value: before };
  const [, patches] = immer.produceWithPatches(whole, (draft) => {
    if (!writeDifference(draft.value, before, after)) draft.value = after;
  });
  return patches.map(({ path, ...patch }) => ({ ...patch, path: path.slice(1) }));
}

/** Writes what differs; false, and nothing is written, if that takes such a name. */
function writeDifference(draft: object, before: object, after: object): boolean {
  const target = draft as Record<string, unknown>;
  const old = new Map(Object.entries(before));
  const wanted = new Map(Object.entries(after));
  if ([...old.keys(), ...wanted.keys()].some((key) => REFUSED.has(key))) return false;
  for (const key of old.keys()) if (!wanted.has(key)) delete target[key];
  for (const [key, value] of wanted) {
    const known = old.get(key);
    if (value === known) continue;
    if (!isRecord(value) || !isRecord(known) || !writeDifference(target[key] as object, known, value))
      target[key] = value;
  }
  return true;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
