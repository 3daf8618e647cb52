/** What lint rules look at: the input and the graph, and the groups with their annotations taken apart once. */
import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import { diagnose } from "../../diagnostics/diagnose.ts";
import { compareStrings } from "../../lib/compare.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Facts } from "../../model/facts.ts";
import type { DesiredGraph, Stack } from "../../model/graph.ts";
import type { IngressClassParamsSpec } from "../../model/ingress-class-params.ts";
import type { Ingress, IngressPath, Service } from "../../model/kubernetes.ts";
import type { Settings } from "../../model/settings.ts";
import type { ClusterSnapshot } from "../../model/snapshot.ts";
import type { Provenance } from "../../model/source.ts";
import { ANNOTATIONS, type AnnotationName } from "../../read/annotations.ts";
import { parseInt32, parseIntOrString } from "../../read/grammar.ts";
import type { ListenPort } from "../../read/listener-json.ts";
import {
  type Annotated,
  type AnnotationValue,
  annotationField,
  annotationText,
  escapePointer,
  type Member,
  objectName,
  paramsOf,
  readAnnotation,
  refOf,
} from "../../read/member.ts";
import { type ClusterIndex, indexCluster, objectKey } from "../../resolve/cluster-index.ts";
import { resolveGroups } from "../../resolve/groups.ts";
import { type AnnotationUse, annotationsOf } from "./annotation-use.ts";

export interface LintInput {
  readonly snapshot: ClusterSnapshot;
  readonly settings: Settings;
  readonly facts: Facts;
  readonly graph: DesiredGraph;
  /** Sources of the graph's resources, by stack. */
  readonly provenance: { readonly [stack: string]: Provenance };
  /** What planning has said already. */
  readonly said: readonly Diagnostic[];
  readonly cluster: ClusterIndex;
  readonly groups: readonly LintGroup[];
}

export interface LintGroup {
  readonly id: string;
  readonly explicit: boolean;
  /** What was made of the group; undefined for one that was never built. */
  readonly stack: Stack | undefined;
  /** In group order. */
  readonly members: readonly LintMember[];
  /** The port that HTTP listeners redirect to, and who says so. */
  readonly sslRedirect: { readonly port: number; readonly member: LintMember } | undefined;
  /** Whether any member names security groups. */
  readonly explicitSecurityGroups: boolean;
}

export interface LintMember {
  readonly key: string;
  readonly ingress: Ingress;
  readonly member: Member;
  readonly params: IngressClassParamsSpec;
  /** Annotations under our prefix, by name. */
  readonly annotations: readonly AnnotationUse[];
  readonly ports: readonly ListenPort[];
  readonly paths: readonly LintPath[];
  /** Services that paths, the default backend and the actions in use lead to. */
  readonly targets: readonly LintTarget[];
}

interface LintPath {
  readonly host: string | undefined;
  readonly path: IngressPath;
  /** JSON pointer to the path. */
  readonly field: string;
}

export interface LintTarget {
  readonly name: string;
  /** As written. */
  readonly port: string | number;
  /** JSON pointer to where it is written. */
  readonly field: string;
  readonly service: Service | undefined;
}

/** Takes everything apart. An Ingress whose class can't be resolved counts as a group that was never built. */
export function lintInput(
  snapshot: ClusterSnapshot,
  facts: Facts,
  graph: DesiredGraph,
  settings: Settings,
  provenance: { readonly [stack: string]: Provenance },
  said: readonly Diagnostic[],
): LintInput {
  const cluster = indexCluster(snapshot);
  const { groups: resolved, classErrors } = resolveGroups(snapshot, cluster, settings);
  const strays = straysOf(snapshot, new Set(classErrors.map(({ ingress }) => ingress)));
  const lintGroup = ({ id, explicit, members: all }: Members, stack: Stack | undefined): LintGroup => {
    const members = all.map((member) => lintMember(member, cluster, settings));
    return {
      id,
      explicit,
      stack,
      members,
      sslRedirect: sslRedirectOf(members),
      explicitSecurityGroups: members.some(
        (member) => (annotationValue(member.ingress, "security-groups") ?? []).length > 0,
      ),
    };
  };
  const groups = [
    ...resolved.map((group) => lintGroup(group, graph.stacks[group.id])),
    ...strays.map((group) => lintGroup(group, undefined)),
  ];
  return { snapshot, settings, facts, graph, provenance, said, cluster, groups };
}

type Members = Pick<LintGroup, "id" | "explicit"> & { readonly members: readonly Member[] };

