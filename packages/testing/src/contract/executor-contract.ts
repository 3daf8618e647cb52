/**
 * `@elbplan/testing/executor-contract`: what every executor promises, as tests for vitest. Called in a test file, it
 * registers one test for each promise, and one that every kind of action was made use of.
 */
import type { ActionKind } from "@elbplan/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changes } from "./changes.ts";
import { creations } from "./creations.ts";
import { deletions } from "./deletions.ts";
import { quotas } from "./quotas.ts";
import { refusals } from "./refusals.ts";
import type { ContractTest } from "./test.ts";
import { twins } from "./twins.ts";
import { waits } from "./waits.ts";
import { type ContractWorld, type Play, playIn } from "./world.ts";

export { CONTRACT_CLUSTER, type ContractPlace, type ContractWorld } from "./world.ts";

export interface ContractOptions {
  /** Kinds of actions that can't be carried out, each with the reason. Tests that need one are left out and say so. */
  readonly lacks?: { readonly [K in ActionKind]?: string };
  /** Milliseconds that one test may take; 30,000 if absent. */
  readonly timeout?: number;
}

const PARTS: { readonly [part: string]: readonly ContractTest[] } = {
  creates: creations,
  changes,
  deletes: deletions,
  "finds what is in the way": twins,
  refuses: refusals,
  "keeps to quotas": quotas,
  "looks at what is waited for": waits,
};

/** Kinds of actions, complete: the compiler asks for one that is missing. A wait makes no call. */
const KINDS: { readonly [K in Exclude<ActionKind, "wait">]: true } = {
  createSecurityGroup: true,
  authorizeSecurityGroupIngress: true,
  revokeSecurityGroupIngress: true,
  deleteSecurityGroup: true,
  createTags: true,
  deleteTags: true,
  requestCertificate: true,
  upsertValidationRecord: true,
  deleteCertificate: true,
  createTargetGroup: true,
  modifyTargetGroup: true,
  modifyTargetGroupAttributes: true,
  deleteTargetGroup: true,
  registerTargets: true,
  deregisterTargets: true,
  createLoadBalancer: true,
  modifyLoadBalancerAttributes: true,
  setSecurityGroups: true,
  setSubnets: true,
  setIpAddressType: true,
  modifyIpPools: true,
  modifyCapacityReservation: true,
  deleteLoadBalancer: true,
  createListener: true,
  modifyListener: true,
  addListenerCertificates: true,
  removeListenerCertificates: true,
  modifyListenerAttributes: true,
  deleteListener: true,
  createRule: true,
  modifyRule: true,
  setRulePriorities: true,
  deleteRule: true,
  addTags: true,
  removeTags: true,
  associateWebAcl: true,
  disassociateWebAcl: true,
  associateWafRegional: true,
  disassociateWafRegional: true,
  createShieldProtection: true,
  deleteShieldProtection: true,
  createTargetGroupBinding: true,
  patchTargetGroupBinding: true,
  deleteTargetGroupBinding: true,
};

/** Registers the contract for an executor. `make` is called once; all tests share its world, each with things of its own. */
export function executorContract(
  name: string,
  make: () => Promise<ContractWorld>,
  { lacks = {}, timeout = 30_000 }: ContractOptions = {},
): void {
  describe(`the contract of executors: ${name}`, () => {
    const sent = new Set<ActionKind>();
    let world: ContractWorld | undefined;
    let play: Play | undefined;
    beforeAll(async () => {
      world = await make();
      play = playIn(world, (kind) => sent.add(kind));
    }, timeout);
    afterAll(async () => world?.close?.());

    for (const [part, tests] of Object.entries(PARTS)) {
      describe(part, () => {
        for (const test of tests) {
          const lack = test.kinds.find((kind) => lacks[kind] !== undefined);
          const title = lack === undefined ? test.name : `${test.name} (left out: ${lacks[lack]})`;
          it.skipIf(lack !== undefined)(title, { timeout }, async ({ skip }) => {
            if (play === undefined) throw new Error("there is no world to play in");
            await test.play(play, skip);
          });
        }
      });
    }

    it("makes every kind of call", () => {
      const expected = Object.keys(KINDS).filter((kind) => lacks[kind as ActionKind] === undefined);
      expect(expected.filter((kind) => !sent.has(kind as ActionKind))).toEqual([]);
    });
  });
}
