/** Finalizers: who must carry a group's, and who carries it no more. */

import type { Stack } from "../model/graph.ts";
import type { Ingress } from "../model/kubernetes.ts";
import { EXPLICIT_FINALIZER, IMPLICIT_FINALIZER } from "../resolve/groups.ts";

/** The finalizer by which an Ingress is held until its group has let go of it (behaviour.md §1.4). */
export function groupFinalizer({ id, explicit }: Pick<Stack, "id" | "explicit">): string {
  return explicit ? `${EXPLICIT_FINALIZER}${id}` : IMPLICIT_FINALIZER;
}

/** Whether an Ingress carries it. */
export function carries({ metadata }: Ingress, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) === true;
}