/** Ingresses without a usable class, by the group that they name. */
function straysOf(snapshot: ClusterSnapshot, keys: ReadonlySet<string>): readonly Members[] {
  const groups = new Map<string, { id: string; explicit: boolean; members: Member[] }>();
  for (const ingress of snapshot.ingresses) {
    const key = objectKey(ingress);
    if (!keys.has(key)) continue;
    const name = annotationText(ingress, "group.name");
    const id = name ?? key;
    const group = groups.get(id) ?? { id, explicit: name !== undefined, members: [] };
    groups.set(id, group);
    group.members.push({
      key,
      ingress,
      order: annotationValue(ingress, "group.order") ?? ANNOTATIONS["group.order"].defaultValue,
    });
  }
  for (const { members } of groups.values()) members.sort((a, b) => a.order - b.order || compareStrings(a.key, b.key));
  return [...groups.values()];
}

/** The value of an annotation; undefined also when it can't be read, which the builder has reported. */
export function annotationValue<N extends AnnotationName>(
  object: Annotated,
  name: N,
  suffix?: string,
): AnnotationValue<N> | undefined {
  return readAnnotation(object, name, () => undefined, suffix);
}

/** A diagnostic about a field of an Ingress, Service, IngressClass or IngressClassParams. */
export function finding(
  code: DiagnosticCode,
  object: Parameters<typeof refOf>[0],
  field: string,
  message: string,
  rest: Partial<Diagnostic> = {},
): Diagnostic {
  return diagnose(code, `${objectName(object)}: ${message}`, { object: refOf(object), field, ...rest });
}

/** JSON pointer to an annotation by its full name. */
export function fullField(fullName: string): string {
  return `/metadata/annotations/${escapePointer(fullName)}`;
}

/** Whether a member listens on a port of a protocol. */
export function listensOn({ ports }: LintMember, protocol: ListenPort["protocol"]): boolean {
  return ports.some((port) => port.protocol === protocol);
}

function lintMember(member: Member, cluster: ClusterIndex, settings: Settings): LintMember {
  const { key, ingress } = member;
  return {
    key,
    ingress,
    member,
    params: paramsOf(member),
    annotations: annotationsOf(ingress),
    ports: portsOf(member, settings),
    paths: pathsOf(ingress),
    targets: targetsOf(ingress, cluster),
  };
}

function portsOf(member: Member, settings: Settings): readonly ListenPort[] {
  return annotationValue(member.ingress, "listen-ports") ?? [defaultPort(member, settings)];
}

/** Where a member listens without the annotation. As the builder: a certificate turns the default port into 443. */
export function defaultPort(member: Member, settings: Settings): ListenPort {
  const named = (paramsOf(member).certificateArn ?? []).concat(
    annotationValue(member.ingress, "certificate-arn") ?? [],
  );
  const created =
    settings.featureGates.EnableCertificateManagement && annotationValue(member.ingress, "create-acm-cert") === true;
  return named.length > 0 || created ? { port: 443, protocol: "HTTPS" } : { port: 80, protocol: "HTTP" };
}

function pathsOf({ spec }: Ingress): readonly LintPath[] {
  return (spec?.rules ?? []).flatMap(({ host, http }, rule) =>
    (http?.paths ?? []).map((path, index) => ({ host, path, field: `/spec/rules/${rule}/http/paths/${index}` })),
  );
}

function targetsOf(ingress: Ingress, cluster: ClusterIndex): readonly LintTarget[] {
  const services = cluster.services.get(ingress.metadata.namespace ?? "");
  const backends = pathsOf(ingress).map(({ path, field }) => ({ backend: path.backend, field: `${field}/backend` }));
  const fallback = ingress.spec?.defaultBackend;
  if (fallback !== undefined) backends.push({ backend: fallback, field: "/spec/defaultBackend" });
  return backends.flatMap(({ backend: { service }, field }): readonly LintTarget[] => {
    if (service === undefined) return [];
    const port = service.port?.name || service.port?.number;
    if (port === undefined) return [];
    if (port !== "use-annotation") return [{ name: service.name, port, field, service: services?.get(service.name) }];
    const action = annotationValue(ingress, "actions", service.name);
    return (action?.forwardConfig?.targetGroups ?? []).flatMap(({ serviceName, servicePort }) => {
      if (serviceName === undefined || servicePort === undefined) return [];
      return {
        name: serviceName,
        port: typeof servicePort === "string" ? parseIntOrString(servicePort) : servicePort,
        field: annotationField("actions", service.name),
        service: services?.get(serviceName),
      };
    });
  });
}

/** As the builder: a class value that is no number switches the redirect off for all. */
function sslRedirectOf(members: readonly LintMember[]): LintGroup["sslRedirect"] {
  let found: LintGroup["sslRedirect"];
  for (const member of members) {
    const text = member.params.sslRedirectPort || annotationText(member.ingress, "ssl-redirect");
    if (text === undefined) continue;
    const port = parseInt32(text);
    if ("problem" in port) return undefined;
    found ??= { port: port.value, member };
  }
  return found;
}
