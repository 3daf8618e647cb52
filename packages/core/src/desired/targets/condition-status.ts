/** What the status of an object says. */
import type { Condition } from "../../model/kubernetes-workloads.ts";

/** The status of a condition, undefined when the object doesn't have it. */
export function conditionStatus(
  { status }: { readonly status?: { readonly conditions?: readonly Condition[] } },
  wanted: string,
): string | undefined {
  return status?.conditions?.find(({ type }) => type === wanted)?.status;
}
