/** The stage as a whole: desired graph × inventory → changes, stack by stack. */
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Change } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredGraph, Stack } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { PlanOptions } from "../model/plan.ts";
import type { SpecByKind } from "../model/resource.ts";
import { diffShieldProtections, diffWafRegionalAssociations, diffWebAclAssociations, shieldWarnings } from "./addon.ts";
import { attachedElsewhere, withoutDeletions } from "./attached-elsewhere.ts";
import { diffCertificates } from "./certificate.ts";
import { narrowClusterStack } from "./cluster-stack.ts";
import { coldTargetGroups } from "./coldness.ts";
import { consentProblem } from "./consent.ts";
import { byKind, type DiffContext, type Matches } from "./context.ts";
import type { DiffResult, StackDiff } from "./difference.ts";
import { diffEndpointPermissions } from "./endpoint-permissions.ts";
import { diffFrontendNlbTargets } from "./frontend-nlb-target.ts";
import { diffListeners } from "./listener.ts";
import { diffLoadBalancers } from "./load-balancer.ts";
import { loadBalancerRoom } from "./load-balancer-room.ts";
import { takenNames } from "./name-taken.ts";
import { NOTHING_OWNED, type Owned, sortByOwner } from "./owned.ts";
import { claimProblems, twinWarnings, unclaimedStacks } from "./partial-input.ts";
import { fullGroupsOf, overPermissionQuota } from "./permission-room.ts";
import { fitRules } from "./rule-room.ts";
import { secretNotes } from "./secret-note.ts";
import { diffSecurityGroups } from "./security-group.ts";
import { diffClients } from "./sent-clients.ts";
import { diffTargetGroups } from "./target-group.ts";
import { diffTargetGroupBindings } from "./target-group-binding.ts";
import { fitTargets } from "./target-room.ts";
import { diffTargets } from "./targets.ts";
import { unattributedRules } from "./unattributed-rules.ts";

/**
 * Compares what should exist with what does. A stack that failed, that the input holds only in part, or that would lose
 * its load balancer without consent is left as it is, and a diagnostic says so.
 */
export function diff(desired: DesiredGraph, inventory: Inventory, given: PlanOptions = {}): DiffResult {
  const refusesPrune = given.prune === true && desired.incompleteInput === true;
  const options: PlanOptions = refusesPrune ? { ...given, prune: false } : given;
  const owned = sortByOwner(inventory, desired.settings.clusterName, desired.vpcId);
  const unclaimed = unclaimedStacks(desired, owned, options);
  const only = options.only === undefined ? undefined : new Set(options.only);
  const stacks = [...Object.values(desired.stacks), ...unclaimed.pruned]
    .filter(({ id }) => only?.has(id) ?? true)
    .sort((a, b) => compareStrings(a.id, b.id));

  const matches: Matches = new Map();
  const { warm = true } = options;
  const shared = diffStack(desired, owned, matches, desired.clusterStack, warm);
  const diagnostics: Diagnostic[] = [...unclaimed.diagnostics];
  // An Ingress that can't be put into a group may be one of any group.
  const isIncomplete = desired.incompleteInput === true || desired.classErrors.length > 0;
  if (refusesPrune)
    diagnostics.push(diagnose("plan.prune-refused", "The input wasn't read whole, so nothing is pruned."));
  // What all share may name security groups of stacks whose turn it isn't.
  for (const stack of Object.values(desired.stacks)) {
    if (only?.has(stack.id) === false) diffSecurityGroups(contextOf(desired, owned, matches, stack));
  }
  const alone = stacks.map((stack): StackDiff => {
    const problems = stack.status === "failed" ? [] : claimProblems(desired, owned, options, stack);
    if (stack.status === "failed" || problems.length > 0) {
      diagnostics.push(...problems);
      return left(stack);
    }
    const result = diffStack(desired, owned, matches, stack, warm);
    const orphans = unattributedRules(owned, stack, result);
    const refusal = consentProblem(result, options) ?? (isIncomplete ? orphans.map(asError)[0] : undefined);
    if (refusal !== undefined) {
      diagnostics.push(refusal);
      return left(stack);
    }
    const notes = options.sentClients === undefined ? secretNotes(result) : [];
    diagnostics.push(...twinWarnings(owned, stack.id), ...result.diagnostics, ...orphans, ...notes);
    return diffClients(result, options.sentClients);
  });
  const elsewhere = attachedElsewhere(owned, alone);
  const compared = alone.map((stack): StackDiff => {
    const problems = elsewhere.blocking.get(stack.id);
    const undeletable = elsewhere.undeletable.get(stack.id);
    diagnostics.push(...(problems ?? undeletable?.values() ?? []));
    if (problems !== undefined) return left(stack);
    return undeletable === undefined ? stack : withoutDeletions(stack, undeletable);
  });
  const together = (diffs: readonly StackDiff[]): DiffResult["stacks"] => {
    const cluster = narrowClusterStack(shared, desired, owned, diffs, options);
    const endpointPermissions = diffEndpointPermissions(desired, owned, matches, [cluster, ...diffs], options.settled);
    return [{ ...cluster, endpointPermissions }, ...diffs];
  };
  const fitted = fitPermissions(desired, inventory, compared, together);
  return { ...fitted, diagnostics: [...diagnostics, ...fitted.diagnostics] };
}

