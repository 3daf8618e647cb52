import { sdkApi } from "@elbplan/aws-executor";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Clients, clientsOf, REGION } from "../moto/clients.ts";
import { type Emulator, startEmulator } from "../moto/start.ts";
import { type Fault, faultsByRule, randomFaults } from "./faults.ts";
import { type AwsProxy, startProxy } from "./proxy.ts";

let emulator: Emulator;
let proxy: AwsProxy;
let clients: Clients;
let direct: Clients;

beforeAll(async () => {
  emulator = await startEmulator();
  proxy = await startProxy(emulator.endpoint);
  clients = clientsOf(proxy.endpoint);
  direct = clientsOf(emulator.endpoint);
});
beforeEach(async () => {
  await emulator.reset();
  proxy.clear();
  proxy.setLatency(0);
});
afterAll(async () => {
  await proxy.stop();
  await emulator.stop();
});

/** Names of the VPC's security groups, asked past the proxy. */
const groups = async (): Promise<string[]> => {
  const { SecurityGroups } = await direct.ec2("DescribeSecurityGroups");
  return SecurityGroups.map(({ GroupName }: { GroupName: string }) => GroupName).filter(
    (name: string) => name !== "default",
  );
};
const create = (GroupName: string) => clients.ec2("CreateSecurityGroup", { GroupName, Description: GroupName });
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error & { $metadata?: { httpStatusCode?: number }; code?: string }) => error,
  );

describe("the record", () => {
  it("names service, operation, status and error of every protocol, and nothing else", async () => {
    await create("shop");
    await clients.elbv2("DescribeLoadBalancers");
    await errorOf(clients.elbv2("DescribeLoadBalancers", { Names: ["nobody"] }));
    await clients.acm("ListCertificates");
    await clients.route53("ListHostedZones");
    expect(proxy.calls()).toMatchObject([
      { service: "ec2", operation: "CreateSecurityGroup", write: true, status: 200 },
      { service: "elasticloadbalancing", operation: "DescribeLoadBalancers", write: false, status: 200 },
      { operation: "DescribeLoadBalancers", status: 400, code: "LoadBalancerNotFound" },
      { service: "acm", operation: "ListCertificates", write: false, status: 200 },
      { service: "route53", operation: "GET hostedzone", write: false, status: 200 },
    ]);
    const known = ["at", "code", "fault", "milliseconds", "operation", "service", "status", "write"];
    expect(Object.keys(Object.assign({}, ...proxy.calls())).filter((key) => !known.includes(key))).toEqual([]);
    expect(JSON.stringify(proxy.calls())).not.toMatch(/AKIA|canary|Signature/);
  });

  it("tells how long an answer took", async () => {
    proxy.setLatency(100);
    await Promise.all([create("a"), create("b")]);
    for (const { at, milliseconds } of proxy.calls()) {
      expect(at).toBeLessThan(100);
      expect(milliseconds).toBeGreaterThanOrEqual(100);
    }
  });
});

describe("faults", () => {
  const once = (fault: Fault) => proxy.setFaults(faultsByRule({ operation: "CreateSecurityGroup", fault }));

  it.each<[string, Fault, boolean]>([
    ["throttled", { kind: "throttled" }, false],
    ["refused", { kind: "refused", code: "DependencyViolation" }, false],
    ["failed before", { kind: "failed", carriedOut: false }, false],
    ["failed after", { kind: "failed", carriedOut: true }, true],
    ["reset before", { kind: "reset", carriedOut: false }, false],
    ["reset after", { kind: "reset", carriedOut: true }, true],
    ["silent", { kind: "silent", carriedOut: true, milliseconds: 30 }, true],
  ])("%s: the caller gets an error, once", async (_, fault, carriedOut) => {
    once(fault);
    expect(await errorOf(create("shop"))).toBeInstanceOf(Error);
    expect(await groups()).toEqual(carriedOut ? ["shop"] : []);
    expect(proxy.calls()).toMatchObject([{ fault: fault.kind }]);
    expect(await errorOf(create("other"))).toBeUndefined();
  });

  it("hung: nothing comes until the caller hangs up, and then the next call goes through", async () => {
    once({ kind: "hung", carriedOut: true });
    const impatient = sdkApi({ endpoint: proxy.endpoint, region: REGION, maxAttempts: 1, timeoutMs: 300 });
    const input = { GroupName: "shop", Description: "shop" };
    const begin = performance.now();
    const error = await errorOf(impatient({ service: "ec2", operation: "CreateSecurityGroup", input }));
    expect(error).toMatchObject({ name: "AwsError", outcome: "unknown" });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(290);
    expect(await groups()).toEqual(["shop"]);
    expect(await errorOf(create("other"))).toBeUndefined();
  });

  it("are errors that the SDK knows, in each protocol", async () => {
    const throttled: Fault = { kind: "throttled" };
    const operations = ["DescribeVpcs", "DescribeLoadBalancers", "ListCertificates", "GET hostedzone"];
    proxy.setFaults(faultsByRule(...operations.map((operation) => ({ operation, fault: throttled }))));
    const names = await Promise.all(
      [
        clients.ec2("DescribeVpcs"),
        clients.elbv2("DescribeLoadBalancers"),
        clients.acm("ListCertificates"),
        clients.route53("ListHostedZones"),
      ].map(async (call) => (await errorOf(call))?.name),
    );
    expect(names).toEqual(["RequestLimitExceeded", "Throttling", "ThrottlingException", "Throttling"]);
  });

  it("slow: the answer comes, late", async () => {
    once({ kind: "slow", milliseconds: 50 });
    await create("shop");
    expect(proxy.calls()[0]?.milliseconds).toBeGreaterThanOrEqual(50);
  });

  it("stale: the same read is answered as before", async () => {
    const read = async () => (await clients.ec2("DescribeSecurityGroups")).SecurityGroups.length;
    const stale: Fault = { kind: "stale" };
    proxy.setFaults(faultsByRule({ operation: "DescribeSecurityGroups", fault: stale, after: 1 }));
    const before = await read();
    await create("shop");
    expect(await read()).toBe(before);
    expect(await read()).toBe(before + 1);
  });

  it("by chance are the same for the same seed, and as frequent as asked for", () => {
    const schedule = (seed: number) => {
      const faults = randomFaults(seed, 0.2);
      const call = { service: "ec2", operation: "CreateSecurityGroup", write: true };
      return Array.from({ length: 1000 }, (_, nth) => faults(call, nth)?.kind);
    };
    expect(schedule(1)).toEqual(schedule(1));
    expect(schedule(1)).not.toEqual(schedule(2));
    const count = schedule(1).filter((kind) => kind !== undefined).length;
    expect(count).toBeGreaterThan(150);
    expect(count).toBeLessThan(250);
    expect(new Set(schedule(1)).size).toBe(6);
  });
});

describe("an observer", () => {
  it("can break the connection before a call is carried out, or after", async () => {
    proxy.observe({ before: ({ write }) => !write });
    expect(await errorOf(create("before"))).toBeInstanceOf(Error);
    proxy.observe({ after: ({ write }) => !write });
    expect(await errorOf(create("after"))).toBeInstanceOf(Error);
    expect(await groups()).toEqual(["after"]);
  });
});
