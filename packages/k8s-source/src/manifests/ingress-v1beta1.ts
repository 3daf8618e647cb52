/**
 * Ingress of `extensions/v1beta1` and `networking.k8s.io/v1beta1`, removed in Kubernetes 1.22, written as
 * `networking.k8s.io/v1`. The field changes are those of the Kubernetes deprecated API migration guide.
 */
import type { FieldSchema } from "./object-schema.ts";
import { setOwn } from "./plain-value.ts";

/** The shape of a v1beta1 backend. */
export function ingressBackendV1beta1(resource: FieldSchema): FieldSchema {
  return {
    type: "object",
    fields: { serviceName: { type: "string" }, servicePort: { type: "integerOrString" }, resource },
  };
}

type Fields = { readonly [field: string]: unknown };

/** Converts a decoded v1beta1 Ingress; a path without `pathType` is ImplementationSpecific, as v1beta1's default was. */
export function ingressFromV1beta1(ingress: Fields): Fields {
  const spec = ingress["spec"] as Fields | undefined;
  const converted = { ...ingress, apiVersion: "networking.k8s.io/v1" };
  return spec === undefined ? converted : { ...converted, spec: specFromV1beta1(spec) };
}

/** Where a v1 field stands in the v1beta1 object it was converted from. */
export function v1beta1Pointer(pointer: string): string {
  return pointer
    .replace(/^\/spec\/defaultBackend(?=\/|$)/, "/spec/backend")
    .replace(
      /^(\/spec(?:\/rules\/\d+\/http\/paths\/\d+)?\/backend)\/service(?:\/(name|port).*)?$/,
      (_all, at, field) => {
        if (field === "name") return `${at}/serviceName`;
        return field === "port" ? `${at}/servicePort` : at;
      },
    );
}

function specFromV1beta1(spec: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(spec)) {
    if (key === "backend") result["defaultBackend"] = backendFromV1beta1(value as Fields);
    else if (key === "rules") result["rules"] = (value as readonly Fields[]).map(ruleFromV1beta1);
    else if (key !== "defaultBackend") setOwn(result, key, value);
  }
  return result;
}

function ruleFromV1beta1(rule: Fields): Fields {
  const http = rule["http"] as Fields | undefined;
  const paths = http?.["paths"] as readonly Fields[] | undefined;
  if (paths === undefined) return rule;
  return {
    ...rule,
    http: {
      ...http,
      paths: paths.map((path) => ({
        ...path,
        pathType: path["pathType"] ?? "ImplementationSpecific",
        ...(path["backend"] === undefined ? {} : { backend: backendFromV1beta1(path["backend"] as Fields) }),
      })),
    },
  };
}

function backendFromV1beta1(backend: Fields): Fields {
  // A v1 field in a v1beta1 object is unknown to that version, and dropped.
  const { serviceName, servicePort, service: _, ...rest } = backend;
  if (serviceName === undefined && servicePort === undefined) return rest;
  const port = typeof servicePort === "number" ? { number: servicePort } : { name: servicePort };
  return {
    ...rest,
    service: {
      ...(serviceName === undefined ? {} : { name: serviceName }),
      ...(servicePort === undefined ? {} : { port }),
    },
  };
}
