/** What one reflector knows: objects by name, each shared with its earlier state, and what changed. */
import { share } from "@elbplan/core";
import { isPlainObject } from "../../manifests/object-schema.ts";
import type { Arrival, ClusterObject } from "../read/arrival.ts";
import type { InvalidObject } from "../read/assemble.ts";
import type { Listed } from "../read/list.ts";

/** One object that isn't as it was. Without `after` it is gone, without `before` it is new. */
export interface ObjectChange {
  readonly kind: string;
  readonly before?: ClusterObject;
  readonly after?: ClusterObject;
}

/** The lists that it gives are never changed: after a change it gives new ones. */
export interface Slot {
  readonly objects: () => readonly ClusterObject[];
  /** Objects that are there but can't be used. */
  readonly invalid: () => readonly InvalidObject[];
  /** Each returns what changed: nothing for an object that came again as it was. */
  readonly replace: (listed: Pick<Listed, "objects" | "invalid">) => readonly ObjectChange[];
  readonly put: (arrival: Arrival) => readonly ObjectChange[];
  readonly remove: (object: unknown) => readonly ObjectChange[];
}

/** Makes an empty slot. */
export function makeSlot(): Slot {
  const objects = new Map<string, ClusterObject>();
  const invalid = new Map<string, InvalidObject>();
  let objectList: readonly ClusterObject[] | undefined = [];
  let invalidList: readonly InvalidObject[] | undefined = [];

  const setObject = (key: string, value: ClusterObject): readonly ObjectChange[] => {
    const before = objects.get(key);
    const after = share(before, value);
    if (invalid.delete(key)) invalidList = undefined;
    if (after === before) return [];
    objects.set(key, after);
    objectList = undefined;
    return [{ kind: after.kind, after, ...(before && { before }) }];
  };
  const dropObject = (key: string): readonly ObjectChange[] => {
    const before = objects.get(key);
    if (before === undefined) return [];
    objects.delete(key);
    objectList = undefined;
    return [{ kind: before.kind, before }];
  };
  const setInvalid = (key: string, value: InvalidObject): void => {
    invalid.set(key, share(invalid.get(key), value));
    invalidList = undefined;
  };

  return {
    objects: () => {
      objectList ??= [...objects.values()];
      return objectList;
    },
    invalid: () => {
      invalidList ??= [...invalid.values()];
      return invalidList;
    },
    replace: (listed) => {
      const keys = new Set(listed.objects.map(({ metadata }) => keyOf(metadata)));
      const changes = listed.objects.flatMap((object) => setObject(keyOf(object.metadata), object));
      for (const key of [...objects.keys()]) if (!keys.has(key)) changes.push(...dropObject(key));
      if (invalid.size > 0) invalidList = undefined;
      invalid.clear();
      for (const [index, each] of listed.invalid.entries()) setInvalid(each.ref ? keyOf(each.ref) : `#${index}`, each);
      return changes;
    },
    put: (arrival) => {
      if ("object" in arrival) return setObject(keyOf(arrival.object.metadata), arrival.object);
      // An object that can't be read any more is neither gone nor as it was.
      const { invalid: diagnostic, ref } = arrival;
      const key = ref === undefined ? "#" : keyOf(ref);
      setInvalid(key, { diagnostic, ...(ref && { ref }) });
      return dropObject(key);
    },
    remove: (object) => {
      const metadata = isPlainObject(object) && isPlainObject(object["metadata"]) ? object["metadata"] : {};
      const key = keyOf(metadata);
      if (invalid.delete(key)) invalidList = undefined;
      return dropObject(key);
    },
  };
}

function keyOf({ namespace, name }: { readonly namespace?: unknown; readonly name?: unknown }): string {
  return `${namespace ?? ""}/${name}`;
}
