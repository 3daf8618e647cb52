/**
 * What LBC's validating webhooks would refuse on creation, as pure functions: Ingresses of our class and
 * IngressClassParams.
 */
import { hasHostBits, isCidr } from "../lib/cidr.ts";
import type { IngressClassParams, IngressClassParamsSpec } from "../model/ingress-class-params.ts";
import type { Ingress, IngressBackend } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { quote } from "../read/grammar.ts";
import { annotationName, annotationText, readAnnotation } from "../read/member.ts";
import { type ClusterIndex, indexCluster, objectKey } from "../resolve/cluster-index.ts";
import { CLASS_ANNOTATION, classAnnotation, classify, defaultClasses } from "../resolve/ingress-class.ts";
import { checkConditions } from "../resolve/rule-annotations.ts";

/** One refusal: what a webhook would answer to the creation of an object. `name` is `namespace/name` or `/name`. */
export interface AdmissionRefusal {
  readonly kind: string;
  readonly name: string;
  readonly error: string;
}

/** All refusals of a snapshot, one an object, Ingresses first; independent of the order of the input. */
export function admissionRefusals(snapshot: ClusterSnapshot, settings: Settings): readonly AdmissionRefusal[] {
  const cluster = indexCluster(snapshot);
  const defaults = defaultClasses(cluster);
  const refusals: AdmissionRefusal[] = [];
  for (const ingress of snapshot.ingresses) {
    const error = admitIngress(ingress, cluster, defaults, settings);
    if (error !== undefined) refusals.push({ kind: "Ingress", name: objectKey(ingress), error });
  }
  for (const params of snapshot.ingressClassParams) {
    const error = admitIngressClassParams(params);
    if (error !== undefined) refusals.push({ kind: "IngressClassParams", name: `/${params.metadata.name}`, error });
  }
  return refusals.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
}

/** Why an Ingress would be refused, undefined when it is admitted or isn't ours. */
export function admitIngress(
  ingress: Ingress,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): string | undefined {
  // The webhook looks at the class alone: it doesn't load class params.
  const withoutParams: ClusterIndex = {
    ...cluster,
    ingressClasses: new Map(
      [...cluster.ingressClasses].map(([name, found]) => [
        name,
        { ...found, spec: { ...(found.spec?.controller !== undefined && { controller: found.spec.controller }) } },
      ]),
    ),
  };
  const classification = classify(ingress, withoutParams, defaults, settings);
  if (classification.kind === "invalid-class" || classification.kind === "undecided")
    return classification.diagnostic.message;
  if (classification.kind === "not-ours") return undefined;
  if (settings.disableIngressClassAnnotation && classAnnotation(ingress) !== undefined)
    return `new usage of \`${CLASS_ANNOTATION}\` annotation is forbidden`;
  if (settings.disableIngressGroupNameAnnotation && annotationText(ingress, "group.name") !== undefined)
    return `new usage of \`${annotationName("group.name")}\` annotation is forbidden`;
  return conditionsProblem(ingress);
}

function conditionsProblem(ingress: Ingress): string | undefined {
  for (const { service } of backends(ingress)) {
    if (service === undefined) return "a backend names no Service; LBC's webhook can't handle resource backends";
    let problem: string | undefined;
    const conditions =
      readAnnotation(
        ingress,
        "conditions",
        ({ message }) => {
          problem ??= message;
        },
        service.name,
      ) ?? [];
    checkConditions(conditions, (message) => {
      problem ??= `${annotationName("conditions", service.name)}: ${message}`;
    });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function backends(ingress: Ingress): readonly IngressBackend[] {
  return (ingress.spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend));
}

/** Why class params would be refused, undefined when they are admitted. */
export function admitIngressClassParams({ spec = {} }: IngressClassParams): string | undefined {
  return inboundProblem(spec) ?? subnetsProblem(spec);
}

function inboundProblem({ inboundCIDRs = [] }: IngressClassParamsSpec): string | undefined {
  for (const [index, cidr] of inboundCIDRs.entries()) {
    if (!isCidr(cidr)) return `spec.inboundCIDRs[${index}]: ${quote(cidr)} is not a CIDR`;
    if (hasHostBits(cidr)) return `spec.inboundCIDRs[${index}]: ${quote(cidr)} has bits set beyond its prefix`;
  }
  return undefined;
}

function subnetsProblem({ subnets }: IngressClassParamsSpec): string | undefined {
  if (subnets === undefined) return undefined;
  const { ids, tags } = subnets;
  if (ids !== undefined && tags !== undefined) return "spec.subnets: either ids or tags can be given, not both";
  if (ids === undefined && tags === undefined) return "spec.subnets: ids or tags are needed";
  const repeatedId = ids?.findIndex((id, index) => ids.indexOf(id) !== index) ?? -1;
  if (repeatedId >= 0) return `spec.subnets.ids[${repeatedId}]: ${quote(ids?.[repeatedId] ?? "")} is listed twice`;
  for (const [key, values] of Object.entries(tags ?? {})) {
    const repeated = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (repeated >= 0)
      return `spec.subnets.tags[${key}][${repeated}]: ${quote(values[repeated] ?? "")} is listed twice`;
  }
  return undefined;
}
