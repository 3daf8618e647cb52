/**
 * The guarantee "drained": a target group that had targets and whose load balancer stays is deleted only after a wait
 * for the connections to them, which began when the last rule had let go.
 */
import type { Account } from "../../model/inventory.ts";
import type { Counterexample } from "./plan-check.ts";
import type { Run } from "./run.ts";

/** Looks at every deletion of a run. */
export function undrained(
  { start, steps, end, interleaving }: Run,
  owners: ReadonlyMap<string, string>,
): readonly Counterexample[] {
  const keepsLoadBalancer = (stack: string): boolean =>
    Object.keys(start.loadBalancers).some((arn) => owners.get(arn) === stack && Object.hasOwn(end.loadBalancers, arn));
  const accounts = [start, ...steps.map(({ account }) => account)];
  return steps.flatMap(({ action, result }, index): readonly Counterexample[] => {
    if (action.kind !== "deleteTargetGroup" || result.state !== "done") return [];
    const arn = String(action.details.targetGroupArn);
    if (!needsDelay(start, arn) || !keepsLoadBalancer(action.stack)) return [];
    const freed = accounts.slice(0, index + 1).findLastIndex((account) => isNamed(account, arn)) + 1;
    const waited = steps.slice(freed, index).some(({ action: other, result: { state } }) => {
      return other.kind === "wait" && isDrain(other.details, arn) && state === "done";
    });
    if (waited) return [];
    return [
      {
        guarantee: "drained",
        stack: action.stack,
        step: index + 1,
        action: action.id,
        interleaving,
        message: `Target group ${arn} is deleted before the connections to its targets had time to end.`,
      },
    ];
  });
}

/** Nobody waits for a group without targets, or without delay. */
function needsDelay({ targetGroups, targets }: Account, arn: string): boolean {
  const group = Object.hasOwn(targetGroups, arn) ? targetGroups[arn] : undefined;
  const delay = group?.spec.attributes?.["deregistration_delay.timeout_seconds"];
  const isFilled = Object.hasOwn(targets, arn) && (targets[arn]?.length ?? 0) > 0;
  return group !== undefined && isFilled && (delay === undefined || Number(delay) > 0);
}

function isNamed({ targetGroups }: Account, arn: string): boolean {
  return Object.hasOwn(targetGroups, arn) && (targetGroups[arn]?.loadBalancerArns.length ?? 0) > 0;
}

function isDrain({ until, subject }: { readonly until: string; readonly subject: unknown }, arn: string): boolean {
  return until === "targets-drained" && subject === arn;
}
