/**
 * What LBC's validating webhooks would refuse, as pure functions: Ingresses of our class on creation and on update, and
 * IngressClassParams.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import { hasHostBits, isCidr } from "../lib/cidr.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { IngressClassParams, IngressClassParamsSpec } from "../model/ingress-class-params.ts";
import type { Ingress, IngressBackend } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot, ObjectRef } from "../model/snapshot.ts";
import { quote } from "../read/grammar.ts";
import {
  annotationField,
  annotationName,
  annotationText,
  escapePointer,
  objectName,
  readAnnotation,
  refOf,
} from "../read/member.ts";
import { type ClusterIndex, indexCluster, objectKey } from "../resolve/cluster-index.ts";
import { CLASS_ANNOTATION, classAnnotation, classify, defaultClasses } from "../resolve/ingress-class.ts";
import { checkConditions } from "../resolve/rule-annotations.ts";

/** One refusal: what a webhook would answer to the creation of an object. `name` is `namespace/name` or `/name`. */
export interface AdmissionRefusal extends AdmissionProblem {
  readonly kind: string;
  readonly name: string;
  readonly object: ObjectRef;
}

/** Why an object is refused, and the JSON pointer to the field at fault. */
export interface AdmissionProblem {
  readonly error: string;
  readonly field: string;
}

/** All refusals of a snapshot, one an object, Ingresses first; independent of the order of the input. */
export function admissionRefusals(snapshot: ClusterSnapshot, settings: Settings): readonly AdmissionRefusal[] {
  const cluster = indexCluster(snapshot);
  const defaults = defaultClasses(cluster);
  const refusals: AdmissionRefusal[] = [];
  for (const ingress of snapshot.ingresses) {
    const problem = admitIngress(ingress, cluster, defaults, settings);
    if (problem !== undefined)
      refusals.push({ kind: "Ingress", name: objectKey(ingress), object: refOf(ingress), ...problem });
  }
  for (const params of snapshot.ingressClassParams) {
    const problem = admitIngressClassParams(params);
    if (problem !== undefined)
      refusals.push({
        kind: "IngressClassParams",
        name: `/${params.metadata.name}`,
        object: refOf(params),
        ...problem,
      });
  }
  return refusals.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
}

/** All refusals as diagnostics on the object and field at fault. */
export function admissionDiagnostics(snapshot: ClusterSnapshot, settings: Settings): readonly Diagnostic[] {
  return admissionRefusals(snapshot, settings).map(({ kind, name, object, field, error }) =>
    diagnose("admission.refused", `${kind} ${name.replace(/^\//, "")} would be refused on creation: ${error}`, {
      object,
      field,
    }),
  );
}

/**
 * Why the creation of an Ingress would be refused, undefined when it is admitted or isn't ours. `cluster` comes from
 * `indexCluster`, `defaults` from `defaultClasses`.
 */
export function admitIngress(
  ingress: Ingress,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): AdmissionProblem | undefined {
  return ingressProblem(undefined, ingress, cluster, defaults, settings);
}

/**
 * Why the update of an Ingress from `old` to `updated` would be refused, undefined when it is admitted or `updated`
 * isn't ours. As on creation, but a class or group annotation that stays as it is passes although its flag forbids new
 * ones, and so may be taken away; `ingressClassName` must name a class if it is new or changed, even beside a class
 * annotation (LBC: the update half of its Ingress webhook).
 */
export function admitIngressUpdate(
  old: Ingress,
  updated: Ingress,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): AdmissionProblem | undefined {
  return ingressProblem(old, updated, cluster, defaults, settings);
}

function ingressProblem(
  old: Ingress | undefined,
  ingress: Ingress,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): AdmissionProblem | undefined {
  const classification = classify(ingress, withoutParams(cluster), defaults, settings);
  if (classification.kind === "invalid-class" || classification.kind === "undecided")
    return { error: classification.diagnostic.message, field: classification.diagnostic.field ?? "" };
  if (classification.kind === "not-ours") return undefined;
  const className = classAnnotation(ingress);
  if (
    settings.disableIngressClassAnnotation &&
    className !== undefined &&
    (old === undefined || classAnnotation(old) !== className)
  )
    return {
      error: `new usage of \`${CLASS_ANNOTATION}\` annotation is forbidden`,
      field: `/metadata/annotations/${escapePointer(CLASS_ANNOTATION)}`,
    };
  const groupName = annotationText(ingress, "group.name");
  if (
    settings.disableIngressGroupNameAnnotation &&
    groupName !== undefined &&
    (old === undefined || annotationText(old, "group.name") !== groupName)
  )
    return {
      error: `new usage of \`${annotationName("group.name")}\` annotation is forbidden`,
      field: annotationField("group.name"),
    };
  return classNameProblem(old, ingress, cluster) ?? conditionsProblem(ingress);
}

