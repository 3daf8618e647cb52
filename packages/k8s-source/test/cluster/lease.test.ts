/** Leases: tables of what a candidate does, elections on a simulated cluster, and that never two lead. */

import { fakeClock, settled } from "@elbplan/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { KubernetesApi } from "../../src/cluster/api/kubernetes-api.ts";
import { KubernetesError } from "../../src/cluster/api/kubernetes-error.ts";
import { type Clock, pause } from "../../src/cluster/clock.ts";
import { LBC_LEASE, lbcLeader } from "../../src/cluster/lease/lbc-leader.ts";
import { type LeaderElection, leaderElection } from "../../src/cluster/lease/leader-election.ts";
import { leadership, leaseRecord, leaseStep, observe } from "../../src/cluster/lease/lease-record.ts";
import {
  type SimulatedAccess,
  type SimulatedCluster,
  simulatedCluster,
} from "../../src/simulated/simulated-cluster.ts";

const LEASES = "coordination.k8s.io/leases";

function lease(spec: object, resourceVersion = "1"): object {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { resourceVersion }, spec };
}
const held = (holderIdentity: string, leaseDurationSeconds = 15, renewTime = "t1", resourceVersion = "1") =>
  leaseRecord(lease({ holderIdentity, leaseDurationSeconds, renewTime, leaseTransitions: 2 }, resourceVersion));

describe("a record", () => {
  it("is read leniently", () => {
    expect(held("a")).toEqual({
      holder: "a",
      durationMs: 15_000,
      renewTime: "t1",
      acquireTime: "",
      transitions: 2,
      resourceVersion: "1",
    });
    const nobody = { holder: "", durationMs: 0, renewTime: "", acquireTime: "", transitions: 0, resourceVersion: "" };
    for (const value of [undefined, null, 7, {}, { spec: { holderIdentity: 7, leaseDurationSeconds: -1 } }]) {
      expect(leaseRecord(value)).toEqual(nobody);
    }
  });

  it("counts from when it was seen like this first", () => {
    const first = observe(undefined, held("a"), 10);
    expect(observe(first, held("a"), 20)).toBe(first);
    expect(observe(first, held("a", 15, "t2", "2"), 20).since).toBe(20);
    expect(observe(first, held("b"), 20).since).toBe(20);
  });
});

describe("the step of candidate b", () => {
  it.each([
    { name: "no Lease", observed: undefined, now: 0, step: { do: "create" } },
    { name: "a Lease that nobody holds", observed: { record: held(""), since: 0 }, now: 0, step: { do: "take" } },
    { name: "its own", observed: { record: held("b"), since: 0 }, now: 99_999, step: { do: "renew" } },
    {
      name: "another's, fresh",
      observed: { record: held("a"), since: 0 },
      now: 5000,
      step: { do: "wait", milliseconds: 2000 },
    },
    {
      name: "another's, nearly over",
      observed: { record: held("a"), since: 0 },
      now: 14_500,
      step: { do: "wait", milliseconds: 500 },
    },
    {
      name: "another's, unchanged for its duration",
      observed: { record: held("a"), since: 0 },
      now: 15_000,
      step: { do: "take" },
    },
    {
      name: "another's of another duration",
      observed: { record: held("a", 60), since: 0 },
      now: 15_000,
      step: { do: "wait", milliseconds: 2000 },
    },
  ])("$name", ({ observed, now, step }) => {
    expect(leaseStep(observed, "b", now, 2000)).toEqual(step);
  });
});

describe("leadership by one look", () => {
  const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1000);
  const renewed = (holder: string, renewTime = "2030-01-01T00:00:00.000000Z") => held(holder, 15, renewTime);
  it.each([
    { name: "held by nobody", record: renewed(""), date: at(0), is: "free" },
    { name: "just renewed", record: renewed("a"), date: at(1), is: "held" },
    { name: "over, but clocks differ", record: renewed("a"), date: at(134), is: "held" },
    { name: "long over", record: renewed("a"), date: at(135), is: "expired" },
    { name: "renewed in the future: our clock is behind", record: renewed("a"), date: at(-3600), is: "held" },
    { name: "of a time that can't be read", record: renewed("a", "yesterday"), date: at(9999), is: "held" },
  ])("$name: $is", ({ record, date, is }) => {
    expect(leadership(record, date)).toBe(is);
  });
});

