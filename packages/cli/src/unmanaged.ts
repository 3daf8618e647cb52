/** Ingresses that the plan leaves alone, so that none is passed over in silence. */
import { type ClusterSnapshot, type Diagnostic, diagnose, type Ingress } from "@elbplan/core";

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** One info for each Ingress of `unmanaged` (`namespace/name`), with the reason. */
export function unmanagedDiagnostics(snapshot: ClusterSnapshot, unmanaged: readonly string[]): readonly Diagnostic[] {
  const keys = new Set(unmanaged);
  return snapshot.ingresses
    .filter((ingress) => keys.has(keyOf(ingress)))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((ingress) => {
      const { namespace, name } = ingress.metadata;
      const { field, why } = reason(ingress);
      const object = { kind: "Ingress", name, ...(namespace === undefined ? {} : { namespace }) };
      return diagnose("ingress.not-ours", `Ingress ${keyOf(ingress)} is left alone: ${why}.`, { object, field });
    });
}

function keyOf({ metadata }: Ingress): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function reason({ metadata, spec }: Ingress): { readonly field: string; readonly why: string } {
  const annotations = metadata.annotations ?? {};
  if (metadata.deletionTimestamp !== undefined) {
    return { field: "/metadata/deletionTimestamp", why: "it is being deleted and no finalizer of ours holds it" };
  }
  if (Object.hasOwn(annotations, CLASS_ANNOTATION)) {
    const field = `/metadata/annotations/${CLASS_ANNOTATION.replaceAll("/", "~1")}`;
    return { field, why: `its class "${annotations[CLASS_ANNOTATION]}" isn't ours` };
  }
  if (spec?.ingressClassName !== undefined) {
    return {
      field: "/spec/ingressClassName",
      why: `its class "${spec.ingressClassName}" belongs to another controller`,
    };
  }
  return { field: "/spec", why: "it names no class, and the input holds no default IngressClass" };
}
