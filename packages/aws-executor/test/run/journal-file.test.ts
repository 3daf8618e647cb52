import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Executor, emptyAccount, simulatedExecutor } from "@elbplan/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJournal, pendingWaits, readJournal } from "../../src/run/journal-file.ts";
import type { PendingWait } from "../../src/run/result.ts";
import { runPlan } from "../../src/run/run-plan.ts";
import { fakeClock } from "../fake-clock.ts";
import { action, listener, loadBalancer, planOf, rule } from "./plan-of.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elbplan-journal-"));
});
afterEach(() => rm(folder, { recursive: true }));

const ALL = [loadBalancer(), listener(), rule(1), rule(2), rule(3)];
const simulated = () =>
  simulatedExecutor(emptyAccount({ region: "eu-central-1", accountId: "123456789012", vpcId: "vpc-1" }));

async function run(executor: Executor): Promise<string> {
  const path = join(folder, "journal.jsonl");
  const { journal, close } = await openJournal(path, () => new Date(0));
  await runPlan(planOf(...ALL), executor, { journal, clock: fakeClock() });
  await close();
  return readFile(path, "utf8");
}

describe("a journal in a file", () => {
  it("holds a line an entry, readable by its owner alone", async () => {
    const text = await run(simulated());
    const lines = text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ at: "1970-01-01T00:00:00.000Z", entry: "begin", desired: "d", actions: 5 });
    expect(lines[1]).toMatchObject({
      entry: "sent",
      action: "createLoadBalancer",
      attempt: 1,
      call: { operation: "CreateLoadBalancer" },
    });
    expect(lines.at(-1)).toMatchObject({ entry: "end", state: "done" });
    expect(lines).toHaveLength(12);
    expect((await stat(join(folder, "journal.jsonl"))).mode & 0o777).toBe(0o600);
    expect(readJournal(text)).toEqual({
      unanswered: [],
      ended: true,
      lastBegan: "1970-01-01T00:00:00.000Z",
      clients: {},
      waiting: [],
    });
  });

  it("tells of waits that a run was cut off in, and how long they have lasted over several runs", async () => {
    const path = join(folder, "journal.jsonl");
    const until = "targets-drained";
    const drained = action("wait", { until, subject: "arn:g", deadlineSeconds: 300, onDeadline: "continue" });
    const unmet: Executor = { ...simulated(), met: async () => ({ state: "unmet" }) };
    const runAt = async (date: Date, pending: readonly PendingWait[]): Promise<string> => {
      const { journal, close } = await openJournal(path, () => date);
      await runPlan(planOf(drained), unmet, { journal, clock: fakeClock(), waits: "return", pending });
      await close();
      return readFile(path, "utf8");
    };
    const pendingAt = (text: string, date: Date) => pendingWaits(readJournal(text).waiting, fakeClock(), date);

    const first = await runAt(new Date(0), []);
    const pending = pendingAt(first, new Date(100_000));
    expect(pending).toEqual([{ action: "wait", until, subject: "arn:g", since: -100_000, againInMilliseconds: 0 }]);
    const second = await runAt(new Date(100_000), pending);
    expect(pendingAt(second, new Date(150_000))).toMatchObject([{ since: -150_000 }]);
    // A clock that was set back says nothing.
    expect(pendingAt(second, new Date(-1_000_000))).toEqual([]);
    const third = await runAt(new Date(300_000), pendingAt(second, new Date(300_000)));
    expect(readJournal(third).waiting).toEqual([]);
  });

  it("gives what a run gave up, or was cut off in, its whole time again; only connections go on to end", async () => {
    const path = join(folder, "journal.jsonl");
    const waiting = action("wait", {
      until: "targets-healthy",
      subject: "arn:g",
      deadlineSeconds: 110,
      onDeadline: "stop",
    });
    const unmet: Executor = { ...simulated(), met: async () => ({ state: "unmet" }) };
    for (const hour of [0, 1, 2]) {
      const text = hour === 0 ? "" : await readFile(path, "utf8");
      const date = new Date(hour * 3_600_000);
      const clock = fakeClock();
      const pending = pendingWaits(readJournal(text).waiting, clock, date);
      const { journal, close } = await openJournal(path, () => date);
      const result = await runPlan(planOf(waiting), unmet, { journal, clock, pending });
      await close();
      expect(result).toMatchObject({ state: "failed", diagnostics: [{ code: "run.deadline" }] });
      expect(clock.now()).toBe(110_000);
    }
  });

  it("is appended to by a later run", async () => {
    await run(simulated());
    const text = await run(simulated());
    expect(text.split("\n").filter((line) => line.includes('"begin"'))).toHaveLength(2);
  });

  it("goes on after a line that was cut off", async () => {
    const path = join(folder, "journal.jsonl");
    const whole = await run(simulated());
    await writeFile(path, whole.slice(0, whole.length - 60));
    const text = await run(simulated());
    expect(readJournal(text)).toMatchObject({ unanswered: [], ended: true });
    expect(text.split("\n").filter((line) => line.includes('"begin"'))).toHaveLength(2);
    expect(text.split("\n").filter((line) => line !== "" && !isJson(line))).toHaveLength(1);
  });

  it("tells, wherever it was cut off, what was sent and not heard of", async () => {
    const text = await run(simulated());
    for (let end = 0; end <= text.length; end++) {
      const { unanswered, ended } = readJournal(text.slice(0, end));
      const whole = text
        .slice(0, end)
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      // The last line counts if it is whole, with its end of line or without.
      const rest = text.slice(0, end).split("\n").at(-1) ?? "";
      const entries = [...whole, ...(rest.endsWith("}") && isJson(rest) ? [JSON.parse(rest)] : [])];
      const sent = entries.filter(({ entry }) => entry === "sent").map(({ action }) => action);
      const heard = entries.filter(({ entry }) => entry === "answered").map(({ action }) => action);
      expect(unanswered.map(({ action }) => action)).toEqual(sent.filter((action) => !heard.includes(action)));
      expect(ended).toBe(entries.length === 0 || entries.at(-1).entry === "end");
    }
  });

  it("remembers that no answer came", async () => {
    const silent: Executor = {
      ...simulated(),
      send: async () => {
        throw Object.assign(new Error("reset"), { code: "ECONNRESET", outcome: "unknown" });
      },
    };
    const { unanswered, ended } = readJournal(await run(silent));
    expect(ended).toBe(true);
    expect(unanswered).toMatchObject([{ action: "createLoadBalancer", error: { code: "ECONNRESET" } }]);
  });

  it("remembers the clients that were sent last", () => {
    const answered = (digest: string) =>
      JSON.stringify({
        at: "",
        entry: "answered",
        action: "a",
        attempt: 1,
        clients: { "arn:r": [{ secret: "s", digest }] },
      });
    expect(readJournal(`${answered("1")}\n${answered("2")}\n`).clients).toEqual({
      "arn:r": [{ secret: "s", digest: "2" }],
    });
  });

  it("isn't anything else", () => {
    expect(() => readJournal("not a journal\n{}\n")).toThrow("line 1 is no line of a journal");
    expect(readJournal("")).toEqual({ unanswered: [], ended: true, clients: {}, waiting: [] });
  });

  it("is safe before the call is made", async () => {
    const path = join(folder, "journal.jsonl");
    const { journal, close } = await openJournal(path);
    const account = simulated();
    const seen: boolean[] = [];
    const looking: Executor = {
      ...account,
      send: async (step) => {
        const text = await readFile(path, "utf8");
        seen.push(text.includes(`"entry":"sent","action":"${step.action.id}"`));
        return account.send(step);
      },
    };
    await runPlan(planOf(...ALL), looking, { journal });
    await close();
    expect(seen).toEqual([true, true, true, true, true]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
