/**
 * What is read of an account is what planning compares of it: plans made with it, and with all there is, are the same.
 * Accounts and clusters are generated, and `fakeAws` answers from them in pages of any length.
 */
import { type AwsApi, createCache, readAws, readFacts, readInventory } from "@elbplan/aws-executor";
import {
  type Account,
  buildDesired,
  type DesiredGraph,
  emptyAccount,
  everythingNeeded,
  factsNeeded,
  type Inventory,
  type InventoryNeeded,
  inventoryNeeded,
  narrowInventory,
  type Permission,
  type Plan,
  type PlanOptions,
  plan,
  SHARED_PERMISSION,
  simulate,
} from "@elbplan/core";
import { aCluster, facts as factsOf, fakeAws } from "@elbplan/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { desiredGraph } from "../packages/core/test/arbitraries/graph.ts";

const PLACE = { region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" };
const CONSENT: PlanOptions = { allowReplace: true, allowDelete: true, warm: false };
const EMPTY = emptyAccount(PLACE);
const RUNS = 60;

function carriedOut(start: Account, graph: DesiredGraph): Account {
  return simulate(start, plan(graph, start, CONSENT)).account;
}

/** An account that two graphs were carried out on, one for another cluster; the tag of a resource may be lost. */
const account = fc
  .record({ ours: desiredGraph, theirs: desiredGraph, lost: fc.boolean(), capacity: fc.boolean() })
  .map(({ ours, theirs, lost, capacity }): Account => {
    const stacks = JSON.parse(JSON.stringify(theirs.stacks).replaceAll('"name":"', '"name":"o'));
    const other = { ...theirs, stacks, settings: { ...theirs.settings, clusterName: "other" } };
    const both = carriedOut(carriedOut(EMPTY, ours), other);
    const loadBalancers = Object.entries(both.loadBalancers).map(([arn, item], at) => {
      const { "ingress.k8s.aws/resource": id = "", ...tags } = item.spec.tags ?? {};
      const kept = lost && at === 0 ? tags : { ...tags, "ingress.k8s.aws/resource": id };
      return [arn, { ...item, spec: { ...item.spec, tags: kept, ...(capacity && { minimumCapacityUnits: 100 }) } }];
    });
    return { ...both, loadBalancers: Object.fromEntries(loadBalancers), endpointSecurityGroups: nodes(both) };
  });

/** Groups of nodes: one lets every group of the account in, ours and others' alike, one nobody of ours. */
function nodes({ securityGroups }: Account): NonNullable<Account["endpointSecurityGroups"]> {
  const tcp = { protocol: "tcp", fromPort: 80, toPort: 8080 };
  const open = Object.keys(securityGroups).map((securityGroupId) => ({
    ...{ ...tcp, source: { securityGroupId }, description: SHARED_PERMISSION },
  }));
  const admin = { ...tcp, source: { cidrIp: "10.0.0.0/8" }, description: "admin" };
  return { ...(open.length > 0 && { "sg-nodes": [...open, admin] }), "sg-others": [admin] };
}

const reading = fc.record({ pageSize: fc.constantFrom(1, 2, 3, 1000), byTaggingApi: fc.boolean() });

function read(
  full: Account,
  needed: InventoryNeeded,
  { pageSize, byTaggingApi }: { pageSize: number; byTaggingApi: boolean },
) {
  const api = fakeAws({ account: full, facts: { ...factsOf(), ...PLACE }, pageSize });
  const { targetGroupBindings } = full;
  const scope = { ...PLACE, byTaggingApi, targetGroupBindings };
  return readInventory(api, needed, scope, { cache: createCache({ now: () => 0 }) });
}

function planned(graph: DesiredGraph, inventory: Inventory, options: PlanOptions): Omit<Plan, "inputs"> {
  const { inputs: _, ...rest } = plan(graph, inventory, options);
  return rest;
}

function textOf({ protocol, fromPort, toPort, source, description = "" }: Permission<string>): string {
  return JSON.stringify([protocol, fromPort, toPort, source, description]);
}

/** Without the words in which AWS tells actions, and the order of further certificates. */
function comparable(inventory: Inventory): object {
  const each = (records: object, change: (spec: Record<string, unknown>) => object): object =>
    Object.fromEntries(
      Object.entries(records).map(([arn, item]) => [arn, { ...item, spec: change({ ...item.spec }) }]),
    );
  return {
    ...inventory,
    endpointSecurityGroups: Object.fromEntries(
      Object.entries(inventory.endpointSecurityGroups ?? {}).map(([id, list]) => [
        id,
        list.map((one) => textOf(one)).sort(),
      ]),
    ),
    loadBalancers: each(inventory.loadBalancers, ({ minimumCapacityUnits = 0, ...spec }) => ({
      ...spec,
      minimumCapacityUnits,
    })),
    listeners: each(inventory.listeners, ({ defaultActions: _, certificates, ...spec }) => {
      const [first, ...others] = (certificates ?? []) as string[];
      return { ...spec, certificates: [first, ...others.sort()] };
    }),
    listenerRules: each(inventory.listenerRules, ({ actions: _, ...spec }) => spec),
  };
}

describe("an inventory read from AWS", () => {
  it("is the account as far as it is needed, however it is found and paged", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(account, desiredGraph, reading, fc.boolean(), async (full, graph, how, all) => {
        const { settings, vpcId } = graph;
        const needed = all ? everythingNeeded(settings, vpcId) : inventoryNeeded(graph, { prune: true, drain: true });
        const found = await read(full, needed, how);
        expect(comparable(found)).toEqual(comparable(narrowInventory(full, needed)));
      }),
      { numRuns: RUNS },
    );
  });

  it("makes the same plan as the account itself", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(account, desiredGraph, reading, async (full, graph, how) => {
        const found = await read(full, inventoryNeeded(graph, CONSENT), how);
        expect(found.targetGroupBindings).toEqual(full.targetGroupBindings);
        const told = (made: Omit<Plan, "inputs">) =>
          made.actions.map(({ kind, resource, dependsOn }) => ({ kind, resource, dependsOn }));
        const [ofFound, ofFull] = [planned(graph, found, CONSENT), planned(graph, full, CONSENT)];
        expect(told(ofFound)).toEqual(told(ofFull));
        expect(ofFound.diagnostics).toEqual(ofFull.diagnostics);
        expect(ofFound.summary).toEqual(ofFull.summary);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("facts read from AWS", () => {
  it("build the same graph as all facts", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(aCluster, fc.constantFrom(1, 2, 1000), async ({ snapshot, facts, settings }, pageSize) => {
        const api = fakeAws({ facts, pageSize });
        const { region, accountId, vpc } = facts;
        const found = await readFacts(
          api,
          factsNeeded(snapshot, settings),
          settings,
          { region, accountId, vpcId: vpc.id },
          { cache: createCache({ now: () => 0 }) },
        );
        expect(buildDesired(snapshot, found, undefined, settings)).toEqual(
          buildDesired(snapshot, facts, undefined, settings),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

describe("facts and inventory together", () => {
  it("lead to the plan of all there is, and ask for nothing twice", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(aCluster, aCluster, async (before, { snapshot, facts, settings }) => {
        const { region, accountId, vpc } = facts;
        const place = { region, accountId, vpcId: vpc.id };
        const old = buildDesired(before.snapshot, before.facts, undefined, {
          ...before.settings,
          clusterName: settings.clusterName,
        });
        const full = carriedOut(emptyAccount(place), old);
        const asked: string[] = [];
        const fake = fakeAws({ account: full, facts });
        const api: AwsApi = (call) => {
          asked.push(JSON.stringify(call));
          return fake(call);
        };
        const found = await readAws(api, snapshot, settings, place, {
          cache: createCache({ now: () => 0 }),
          plan: CONSENT,
        });
        expect(new Set(asked).size).toBe(asked.length);
        const ofFound = planned(
          buildDesired(snapshot, found.facts, found.inventory, settings),
          found.inventory,
          CONSENT,
        );
        const ofFull = planned(buildDesired(snapshot, facts, full, settings), full, CONSENT);
        const told = (made: Omit<Plan, "inputs">) => made.actions.map(({ id, dependsOn }) => ({ id, dependsOn }));
        expect(told(ofFound)).toEqual(told(ofFull));
        expect(ofFound.diagnostics).toEqual(ofFull.diagnostics);
      }),
      { numRuns: RUNS },
    );
  });
});
