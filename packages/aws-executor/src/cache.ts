/** Answers kept for a while, so that a look at an account that hasn't changed costs few calls. */
import type { Clock } from "./clock.ts";

export interface Cache {
  /**
   * What is known of a key of a kind; loaded when it isn't known, or known for longer than its lifetime. Whoever asks
   * while it is being loaded gets the same answer. What failed isn't kept, and is nothing to whoever joined: a reading
   * that was given up, or cut off, says nothing of one that began after it.
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

interface Loading<T> {
  /** Somebody else began it. */
  readonly joined: boolean;
  readonly value: Promise<T>;
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
  const loadOrJoin = <T>(kind: string, key: string, lifetimeMs: number, load: () => Promise<T>): Loading<T> => {
    const kept = keptOf(kind);
    // Kinds have one type of value each.
    const known = kept.get(key)?.value as Promise<T> | undefined;
    return { joined: known !== undefined, value: known ?? keep(kept, key, lifetimeMs, load()) };
  };
  /** Keys whose loading was joined and failed are in `failed`. */
  const loadOrJoinMany = async <T>(
    kind: string,
    keys: readonly string[],
    lifetimeMs: number,
    load: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    failed: string[] | undefined,
  ): Promise<[string, T][]> => {
    const kept = keptOf(kind);
    const missing = new Set(keys.filter((key) => !kept.has(key)));
    const loaded = missing.size === 0 ? new Map<string, T>() : load([...missing]);
    for (const key of missing) {
      const value = Promise.resolve(loaded).then((values) => (values.has(key) ? values.get(key) : ABSENT));
      keep(kept, key, lifetimeMs, value).then(
        (found) => found === ABSENT && kept.get(key)?.value === value && kept.delete(key),
        () => {},
      );
    }
    // Taken at once: what is forgotten while it is loaded is in this answer all the same.
    const asked = keys.map(async (key): Promise<[string, T][]> => {
      const value = kept.get(key)?.value as Promise<T | typeof ABSENT>;
      const found = await value.catch((error: unknown): typeof ABSENT => {
        if (failed === undefined || missing.has(key)) throw error;
        failed.push(key);
        return ABSENT;
      });
      return found === ABSENT ? [] : [[key, found]];
    });
    return (await Promise.all(asked)).flat();
  };
  return {
    get: async <T>(kind: string, key: string, lifetimeMs: number, load: () => Promise<T>) => {
      const first = loadOrJoin(kind, key, lifetimeMs, load);
      if (!first.joined) return first.value;
      // A load that is joined now began after this was asked: its failure counts.
      return first.value.catch(() => loadOrJoin(kind, key, lifetimeMs, load).value);
    },
    getMany: async <T>(
      kind: string,
      keys: readonly string[],
      lifetimeMs: number,
      load: (missing: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    ) => {
      const failed: string[] = [];
      const found = await loadOrJoinMany(kind, keys, lifetimeMs, load, failed);
      const again = failed.length === 0 ? [] : await loadOrJoinMany(kind, failed, lifetimeMs, load, undefined);
      return new Map([...found, ...again]);
    },
    forget: (kind, key) => {
      if (key === undefined) kinds.delete(kind);
      else kinds.get(kind)?.delete(key);
    },
  };
}

/** Stands in for what the answer to many keys lacks. */
const ABSENT = Symbol("absent");
