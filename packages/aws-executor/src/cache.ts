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
      if (missing.length > 0) {
        const loaded = load(missing);
        for (const key of missing) {
          const value = loaded.then((values) => {
            if (values.has(key)) return values.get(key) as T;
            throw new AbsentError();
          });
          // Nobody may ask for it before it is dropped.
          value.catch(() => {});
          void keep(kept, key, lifetimeMs, value);
        }
        await loaded;
      }
      const found = new Map<string, T>();
      for (const key of keys) {
        const value = kept.get(key)?.value as Promise<T> | undefined;
        if (value === undefined) continue;
        try {
          found.set(key, await value);
        } catch (error) {
          if (!(error instanceof AbsentError)) throw error;
        }
      }
      return found;
    },
    forget: (kind, key) => {
      if (key === undefined) kinds.delete(kind);
      else kinds.get(kind)?.delete(key);
    },
  };
}

class AbsentError extends Error {}