/** The webhook looks at the class alone: it doesn't load class params. */
function withoutParams(cluster: ClusterIndex): ClusterIndex {
  return {
    ...cluster,
    ingressClasses: new Map(
      [...cluster.ingressClasses].map(([name, found]) => [
        name,
        { ...found, spec: { ...(found.spec?.controller !== undefined && { controller: found.spec.controller }) } },
      ]),
    ),
  };
}

/** Classification passes over a class name that stands beside a class annotation; the webhook loads it all the same. */
function classNameProblem(
  old: Ingress | undefined,
  ingress: Ingress,
  { ingressClasses }: ClusterIndex,
): AdmissionProblem | undefined {
  const name = ingress.spec?.ingressClassName;
  if (name === undefined || name === old?.spec?.ingressClassName || ingressClasses.has(name)) return undefined;
  const error = `${objectName(ingress)} names the class ${quote(name)}, which doesn't exist`;
  return { error, field: "/spec/ingressClassName" };
}

function conditionsProblem(ingress: Ingress): AdmissionProblem | undefined {
  for (const { backend, field } of backends(ingress)) {
    const { service } = backend;
    if (service === undefined)
      return { error: "a backend names no Service; LBC's webhook can't handle resource backends", field };
    let error: string | undefined;
    const conditions =
      readAnnotation(
        ingress,
        "conditions",
        ({ message }) => {
          error ??= message;
        },
        service.name,
      ) ?? [];
    checkConditions(conditions, (message) => {
      error ??= `${annotationName("conditions", service.name)}: ${message}`;
    });
    if (error !== undefined) return { error, field: annotationField("conditions", service.name) };
  }
  return undefined;
}

function backends({ spec }: Ingress): readonly { readonly backend: IngressBackend; readonly field: string }[] {
  return (spec?.rules ?? []).flatMap(({ http }, rule) =>
    (http?.paths ?? []).map(({ backend }, path) => ({
      backend,
      field: `/spec/rules/${rule}/http/paths/${path}/backend`,
    })),
  );
}

/** Why class params would be refused, undefined when they are admitted. */
export function admitIngressClassParams({ spec = {} }: IngressClassParams): AdmissionProblem | undefined {
  return inboundProblem(spec) ?? subnetsProblem(spec);
}

function inboundProblem({ inboundCIDRs = [] }: IngressClassParamsSpec): AdmissionProblem | undefined {
  for (const [index, cidr] of inboundCIDRs.entries()) {
    const why = !isCidr(cidr) ? "is not a CIDR" : hasHostBits(cidr) ? "has bits set beyond its prefix" : undefined;
    if (why !== undefined)
      return { error: `spec.inboundCIDRs[${index}]: ${quote(cidr)} ${why}`, field: `/spec/inboundCIDRs/${index}` };
  }
  return undefined;
}

function subnetsProblem({ subnets }: IngressClassParamsSpec): AdmissionProblem | undefined {
  if (subnets === undefined) return undefined;
  const { ids, tags } = subnets;
  const field = "/spec/subnets";
  if (ids !== undefined && tags !== undefined)
    return { error: "spec.subnets: either ids or tags can be given, not both", field };
  if (ids === undefined && tags === undefined) return { error: "spec.subnets: ids or tags are needed", field };
  const repeatedId = repeatedIndex(ids ?? []);
  if (repeatedId >= 0) {
    const error = `spec.subnets.ids[${repeatedId}]: ${quote(ids?.[repeatedId] ?? "")} is listed twice`;
    return { error, field: `${field}/ids/${repeatedId}` };
  }
  for (const [key, values] of Object.entries(tags ?? {})) {
    const repeated = repeatedIndex(values);
    if (repeated < 0) continue;
    const error = `spec.subnets.tags[${key}][${repeated}]: ${quote(values[repeated] ?? "")} is listed twice`;
    return { error, field: `${field}/tags/${escapePointer(key)}/${repeated}` };
  }
  return undefined;
}

/** Index of the first item that stands in the list before, or -1. */
function repeatedIndex(items: readonly string[]): number {
  const seen = new Set<string>();
  return items.findIndex((item) => seen.has(item) || !seen.add(item));
}
