/**
 * Target groups of ours that others use. One may serve a load balancer that isn't its stack's: somebody attached them there, or the stack's
 * load balancer has a twin. A target group serves one load balancer, so AWS would refuse to name it in another one, and
 * to delete it. And somebody's own TargetGroupBinding may fill one that the stack doesn't need any more.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { StackDiff } from "./difference.ts";
import { isOfIngress } from "./endpoint-permissions.ts";
import type { Owned } from "./owned.ts";

export interface AttachedElsewhere {
  /** A stack's reasons to leave it as it is. */
  readonly blocking: ReadonlyMap<string, readonly Diagnostic[]>;
  /** ARNs of target groups that can't be deleted, by stack; and why. */
  readonly undeletable: ReadonlyMap<string, ReadonlyMap<string, Diagnostic>>;
}

/** Looks at all stacks together, for what one of them lets go of another one may take. */
export function attachedElsewhere(owned: Owned, stacks: readonly StackDiff[]): AttachedElsewhere {
  const { inventory } = owned;
  const blocking = new Map<string, readonly Diagnostic[]>();
  const undeletable = new Map<string, ReadonlyMap<string, Diagnostic>>();
  let named: ReadonlyMap<string, ReadonlySet<unknown>> | undefined;
  for (const stack of stacks) {
    const stay = boundByOthers(owned, stack);
    if (stay.size > 0) undeletable.set(stack.id, stay);
    const own = loadBalancersOf(stack);
    const strange = stack.targetGroups.flatMap(({ change, existing }) => {
      if (existing === undefined) return [];
      const others = inventory.targetGroups[existing.arn]?.loadBalancerArns.filter((arn) => !own.has(arn)) ?? [];
      if (others.length === 0) return [];
      named ??= namedBy(stacks);
      const holder = others.find((arn) => named?.get(arn)?.has(existing.arn) !== false);
      return holder === undefined ? [] : [{ change, arn: existing.arn, holder }];
    });
    if (strange.length === 0) continue;
    const uses = new Set(actionsOf(stack).flatMap(targetGroupsOf));
    const problems: Diagnostic[] = [];
    for (const { change, arn, holder } of strange) {
      const message = `Target group ${arn} of stack ${stack.id} serves load balancer ${holder}, which isn't the one that the stack's rules are on.`;
      const problem = diagnose("resource.attached-elsewhere", message, { stack: stack.id, resource: change.resource });
      if (change.kind === "delete") stay.set(arn, problem);
      else if (change.kind === "replace" || uses.has(arn)) problems.push(problem);
    }
    if (problems.length > 0) blocking.set(stack.id, problems);
    if (stay.size > 0) undeletable.set(stack.id, stay);
  }
  return { blocking, undeletable };
}

/** Bindings of an Ingress's go with it; where bindings are written, as with LBC, all of a target group's do. */
function boundByOthers({ bindings }: Owned, stack: StackDiff): Map<string, Diagnostic> {
  const found = new Map<string, Diagnostic>();
  const going = new Set(stack.targetGroupBindings.map(({ existing }) => existing?.arn));
  for (const { change, existing } of stack.targetGroups) {
    if (existing === undefined || change.kind !== "delete") continue;
    const theirs = bindings.get(existing.arn)?.find(({ arn, spec }) => !going.has(arn) && !isOfIngress(spec.labels));
    if (theirs === undefined) continue;
    const message = `Target group ${existing.arn} of stack ${stack.id} isn't needed any more, but TargetGroupBinding ${theirs.arn} names it, which is no Ingress's.`;
    found.set(
      existing.arn,
      diagnose("resource.bound-elsewhere", message, { stack: stack.id, resource: change.resource }),
    );
  }
  return found;
}

/** A stack without the deletions that AWS would refuse. */
export function withoutDeletions(stack: StackDiff, undeletable: ReadonlyMap<string, unknown>): StackDiff {
  const targetGroups = stack.targetGroups.filter(
    ({ change, existing }) => change.kind !== "delete" || existing === undefined || !undeletable.has(existing.arn),
  );
  return { ...stack, targetGroups };
}

/** Those that the stack's resources are, and those that go: what these serve is free afterwards. */
function loadBalancersOf({ matches, loadBalancers }: StackDiff): ReadonlySet<string> {
  const going = loadBalancers.flatMap(({ change, existing }) =>
    existing !== undefined && (change.kind === "delete" || change.kind === "replace") ? [existing.arn] : [],
  );
  return new Set([...Object.values(matches), ...going]);
}

/** What the goal names on each load balancer of a planned stack; nothing on one that goes. */
function namedBy(stacks: readonly StackDiff[]): ReadonlyMap<string, ReadonlySet<unknown>> {
  return new Map(
    stacks
      .filter(({ status }) => status === "planned")
      .flatMap((stack) => {
        const named = new Set(actionsOf(stack).flatMap(targetGroupsOf));
        return stack.loadBalancers.flatMap(({ change, existing }): readonly (readonly [string, Set<unknown>])[] => {
          if (existing === undefined) return [];
          if (change.kind === "delete" || change.kind === "replace") return [[existing.arn, new Set()]];
          return stack.matches[change.resource] === existing.arn ? [[existing.arn, named]] : [];
        });
      }),
  );
}

function actionsOf({ listeners, rules }: StackDiff): readonly RuleAction[] {
  return [
    ...listeners.flatMap(({ desired }) => desired?.defaultActions ?? []),
    ...rules.flatMap(({ kept, modified, created }) =>
      [...kept, ...modified, ...created].flatMap(({ desired }) => desired?.actions ?? []),
    ),
  ];
}

function targetGroupsOf(action: RuleAction): readonly unknown[] {
  return action.type === "forward" ? action.forwardConfig.targetGroups.map(({ targetGroupArn }) => targetGroupArn) : [];
}
