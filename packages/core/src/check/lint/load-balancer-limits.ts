/** What AWS allows a load balancer and its security group; and the names that it takes. */

import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Stack } from "../../model/graph.ts";
import { type Quotas, quotasOf } from "../../model/quotas.ts";
import type { Resource } from "../../model/resource.ts";
import { quote } from "../../read/grammar.ts";
import { refOf } from "../../read/member.ts";
import type { LintInput } from "./lint-input.ts";

interface Count {
  readonly what: string;
  readonly count: number;
  readonly most: number;
  /** Key of the resource that has too much. */
  readonly resource: string;
}

const RULES = "rules";
const ALB = "loadBalancer/LoadBalancer";

/** Counts as the account would after a plan that starts from nothing. Said once a group, on its first member. */
export function loadBalancerLimits({ facts, groups, said }: LintInput): readonly Diagnostic[] {
  const quotas = quotasOf(facts);
  const overQuota = new Set(said.filter(({ code }) => code === "rules.over-quota").map(({ stack }) => stack));
  return groups.flatMap(({ id, stack, members: [first] }) => {
    if (stack === undefined) return [];
    const rest = { stack: id, ...(first && { object: refOf(first.ingress) }) };
    const counts = [...countsOf(stack, quotas), ...tagCounts(stack, quotas)];
    return [
      ...counts
        .filter(({ what, count, most }) => count > most && !(what === RULES && overQuota.has(id)))
        .map(({ what, count, most, resource }) => {
          const message = `group ${id} needs ${count} ${what}, its quota is ${most}`;
          return diagnose("lint.quota-exceeded", message, { ...rest, resource });
        }),
      ...nameProblems(stack).map((message) =>
        diagnose("lint.load-balancer-name-invalid", message, { ...rest, resource: ALB }),
      ),
    ];
  });
}

function countsOf({ resources }: Stack, quotas: Quotas): readonly Count[] {
  const all = Object.values(resources);
  const listeners = all.filter(isKind("listener")).filter(({ spec }) => spec.protocol !== "TCP");
  const rules = all.filter(isKind("listenerRule"));
  const certificates = listeners.flatMap(({ spec: { certificates: [first, ...others] = [] } }) => [
    ...new Set(others.map((arn) => JSON.stringify(arn)).filter((arn) => arn !== JSON.stringify(first))),
  ]);
  const actions = [
    ...rules.flatMap(({ spec }) => spec.actions),
    ...listeners.flatMap(({ spec }) => spec.defaultActions),
  ];
  const targetGroups = new Set(
    actions.flatMap((action) =>
      action.type === "forward"
        ? action.forwardConfig.targetGroups.map(({ targetGroupArn }) => JSON.stringify(targetGroupArn))
        : [],
    ),
  );
  const [alb] = all.filter(isKind("loadBalancer"));
  const permissions = all.filter(isKind("securityGroup")).map(({ id, spec }) => ({
    what: "permissions in its security group",
    count: spec.ingress.length,
    most: quotas.permissionsPerSecurityGroup,
    resource: `securityGroup/${id}`,
  }));
  return [
    { what: "listeners", count: listeners.length, most: quotas.listenersPerLoadBalancer, resource: ALB },
    { what: RULES, count: rules.length, most: quotas.rulesPerLoadBalancer, resource: ALB },
    {
      what: "certificates beside the default ones",
      count: certificates.length,
      most: quotas.certificatesPerLoadBalancer,
      resource: ALB,
    },
    { what: "target groups", count: targetGroups.size, most: quotas.targetGroupsPerLoadBalancer, resource: ALB },
    {
      what: "security groups",
      count: alb?.spec.securityGroups?.length ?? 0,
      most: quotas.securityGroupsPerLoadBalancer,
      resource: ALB,
    },
    ...permissions,
  ];
}

/** Three more tags say whose a resource is: cluster, stack and resource. */
const OWNERSHIP_TAGS = 3;

function tagCounts({ resources }: Stack, quotas: Quotas): readonly Count[] {
  return Object.entries(resources).flatMap(([key, { spec }]) => {
    const count = "tags" in spec && spec.tags !== undefined ? Object.keys(spec.tags).length + OWNERSHIP_TAGS : 0;
    return count > quotas.tagsPerResource
      ? [{ what: `tags on ${key}`, count, most: quotas.tagsPerResource, resource: key }]
      : [];
  });
}

function isKind<K extends Resource["kind"]>(
  kind: K,
): (resource: Resource) => resource is Extract<Resource, { kind: K }> {
  return (resource): resource is Extract<Resource, { kind: K }> => resource.kind === kind;
}

/** AWS: letters, digits and hyphens, none at the ends, and no beginning `internal-`. The builder checks the length. */
function nameProblems({ resources }: Stack): readonly string[] {
  const alb = resources[ALB];
  if (alb?.kind !== "loadBalancer") return [];
  const { name } = alb.spec;
  if (/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name) && !name.startsWith("internal-")) return [];
  return [`the load balancer name ${quote(name)} isn't one that AWS takes`];
}
