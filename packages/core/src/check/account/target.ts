import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account, ExistingTargetGroup, Target } from "../../model/inventory.ts";
import { quotasOf } from "../../model/quotas.ts";
import { countRegistered, countTargets } from "../quotas.ts";
import { type Answer, type Refused, refuse, type Surroundings } from "./answer.ts";
import { newTargetState } from "./association.ts";
import type { Resolved } from "./outputs.ts";
import { noSuchTargetGroup } from "./target-group.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

/** A target is known by id and port; registering it again is no error. */
export function registerTargets(
  account: Account,
  { targetGroupArn, targets }: Details<"registerTargets">,
  { pace }: Surroundings,
): Answer {
  const group = account.targetGroups[targetGroupArn];
  if (group === undefined) return noSuchTargetGroup(targetGroupArn);
  const present = account.targets[targetGroupArn] ?? [];
  const fresh = new Map(targets.map((target) => [targetKey(target), target]));
  const kept = present.filter((target) => !fresh.has(targetKey(target)));
  const state = newTargetState(group.loadBalancerArns.length > 0, pace);
  const again = new Map(present.map((target) => [targetKey(target), target.state]));
  const after: Target[] = [
    ...kept,
    ...[...fresh].map(([key, target]) => ({ ...target, state: stateOf(again.get(key), state) })),
  ];
  const refusal =
    [...fresh.values()].map((target) => checkTarget(account, group, target)).find((found) => found !== undefined) ??
    checkCounts(account, group, liveCount(after) - liveCount(present));
  if (refusal !== undefined) return refusal;
  return {
    change: (draft) => {
      draft.targets[targetGroupArn] = castDraft(after);
    },
  };
}

/** A draining target that is registered again starts over; another keeps its state. */
function stateOf(before: Target["state"] | undefined, fresh: Target["state"]): Target["state"] {
  return before === undefined || before === "draining" ? fresh : before;
}

function targetKey({ id, port }: { readonly id: string; readonly port: number }): string {
  return `${id}:${port}`;
}

/** ELB API Reference: RegisterTargets; an application load balancer needs a listener on the target's port. */
function checkTarget(
  account: Account,
  { spec: { targetType } }: ExistingTargetGroup,
  { id, port }: { readonly id: string; readonly port: number },
): Refused | undefined {
  const invalid = (why: string): Refused => refuse("account.invalid-value", "InvalidTarget", `the target ${id} ${why}`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) return invalid(`has the invalid port ${port}`);
  if (targetType === "instance" && !/^m?i-[^/]+$/.test(id)) return invalid("is no instance id");
  if (targetType === "ip" && !/^[0-9a-fA-F.:]+$/.test(id)) return invalid("is no IP address");
  if (targetType !== "alb") return undefined;
  if (account.loadBalancers[id]?.spec.type !== "application") return invalid("is no application load balancer");
  const listens = Object.values(account.listeners).some(
    ({ spec }) => spec.loadBalancerArn === id && spec.port === port,
  );
  return listens ? undefined : invalid(`has no listener on port ${port}`);
}

function liveCount(targets: readonly Target[]): number {
  return targets.filter(({ state }) => state !== "draining").length;
}

function checkCounts(account: Account, group: ExistingTargetGroup, added: number): Refused | undefined {
  if (added <= 0) return undefined;
  const { targetsPerTargetGroup, targetsPerLoadBalancer } = quotasOf(account);
  const own = countRegistered(account, group.arn) + added;
  if (own > targetsPerTargetGroup) {
    const message = `${own} targets are more than the ${targetsPerTargetGroup} that a target group may have`;
    return refuse("account.quota-exceeded", "TooManyTargets", message);
  }
  for (const arn of group.loadBalancerArns) {
    const count = countTargets(account, arn) + added;
    if (count > targetsPerLoadBalancer) {
      const message = `${count} targets are more than the ${targetsPerLoadBalancer} that a load balancer may have`;
      return refuse("account.quota-exceeded", "TooManyTargets", message);
    }
  }
  return undefined;
}

/**
 * A target that isn't registered is no error (ELB API Reference: DeregisterTargets). At pace `waits` a target in use
 * drains until the wait for it; otherwise it is gone at once.
 */
export function deregisterTargets(
  account: Account,
  { targetGroupArn, targets }: Details<"deregisterTargets">,
  { pace }: Surroundings,
): Answer {
  const group = account.targetGroups[targetGroupArn];
  if (group === undefined) return noSuchTargetGroup(targetGroupArn);
  const leaving = new Set(targets.map(targetKey));
  const drains = pace === "waits" && group.loadBalancerArns.length > 0;
  const after = (account.targets[targetGroupArn] ?? []).flatMap((target): Target[] => {
    if (!leaving.has(targetKey(target))) return [target];
    return drains ? [{ ...target, state: "draining" }] : [];
  });
  return {
    change: (draft) => {
      draft.targets[targetGroupArn] = castDraft(after);
    },
  };
}
