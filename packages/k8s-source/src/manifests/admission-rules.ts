/**
 * Rules by which the API server refuses an object when it is created, those that a plan would be misled by: names,
 * annotations, Ingress rules and backends, Service ports, IngressClass controllers. By the Kubernetes API reference and
 * the API server's validation. A rule whose breach still leaves an object with one clear meaning keeps the object
 * (`questionable`): clusters hold such objects from older API servers, and LBC plans them.
 */
import type { Ingress, IngressBackend, IngressClass, IngressPath, ObjectMeta, Service } from "@elbplan/core";
import { dnsLabelProblem, dnsSubdomainProblem, portNameProblem, qualifiedNameProblem } from "./kubernetes-names.ts";
import { pointerTo } from "./object-schema.ts";

export interface Breach {
  readonly verdict: "refused" | "questionable";
  readonly pointer: string;
  /** A clause that names the offending value. */
  readonly message: string;
}

/** Limit of the API server on all annotations of an object together, keys and values, in bytes. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

const refused = (pointer: string, message: string): Breach => ({ verdict: "refused", pointer, message });
const questionable = (pointer: string, message: string): Breach => ({ verdict: "questionable", pointer, message });

/** Checks name, namespace and annotations of any object. */
export function metadataBreaches(kind: string, metadata: ObjectMeta): readonly Breach[] {
  const breaches: Breach[] = [];
  const isLabel = kind === "Service" || kind === "Namespace";
  const name = isLabel ? dnsLabelProblem(metadata.name) : dnsSubdomainProblem(metadata.name);
  if (name !== undefined) breaches.push(refused("/metadata/name", `the name "${shown(metadata.name)}" ${name}`));
  const namespace = metadata.namespace === undefined ? undefined : dnsLabelProblem(metadata.namespace);
  if (namespace !== undefined) {
    breaches.push(refused("/metadata/namespace", `the namespace "${shown(metadata.namespace ?? "")}" ${namespace}`));
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem !== undefined) {
      breaches.push(
        questionable(pointerTo("/metadata/annotations", key), `the annotation's key "${shown(key)}" ${problem}`),
      );
    }
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    const message = `the annotations have ${bytes} bytes together, and ${MAX_ANNOTATION_BYTES} is the limit`;
    breaches.push(refused("/metadata/annotations", message));
  }
  return breaches;
}

/** Checks an Ingress of networking.k8s.io/v1. */
export function ingressBreaches({ metadata, spec }: Ingress): readonly Breach[] {
  const breaches: Breach[] = [];
  const rules = spec?.rules ?? [];
  if (rules.length === 0 && spec?.defaultBackend === undefined) {
    breaches.push(questionable("/spec", "there is neither a rule nor a defaultBackend"));
  }
  const classAnnotation = metadata.annotations?.["kubernetes.io/ingress.class"];
  if (
    classAnnotation !== undefined &&
    spec?.ingressClassName !== undefined &&
    classAnnotation !== spec.ingressClassName
  ) {
    const message = `the annotation kubernetes.io/ingress.class "${shown(classAnnotation)}" isn't the ingressClassName "${shown(spec.ingressClassName)}"`;
    breaches.push(questionable("/metadata/annotations/kubernetes.io~1ingress.class", message));
  }
  if (spec?.defaultBackend !== undefined)
    breaches.push(...backendBreaches(spec.defaultBackend, "/spec/defaultBackend"));
  for (const [index, rule] of rules.entries()) {
    const pointer = `/spec/rules/${index}`;
    breaches.push(...hostBreaches(rule.host, pointerTo(pointer, "host")));
    if (rule.http === undefined) continue;
    const paths = rule.http.paths ?? [];
    if (paths.length === 0) breaches.push(questionable(`${pointer}/http/paths`, "there is no path in http.paths"));
    for (const [at, path] of paths.entries()) breaches.push(...pathBreaches(path, `${pointer}/http/paths/${at}`));
  }
  for (const [index, { hosts }] of (spec?.tls ?? []).entries()) {
    for (const [at, host] of (hosts ?? []).entries()) {
      breaches.push(...hostBreaches(host, `/spec/tls/${index}/hosts/${at}`, true));
    }
  }
  return breaches;
}

function hostBreaches(host: string | undefined, pointer: string, required = false): readonly Breach[] {
  if (host === undefined || (host === "" && !required)) return [];
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    return [questionable(pointer, `the host "${host}" is an IP address, not a DNS name`)];
  }
  const problem = dnsSubdomainProblem(host.startsWith("*.") ? host.slice(2) : host);
  return problem === undefined ? [] : [questionable(pointer, `the host "${shown(host)}" ${problem}`)];
}

