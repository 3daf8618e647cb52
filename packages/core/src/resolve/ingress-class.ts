/** Which Ingresses are ours, and which class params apply (LBC's class loader). */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { IngressClassParams } from "../model/ingress-class-params.ts";
import type { Ingress, IngressClass } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import { quote } from "../read/grammar.ts";
import { objectName, refOf } from "../read/member.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { selectorMatches } from "./label-selector.ts";

export type Classification =
  | { readonly kind: "ours"; readonly params?: IngressClassParams; readonly ingressClass?: IngressClass }
  | { readonly kind: "not-ours"; readonly ingressClass?: IngressClass; readonly note?: Diagnostic }
  /** The class or its params are missing or unusable: belongs to no group, but doesn't leave the one it was in. */
  | { readonly kind: "invalid-class"; readonly diagnostic: Diagnostic; readonly note?: Diagnostic }
  /** Not to be decided at all. */
  | { readonly kind: "undecided"; readonly diagnostic: Diagnostic };

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
export const DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";
const CONTROLLER = "ingress.k8s.aws/alb";
const PARAMS_GROUP = "elbv2.k8s.aws";
/** EKS Auto Mode has a controller of its own for load balancers (EKS user guide, "Create an IngressClass"). */
const AUTO_MODE_CONTROLLER = "eks.amazonaws.com/alb";
const AUTO_MODE_PARAMS_GROUP = "eks.amazonaws.com";

/** Names of the classes that are the cluster's default, ascending. */
export function defaultClasses(cluster: ClusterIndex): readonly string[] {
  const names: string[] = [];
  for (const [name, { metadata }] of cluster.ingressClasses) {
    if (metadata.annotations?.[DEFAULT_CLASS_ANNOTATION] === "true") names.push(name);
  }
  return names.sort();
}

/** Classifies one Ingress. `defaults` comes from `defaultClasses`; deletion isn't looked at here. */
export function classify(
  ingress: Ingress,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): Classification {
  const annotation = classAnnotation(ingress);
  if (annotation !== undefined) {
    const ours = annotation === settings.ingressClass || (settings.ingressClass === "" && annotation === "alb");
    return { kind: ours ? "ours" : "not-ours" };
  }
  let className = ingress.spec?.ingressClassName;
  if (className === undefined) {
    if (defaults.length > 1) {
      const message = `${objectName(ingress)} names no class, and more than one IngressClass is the default: ${defaults.join(", ")}`;
      return { kind: "undecided", diagnostic: invalid("class.several-defaults", ingress, message) };
    }
    if (cluster.unreadableKinds.has("IngressClass")) {
      const message = `${objectName(ingress)} names no class, and IngressClasses couldn't be read: one may be the default`;
      return { kind: "undecided", diagnostic: invalid("class.unreadable", ingress, message) };
    }
    className = defaults[0];
  }
  if (className === undefined) return { kind: settings.ingressClass === "" ? "ours" : "not-ours" };
  const ingressClass = cluster.ingressClasses.get(className);
  if (ingressClass === undefined) {
    const isUnread = cluster.isUnreadable({ kind: "IngressClass", name: className });
    const why = isUnread ? "couldn't be read" : "doesn't exist";
    const message = `${objectName(ingress)} names the class ${quote(className)}, which ${why}`;
    return { kind: "invalid-class", diagnostic: invalid("class.not-found", ingress, message) };
  }
  if (ingressClass.spec?.controller === AUTO_MODE_CONTROLLER) {
    const why = `its class ${className} belongs to the controller ${AUTO_MODE_CONTROLLER} of EKS Auto Mode`;
    return { kind: "not-ours", ingressClass, note: autoModeNote(ingress, why) };
  }
  if (ingressClass.spec?.controller !== CONTROLLER) return { kind: "not-ours", ingressClass };
  return withParams(ingress, ingressClass, cluster);
}

/** Value of the legacy class annotation. */
export function classAnnotation(ingress: Ingress): string | undefined {
  const annotations = ingress.metadata.annotations ?? {};
  return Object.hasOwn(annotations, CLASS_ANNOTATION) ? annotations[CLASS_ANNOTATION] : undefined;
}

function withParams(ingress: Ingress, ingressClass: IngressClass, cluster: ClusterIndex): Classification {
  const reference = ingressClass.spec?.parameters;
  if (reference === undefined) return { kind: "ours", ingressClass };
  const className = ingressClass.metadata.name;
  const refuse = (code: DiagnosticCode, message: string, note?: Diagnostic): Classification => ({
    kind: "invalid-class",
    diagnostic: invalid(code, ingress, `${objectName(ingress)}: ${message}`),
    ...(note && { note }),
  });
  if (reference.apiGroup !== PARAMS_GROUP || reference.kind !== "IngressClassParams") {
    const why = `its class ${className} refers to ${reference.kind} ${reference.name} of ${AUTO_MODE_PARAMS_GROUP}, which are those of EKS Auto Mode`;
    return refuse(
      "class.params-unknown-kind",
      `class ${className} refers to parameters of the unknown kind ${reference.apiGroup ?? ""}/${reference.kind}`,
      reference.apiGroup === AUTO_MODE_PARAMS_GROUP ? autoModeNote(ingress, why) : undefined,
    );
  }
  const params = cluster.ingressClassParams.get(reference.name);
  if (params === undefined) {
    const isUnread = cluster.isUnreadable({ kind: "IngressClassParams", name: reference.name });
    return refuse(
      "class.params-not-found",
      `class ${className} refers to IngressClassParams ${reference.name}, which ${isUnread ? "couldn't be read" : "doesn't exist"}`,
    );
  }
  const selector = params.spec?.namespaceSelector;
  if (selector !== undefined) {
    const namespace = cluster.namespaces.get(ingress.metadata.namespace ?? "");
    if (namespace === undefined) {
      return refuse(
        "class.namespace-unknown",
        `IngressClassParams ${reference.name} selects namespaces, but Namespace ${ingress.metadata.namespace} isn't in the input`,
      );
    }
    const matches = selectorMatches(selector, namespace.metadata.labels ?? {});
    if (matches === undefined)
      return refuse(
        "class.selector-invalid",
        `the namespaceSelector of IngressClassParams ${reference.name} is not valid`,
      );
    if (!matches)
      return refuse(
        "class.namespace-not-selected",
        `the namespaceSelector of IngressClassParams ${reference.name} doesn't select namespace ${ingress.metadata.namespace}`,
      );
  }
  return { kind: "ours", params, ingressClass };
}

function autoModeNote(ingress: Ingress, why: string): Diagnostic {
  return invalid("class.auto-mode", ingress, `${objectName(ingress)} isn't managed: ${why}`);
}

function invalid(code: DiagnosticCode, ingress: Ingress, message: string): Diagnostic {
  return diagnose(code, message, { object: refOf(ingress), field: "/spec/ingressClassName" });
}
