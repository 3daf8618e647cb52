/** `elbplan run` as a process of its own, as the Deployment starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pause, systemClock } from "@elbplan/k8s-source/cluster";
import { until } from "../kube/deployed.ts";
import { REGION } from "../moto/clients.ts";
import type { AwsProxy } from "../proxy/proxy.ts";
import type { World } from "./world.ts";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bin/elbplan.js", import.meta.url));

/** What is asked of a process that has just begun may take so long on a busy machine. */
const START_SECONDS = 60;

export interface Process {
  /** Resolves when its log has a line with this message. */
  readonly says: (message: string, seconds?: number) => Promise<void>;
  readonly log: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when no call came through its proxy for a moment. */
  readonly quiet: () => Promise<void>;
  /** Ends it at once, if it hasn't ended. */
  readonly kill: () => Promise<void>;
}

/** Starts it with its own way to AWS. */
export function startProcess(world: World, proxy: AwsProxy, ...args: readonly string[]): Process {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      COMMAND,
      "run",
      `--kubeconfig=${world.kubeconfig}`,
      "--cluster-name=e2e",
      `--aws-region=${REGION}`,
      `--aws-vpc-id=${world.place.vpcId}`,
      "--leader-election-namespace=elbplan-system",
      "--metrics-bind-addr=127.0.0.1:0",
      "--health-probe-bind-addr=127.0.0.1:0",
      ...args,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, AWS_ENDPOINT_URL: proxy.endpoint } },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      log += text;
    });
  }
  const onExit = (): void => void child.kill("SIGKILL");
  process.once("exit", onExit);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("close", (code, signal) => {
      process.off("exit", onExit);
      resolve(code ?? signal ?? -1);
    });
  });
  return {
    says: async (message, seconds = START_SECONDS) => {
      try {
        await until(() => log.includes(`"msg":"${message}"`), seconds);
      } catch {
        throw new Error(`the process didn't say "${message}" within ${seconds} s, but:\n${log.slice(-3000)}`);
      }
    },
    log: () => log,
    signal: (signal) => void child.kill(signal),
    ended,
    quiet: async () => {
      for (let count = -1; count !== proxy.calls().length; ) {
        count = proxy.calls().length;
        await pause(systemClock, 300);
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