function pathBreaches({ path = "", pathType, backend }: IngressPath, pointer: string): readonly Breach[] {
  const breaches: Breach[] = [];
  const at = `${pointer}/path`;
  switch (pathType) {
    case "Exact":
    case "Prefix": {
      if (!path.startsWith("/")) {
        breaches.push(questionable(at, `the path "${shown(path)}" of pathType ${pathType} doesn't start with "/"`));
      }
      const sequence = ["//", "/./", "/../", "%2f", "%2F"].find((part) => path.includes(part));
      if (sequence !== undefined) breaches.push(questionable(at, `the path "${shown(path)}" contains "${sequence}"`));
      const suffix = ["/..", "/."].find((part) => path.endsWith(part));
      if (suffix !== undefined) breaches.push(questionable(at, `the path "${shown(path)}" ends with "${suffix}"`));
      break;
    }
    case "ImplementationSpecific":
      if (path !== "" && !path.startsWith("/")) {
        breaches.push(questionable(at, `the path "${shown(path)}" doesn't start with "/"`));
      }
      break;
    case undefined:
      breaches.push(
        questionable(pointer, "the path has no pathType; it must be Exact, Prefix or ImplementationSpecific"),
      );
      break;
    default: {
      const message = `the pathType "${shown(pathType)}" is none of Exact, Prefix and ImplementationSpecific`;
      breaches.push(questionable(`${pointer}/pathType`, message));
    }
  }
  return [...breaches, ...backendBreaches(backend ?? {}, `${pointer}/backend`)];
}

function backendBreaches({ service, resource }: IngressBackend, pointer: string): readonly Breach[] {
  if (resource !== undefined) {
    return service === undefined ? [] : [questionable(pointer, "the backend names both a service and a resource")];
  }
  if (service === undefined) return [questionable(pointer, "the backend names neither a service nor a resource")];
  const breaches: Breach[] = [];
  const name = dnsLabelProblem(service.name ?? "");
  if (name !== undefined) {
    breaches.push(questionable(`${pointer}/service/name`, `the service name "${shown(service.name ?? "")}" ${name}`));
  }
  const port = service.port ?? {};
  const hasName = port.name !== undefined && port.name !== "";
  const hasNumber = port.number !== undefined && port.number !== 0;
  const at = `${pointer}/service/port`;
  if (hasName && hasNumber) {
    breaches.push(refused(at, `the port has both a name ("${shown(port.name ?? "")}") and a number (${port.number})`));
  } else if (hasName) {
    const problem = portNameProblem(port.name ?? "");
    if (problem !== undefined) {
      breaches.push(questionable(`${at}/name`, `the port name "${shown(port.name ?? "")}" ${problem}`));
    }
  } else if (hasNumber) {
    if (!isPortNumber(port.number)) {
      breaches.push(refused(`${at}/number`, `the port ${port.number} is not between 1 and 65535`));
    }
  } else breaches.push(refused(at, "the backend's service has neither a port number nor a port name"));
  return breaches;
}

/** Checks the ports of a Service. */
export function serviceBreaches({ spec }: Service): readonly Breach[] {
  const breaches: Breach[] = [];
  const ports = spec?.ports ?? [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const pointer = `/spec/ports/${index}`;
    if (!isPortNumber(port.port)) {
      const message =
        port.port === undefined ? "a port has no number" : `the port ${port.port} is not between 1 and 65535`;
      breaches.push(refused(pointerTo(pointer, "port"), message));
    }
    const { targetPort, name = "" } = port;
    if (typeof targetPort === "number" && targetPort !== 0 && !isPortNumber(targetPort)) {
      breaches.push(refused(`${pointer}/targetPort`, `the targetPort ${targetPort} is not between 1 and 65535`));
    }
    if (name === "" && ports.length > 1) breaches.push(questionable(pointer, "a port of several has no name"));
    if (name !== "" && names.has(name)) {
      breaches.push(questionable(`${pointer}/name`, `the port name "${shown(name)}" stands twice`));
    }
    names.add(name);
  }
  return breaches;
}

/** Checks the controller of an IngressClass. */
export function ingressClassBreaches({ spec }: IngressClass): readonly Breach[] {
  if (spec?.controller !== undefined && spec.controller !== "") return [];
  return [questionable("/spec/controller", "there is no controller")];
}

function isPortNumber(port: number | undefined): boolean {
  return port !== undefined && port >= 1 && port <= 65535;
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
