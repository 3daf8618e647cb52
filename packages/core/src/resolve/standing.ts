/**
 * What goes on standing while a member of a group is quarantined: shared settings of the load balancer that no healthy
 * member decides. Without it the rest of the group would undo what only the quarantined member had asked for.
 */
import { CLUSTER_STACK } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { MutualAuthentication } from "../model/listener.ts";
import type { RuleAction } from "../model/rule-action.ts";
import { type ExistingStack, existingStack, listenersOf, rulesOf } from "./existing-stack.ts";

export interface Standing {
  readonly ipAddressType: string;
  /** The groups of a load balancer that has no managed one, without the shared backend group. */
  readonly securityGroups?: readonly string[];
  /** Whether such a load balancer has the shared backend group. */
  readonly managesBackendRules?: boolean;
  /** Where all HTTP listeners redirect to. */
  readonly sslRedirect?: number;
  /** By port. */
  readonly listeners: ReadonlyMap<number, StandingListener>;
}

interface StandingListener {
  readonly protocol: string;
  readonly sslPolicy?: string;
  readonly mutualAuthentication?: MutualAuthentication;
  /** Who may reach the port, by the managed security group; absent if anybody may, which is the default. */
  readonly access?: { readonly cidrs: readonly string[]; readonly prefixLists: readonly string[] };
}

const MANAGED_ID = "ManagedLBSecurityGroup";
const BACKEND_ID = "backend-sg";
const LOAD_BALANCER_ID = "LoadBalancer";

/** What stands of a stack; undefined when it has no load balancer yet. */
export function standingOf(
  inventory: Inventory,
  clusterName: string,
  stack: ExistingStack,
  backendGroups: readonly string[],
): Standing | undefined {
  const loadBalancer = stack.loadBalancers.get(LOAD_BALANCER_ID);
  if (loadBalancer === undefined) return undefined;
  const listeners = listenersOf(inventory, loadBalancer.arn);
  const managed = stack.securityGroups.get(MANAGED_ID);
  const shared = existingStack(inventory, clusterName, loadBalancer.vpcId, CLUSTER_STACK).securityGroups.get(
    BACKEND_ID,
  );
  const backend = new Set([...backendGroups, ...(shared === undefined ? [] : [shared.arn])]);
  const groups = loadBalancer.spec.securityGroups ?? [];
  const redirects = listeners
    .filter(({ spec }) => spec.protocol === "HTTP")
    .map(({ arn, spec }) => (rulesOf(inventory, arn).length === 0 ? redirectPort(spec.defaultActions) : undefined));
  const [sslRedirect] = redirects;
  return {
    ipAddressType: loadBalancer.spec.ipAddressType,
    ...(managed === undefined &&
      groups.length > 0 && {
        securityGroups: groups.filter((id) => !backend.has(id)),
        managesBackendRules: groups.some((id) => backend.has(id)),
      }),
    ...(sslRedirect !== undefined && redirects.every((port) => port === sslRedirect) && { sslRedirect }),
    listeners: new Map(
      listeners.map(({ spec: { port, protocol, sslPolicy, mutualAuthentication } }) => {
        const access = managed && accessTo(port, managed.spec.ingress);
        return [
          port,
          {
            protocol,
            ...(sslPolicy !== undefined && { sslPolicy }),
            ...(mutualAuthentication !== undefined && { mutualAuthentication }),
            ...(access !== undefined && { access }),
          },
        ];
      }),
    ),
  };
}

/** The port of a redirect as `ssl-redirect` makes it; AWS returns the parts that it keeps. */
function redirectPort(actions: readonly RuleAction<string>[]): number | undefined {
  const [action] = actions;
  if (action?.type !== "redirect" || actions.length > 1) return undefined;
  const { host, path, query, protocol, port, statusCode } = action.redirectConfig;
  const keeps =
    (host ?? "#{host}") === "#{host}" && (path ?? "/#{path}") === "/#{path}" && (query ?? "#{query}") === "#{query}";
  if (!keeps || protocol !== "HTTPS" || statusCode !== "HTTP_301" || port === undefined) return undefined;
  return /^[0-9]+$/.test(port) ? Number(port) : undefined;
}

function accessTo(
  port: number,
  permissions: Inventory["securityGroups"][string]["spec"]["ingress"],
): StandingListener["access"] {
  const sources = permissions.filter(({ fromPort }) => fromPort === port).map(({ source }) => source);
  const cidrs = sources.flatMap((source) =>
    "cidrIp" in source ? [source.cidrIp] : "cidrIpv6" in source ? [source.cidrIpv6] : [],
  );
  const prefixLists = sources.flatMap((source) => ("prefixListId" in source ? [source.prefixListId] : []));
  if (sources.length === 0 || (prefixLists.length === 0 && cidrs.includes("0.0.0.0/0"))) return undefined;
  return { cidrs, prefixLists };
}
