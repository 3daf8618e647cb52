/** What a build of a snapshot must look up in AWS, read from the objects alone. */
import { compareStrings } from "../lib/compare.ts";
import type { FactsNeeded } from "../model/facts-needed.ts";
import type { IngressBackend } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { annotationText, type Member, paramsOf, readAnnotation } from "../read/member.ts";
import { indexCluster } from "./cluster-index.ts";
import { resolveGroups } from "./groups.ts";
import { hostsOf } from "./member-certificates.ts";
import { type NamedService, networkInterfacesNeeded } from "./network-interfaces-needed.ts";

type Needs = {
  readonly subnets: Set<string>;
  readonly selectors: Map<string, { readonly [tag: string]: readonly string[] }>;
  readonly roles: Set<string>;
  readonly securityGroups: Set<string>;
  readonly hosts: Set<string>;
  readonly trustStores: Set<string>;
  readonly webAcls: Set<string>;
  readonly targetGroups: Set<string>;
  readonly services: NamedService[];
};

const ROLES = { internal: "kubernetes.io/role/internal-elb", "internet-facing": "kubernetes.io/role/elb" } as const;

/**
 * The look-ups that `buildDesired` needs for these objects. It may name more than the build uses (a discovery that an
 * existing load balancer makes needless), never less. Unreadable annotations ask for nothing: the build reports them.
 */
export function factsNeeded(snapshot: ClusterSnapshot, settings: Settings): FactsNeeded {
  const cluster = indexCluster(snapshot);
  const { groups } = resolveGroups(snapshot, cluster, settings);
  const needs: Needs = {
    subnets: new Set(),
    selectors: new Map(),
    roles: new Set(),
    securityGroups: new Set(),
    hosts: new Set(),
    trustStores: new Set(),
    webAcls: new Set(),
    targetGroups: new Set(),
    services: [],
  };
  let backend = false;
  for (const { members } of groups) {
    for (const member of members) needOfMember(needs, member);
    if (members.length > 0) needPlacement(needs, members, settings);
    backend ||= members.length > 0 && settings.enableBackendSecurityGroup && settings.backendSecurityGroup === "";
  }
  const sorted = (values: Iterable<string>): string[] => [...values].sort(compareStrings);
  const pick = (values: Set<string>, prefix: string, wanted: boolean): string[] =>
    sorted(values).filter((value) => value.startsWith(prefix) === wanted);
  const networkInterfaces = networkInterfacesNeeded(snapshot, cluster, needs.services, settings);
  return {
    stacks: groups.map(({ id }) => id),
    subnets: {
      ids: pick(needs.subnets, "subnet-", true),
      names: pick(needs.subnets, "subnet-", false),
      selectors: sorted(needs.selectors.keys()).map((key) => needs.selectors.get(key) ?? {}),
      roles: sorted(needs.roles) as FactsNeeded["subnets"]["roles"][number][],
    },
    securityGroups: {
      ids: pick(needs.securityGroups, "sg-", true),
      names: pick(needs.securityGroups, "sg-", false),
      backend,
    },
    certificateHosts: sorted(needs.hosts),
    trustStoreNames: sorted(needs.trustStores),
    webAclNames: sorted(needs.webAcls),
    targetGroupNames: sorted(needs.targetGroups),
    ...(networkInterfaces && { networkInterfaces }),
  };
}

const ignore = (): void => {};

function needOfMember(needs: Needs, member: Member): void {
  const { ingress } = member;
  const params = paramsOf(member);
  add(needs.subnets, [...(params.subnets?.ids ?? []), ...(readAnnotation(ingress, "subnets", ignore) ?? [])]);
  add(needs.subnets, readAnnotation(ingress, "frontend-nlb-subnets", ignore) ?? []);
  if (params.subnets !== undefined && (params.subnets.ids ?? []).length === 0) {
    // Class params without ids select by tags, and without tags every subnet.
    const { tags = {} } = params.subnets;
    needs.selectors.set(JSON.stringify(tags), tags);
  }
  add(needs.securityGroups, readAnnotation(ingress, "security-groups", ignore) ?? []);
  add(needs.securityGroups, readAnnotation(ingress, "frontend-nlb-security-groups", ignore) ?? []);
  const https = readAnnotation(ingress, "listen-ports", ignore)?.some(({ protocol }) => protocol === "HTTPS") ?? false;
  const explicit = [...(params.certificateArn ?? []), ...(readAnnotation(ingress, "certificate-arn", ignore) ?? [])];
  if (https && explicit.length === 0) add(needs.hosts, hostsOf(member));
  for (const { trustStore = "" } of readAnnotation(ingress, "mutual-authentication", ignore) ?? []) {
    if (trustStore !== "" && !trustStore.startsWith("arn:")) needs.trustStores.add(trustStore);
  }
  const acl = params.wafv2AclName || annotationText(ingress, "wafv2-acl-name") || "none";
  if (acl !== "none") needs.webAcls.add(acl);
  for (const { service } of backendsOf(member)) {
    if (service?.port?.name !== "use-annotation") {
      if (service !== undefined) needs.services.push({ member, name: service.name });
      continue;
    }
    const action = readAnnotation(ingress, "actions", ignore, service.name);
    const tuples = [...(action === undefined ? [] : [action]), ...(action?.forwardConfig?.targetGroups ?? [])];
    add(
      needs.targetGroups,
      tuples.flatMap(({ targetGroupName }) => targetGroupName ?? []),
    );
    for (const { serviceName: name } of action?.forwardConfig?.targetGroups ?? []) {
      if (name !== undefined) needs.services.push({ member, name });
    }
  }
}

/** Discovery is needed unless some member names the subnets; for which role depends on the scheme that members ask for. */
function needPlacement(needs: Needs, members: readonly Member[], settings: Settings): void {
  const named = members.some(
    (member) => paramsOf(member).subnets !== undefined || annotationText(member.ingress, "subnets") !== undefined,
  );
  const scheme = (name: "scheme" | "frontend-nlb-scheme"): "internal" | "internet-facing" => {
    const given = members.map(
      (member) => (name === "scheme" && paramsOf(member).scheme) || annotationText(member.ingress, name),
    );
    const first = given.find((value) => value === "internal" || value === "internet-facing");
    return (first as "internal" | "internet-facing" | undefined) ?? settings.defaultLoadBalancerScheme;
  };
  if (!named) needs.roles.add(ROLES[scheme("scheme")]);
  const frontendNlb = members.some(({ ingress }) => readAnnotation(ingress, "enable-frontend-nlb", ignore) === true);
  const nlbNamed = members.some(({ ingress }) => annotationText(ingress, "frontend-nlb-subnets") !== undefined);
  if (frontendNlb && !nlbNamed) needs.roles.add(ROLES[scheme("frontend-nlb-scheme")]);
}

function backendsOf({ ingress }: Member): readonly IngressBackend[] {
  const { defaultBackend, rules = [] } = ingress.spec ?? {};
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  return [...(defaultBackend === undefined ? [] : [defaultBackend]), ...paths.map(({ backend }) => backend)];
}

function add(set: Set<string>, values: readonly string[]): void {
  for (const value of values) set.add(value);
}
