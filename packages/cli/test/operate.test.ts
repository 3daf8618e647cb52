/** What a controller is given by `run`: a stand-in for it tries its ports. */
import { AwsError } from "@elbplan/aws-executor";
import type { ControllerOptions, createController } from "@elbplan/controller";
import type { Action, Call, Secret } from "@elbplan/core";
import { clusterKind, KubernetesError } from "@elbplan/k8s-source/cluster";
import { type FakeClock, fakeClock } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { operate } from "../src/controller/operate.ts";
import type { RunOptions } from "../src/controller/options.ts";
import type { Io } from "../src/io.ts";
import { type Outside, outside } from "./running.ts";
import { ioFor } from "./scenario.ts";

const PATCH = {
  method: "PATCH",
  path: "/apis/networking.k8s.io/v1/namespaces/default/ingresses/web",
  body: {},
} as const;
const FLAGS = {
  "aws-vpc-id": "vpc-1",
  "cluster-name": "test",
  "metrics-bind-addr": "0",
  "health-probe-bind-addr": "0",
  "log-level": "debug",
};

interface Around {
  readonly secrets?: readonly Secret[];
  readonly clock?: FakeClock;
  readonly io?: Partial<Io>;
}

/** Runs with a controller that does `work` with what it was given, and then ends. */
async function operated(
  world: Outside,
  options: Partial<RunOptions>,
  work: (given: ControllerOptions, signal: AbortSignal) => Promise<void>,
  { secrets = [], clock, io: more }: Around = {},
): Promise<{ readonly code: number; readonly stderr: string; readonly given: ControllerOptions }> {
  const written: string[] = [];
  let given: ControllerOptions | undefined;
  const create: typeof createController = (all) => {
    given = all;
    return {
      run: async (signal) => work(all, signal),
      health: () => ({ ready: true, settled: true, reflectors: [] }),
      inventory: () => undefined,
      secrets: () => secrets,
    };
  };
  const stderr: Io["stderr"] = { isTTY: false, write: (text) => void written.push(text) };
  const io = ioFor({ ...world, ...more, stderr });
  const { lbcFlags = {} } = options;
  const all: RunOptions = { color: false, ...options, lbcFlags: { ...FLAGS, ...lbcFlags } };
  const code = await operate(all, io, { createController: create, ...(clock && { clock }) });
  return { code, stderr: written.join(""), given: given as ControllerOptions };
}

const send = (given: ControllerOptions, call: Call): Promise<unknown> =>
  given.executor.send({ action: { kind: "modifyRule", id: "a", stack: "s" } as Action, call });
const MODIFY: Call = { service: "elasticloadbalancingv2", operation: "ModifyRule", input: { RuleArn: "arn" } };

describe("what a controller is given", () => {
  it("is what the flags and options say", async () => {
    const lbcFlags = {
      "sync-period": "1h30m",
      "ingress-max-concurrent-reconciles": "7",
      "targetgroupbinding-requeue-duration": "500ms",
      "watch-namespace": "shop",
    };
    const { given } = await operated(outside(), { lbcFlags, namespace: ["a", "b", "a"] }, async () => {});
    expect(given).toMatchObject({
      settings: { clusterName: "test", watchNamespace: "shop" },
      place: { vpcId: "vpc-1" },
      resyncSeconds: 5400,
      concurrency: 7,
      targetsSeconds: 0.5,
      namespaces: ["a", "b"],
      planning: { warm: true, drain: true, allowReplace: true },
      dryRun: false,
    });
    const off = await operated(outside(), { warm: false, drain: false, allowReplace: false }, async () => {});
    expect(off.given.planning).toEqual({ warm: false, drain: false, allowReplace: false });
  });

  it("writes while the Lease is held", async () => {
    const world = outside();
    await operated(world, {}, async (given) => {
      await send(given, MODIFY);
      await given.kubernetes.call(PATCH);
    });
    expect(world.awsWrites.map(({ operation }) => operation)).toEqual(["ModifyRule"]);
    expect(world.kubernetesWrites).toContain(`PATCH ${PATCH.path}`);
  });

  it("writes nothing in a dry run, whatever it tries", async () => {
    const world = outside();
    await operated(world, { dryRun: true }, async (given) => {
      await expect(send(given, MODIFY)).rejects.toMatchObject({ code: "LeaseTooShort", outcome: "refused" });
      await expect(given.aws({ ...MODIFY, service: "elasticloadbalancingv2" })).rejects.toThrow(
        "nothing is to be written",
      );
      for (const method of ["PATCH", "POST", "DELETE", "PUT"] as const) {
        await expect(given.kubernetes.call({ ...PATCH, method })).rejects.toThrow("nothing is to be written");
      }
      await given.aws({ service: "elasticloadbalancingv2", operation: "DescribeLoadBalancers", input: {} });
    });
    expect([...world.awsWrites, ...world.kubernetesWrites]).toEqual([]);
  });

  it("writes nothing when the Lease has gone", async () => {
    const world = outside();
    const { code } = await operated(world, {}, async (given) => {
      const [lease] = world.cluster.objects("coordination.k8s.io/leases");
      world.apply({ ...lease, spec: { ...(lease?.["spec"] as object), holderIdentity: "other" } });
      // It is seen at the next renewal.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await expect(send(given, MODIFY)).rejects.toMatchObject({ code: "LeaseTooShort" });
    });
    expect(code).toBe(1);
    expect(world.awsWrites).toEqual([]);
  });
});