describe("LBC's leader", () => {
  const clock = fakeClock();
  const spec = { holderIdentity: "lbc-0", leaseDurationSeconds: 15, renewTime: "2030-01-01T00:00:00.000000Z" };
  const withLease = (namespace: string, allow?: (access: SimulatedAccess) => boolean): SimulatedCluster => {
    const cluster = simulatedCluster({ clock, ...(allow && { allow }) });
    cluster.apply({ ...lease(spec), metadata: { name: LBC_LEASE, namespace } }, "leases");
    cluster.apply(
      { ...lease({ ...spec, holderIdentity: "x" }), metadata: { name: "other", namespace: "kube-system" } },
      "leases",
    );
    return cluster;
  };
  const noList = ({ verb }: SimulatedAccess): boolean => verb !== "list";

  it.each([
    {
      name: "in kube-system",
      cluster: withLease("kube-system"),
      leader: { leads: true, namespace: "kube-system", holder: "lbc-0" },
    },
    {
      name: "elsewhere",
      cluster: withLease("ingress"),
      leader: { leads: true, namespace: "ingress", holder: "lbc-0" },
    },
    { name: "nowhere", cluster: simulatedCluster(), leader: { leads: false, looked: "everywhere" } },
    {
      name: "in kube-system, where alone may be looked",
      cluster: withLease("kube-system", noList),
      leader: { leads: true, namespace: "kube-system", holder: "lbc-0" },
    },
    {
      name: "elsewhere, where may not be looked",
      cluster: withLease("ingress", noList),
      leader: { leads: false, looked: "kube-system" },
    },
    { name: "where nobody may look", cluster: withLease("ingress", () => false), leader: { leads: "unknown" } },
  ])("$name", async ({ cluster, leader }) => {
    expect(await lbcLeader(cluster.api, { clock })).toEqual(leader);
  });

  it("whose time is long over doesn't lead", async () => {
    const cluster = withLease("kube-system");
    const later: Clock = { ...clock, date: () => new Date(Date.UTC(2030, 0, 1, 1)) };
    expect(await lbcLeader(cluster.api, { clock: later })).toEqual({ leads: false, looked: "everywhere" });
  });
});

interface Candidate {
  readonly election: LeaderElection;
  readonly stop: AbortController;
  readonly log: string[];
  readonly result: Promise<string>;
  /** Ends the work. */
  finish: () => void;
}

function candidate(api: KubernetesApi, clock: Clock, identity: string, log: string[]): Candidate {
  const stop = new AbortController();
  const election = leaderElection(api, { namespace: "elbplan", name: "leader", identity, clock, random: () => 0 });
  let finish = (): void => {};
  const work = (lost: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      log.push(`${identity} leads`);
      finish = () => {
        log.push(`${identity} ends`);
        resolve();
      };
      lost.addEventListener("abort", () => finish(), { once: true });
    });
  const result = election.lead(work, stop.signal).then((how) => {
    log.push(`${identity} ${how}`);
    return how;
  });
  return { election, stop, log, result, finish: () => finish() };
}

