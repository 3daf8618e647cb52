/** What the probes share: an emulator a file, an account seeded anew for each test, and short words for calls. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Clients, clientsOf } from "../clients.ts";
import { type Seed, seedAccount } from "../seed.ts";
import { type Emulator, type EmulatorSettings, startEmulator } from "../start.ts";

export interface Account extends Clients {
  readonly seed: Seed;
  set(settings: EmulatorSettings): Promise<void>;
}

/** Starts an emulator for the tests of a file and returns what yields the account of the present test. */
export function useAccount(): () => Account {
  let emulator: Emulator;
  let clients: Clients;
  let seed: Seed;
  beforeAll(async () => {
    emulator = await startEmulator();
    clients = clientsOf(emulator.endpoint);
  });
  beforeEach(async () => {
    await emulator.reset();
    seed = await seedAccount(clients);
  });
  afterAll(() => emulator.stop());
  return () => ({ ...clients, seed, set: emulator.set });
}

/** The error code of a call that must be refused, without the suffix that the SDK adds to some. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (error === undefined) throw new Error("The call was accepted.");
  return error.name.replace(/Exception$/, "");
}

export const FIXED = [
  { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain" } },
];

export const path = (...Values: readonly string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });

export const host = (...Values: readonly string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });

export const forward = (...TargetGroups: readonly object[]) => [{ Type: "forward", ForwardConfig: { TargetGroups } }];

/** Creates a load balancer in two zones and returns its ARN. */
export async function loadBalancer(account: Account, Name = "shop", input: object = {}): Promise<string> {
  const SubnetMappings = account.seed.publicSubnets.slice(0, 2).map((SubnetId) => ({ SubnetId }));
  const { LoadBalancers } = await account.elbv2("CreateLoadBalancer", { Name, SubnetMappings, ...input });
  return LoadBalancers[0].LoadBalancerArn;
}

export function targetGroupInput({ seed }: Account, Name: string): object {
  return { Name, Protocol: "HTTP", Port: 80, VpcId: seed.vpcId, TargetType: "ip" };
}

/** Creates a target group of addresses and returns its ARN. */
export async function targetGroup(account: Account, Name = "web", input: object = {}): Promise<string> {
  const { TargetGroups } = await account.elbv2("CreateTargetGroup", { ...targetGroupInput(account, Name), ...input });
  return TargetGroups[0].TargetGroupArn;
}

/** Creates a listener, plain HTTP with a fixed response unless asked otherwise, and returns its ARN. */
export async function listener(account: Account, LoadBalancerArn: string, input: object = {}): Promise<string> {
  const plain = { LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: FIXED };
  const { Listeners } = await account.elbv2("CreateListener", { ...plain, ...input });
  return Listeners[0].ListenerArn;
}

/** Creates an HTTPS listener with the certificate of `a.example.com` and returns its ARN. */
export function httpsListener(account: Account, LoadBalancerArn: string, input: object = {}): Promise<string> {
  const Certificates = [{ CertificateArn: account.seed.certificates["a.example.com"] }];
  return listener(account, LoadBalancerArn, { Protocol: "HTTPS", Port: 443, Certificates, ...input });
}

/** Creates a rule, for one path with a fixed response unless asked otherwise, and returns its ARN. */
export async function rule(
  account: Account,
  ListenerArn: string,
  Priority: number,
  input: object = {},
): Promise<string> {
  const plain = { ListenerArn, Priority, Conditions: [path(`/${Priority}`)], Actions: FIXED };
  const { Rules } = await account.elbv2("CreateRule", { ...plain, ...input });
  return Rules[0].RuleArn;
}
