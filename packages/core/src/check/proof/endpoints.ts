/**
 * Permissions towards targets, as part of the guarantee "gapless": while a load balancer reaches a target by an old
 * permission that one is there, and before it reaches another by a new one that is there, too.
 */
import { stableJson } from "../../lib/stable-json.ts";
import { CLUSTER_STACK, type DesiredGraph } from "../../model/graph.ts";
import type { Account } from "../../model/inventory.ts";
import type { Permission } from "../../model/security-group.ts";
import { isReference, type Value } from "../../model/value.ts";
import { targetGroupsOf, usesOfTargetGroups } from "../account/association.ts";
import { ownedItems } from "../reached/owned.ts";
import type { Counterexample } from "./plan-check.ts";
import type { Run } from "./run.ts";

/** What a load balancer's security group reaches: a target, or the port of health checks. */
interface Flow {
  readonly from: string;
  readonly targetGroup: string;
  readonly to: string;
}

interface NamedPermission {
  readonly group: string;
  readonly text: string;
  readonly protocol: string;
  readonly ports: readonly [number, number];
  /** The security group that it admits. */
  readonly from: string;
}

/** Looks at every state of one run; at most a few counterexamples, for one is much like the other. */
export function endpointGaps(desired: DesiredGraph, run: Run, atMost: number): readonly Counterexample[] {
  const { start, end, steps } = run;
  if (!steps.some(({ action }) => action.resource.startsWith("endpointPermissions/"))) return [];
  const before = permissionsOf(start, run);
  const after = [...permissionsOf(end, run), ...refusedBy(run)];
  const old = flowsOf(start, run);
  const next = flowsOf(end, run);
  const stays = registeredAt(end, run);
  const groupsOf = securityGroupsOfTargets(desired);
  const found: Counterexample[] = [];
  for (const [index, { action, account }] of steps.entries()) {
    const now = permissionsOf(account, run);
    const lost = lacking(before, now);
    const awaited = lacking(after, now);
    if (lost.length + awaited.length === 0 || found.length >= atMost) continue;
    const keys = new Map(ownedItems(account, desired.settings).map(({ arn, stack, key }) => [arn, `${stack} ${key}`]));
    const gaps = new Map<string, string>();
    for (const [key, flow] of flowsOf(account, run)) {
      if (!old.has(key) && !next.has(key)) continue;
      const isBehind = ({ group, from }: NamedPermission): boolean =>
        from === flow.from && groupsOf.get(keys.get(flow.targetGroup) ?? flow.targetGroup)?.includes(group) === true;
      for (const { group, text } of neededBy(flow, old.has(key), stays(flow), lost, awaited, isBehind)) {
        gaps.set(
          `${group} ${text}`,
          `${group} doesn't let in ${text}, by which ${flow.to} of ${flow.targetGroup} is reached.`,
        );
      }
    }
    for (const gap of gaps.values()) {
      found.push({
        guarantee: "gapless",
        stack: CLUSTER_STACK,
        step: index + 1,
        action: action.id,
        interleaving: run.interleaving,
        message: `Security group ${gap}`,
      });
    }
  }
  return found.slice(0, atMost);
}

/** What the run meant to add and didn't: it is needed all the same. */
function refusedBy({ steps, nameOf }: Run): readonly NamedPermission[] {
  return steps.flatMap(({ action, result }) => {
    if (action.kind !== "authorizeSecurityGroupIngress" || result.state === "done") return [];
    const { securityGroupId, permissions } = action.details;
    const nameOfValue = (value: Value): string =>
      isReference(value) ? `${value.stack ?? action.stack} ${value.ref}` : nameOf(String(value));
    return typeof securityGroupId === "string" && action.resource.startsWith("endpointPermissions/")
      ? permissions.map((one) => named(securityGroupId, one, nameOfValue))
      : [];
  });
}