/** Leaves stacks alone that need what a full security group can't take; whatever these leave needed may fill others. */
function fitPermissions(
  desired: DesiredGraph,
  inventory: Inventory,
  compared: readonly StackDiff[],
  together: (stacks: readonly StackDiff[]) => DiffResult["stacks"],
): DiffResult {
  const diagnostics: Diagnostic[] = [];
  const full = new Set<string>();
  let possible = compared;
  for (;;) {
    const [cluster, ...rest] = together(possible);
    const endpointPermissions = cluster.endpointPermissions.filter(
      ({ change }) => !full.has(change.resource.slice("endpointPermissions/".length)),
    );
    const over = overPermissionQuota(inventory, endpointPermissions);
    const isDone = over.securityGroups.size === 0;
    diagnostics.push(...over.diagnostics.filter(({ severity }) => isDone || severity === "error"));
    if (isDone) return { stacks: [{ ...cluster, endpointPermissions }, ...rest], diagnostics };
    for (const id of over.securityGroups) full.add(id);
    possible = possible.map((stack): StackDiff => {
      const groups = fullGroupsOf(desired, stack, full);
      if (groups.length === 0) return stack;
      const message = `Stack ${stack.id} needs permissions on ${groups.join(", ")}, which can't let its load balancer in.`;
      diagnostics.push(diagnose("permissions.over-quota", message, { stack: stack.id }));
      return left(stack);
    });
  }
}

/** What is a doubt when the input is whole is a reason to stop when it isn't. */
function asError({ message, stack = "" }: Diagnostic): Diagnostic {
  return diagnose("group.incomplete", `${message} The input wasn't read whole.`, { stack });
}

/** All changes of a stack in the order in which resources depend on one another; what stays as it is isn't among them. */
export function changesOf(stack: StackDiff): readonly Change[] {
  const changes = (differences: readonly { readonly change: Change }[]): readonly Change[] =>
    differences.map(({ change }) => change);
  return [
    ...changes(stack.securityGroups),
    ...changes(stack.endpointPermissions),
    ...changes(stack.certificates),
    ...changes(stack.targetGroups),
    ...changes(stack.targetGroupBindings),
    ...changes(stack.targets),
    ...changes(stack.loadBalancers),
    ...changes(stack.listeners),
    ...stack.rules.flatMap(({ kept, modified, created, deleted }) => [
      ...changes([...kept, ...modified, ...created].sort(byPriority)),
      ...changes(deleted),
    ]),
    ...changes(stack.webAclAssociations),
    ...changes(stack.wafRegionalAssociations),
    ...changes(stack.shieldProtections),
    ...changes(stack.frontendNlbTargets),
  ].filter(({ kind }) => kind !== "keep");
}

type RuleDifference = { readonly change: Change; readonly desired?: SpecByKind["listenerRule"] };

function byPriority(a: RuleDifference, b: RuleDifference): number {
  return (a.desired?.priority ?? 0) - (b.desired?.priority ?? 0);
}

/** What others refer to is compared first, so that references to what stays become ARNs. */
function diffStack(desired: DesiredGraph, owned: Owned, matches: Matches, stack: Stack, warm: boolean): StackDiff {
  const context = contextOf(desired, owned, matches, stack);
  const securityGroups = diffSecurityGroups(context);
  const certificates = diffCertificates(context);
  const targetGroups = diffTargetGroups(context);
  const loadBalancers = diffLoadBalancers(context);
  const taken = takenNames(context, loadBalancers);
  if (taken.length > 0) return { ...left(stack), diagnostics: taken };
  const listeners = diffListeners(context);
  const targets = diffTargets(context);
  const fitted = fitTargets(context, targets.differences, targetGroups);
  if (fitted.refused) return { ...left(stack), diagnostics: fitted.diagnostics };
  const cold = warm ? coldTargetGroups(context, targetGroups, fitted.targets, listeners) : [];
  const { rules, diagnostics, refused } = fitRules(context, listeners, cold);
  if (refused) return { ...left(stack), diagnostics };
  const room = loadBalancerRoom(context, listeners, rules);
  if (room.refused) return { ...left(stack), diagnostics: room.diagnostics };
  return {
    id: stack.id,
    members: stack.members,
    status: "planned",
    securityGroups,
    certificates,
    targetGroups,
    loadBalancers,
    listeners,
    rules,
    targetGroupBindings: diffTargetGroupBindings(context),
    cold,
    targets: fitted.targets,
    // Over all stacks: compared when these are.
    endpointPermissions: [],
    webAclAssociations: diffWebAclAssociations(context),
    wafRegionalAssociations: diffWafRegionalAssociations(context),
    shieldProtections: diffShieldProtections(context),
    frontendNlbTargets: diffFrontendNlbTargets(context),
    matches: Object.fromEntries(context.matches.get(stack.id) ?? []),
    diagnostics: [
      ...[...diagnostics, ...room.diagnostics, ...targets.diagnostics, ...fitted.diagnostics],
      ...shieldWarnings(context),
    ],
  };
}

function contextOf(desired: DesiredGraph, owned: Owned, matches: Matches, stack: Stack): DiffContext {
  return {
    settings: desired.settings,
    isIncomplete: desired.incompleteInput === true,
    stack: stack.id,
    desired: byKind(stack.resources),
    owned,
    mine: owned.stacks.get(stack.id) ?? NOTHING_OWNED,
    matches,
  };
}

function left(stack: Pick<StackDiff, "id" | "members">): StackDiff {
  return {
    id: stack.id,
    members: stack.members,
    status: "left",
    securityGroups: [],
    certificates: [],
    targetGroups: [],
    loadBalancers: [],
    listeners: [],
    rules: [],
    targetGroupBindings: [],
    targets: [],
    cold: [],
    endpointPermissions: [],
    webAclAssociations: [],
    wafRegionalAssociations: [],
    shieldProtections: [],
    frontendNlbTargets: [],
    matches: {},
    diagnostics: [],
  };
}
