/** Starts and stops the AWS emulator: moto with our corrections, on a free port of the loopback interface. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installMoto } from "./install.ts";

/** What a test may set; see corrections/settings.py. */
export interface EmulatorSettings {
  /** Only those that differ from AWS's defaults. */
  readonly quotas?: { readonly [name: string]: number };
  /** Seconds here for one second at AWS; 0: everything is ready at once. */
  readonly pace?: number;
  /** The most items a page; 0: as AWS has it. */
  readonly pageSize?: number;
  /** State of a registered target in use, by its id; others are healthy. */
  readonly health?: { readonly [targetId: string]: string };
}

export interface Emulator {
  readonly endpoint: string;
  /** An empty account with default settings, whose ids are the same each time. */
  reset(): Promise<void>;
  set(settings: EmulatorSettings): Promise<void>;
  /** Ends the process. Rejects if it had answered anything with an internal error, with its log. */
  stop(): Promise<void>;
}

/** Installs the emulator if need be and starts it. It ends at `stop`, or when this process ends, however that happens. */
export async function startEmulator(): Promise<Emulator> {
  const python = await installMoto();
  const folder = mkdtempSync(join(tmpdir(), "elbplan-moto-"));
  const logFile = join(folder, "log");
  const log = openSync(logFile, "w");
  const child = spawn(python, ["-u", join(import.meta.dirname, "server.py")], {
    stdio: ["pipe", "pipe", log],
    env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1" },
  });
  closeSync(log);
  const failed = (error: Error): never => {
    child.kill("SIGKILL");
    throw new Error(`The AWS emulator didn't start (${error.message}); its log is ${logFile}:\n${lastLines(logFile)}`);
  };
  const endpoint = await listening(child).catch(failed);
  await answers(endpoint).catch(failed);
  await control(endpoint, "reset", {});
  return {
    endpoint,
    reset: () => control(endpoint, "reset", {}),
    set: (settings) => control(endpoint, "settings", settings),
    stop: async () => {
      await ended(child);
      const said = readFileSync(logFile, "utf8");
      if (said.includes("Traceback") || /" 5\d\d /.test(said)) {
        throw new Error(`The AWS emulator had internal errors; its log is ${logFile}:\n${lastLines(logFile)}`);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const START_SECONDS = 60;

/** Resolves with the address once the emulator has printed its port. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no port after ${START_SECONDS} s`)), START_SECONDS * 1000);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`exit code ${code}`)));
    if (child.stdout === null) return reject(new Error("no standard output"));
    createInterface(child.stdout).once("line", (line) => {
      clearTimeout(timer);
      resolve(`http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`);
    });
  });
}

/** One call of EC2, which also loads what would take random numbers later. */
async function answers(endpoint: string): Promise<void> {
  const authorization = "AWS4-HMAC-SHA256 Credential=none/20000101/us-west-2/ec2/aws4_request";
  const body = new URLSearchParams({ Action: "DescribeVpcs", Version: "2016-11-15" });
  const response = await fetch(endpoint, { method: "POST", headers: { authorization }, body });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}

async function control(endpoint: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${endpoint}/emulator/${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The AWS emulator refused ${path}: ${await response.text()}`);
}

/** Closes the process's input, at which it ends; kills it if it doesn't. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.stdin?.end();
  });
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-40).join("\n");
}
