import { LBC_FLAGS } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import { duration, runFlags } from "../../src/controller/flags.ts";
import { Refusal } from "../../src/refusal.ts";

describe("durations, as Go writes them", () => {
  it.each([
    ["10h", 36_000],
    ["10h0m0s", 36_000],
    ["1h30m", 5400],
    ["90s", 90],
    ["1.5h", 5400],
    ["500ms", 0.5],
    ["1m0.5s", 60.5],
    ["250us", 0.000_25],
  ])("%s is %d s", (text, seconds) => {
    expect(duration(text)).toEqual({ value: expect.closeTo(seconds, 9) });
  });

  it.each(["", "10", "h", "0s", "-1h", "1h ", "1 h", "1d", "1hour", "10h5", "∞", "1e3s"])("%j is none", (text) => {
    expect(duration(text)).toHaveProperty("problem");
  });
});

describe("flags of running", () => {
  it("have LBC's defaults", () => {
    expect(runFlags()).toEqual({
      metrics: { port: 8080 },
      health: { port: 61_779 },
      resyncSeconds: 36_000,
      targetsSeconds: 15,
      concurrency: 3,
      logLevel: "info",
      leaderElection: true,
      lease: "elbplan-leader",
      leaseNamespace: undefined,
    });
  });

  it("are all LBC's own", () => {
    const known = [...LBC_FLAGS.planning, ...LBC_FLAGS.ignored];
    for (const name of [
      ...["metrics-bind-addr", "health-probe-bind-addr", "sync-period", "targetgroupbinding-requeue-duration"],
      ...["ingress-max-concurrent-reconciles", "log-level", "enable-leader-election", "leader-election-id"],
      ...["leader-election-namespace", "aws-region", "aws-vpc-id", "aws-vpc-tags", "aws-api-throttle"],
      ...["aws-max-retries", "aws-api-endpoints", "watch-namespace", "cluster-name"],
    ]) {
      expect(known).toContain(name);
    }
  });

  it.each([
    { flags: { "metrics-bind-addr": "0" }, is: { metrics: undefined } },
    { flags: { "enable-leader-election": "F" }, is: { leaderElection: false } },
    { flags: { "leader-election-namespace": "" }, is: { leaseNamespace: undefined } },
    {
      flags: { "leader-election-namespace": "infra", "leader-election-id": "mine" },
      is: { leaseNamespace: "infra", lease: "mine" },
    },
    { flags: { "default-tags": "a=b" }, is: {} },
  ])("$flags", ({ flags, is }) => {
    expect(runFlags(flags as never)).toMatchObject(is);
  });

  it.each(["Mine", "-a", "a/b", "a..", ""])("%j can't be a Lease", (name) => {
    expect(() => runFlags({ "leader-election-id": name })).toThrow(Refusal);
  });
});
