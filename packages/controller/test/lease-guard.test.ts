/** No write begins, and none goes on, when somebody else may lead. */
import { type AwsApi, isAwsError } from "@elbplan/aws-executor";
import {
  type Clock,
  type KubernetesApi,
  KubernetesError,
  type LeaderElection,
  leaderElection,
} from "@elbplan/k8s-source/cluster";
import { simulatedCluster } from "@elbplan/k8s-source/simulated-cluster";
import { type FakeClock, fakeClock, settled } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { guardedAws, guardedKubernetes, type LeaseGuard, NO_WRITES } from "../src/lease-guard.ts";

const CREATE = { service: "elasticloadbalancingv2", operation: "CreateRule", input: {} } as const;
const DESCRIBE = { ...CREATE, operation: "DescribeRules" } as const;
const PATCH = { method: "PATCH", path: "/apis/networking.k8s.io/v1/namespaces/n/ingresses/i", body: {} } as const;

/** An AWS that answers when it is told to, and listens to signals or doesn't. */
function slowAws({ listens = true } = {}) {
  const calls: { readonly operation: string; readonly answer: () => void; readonly signal: AbortSignal | undefined }[] =
    [];
  const api: AwsApi = ({ operation }, { signal } = {}) =>
    new Promise((resolve, reject) => {
      calls.push({ operation, answer: () => resolve({ operation }), signal });
      if (listens) signal?.addEventListener("abort", () => reject(signal.reason));
    });
  return { api, calls };
}

