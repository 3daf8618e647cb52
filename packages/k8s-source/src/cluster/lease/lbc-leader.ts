/** Whether LBC runs on the cluster: its controller leads by a Lease. */
import { isPlainObject } from "../../manifests/object-schema.ts";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { isForbidden, isNotFound } from "../api/kubernetes-error.ts";
import { type Clock, systemClock } from "../clock.ts";
import { leadership, leaseRecord } from "./lease-record.ts";

/** The Lease by which LBC's controllers choose their leader, unless its flag says otherwise. */
export const LBC_LEASE = "aws-load-balancer-controller-leader";
/** Where LBC's installation guides put it. */
const LBC_NAMESPACE = "kube-system";

export const LEASES = { apiVersion: "coordination.k8s.io/v1", plural: "leases" } as const;

export type LbcLeader =
  | { readonly leads: true; readonly namespace: string; readonly holder: string }
  /** `looked`: in all namespaces, or in kube-system alone because more isn't allowed. */
  | { readonly leads: false; readonly looked: "everywhere" | "kube-system" }
  /** Not even that may be looked at. */
  | { readonly leads: "unknown" };

/** Looks for LBC's Lease in all namespaces, or where it usually is. Rejects with a KubernetesError. */
export async function lbcLeader(
  api: KubernetesApi,
  { clock = systemClock, ...options }: CallOptions & { readonly clock?: Clock } = {},
): Promise<LbcLeader> {
  const found = await leasesSeen(api, options);
  if (found === undefined) return { leads: "unknown" };
  const leading = found.leases.find((lease) => leadership(leaseRecord(lease), clock.date()) === "held");
  if (leading === undefined) return { leads: false, looked: found.looked };
  const metadata = isPlainObject(leading) && isPlainObject(leading["metadata"]) ? leading["metadata"] : {};
  return { leads: true, namespace: String(metadata["namespace"]), holder: leaseRecord(leading).holder };
}

async function leasesSeen(
  api: KubernetesApi,
  options: CallOptions,
): Promise<{ readonly leases: readonly unknown[]; readonly looked: "everywhere" | "kube-system" } | undefined> {
  const root = `/apis/${LEASES.apiVersion}`;
  try {
    const query = { fieldSelector: `metadata.name=${LBC_LEASE}` };
    const list = await api.call({ method: "GET", path: `${root}/leases`, query }, options);
    const items = isPlainObject(list) && Array.isArray(list["items"]) ? list["items"] : [];
    return { leases: items, looked: "everywhere" };
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
  try {
    const path = `${root}/namespaces/${LBC_NAMESPACE}/leases/${LBC_LEASE}`;
    return { leases: [await api.call({ method: "GET", path }, options)], looked: "kube-system" };
  } catch (error) {
    if (isNotFound(error)) return { leases: [], looked: "kube-system" };
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
