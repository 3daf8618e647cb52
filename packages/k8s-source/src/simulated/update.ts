import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { StoredObject } from "./history.ts";
import type { ResourcePath } from "./route.ts";

/**
 * The object that the API server stores for what a client wants: through `/status` only the status changes, elsewhere
 * everything but the status; uid, times and generation are the server's. The same object if nothing changes.
 */
export function updated(
  before: StoredObject | undefined,
  wanted: StoredObject,
  { subresource }: ResourcePath,
  date: Date,
): StoredObject {
  if (before === undefined) {
    const creationTimestamp = date.toISOString().replace(/\.\d+Z$/, "Z");
    const server = { uid: randomUUID(), creationTimestamp, generation: 1 };
    return { ...wanted, metadata: { ...server, ...wanted.metadata } };
  }
  if (subresource === "status") {
    const next = { ...before, status: wanted["status"] };
    return isDeepStrictEqual(next, before) ? before : next;
  }
  const { status: _, ...rest } = wanted;
  const { uid, creationTimestamp, generation, resourceVersion } = before.metadata;
  const changed = !isDeepStrictEqual(before["spec"], wanted["spec"]);
  const next: StoredObject = {
    ...rest,
    ...(before["status"] !== undefined && { status: before["status"] }),
    metadata: {
      ...wanted.metadata,
      uid,
      creationTimestamp,
      resourceVersion,
      generation: Number(generation) + (changed ? 1 : 0),
    },
  };
  return isDeepStrictEqual(next, before) ? before : next;
}
