/** What exists and what shall be: the tasks of plans. */
import fc from "fast-check";
import { emptyAccount } from "../../src/check/account/account.ts";
import { countCertificates, countRules } from "../../src/check/quotas.ts";
import { simulate } from "../../src/check/simulate.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account, Target } from "../../src/model/inventory.ts";
import type { PlanOptions } from "../../src/model/plan.ts";
import type { KnownQuotas } from "../../src/model/quotas.ts";
import type { Resource } from "../../src/model/resource.ts";
import { plan } from "../../src/plan.ts";
import { aStack } from "../fixtures/arbitrary-stack.ts";
import { NOTHING } from "../fixtures/carry-out.ts";
import { graphOf, type StackSketch } from "../fixtures/graph.ts";
import { edited } from "./edit.ts";
import { desiredGraph } from "./graph.ts";

interface Transition {
  readonly account: Account;
  readonly goal: DesiredGraph;
}

const GONE: StackSketch = { members: [], inactiveMembers: ["shop/web"] };
const OF_TWO = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });

type Pair = readonly [DesiredGraph, DesiredGraph];

const toGraphs = ([before, after]: readonly [StackSketch, StackSketch]): Pair => [graphOf([before]), graphOf([after])];

/** One group with several listeners, certificates, redirects, shared and own security groups. */
const someEdit: fc.Arbitrary<Pair> = aStack.chain((stack) => fc.tuple(fc.constant(stack), edited(stack))).map(toGraphs);
const anotherGoal: fc.Arbitrary<Pair> = fc.tuple(aStack, aStack).map(toGraphs);
const theEnd: fc.Arbitrary<Pair> = fc.tuple(aStack, fc.constant(GONE)).map(toGraphs);
/** Two groups that share a security group. */
const twoGroups: fc.Arbitrary<Pair> = fc.tuple(desiredGraph, desiredGraph);

/** Mostly edits; one in four with quotas that leave no room to have old and new side by side. */
const aTransition: fc.Arbitrary<Transition> = fc
  .tuple(
    fc.oneof(
      { weight: 10, arbitrary: someEdit },
      { weight: 5, arbitrary: anotherGoal },
      { weight: 1, arbitrary: theEnd },
      { weight: 2, arbitrary: twoGroups },
    ),
    fc.constantFrom(false, false, false, true),
  )
  .map(([[before, goal], isTight]) => {
    const empty = before.settings.clusterName === "prod" ? OF_TWO : NOTHING;
    const { account } = simulate(empty, plan(before, empty));
    if (!isTight) return { account, goal };
    return { account: { ...account, quotas: tightQuotas(account, simulate(empty, plan(goal, empty)).account) }, goal };
  });

/** A plan to make, in one of the ways in which plans are made. */
export interface Task extends Transition {
  readonly planning: PlanOptions;
}

/**
 * Transitions with and without warming and draining. In some the goal is known in part only; in every third an earlier
 * run of the plan stopped somewhere or at a wait, and what it made is in its first checks, has failed them, or isn't checked.
 */
export const aTask: fc.Arbitrary<Task> = fc
  .record({
    transition: aTransition,
    warm: fc.constantFrom(true, true, true, false),
    drain: fc.boolean(),
    known: fc.constantFrom("whole", "whole", "whole", "whole", "whole", "partial targets", "incomplete input"),
    stop: fc.option(fc.oneof(fc.nat(40), fc.constant("at a wait" as const)), { freq: 2 }),
    unmet: fc.constantFrom<Target["state"]>("initial", "unhealthy", "unused"),
  })
  .map(({ transition, warm, drain, known, stop, unmet }) => {
    const planning = { warm, drain, allowReplace: true, allowDelete: true };
    const goal = inPart(transition.goal, known);
    const { account } = transition;
    const { actions } = stop === null ? { actions: [] } : plan(goal, account, planning);
    const wait = Math.max(
      0,
      actions.findIndex(({ kind }) => kind === "wait"),
    );
    const done = actions.slice(0, typeof stop === "number" ? stop % (actions.length + 1) : wait);
    const stopped = simulate(account, { actions: done }, { pace: "waits" }).account;
    return { planning, goal, account: { ...stopped, targets: failing(stopped.targets, unmet) } };
  });

/** The same targets; those in their first checks are in another state. */
export function failing(targets: Account["targets"], unmet: Target["state"]): Account["targets"] {
  const become = (target: Target): Target => (target.state === "initial" ? { ...target, state: unmet } : target);
  return Object.fromEntries(Object.entries(targets).map(([arn, registered]) => [arn, registered.map(become)]));
}

function inPart(goal: DesiredGraph, known: string): DesiredGraph {
  if (known === "incomplete input") return { ...goal, incompleteInput: true };
  if (known === "whole") return goal;
  const partial = (resource: Resource): Resource =>
    resource.kind === "targets" ? { ...resource, spec: { ...resource.spec, partial: true } } : resource;
  const stacks = Object.entries(goal.stacks).map(([id, stack]) => {
    const resources = Object.entries(stack.resources).map(([key, resource]) => [key, partial(resource)]);
    return [id, { ...stack, resources: Object.fromEntries(resources) }];
  });
  return { ...goal, stacks: Object.fromEntries(stacks) };
}

/** The quotas that either of two accounts needs, and no more. */
export function tightQuotas(...accounts: readonly Account[]): KnownQuotas {
  const most = (count: typeof countRules): number =>
    Math.max(1, ...accounts.flatMap((account) => Object.keys(account.loadBalancers).map((arn) => count(account, arn))));
  return {
    ...NOTHING.quotas,
    rulesPerLoadBalancer: most(countRules),
    certificatesPerLoadBalancer: most(countCertificates),
  };
}