/** By a clock that a test lets pass, from the moment it leads. */
describe("time", () => {
  const aborted = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

  it("five seconds after its last renewal no write begins any more, and after fifteen it leaves with 1", async () => {
    const clock = fakeClock();
    let isCut = false;
    const world = outside();
    const { kubernetes } = world;
    const cut: Outside["kubernetes"] = {
      ...kubernetes,
      call: (request, options) =>
        isCut
          ? Promise.reject(new KubernetesError("no way", { outcome: "unknown" }))
          : kubernetes.call(request, options),
    };
    const ended: { cutOff?: boolean; at?: number; begun: number[] } = { begun: [] };
    const { code, stderr } = await operated(
      { ...world, kubernetes: cut },
      {},
      async (given, signal) => {
        isCut = true;
        const lost = aborted(signal);
        for (let second = 0; second < 20 && !signal.aborted; second++) {
          const before = world.awsWrites.length;
          await send(given, MODIFY).catch(() => {});
          if (world.awsWrites.length > before) ended.begun.push(clock.now());
          await clock.advance(1000);
        }
        await lost;
        ended.at = clock.now();
        ended.cutOff = given.cutOff?.aborted ?? false;
      },
      { clock },
    );
    expect(ended).toEqual({ begun: [0, 1000, 2000, 3000, 4000, 5000], at: 15_000, cutOff: true });
    expect(code).toBe(1);
    expect(stderr).toContain('"msg":"the Lease was lost"');
  });

  it("asked to stop, it has forty seconds to finish its plans", async () => {
    const clock = fakeClock();
    let interrupt = (): void => {};
    const world = outside();
    const onInterrupt: Io["onInterrupt"] = (stop) => {
      interrupt = stop;
      return () => {};
    };
    const seen: { readonly [what: string]: unknown }[] = [];
    const { code, stderr } = await operated(
      world,
      {},
      async (given, signal) => {
        const note = (): void =>
          void seen.push({ stop: signal.aborted, cutOff: given.cutOff?.aborted, at: clock.now() });
        note();
        interrupt();
        note();
        await clock.advance(39_999);
        note();
        // The Lease is still renewed, and writes go on.
        await send(given, MODIFY);
        await clock.advance(1);
        note();
      },
      { clock, io: { onInterrupt } },
    );
    expect(seen).toEqual([
      { stop: false, cutOff: false, at: 0 },
      { stop: true, cutOff: false, at: 0 },
      { stop: true, cutOff: false, at: 39_999 },
      { stop: true, cutOff: true, at: 40_000 },
    ]);
    expect(world.awsWrites).toHaveLength(1);
    expect(code).toBe(0);
    expect(stderr).toContain('"graceSeconds":40,"msg":"stopping"');
    expect(clock.due()).toEqual([]);
  });
});

describe("a client of OIDC", () => {
  const canary = "canary-4711";
  const secret = (text: string): Secret => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "shop", name: "oidc" },
    data: { clientID: btoa("client"), clientSecret: btoa(text) },
  });
  const field = (key: string) => ({ unknown: `${key} of Secret shop/oidc`, secret: "shop/oidc", key });
  const call: Call = {
    ...MODIFY,
    input: {
      Actions: [{ AuthenticateOidcConfig: { ClientId: field("clientID"), ClientSecret: field("clientSecret") } }],
    },
  };

  it("is what its Secret holds when it is sent, and stands in no line", async () => {
    const world = outside((api) => async (sent, options) => {
      if (sent.operation === "DeleteRule") {
        throw new AwsError({ code: "X", message: `no ${canary}`, operation: sent.operation, outcome: "refused" });
      }
      return api(sent, options);
    });
    const secrets = [secret("before")];
    const { stderr } = await operated(
      world,
      {},
      async (given) => {
        await send(given, call);
        secrets[0] = secret(canary);
        await send(given, call);
        const refused: unknown = await send(given, { ...call, operation: "DeleteRule" }).catch(
          (error: unknown) => error,
        );
        given.onEvent?.({ type: "failed", what: "send", error: refused });
        const action = { id: "a", kind: "modifyRule", reason: "r" } as Action;
        given.onEvent?.({ type: "run", group: "g", event: { type: "sent", action, call, attempt: 1 } });
        const of = { kind: clusterKind("Secret"), namespace: "shop", name: "oidc" };
        given.onEvent?.({ type: "reflector", of, state: { is: "current", failures: 0 } });
      },
      { secrets },
    );
    const sent = world.awsWrites.map(({ input }) => JSON.stringify(input));
    expect(sent[0]).toContain('"ClientSecret":"before"');
    expect(sent[1]).toContain(`"ClientSecret":"${canary}"`);
    expect(stderr).toContain("no ***");
    expect(stderr).not.toContain(canary);
  });

  it("isn't sent without its Secret", async () => {
    const world = outside();
    await operated(world, {}, async (given) => {
      await expect(send(given, call)).rejects.toThrow("of Secret shop/oidc can't be read: there is no such Secret");
    });
    expect(world.awsWrites).toEqual([]);
  });
});
