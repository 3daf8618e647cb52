/** The status of Ingresses: where their traffic comes in. */
import type { Ingress, IngressLoadBalancer } from "@elbplan/core";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { pathOfObject } from "./object-path.ts";

/** Whether the status has other entries than these. The protocol of a port isn't looked at: the API server fills it in. */
export function hasOtherStatus({ status }: Ingress, wanted: readonly IngressLoadBalancer[]): boolean {
  return textOf(status?.loadBalancer?.ingress ?? []) !== textOf(wanted);
}

/**
 * Writes the entries to an Ingress's status if it has others, and tells whether it did. An Ingress that was deleted and
 * made anew meanwhile is left alone: the API server refuses. Rejects with a KubernetesError.
 */
export async function writeIngressStatus(
  api: KubernetesApi,
  ingress: Ingress,
  wanted: readonly IngressLoadBalancer[],
  options?: CallOptions,
): Promise<boolean> {
  if (!hasOtherStatus(ingress, wanted)) return false;
  const { uid } = ingress.metadata;
  await api.call(
    {
      method: "PATCH",
      path: pathOfObject(ingress, "status"),
      patchType: "application/merge-patch+json",
      body: { ...(uid !== undefined && { metadata: { uid } }), status: { loadBalancer: { ingress: wanted } } },
    },
    options,
  );
  return true;
}

function textOf(entries: readonly IngressLoadBalancer[]): string {
  return JSON.stringify(
    entries.map(({ hostname = "", ip = "", ports = [] }) => [hostname, ip, ports.map(({ port }) => port)]),
  );
}
