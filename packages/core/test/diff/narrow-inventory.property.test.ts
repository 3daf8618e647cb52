/** A plan made with what `inventoryNeeded` asks for is the plan made with everything. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { emptyAccount } from "../../src/check/account/account.ts";
import { simulate } from "../../src/check/simulate.ts";
import { everythingNeeded, inventoryNeeded } from "../../src/diff/inventory-needed.ts";
import { narrowInventory } from "../../src/diff/narrow-inventory.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account, Inventory } from "../../src/model/inventory.ts";
import type { Plan, PlanOptions } from "../../src/model/plan.ts";
import type { Settings } from "../../src/model/settings.ts";
import { plan } from "../../src/plan.ts";
import { desiredGraph } from "../arbitraries/graph.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

const EMPTY = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });

const options: fc.Arbitrary<PlanOptions> = fc.record({
  allowReplace: fc.boolean(),
  allowDelete: fc.constantFrom(true, true, false),
  warm: fc.boolean(),
  drain: fc.boolean(),
  prune: fc.boolean(),
});

const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  enableWafv2: fc.constantFrom(true, true, false),
  enableShield: fc.constantFrom(true, true, false),
});

/** An account that two graphs were carried out on, another cluster's too; some of it unreadable to us. */
const account: fc.Arbitrary<Account> = fc
  .record({ ours: desiredGraph, theirs: desiredGraph, protect: fc.boolean(), lostTag: fc.constantFrom(0, 0, 0, 1) })
  .map(({ ours, theirs, protect, lostTag }) => {
    const other = { ...theirs, settings: { ...theirs.settings, clusterName: "other" }, stacks: renamed(theirs) };
    const both = carriedOut(carriedOut(EMPTY, ours), other);
    const loadBalancers = Object.fromEntries(
      Object.entries(both.loadBalancers).map(([arn, item], index) => {
        const attributes = { ...item.spec.attributes, "deletion_protection.enabled": String(protect) };
        const tags = { ...item.spec.tags };
        if (index < lostTag) delete tags["ingress.k8s.aws/resource"];
        return [arn, { ...item, spec: { ...item.spec, attributes, tags, minimumCapacityUnits: 100 } }];
      }),
    );
    return { ...both, loadBalancers };
  });

function carriedOut(start: Account, graph: DesiredGraph): Account {
  return simulate(start, plan(graph, start, { allowReplace: true, allowDelete: true, warm: false })).account;
}

/** Load balancers and target groups have names that are unique in an account. */
function renamed({ stacks }: DesiredGraph): DesiredGraph["stacks"] {
  return JSON.parse(JSON.stringify(stacks).replaceAll('"name":"', '"name":"o'));
}

/** Everything but the digests of what went in. */
function planned(graph: DesiredGraph, inventory: Inventory, given: PlanOptions): Omit<Plan, "inputs"> {
  const { inputs: _, ...rest } = plan(graph, inventory, given);
  return rest;
}

describe("an inventory with nothing but what is needed", () => {
  test.prop([desiredGraph, account, options, settings], { numRuns: 80 })(
    "gives the same plan",
    (graph, full, given, over) => {
      const goal = deepFreeze({ ...graph, settings: { ...graph.settings, ...over } });
      const narrow = narrowInventory(deepFreeze(full), inventoryNeeded(goal, given));
      expect(planned(goal, narrow, given)).toEqual(planned(goal, full, given));
    },
  );

  test.prop([desiredGraph, account], { numRuns: 25 })("loses nothing of what everything has", (graph, full) => {
    const { settings: given, vpcId } = graph;
    const everything = narrowInventory(full, everythingNeeded(given, vpcId));
    const needed = inventoryNeeded(graph, { prune: true, drain: true });
    // Of a security group that lets in nobody of ours only a graph says that it is looked at.
    const known = ({ endpointSecurityGroups: _, ...rest }: Inventory): Partial<Inventory> => rest;
    expect(known(narrowInventory(everything, needed))).toEqual(known(narrowInventory(full, needed)));
    expect(narrowInventory(everything, everythingNeeded(given, vpcId))).toEqual(everything);
  });

  test.prop([desiredGraph, account], { numRuns: 25 })("is much smaller", (graph, full) => {
    const narrow = narrowInventory(full, inventoryNeeded(graph));
    const foreign = Object.values(full.loadBalancers).filter(
      ({ spec }) => spec.tags?.["elbv2.k8s.aws/cluster"] !== graph.settings.clusterName,
    );
    for (const { arn } of foreign) expect(narrow.loadBalancers).not.toHaveProperty([arn]);
    for (const arn of Object.keys(narrow.targets)) expect(narrow.targetGroups).toHaveProperty([arn]);
  });
});
