import type { AnnotationWrite } from "@elbplan/core";
import type { CallOptions, KubernetesApi } from "../api/kubernetes-api.ts";
import { clusterKind, pathOf } from "../kinds.ts";

/** Sets or removes one annotation of an Ingress; others stay as they are. Rejects with a KubernetesError. */
export async function writeAnnotation(
  api: KubernetesApi,
  { ingress, annotation, value }: AnnotationWrite,
  options?: CallOptions,
): Promise<void> {
  const path = pathOf(clusterKind(ingress.kind), ingress.namespace, ingress.name);
  const body = { metadata: { annotations: { [annotation]: value } } };
  await api.call({ method: "PATCH", path, patchType: "application/merge-patch+json", body }, options);
}
