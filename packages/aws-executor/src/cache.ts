/** Answers kept for a while, so that a look at an account that hasn't changed costs few calls. */
import type { Clock } from "./clock.ts";

export interface Cache {
  /**
   * What is known of a key of a kind; loaded when it isn't known, or known for longer than its lifetime. Whoever asks
   * while it is being loaded gets the same answer. What failed isn't kept.
   */
  get<T>(kind: string, key: string, lifetimeMs: number, load: () => Promise<T>): Promise<T>;
  /** The same for many keys, loaded together; an answer that lacks a key isn't kept. */
  getMany<T>(
    kind: string,
    keys: readonly string[],
    lifetimeMs: number,
    load: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
  ): Promise<ReadonlyMap<string, T>>;
  /** Forgets a key, after it was written; without a key all of the kind. */
  forget(kind: string, key?: string): void;
}

interface Kept {
  readonly until: number;
  readonly value: Promise<unknown>;
}

/** A cache that is empty at first. It grows with what is asked about and drops what is out of date. */
export function createCache(clock: Pick<Clock, "now">): Cache {
  const kinds = new Map<string, Map<string, Kept>>();
  const keptOf = (kind: string): Map<string, Kept> => {
    const known = kinds.get(kind);
    if (known !== undefined) {
      for (const [key, { until }] of known) if (until <= clock.now()) known.delete(key);
      return known;
    }
    const made = new Map<string, Kept>();
    kinds.set(kind, made);
    return made;
  };
  const keep = <T>(kept: Map<string, Kept>, key: string, lifetimeMs: number, value: Promise<T>): Promise<T> => {
    const entry: Kept = { until: clock.now() + lifetimeMs, value };
    kept.set(key, entry);
    value.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return value;
  };
  return {
    get: <T>(kind: string, key: string, lifetimeMs: number, load: () => Promise<T>) => {
      const kept = keptOf(kind);
      // Kinds have one type of value each.
      return (kept.get(key)?.value as Promise<T> | undefined) ?? keep(kept, key, lifetimeMs, load());
    },
    getMany: async <T>(
      kind: string,
      keys: readonly string[],
      lifetimeMs: number,
      load: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    ) => {
      const kept = keptOf(kind);
      const missing = keys.filter((key) => !kept.has(key));
      const loaded = missing.length === 0 ? new Map<string, T>() : load(missing);
      for (const key of missing) {
        const value = Promise.resolve(loaded).then((values) => (values.has(key) ? values.get(key) : ABSENT));
        keep(kept, key, lifetimeMs, value).then(
          (found) => found === ABSENT && kept.get(key)?.value === value && kept.delete(key),
          () => {},
        );
      }
      // Taken at once: what is forgotten while it is loaded is in this answer all the same.
      const asked = keys.map(async (key) => [key, (await kept.get(key)?.value) as T | typeof ABSENT] as const);
      const found = new Map<string, T>();
      for (const [key, value] of await Promise.all(asked)) if (value !== ABSENT) found.set(key, value as T);
      return found;
    },
    forget: (kind, key) => {
      if (key === undefined) kinds.delete(kind);
      else kinds.get(kind)?.delete(key);
    },
  };
}

/** Stands in for what the answer to many keys lacks. */
const ABSENT = Symbol("absent");