/** How a promise stands, once everything that waits only for its turn has run. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  const told = promise.then(
    () => "answered",
    (error: { code?: string; outcome?: string; message: string }) => `${error.code} ${error.outcome}`,
  );
  await settled();
  return Promise.race([told, Promise.resolve("under way")]);
}

describe("a write to AWS", () => {
  const guarded = (heldUntil: () => number, listens?: { listens: boolean }) => {
    const clock = fakeClock();
    const aws = slowAws(listens);
    return { clock, ...aws, write: guardedAws(aws.api, { heldUntil, timeoutMs: 10_000, clock }) };
  };

  it.each([
    { name: "begins at the last moment", heldUntil: 10_000, sent: 1, is: "under way" },
    { name: "doesn't begin a moment later", heldUntil: 9_999, sent: 0, is: "LeaseTooShort refused" },
    {
      name: "doesn't begin without a lease",
      heldUntil: Number.NEGATIVE_INFINITY,
      sent: 0,
      is: "LeaseTooShort refused",
    },
    { name: "doesn't begin if nobody knows", heldUntil: Number.NaN, sent: 0, is: "LeaseTooShort refused" },
  ])("$name", async ({ heldUntil, sent, is }) => {
    const { write, calls } = guarded(() => heldUntil);
    expect(await outcome(write(CREATE))).toBe(is);
    expect(calls).toHaveLength(sent);
  });

  it("is answered, and nothing of it remains", async () => {
    const { write, calls, clock } = guarded(() => 60_000);
    const asked = write(CREATE);
    calls[0]?.answer();
    await expect(asked).resolves.toEqual({ operation: "CreateRule" });
    expect(clock.due()).toEqual([]);
    await clock.advance(60_000);
    expect(calls[0]?.signal?.aborted).toBe(false);
  });

  it.each([{ listens: true }, { listens: false }])("is cut off when its time is up: %o", async ({ listens }) => {
    const { write, calls, clock } = guarded(() => 60_000, { listens });
    const asked = write(CREATE);
    const ended = expect(asked).rejects.toMatchObject({ code: "TimedOut", outcome: "unknown" });
    await clock.advance(9_999);
    expect(calls[0]?.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(calls[0]?.signal?.aborted).toBe(true);
    await ended;
    expect(clock.due()).toEqual([]);
  });

  it("is cut off as soon as the lease is seen to be lost", async () => {
    let heldUntil = 60_000;
    const { write, calls, clock } = guarded(() => heldUntil);
    const ended = expect(write(CREATE)).rejects.toMatchObject({ code: "LeaseLost", outcome: "unknown" });
    await clock.advance(1000);
    heldUntil = Number.NEGATIVE_INFINITY;
    await clock.advance(250);
    expect(calls[0]?.signal?.aborted).toBe(true);
    await ended;
  });

  it("is asked for before each attempt: a sender that wakes up late sends nothing", async () => {
    let heldUntil = 60_000;
    const clock = fakeClock();
    const attempts: string[] = [];
    const retrying: AwsApi = async (_, options) => {
      for (;;) {
        options?.beforeSending?.();
        attempts.push(`${clock.now()}`);
        if (attempts.length === 2) heldUntil = Number.NEGATIVE_INFINITY;
        if (attempts.length > 3) return {};
      }
    };
    const asked = guardedAws(retrying, { heldUntil: () => heldUntil, timeoutMs: 10_000, clock })(CREATE);
    await expect(asked).rejects.toMatchObject({ code: "LeaseLost", outcome: "unknown" });
    expect(attempts).toEqual(["0", "0"]);
  });

  it("keeps the caller's own signal", async () => {
    const { write, calls } = guarded(() => 60_000);
    const stop = new AbortController();
    const asked = write(CREATE, { signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
    await expect(write(CREATE, { signal: stop.signal })).rejects.toThrow("stopped");
    expect(calls).toHaveLength(1);
  });

  it("reads pass, however the lease stands, and for as long as they take", async () => {
    const { write, calls, clock } = guarded(() => Number.NEGATIVE_INFINITY);
    const asked = write(DESCRIBE);
    await clock.advance(100_000);
    calls[0]?.answer();
    await expect(asked).resolves.toEqual({ operation: "DescribeRules" });
  });

  it("tells AwsErrors, so that a run knows whether it may have been done", async () => {
    const { write } = guarded(() => 0);
    const error = await write(CREATE).catch((thrown: unknown) => thrown);
    expect(isAwsError(error, "LeaseTooShort")).toBe(true);
    expect(String(error)).toContain("CreateRule: not sent, for the lease isn't held for another 10 s");
  });
});

describe("a write to Kubernetes", () => {
  const port = () => {
    const asked: { readonly method: string; readonly timeoutMs: number | undefined }[] = [];
    const api: KubernetesApi = {
      call: async ({ method }, { timeoutMs } = {}) => void asked.push({ method, timeoutMs }),
      watch: () => (async function* () {})(),
    };
    return { api, asked };
  };

  it("is bounded by the shorter time, and begins accordingly", async () => {
    const { api, asked } = port();
    const { call } = guardedKubernetes(api, { heldUntil: () => 5000, timeoutMs: 10_000, clock: fakeClock() });
    expect(await outcome(call(PATCH))).toBe("LeaseTooShort refused");
    expect(await outcome(call(PATCH, { timeoutMs: 60_000 }))).toBe("LeaseTooShort refused");
    expect(await outcome(call(PATCH, { timeoutMs: 5000 }))).toBe("answered");
    expect(asked).toEqual([{ method: "PATCH", timeoutMs: 5000 }]);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"] as const)("%s is one, and GET isn't", async (method) => {
    const { api, asked } = port();
    const { call } = guardedKubernetes(api, NO_WRITES);
    const error = await call({ ...PATCH, method }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubernetesError);
    expect(error).toMatchObject({ outcome: "refused", message: expect.stringContaining("nothing is to be written") });
    await call({ ...PATCH, method: "GET" });
    expect(asked).toEqual([{ method: "GET", timeoutMs: undefined }]);
  });
});

/** With the lease of a real election. */
describe("a leader", () => {
  interface Led {
    readonly clock: FakeClock;
    readonly guard: LeaseGuard;
    readonly election: LeaderElection;
    readonly lost: () => boolean;
    /** The machine sleeps: its clock stands still, and the date goes on. */
    readonly sleep: (milliseconds: number) => void;
    readonly cluster: ReturnType<typeof simulatedCluster>;
    /** The API server isn't reached any more. */
    readonly cutNetwork: () => void;
    readonly stop: () => Promise<unknown>;
  }

  async function led(): Promise<Led> {
    const ticking = fakeClock();
    let slept = 0;
    let isCut = false;
    const clock: Clock = { ...ticking, date: () => new Date(ticking.date().getTime() + slept) };
    const cluster = simulatedCluster({ clock });
    const api: KubernetesApi = {
      ...cluster.api,
      call: (request, options) =>
        isCut
          ? Promise.reject(new KubernetesError("no way", { outcome: "unknown" }))
          : cluster.api.call(request, options),
    };
    const election = leaderElection(api, { namespace: "n", name: "elbplan-leader", identity: "me", clock });
    let lostSignal: AbortSignal | undefined;
    const ended = new AbortController();
    const leading = election.lead((lost) => {
      lostSignal = lost;
      return new Promise((resolve) => ended.signal.addEventListener("abort", () => resolve()));
    }, new AbortController().signal);
    await settled();
    return {
      clock: ticking,
      guard: { heldUntil: election.heldUntil, timeoutMs: 10_000, clock },
      election,
      lost: () => lostSignal?.aborted === true,
      sleep: (milliseconds) => {
        slept += milliseconds;
      },
      cluster,
      cutNetwork: () => {
        isCut = true;
      },
      stop: async () => {
        ended.abort();
        await ticking.advance(0);
        return leading;
      },
    };
  }

  it("may always write while it renews", async () => {
    const { clock, guard, stop } = await led();
    for (let second = 0; second < 60; second++) {
      const { api, calls } = slowAws();
      const asked = guardedAws(api, guard)(CREATE);
      expect(calls).toHaveLength(1);
      calls[0]?.answer();
      await asked;
      await clock.advance(1000);
    }
    expect(await stop()).toBe("finished");
  });

  it("begins no write that could outlast its lease, once it can't renew", async () => {
    const { clock, guard, cutNetwork, election, lost, stop } = await led();
    await clock.advance(1000);
    cutNetwork();
    const sure = election.heldUntil();
    const { api, calls } = slowAws();
    let begun = 0;
    while (!lost()) {
      const before = calls.length;
      void guardedAws(api, guard)(CREATE).catch(() => {});
      if (calls.length > before) begun = clock.now();
      await clock.advance(100);
    }
    expect(begun).toBeLessThanOrEqual(sure - 10_000);
    expect(begun).toBeGreaterThan(sure - 10_200);
    // Nothing is under way when another may lead.
    expect(calls.every(({ signal }) => signal?.aborted === true)).toBe(true);
    expect(await stop()).toBe("lost");
  });

  it("that slept begins no write, though its clock stood still, until it has renewed", async () => {
    const { clock, guard, sleep, lost } = await led();
    await clock.advance(500);
    sleep(15_000);
    const { api, calls } = slowAws();
    expect(await outcome(guardedAws(api, guard)(CREATE))).toBe("LeaseTooShort refused");
    expect(calls).toHaveLength(0);
    // Nobody has led meanwhile: the Lease is as it was.
    await clock.advance(2000);
    void guardedAws(api, guard)(CREATE);
    expect(calls).toHaveLength(1);
    expect(lost()).toBe(false);
  });

  it("that slept while somebody else took over never writes again", async () => {
    const { clock, guard, sleep, cluster, lost, stop } = await led();
    await clock.advance(500);
    sleep(15_000);
    const [lease] = cluster.objects("coordination.k8s.io/leases");
    cluster.apply({ ...lease, spec: { ...(lease?.["spec"] as object), holderIdentity: "other" } }, "leases");
    const { api, calls } = slowAws();
    for (let turn = 0; turn < 100; turn++) {
      expect(await outcome(guardedAws(api, guard)(CREATE))).toBe("LeaseTooShort refused");
      await clock.advance(100);
    }
    expect(calls).toHaveLength(0);
    expect(lost()).toBe(true);
    expect(await stop()).toBe("lost");
  });

  it("that slept with a write under way cuts it off when it wakes", async () => {
    const { clock, guard, sleep } = await led();
    const { api, calls } = slowAws();
    const ended = expect(guardedAws(api, guard)(CREATE)).rejects.toMatchObject({ code: "LeaseLost" });
    sleep(3_600_000);
    await clock.advance(250);
    expect(calls[0]?.signal?.aborted).toBe(true);
    await ended;
  });

  it("from whom somebody took the lease by hand cuts its writes off at the next look", async () => {
    const { clock, guard, cluster } = await led();
    const { api, calls } = slowAws();
    const ended = expect(guardedAws(api, guard)(CREATE)).rejects.toMatchObject({ code: "LeaseLost" });
    const [lease] = cluster.objects("coordination.k8s.io/leases");
    cluster.apply({ ...lease, spec: { ...(lease?.["spec"] as object), holderIdentity: "somebody" } }, "leases");
    await clock.advance(2500);
    expect(calls[0]?.signal?.aborted).toBe(true);
    await ended;
  });
});
