/** The objects of a simulated cluster with all their versions, as etcd keeps them. */

export interface StoredObject {
  readonly metadata: { readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What happened to one object. */
interface HistoryEvent {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** `group/plural` of the resource. */
  readonly resource: string;
  /** `namespace/name`. */
  readonly key: string;
  /** After it happened; of a deletion the last state. */
  readonly object: StoredObject;
}

export interface History {
  readonly revision: () => number;
  /** Counts up and gives the new revision. */
  readonly tick: () => number;
  /** Notes what happened at the revision that `tick` gave last. */
  readonly append: (event: Omit<HistoryEvent, "revision">) => void;
  readonly get: (resource: string, key: string) => StoredObject | undefined;
  /** Objects of a resource, ascending by key, now or as of a revision. */
  readonly objects: (resource: string, at?: number) => readonly StoredObject[];
  /** Events of a resource after a revision. */
  readonly since: (resource: string, revision: number) => readonly HistoryEvent[];
  /** Forgets everything before now: older revisions can't be asked for any more. */
  readonly compact: () => void;
  /** The oldest revision that can be asked for. */
  readonly oldest: () => number;
  /** Calls back after every change, until what it returns is called. */
  readonly onChange: (listener: () => void) => () => void;
}

interface Kept {
  readonly current: Map<string, StoredObject>;
  /** As of the oldest revision. */
  base: ReadonlyMap<string, StoredObject>;
  events: HistoryEvent[];
}

/** Makes an empty history. */
export function makeHistory(): History {
  let revision = 1;
  let oldest = 1;
  const resources = new Map<string, Kept>();
  const listeners = new Set<() => void>();
  const keptOf = (resource: string): Kept => {
    const found = resources.get(resource);
    if (found !== undefined) return found;
    const made: Kept = { current: new Map(), base: new Map(), events: [] };
    resources.set(resource, made);
    return made;
  };

  return {
    revision: () => revision,
    oldest: () => oldest,
    tick: () => ++revision,
    append: (event) => {
      const kept = keptOf(event.resource);
      kept.events.push({ ...event, revision });
      take(kept.current, event);
      for (const listener of [...listeners]) listener();
    },
    get: (resource, key) => resources.get(resource)?.current.get(key),
    objects: (resource, at = revision) => {
      const { current, base, events } = keptOf(resource);
      let found: ReadonlyMap<string, StoredObject> = current;
      if (at < revision) {
        const past = new Map(base);
        for (const event of events) if (event.revision <= at) take(past, event);
        found = past;
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    since: (resource, after) => {
      const { events } = keptOf(resource);
      let from = events.length;
      while (from > 0 && (events[from - 1]?.revision ?? 0) > after) from--;
      return events.slice(from);
    },
    compact: () => {
      for (const kept of resources.values()) {
        kept.base = new Map(kept.current);
        kept.events = [];
      }
      oldest = revision;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function take(objects: Map<string, StoredObject>, { type, key, object }: Omit<HistoryEvent, "revision">): void {
  if (type === "DELETED") objects.delete(key);
  else objects.set(key, object);
}