/** What a flow lacks: an old one needs the old permissions, a new one the new ones, one that stays either of them. */
function neededBy(
  flow: Flow,
  isOld: boolean,
  stays: boolean,
  lost: readonly NamedPermission[],
  awaited: readonly NamedPermission[],
  isBehind: (permission: NamedPermission) => boolean,
): readonly NamedPermission[] {
  if (!isOld) return awaited.filter(isBehind);
  if (!stays) return lost.filter(({ from }) => from === flow.from);
  const groups = new Set(lost.filter(({ from }) => from === flow.from).map(({ group }) => group));
  return awaited.filter((one) => groups.has(one.group) && isBehind(one));
}

function permissionsOf({ endpointSecurityGroups = {} }: Account, { nameOf }: Run): readonly NamedPermission[] {
  const nameOfValue = (value: Value): string => nameOf(String(value));
  return Object.entries(endpointSecurityGroups).flatMap(([group, list]) =>
    list.map((one) => named(group, one, nameOfValue)),
  );
}

function named(
  group: string,
  { protocol, fromPort, toPort, source }: Permission,
  nameOf: (value: Value) => string,
): NamedPermission {
  const from = Object.values(source).map(nameOf).join();
  return { group, text: `${protocol} ${fromPort}-${toPort} from ${from}`, protocol, ports: [fromPort, toPort], from };
}

/** Those that neither they themselves nor wider ones stand for. */
function lacking(wanted: readonly NamedPermission[], present: readonly NamedPermission[]): readonly NamedPermission[] {
  return wanted.filter(
    (one) =>
      !present.some(
        (other) =>
          other.group === one.group &&
          other.from === one.from &&
          other.protocol === one.protocol &&
          other.ports[0] <= one.ports[0] &&
          other.ports[1] >= one.ports[1],
      ),
  );
}

/** What is reached by and by, whether a rule leads there at the end or not: the targets that stay. */
function registeredAt(account: Account, { nameOf }: Run): (flow: Flow) => boolean {
  const senders = new Set(
    Object.values(account.loadBalancers).flatMap(({ spec }) => (spec.securityGroups ?? []).map(nameOf)),
  );
  const registered = new Set(
    Object.keys(account.targetGroups).flatMap((arn) => endpointsOf(account, arn).map((to) => `${nameOf(arn)} ${to}`)),
  );
  return ({ from, targetGroup, to }) => senders.has(from) && registered.has(`${targetGroup} ${to}`);
}

function flowsOf(account: Account, { nameOf }: Run): ReadonlyMap<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const { loadBalancerArn, actions } of usesOfTargetGroups(account)) {
    const groups = account.loadBalancers[loadBalancerArn]?.spec.securityGroups ?? [];
    for (const arn of targetGroupsOf(actions)) {
      for (const to of endpointsOf(account, arn)) {
        for (const group of groups) {
          const flow = { from: nameOf(group), targetGroup: nameOf(arn), to };
          flows.set(stableJson(flow), flow);
        }
      }
    }
  }
  return flows;
}

/** The targets of a target group and the port of its health checks, if that is another one. */
function endpointsOf({ targetGroups, targets }: Account, arn: string): readonly string[] {
  const spec = targetGroups[arn]?.spec;
  const list = (targets[arn] ?? []).filter(({ state }) => state !== "draining").map(({ id, port }) => `${id}:${port}`);
  // The target of a network load balancer in front is a load balancer, and nobody opens the way to it.
  if (spec === undefined || spec.targetType === "alb" || list.length === 0) return [];
  const { port } = spec.healthCheck;
  return port === "traffic-port" ? list : [...list, `health checks on ${port}`];
}

/** By `<stack> <resource key>` of the target group. */
function securityGroupsOfTargets({ stacks }: DesiredGraph): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.values(stacks).flatMap(({ id, resources }) =>
      Object.values(resources).flatMap((resource) =>
        resource.kind === "targets"
          ? [[`${id} targetGroup/${resource.id}`, resource.spec.securityGroups ?? []] as const]
          : [],
      ),
    ),
  );
}