describe("an election", () => {
  const stage = () => {
    const clock = fakeClock();
    const cluster = simulatedCluster({ clock });
    let isDown = false;
    const call: KubernetesApi["call"] = async (request, options) => {
      if (isDown) throw new KubernetesError("down", { outcome: "unknown" });
      return cluster.api.call(request, options);
    };
    const api = { ...cluster.api, call };
    const record = () => leaseRecord(cluster.objects(LEASES)[0]);
    const down = (value: boolean): void => {
      isDown = value;
    };
    return { clock, cluster, api, record, log: [] as string[], down };
  };

  it("is won by one of two; the other leads at once when the first gives the Lease back", async () => {
    const { clock, api, record, log } = stage();
    const a = candidate(api, clock, "a", log);
    await settled();
    const b = candidate(api, clock, "b", log);
    await clock.advance(60_000);
    expect(log).toEqual(["a leads"]);
    expect(record()).toMatchObject({ holder: "a", durationMs: 15_000, transitions: 0 });
    a.stop.abort();
    await clock.advance(2000);
    expect(log).toEqual(["a leads", "a ends", "a finished", "b leads"]);
    expect(record()).toMatchObject({ holder: "b", transitions: 2 });
    b.stop.abort();
    await b.result;
  });

  it("of a leader that vanished is won when its time is over, not before", async () => {
    const { clock, api, log } = stage();
    const deaf: KubernetesApi = {
      ...api,
      call: async (...args) => (dead ? new Promise<never>(() => {}) : api.call(...args)),
    };
    let dead = false;
    const a = candidate(deaf, clock, "a", log);
    await settled();
    candidate(api, clock, "b", log);
    await clock.advance(5000);
    dead = true;
    const until = a.election.heldUntil();
    expect(until).toBeGreaterThan(clock.now());
    await clock.advance(until - clock.now() - 1);
    expect(log).toEqual(["a leads"]);
    await clock.advance(1);
    expect(a.election.heldUntil()).toBe(Number.NEGATIVE_INFINITY);
    await clock.advance(4000);
    expect(log).toEqual(["a leads", "a ends", "b leads"]);
  });

  it("is lost at the very moment when the server can't be reached, and won again later", async () => {
    const { clock, api, log, down } = stage();
    const a = candidate(api, clock, "a", log);
    await clock.advance(10_000);
    down(true);
    await clock.advance(a.election.heldUntil() - clock.now());
    expect(log).toEqual(["a leads", "a ends", "a lost"]);
    down(false);
    const again = candidate(api, clock, "a", log);
    await clock.advance(0);
    expect(log.at(-1)).toBe("a leads");
    again.finish();
    expect(await again.result).toBe("finished");
  });

  it("outlives an outage that is shorter than the Lease", async () => {
    const { clock, api, log, down } = stage();
    const a = candidate(api, clock, "a", log);
    await clock.advance(10_000);
    down(true);
    await clock.advance(12_000);
    down(false);
    await clock.advance(60_000);
    expect(log).toEqual(["a leads"]);
    a.stop.abort();
    await a.result;
  });

  it("is lost when somebody gives the Lease to another by hand", async () => {
    const { clock, api, cluster, log } = stage();
    const a = candidate(api, clock, "a", log);
    await clock.advance(1000);
    const stored = cluster.objects(LEASES)[0] as unknown as { spec: object };
    cluster.apply({ ...stored, spec: { ...stored.spec, holderIdentity: "admin" } }, "leases");
    await clock.advance(2000);
    expect(log).toEqual(["a leads", "a ends", "a lost"]);
    expect(a.election.heldUntil()).toBe(Number.NEGATIVE_INFINITY);
  });

  it("is over for a machine that slept, whatever its steady clock says", async () => {
    const { clock, api, log } = stage();
    let slept = 0;
    const sleepy: Clock = { ...clock, date: () => new Date(clock.date().getTime() + slept) };
    const a = candidate(api, sleepy, "a", log);
    await clock.advance(1000);
    expect(a.election.heldUntil()).toBeGreaterThan(clock.now());
    slept = 60_000;
    expect(a.election.heldUntil()).toBe(Number.NEGATIVE_INFINITY);
  });

  it("counts its time from before a renewal was sent, however late the answer comes", async () => {
    const { clock, api, log } = stage();
    const slow: KubernetesApi["call"] = async (request, options) => {
      const answer = await api.call(request, options);
      if (request.method !== "GET") await pause(clock, 4000);
      return answer;
    };
    const a = candidate({ ...api, call: slow }, clock, "a", log);
    await clock.advance(4000);
    expect(log).toEqual(["a leads"]);
    expect(a.election.heldUntil()).toBe(15_000);
  });

  it("that is called off before it is won leaves no trace", async () => {
    const { clock, api, log, record } = stage();
    const a = candidate(api, clock, "a", log);
    await settled();
    const b = candidate(api, clock, "b", log);
    await clock.advance(1000);
    b.stop.abort();
    expect(await b.result).toBe("unled");
    expect(record().holder).toBe("a");
    a.stop.abort();
    expect(await a.result).toBe("finished");
    expect(record()).toMatchObject({ holder: "", durationMs: 1000 });
    expect(clock.due()).toEqual([]);
  });

  it("hands on what the work rejects with, after giving the Lease back", async () => {
    const { clock, api, record } = stage();
    const election = leaderElection(api, { namespace: "elbplan", name: "leader", identity: "a", clock });
    const broken = election.lead(async () => {
      throw new Error("bug");
    }, new AbortController().signal);
    await expect(broken).rejects.toThrow("bug");
    expect(record().holder).toBe("");
  });
});

