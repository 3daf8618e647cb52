/**
 * Two judges say what AWS does: the simulated account of the core, and moto with our corrections. They were written apart
 * from each other; here both get the same calls, and must accept and refuse the same, with the same error codes, and hold
 * the same in the end.
 */
import { type Account, type Action, applyAction, callFor, emptyAccount } from "@elbplan/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ACCOUNT, type Clients, clientsOf, REGION, type Send } from "../moto/clients.ts";
import { type Seed, seedAccount } from "../moto/seed.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { stateOfAccount } from "../state/account-state.ts";
import { stateOfEmulator } from "../state/emulator-state.ts";
import { named } from "../state/state.ts";
import { anyCall } from "./calls.ts";
import { foundation } from "./foundation.ts";

const RUNS = Number(process.env["ELBPLAN_JUDGES_RUNS"] ?? 25);

let emulator: Emulator;
let clients: Clients;
let seed: Seed;

beforeAll(async () => {
  emulator = await startEmulator();
  clients = clientsOf(emulator.endpoint);
  seed = await seedAccount(clients);
});
afterAll(() => emulator.stop());

/** The simulated account as the seeded one is. */
function accountOf({ vpcId, publicSubnets, privateSubnets }: Seed): Account {
  const zones = ["us-west-2a", "us-west-2b", "us-west-2c"];
  const subnets = [publicSubnets, privateSubnets].flatMap((ids) =>
    ids.map((id, index) => [id, { availabilityZone: zones[index] ?? "" }] as const),
  );
  return emptyAccount({ region: REGION, accountId: ACCOUNT, vpcId, subnets: Object.fromEntries(subnets) });
}

const CREATED = ["loadBalancers", "targetGroups", "listeners", "listenerRules", "securityGroups"] as const;

/** The id of what the simulated account has after a call and had not before. */
function createdIn(before: Account, after: Account): string | undefined {
  return CREATED.flatMap((kind) => Object.keys(after[kind]).filter((id) => before[kind][id] === undefined))[0];
}

/** The id of what an answer says was created. */
// biome-ignore lint/suspicious/noExplicitAny: what the SDK answers, in tests
function createdBy(answer: any): string {
  const { LoadBalancers, TargetGroups, Listeners, Rules, GroupId } = answer;
  const [created] = Rules ?? Listeners ?? TargetGroups ?? LoadBalancers ?? [{}];
  return created.RuleArn ?? created.ListenerArn ?? created.TargetGroupArn ?? created.LoadBalancerArn ?? GroupId;
}

/** Sends what an action means; resolves with the answer, or with AWS's error code. */
async function send(action: Action, ids: ReadonlyMap<string, string>) {
  const call = callFor(action);
  const senders: { readonly [service: string]: Send } = { ...clients, elasticloadbalancingv2: clients.elbv2 };
  const sender = senders[call?.service ?? ""];
  if (call === null || sender === undefined) throw new Error(`${action.kind} has no call here`);
  try {
    return { answer: await sender(call.operation, named(call.input, ids)) };
  } catch (error) {
    const { name, message } = error as Error;
    return { code: name.replace(/Exception$/, ""), message };
  }
}

/** Where more than one thing is wrong with a call, AWS doesn't say which it names; malformed input is such a thing. */
function agree(code: string | undefined, said: string | undefined): boolean {
  if (code === undefined || said === undefined) return code === said;
  return code === said || [code, said].some((one) => one === "ValidationError" || one === "InvalidLoadBalancerAction");
}

it(`agree on ${RUNS} sequences of calls`, async () => {
  const kinds = new Map<string, { accepted: number; refused: number }>();
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall(seed), { minLength: 20, maxLength: 60, size: "max" }), async (calls) => {
      await emulator.reset();
      seed = await seedAccount(clients);
      let account = accountOf(seed);
      const ids = new Map<string, string>();
      const foreign = new Set([...Object.values(seed.certificates), seed.webAcl]);
      for (const [index, make] of [...foundation(seed), ...calls].entries()) {
        const action = make(account);
        const simulated = applyAction(account, action, {}, { foreign });
        const { code, message, answer } = await send(action, ids);
        const said = "refused" in simulated ? simulated.awsCode : undefined;
        expect(
          agree(code, said) ? said : code,
          `call ${index}: ${action.kind} ${JSON.stringify(action.details)} (${message})`,
        ).toBe(said);
        const count = kinds.get(action.kind) ?? { accepted: 0, refused: 0 };
        kinds.set(action.kind, count);
        if ("refused" in simulated) {
          count.refused++;
          continue;
        }
        count.accepted++;
        const created = createdIn(account, simulated.account);
        if (created !== undefined) ids.set(created, createdBy(answer));
        account = simulated.account;
      }
      expect(await stateOfEmulator(clients)).toEqual(stateOfAccount(account));
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  if (process.env["ELBPLAN_TABLES"] === "1") console.table(Object.fromEntries(kinds));
}, 600_000);
