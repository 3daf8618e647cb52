/** What a plan made from scratch, by somebody who knows nothing of the controller, says of what the controller left. */
import { isDeepStrictEqual } from "node:util";
import { createCache, readAws, sdkApi } from "@elbplan/aws-executor";
import { buildDesired, carries, groupFinalizer, ingressStatus, plan, simulate } from "@elbplan/core";
import { readCluster, systemClock } from "@elbplan/k8s-source/cluster";
import { REGION } from "../moto/clients.ts";
import { stateOfAccount } from "../state/account-state.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { seededAccount } from "../state/seeded-account.ts";
import { type State, withoutPositions } from "../state/state.ts";
import type { World } from "./world.ts";

const PLANNING = { prune: true, allowDelete: true, warm: false, drain: false };

/**
 * The first difference, in words: something left to do in AWS, something in AWS that isn't as it would be made in an
 * empty account, an Ingress without its finalizer or with another status. Undefined if there is none.
 */
export async function differenceOf(world: World): Promise<string | undefined> {
  const { server, emulator, place, clients, seed, settings } = world;
  const { snapshot } = await readCluster(server.api, { settings });
  const aws = sdkApi({ endpoint: emulator.endpoint, region: REGION });
  const options = { cache: createCache(systemClock), plan: PLANNING };
  const { facts, inventory } = await readAws(aws, snapshot, settings, place, options);
  const graph = buildDesired(snapshot, facts, inventory, settings);
  const { actions, diagnostics } = plan(graph, inventory, PLANNING);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) return error.message;
  if (actions.length > 0) return `left to do: ${actions.map(({ id }) => id).join(", ")}`;

  const empty = seededAccount(seed);
  const fromNothing = buildDesired(snapshot, facts, empty, settings);
  const made = simulate(empty, plan(fromNothing, empty, PLANNING)).account;
  const wanted = withoutPositions(stateOfAccount(made, { nodes: seed.nodeSecurityGroup }));
  const found = withoutPositions(withoutForeign(await stateOfEmulator(clients)));
  if (!isDeepStrictEqual(found, wanted)) return `not as made from nothing: ${firstDifference(found, wanted)}`;

  for (const stack of Object.values(graph.stacks)) {
    const status = ingressStatus(stack, inventory, settings);
    for (const ingress of snapshot.ingresses) {
      const name = `${ingress.metadata.namespace}/${ingress.metadata.name}`;
      if (stack.inactiveMembers.includes(name)) return `${name} is still held`;
      if (!stack.members.includes(name)) continue;
      if (!carries(ingress, groupFinalizer(stack))) return `${name} has no finalizer`;
      const has = ingress.status?.loadBalancer?.ingress?.map(({ hostname, ports }) => ({
        hostname,
        ...(ports && { ports: ports.map(({ port }) => ({ port })) }),
      }));
      if (!isDeepStrictEqual(has, status)) return `${name} has the status ${JSON.stringify(has)}`;
    }
  }
  return undefined;
}

/** What `addForeign` makes isn't elbplan's. */
function withoutForeign(state: State): State {
  const own = <T>(records: { readonly [name: string]: T }): { readonly [name: string]: T } =>
    Object.fromEntries(Object.entries(records).filter(([name]) => !name.startsWith("foreign")));
  const { loadBalancers, targetGroups, securityGroups, endpointPermissions } = state;
  const permissions = Object.entries(endpointPermissions)
    .map(([name, texts]) => [name, texts.filter((text) => !text.endsWith(": foreign"))] as const)
    .filter(([, texts]) => texts.length > 0);
  return {
    loadBalancers: own(loadBalancers),
    targetGroups: own(targetGroups),
    securityGroups: own(securityGroups),
    endpointPermissions: Object.fromEntries(permissions),
  };
}

/** `path: found, not wanted` of the first place where two values differ. */
function firstDifference(found: unknown, wanted: unknown, path = ""): string {
  const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
    typeof value === "object" && value !== null;
  if (isRecord(found) && isRecord(wanted)) {
    const keys = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
    const key = keys.find((one) => !isDeepStrictEqual(found[one], wanted[one]));
    if (key !== undefined) return firstDifference(found[key], wanted[key], `${path}/${key}`);
  }
  return `${path}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`;
}