/** What a network and a machine do to candidates in one run. */
const trouble = fc.record({
  latencies: fc.array(fc.oneof({ weight: 3, arbitrary: fc.nat(100) }, fc.nat(7000)), { minLength: 8, maxLength: 8 }),
  losses: fc.array(fc.constantFrom("none", "none", "none", "none", "none", "none", "before", "after"), {
    minLength: 8,
    maxLength: 8,
  }),
  starts: fc.array(fc.nat(10_000), { minLength: 3, maxLength: 3 }),
  /** When it dies, or is cut off from the API server and lives on. */
  ends: fc.array(fc.record({ at: fc.integer({ min: 5000, max: 60_000 }), dies: fc.boolean() }), {
    minLength: 3,
    maxLength: 3,
  }),
  offsets: fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 3, maxLength: 3 }),
});

test.prop([trouble], { numRuns: 100 })(
  "never two lead, whatever happens to calls and clocks",
  async ({ latencies, losses, starts, ends, offsets }) => {
    const clock = fakeClock();
    const cluster = simulatedCluster({ clock });
    const leaders = starts.map((start, index) => {
      const own: Clock = {
        ...clock,
        now: () => clock.now() + (offsets[index] ?? 0),
        date: () => new Date(clock.date().getTime() - (offsets[index] ?? 0)),
      };
      let count = index;
      const { at = 0, dies } = ends[index] ?? {};
      const hasEnded = (): boolean => clock.now() >= at;
      const call: KubernetesApi["call"] = async (request, { timeoutMs = 30_000 } = {}) => {
        const number = count++ % 8;
        const latency = latencies[number] ?? 0;
        const loss = hasEnded() ? "before" : losses[number];
        const late = latency > timeoutMs || loss !== "none";
        await pause(clock, Math.min(latency, timeoutMs) / 2);
        // A request that was given up may still take effect long after.
        const answer =
          loss === "before"
            ? undefined
            : late
              ? pause(clock, latency).then(() => cluster.api.call(request).catch(() => undefined))
              : cluster.api.call(request);
        if (!late) {
          const value = await answer;
          await pause(clock, latency / 2);
          return value;
        }
        await pause(clock, Math.min(latency, timeoutMs) / 2);
        throw new KubernetesError("lost", { outcome: "unknown" });
      };
      const api: KubernetesApi = { ...cluster.api, call };
      const election = leaderElection(api, {
        namespace: "n",
        name: "l",
        identity: `c${index}`,
        clock: own,
        random: () => index / 3,
      });
      const again = async (): Promise<void> => {
        await pause(clock, start);
        for (;;) {
          await election.lead(
            (lost) => new Promise((resolve) => lost.addEventListener("abort", () => resolve(), { once: true })),
            new AbortController().signal,
          );
        }
      };
      void again();
      return () => !(dies && hasEnded()) && election.heldUntil() > own.now();
    });
    while (clock.now() < 90_000) {
      await clock.advance(199);
      const leading = leaders.filter((leads) => leads()).length;
      expect(leading).toBeLessThanOrEqual(1);
    }
  },
);
