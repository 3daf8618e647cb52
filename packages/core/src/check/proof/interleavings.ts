/** Orders in which an executor may carry out the actions of a plan. */
import type { Action } from "../../model/action.ts";

export interface Interleavings {
  readonly orders: readonly (readonly Action[])[];
  /** Whether there are no others. */
  readonly complete: boolean;
}

/**
 * At most `limit` different orders that the dependencies allow: that of the plan, the one that always takes the last
 * action that can be next, the one that takes away as early as possible, then by turns each action as early and as late
 * as it can be, and orders drawn with fixed seeds. Always the same for the same actions.
 */
export function interleavings(actions: readonly Action[], limit: number): Interleavings {
  const places = new Map(actions.map(({ id }, index) => [id, index]));
  const graph: Graph = {
    actions,
    // What isn't in the plan is never done; the simulation tells.
    before: actions.map(({ dependsOn }) => dependsOn.flatMap((id) => places.get(id) ?? [])),
  };
  const seen = new Set<string>();
  const orders: (readonly Action[])[] = [];
  const isChain = actions.every(
    ({ dependsOn }, index) => index === 0 || dependsOn.includes(actions[index - 1]?.id ?? ""),
  );
  for (const order of candidates(graph)) {
    if (orders.length >= limit || (isChain && orders.length === 1)) break;
    const key = order.join();
    if (seen.has(key)) continue;
    seen.add(key);
    orders.push(order.flatMap((index) => actions[index] ?? []));
  }
  return { orders, complete: isChain };
}

interface Graph {
  readonly actions: readonly Action[];
  /** By action: the indexes of those it depends on. */
  readonly before: readonly (readonly number[])[];
}

/** Draws in vain end the search. */
const DRAWS = 4;

function* candidates(graph: Graph): Generator<readonly number[]> {
  const { actions } = graph;
  const indexes = actions.map((_, index) => index);
  yield indexes;
  yield inOrder(graph, (free) => free.at(-1) ?? 0);
  yield inOrder(graph, (free) => free.find((index) => takesAway(actions[index])) ?? free[0] ?? 0);
  const draws = DRAWS * Math.max(1, actions.length);
  for (let turn = 0; turn < draws; turn++) {
    // From both ends to the middle: what comes first and last is moved first.
    const half = turn >> 1;
    const moved = (turn & 1) === 0 ? half : actions.length - 1 - half;
    if (half < actions.length) {
      yield inOrder(graph, asEarlyAsPossible(graph, moved));
      yield inOrder(graph, (free) => free.find((index) => index !== moved) ?? moved);
    }
    const random = randomNumbers(turn + 1);
    yield inOrder(graph, (free) => free[random() % free.length] ?? 0);
  }
}

/** `choose` gets the actions that can be next, ascending. */
function inOrder({ actions, before }: Graph, choose: (free: readonly number[]) => number): readonly number[] {
  const left = before.map((others) => others.length);
  const after: number[][] = actions.map(() => []);
  for (const [index, others] of before.entries()) for (const other of others) after[other]?.push(index);
  let free = left.flatMap((count, index) => (count === 0 ? [index] : []));
  const order: number[] = [];
  while (free.length > 0) {
    const next = choose(free);
    order.push(next);
    free = free.filter((index) => index !== next);
    for (const follower of after[next] ?? []) {
      left[follower] = (left[follower] ?? 0) - 1;
      if (left[follower] === 0) free.push(follower);
    }
    free.sort((a, b) => a - b);
  }
  return order;
}

function asEarlyAsPossible({ before }: Graph, index: number): (free: readonly number[]) => number {
  const needed = new Set<number>();
  const visit = (one: number): void => {
    if (needed.has(one)) return;
    needed.add(one);
    for (const other of before[one] ?? []) visit(other);
  };
  visit(index);
  return (free) => free.find((one) => needed.has(one)) ?? free[0] ?? 0;
}

function takesAway(action: Action | undefined): boolean {
  return /^(delete|remove|revoke|deregister|disassociate|modifyListener$|setRulePriorities)/.test(action?.kind ?? "");
}

/** Numbers that look random (Lehmer's generator). */
function randomNumbers(seed: number): () => number {
  let state = (seed * 7919) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state;
  };
}
