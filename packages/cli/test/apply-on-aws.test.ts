import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { readJournal } from "@elbplan/aws-executor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../src/io.ts";
import { run } from "./scenario.ts";
import { stubAws } from "./stub-aws.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
/** The examples as the API server has them: Services have a uid, by which target groups are named. */
const FILES = readdirSync(`${examples}shop`)
  .map((name) => readFileSync(`${examples}shop/${name}`, "utf8"))
  .join("\n---\n");
const STORED = FILES.replaceAll(/(kind: Service\nmetadata:\n)( +name: (.*)\n)/g, "$1  uid: uid-of-$3\n$2");

function planOut(manifests: string) {
  const file = join(folder, "shop.yaml");
  writeFileSync(file, manifests);
  return run(["plan", "-f", file, "--facts", `${examples}facts.json`, "--out", saved]);
}

let folder = "";
let saved = "";
let journal = "";
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "elbplan-aws-"));
  saved = join(folder, "plan.json");
  journal = join(folder, "journal.jsonl");
  expect((await planOut(STORED)).code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

const apply = (rest: readonly string[], io: Partial<Io> = {}) =>
  run(["apply", saved, "--aws", ...rest], "", { ...stubAws(), ...io });

describe("apply PLAN --aws", () => {
  it("makes the calls, tells each, and notes them", async () => {
    const { aws, writes } = stubAws();
    const { code, stdout, stderr } = await apply(["--yes", "--journal", journal], { aws });
    expect(code).toBe(0);
    expect(stdout).toContain("12 to create");
    expect(writes[0]?.operation).toMatch(/^Create/);
    expect(writes.map(({ operation }) => operation)).toContain("CreateLoadBalancer");
    expect(stderr.match(/^ {2}✓/gm)).toHaveLength(writes.length);
    expect(stderr).toContain(`Applied: ${writes.length} of ${writes.length} steps.`);
    expect(readJournal(readFileSync(journal, "utf8"))).toMatchObject({ unanswered: [], ended: true });
  });

  it("asks first", async () => {
    const { aws, writes } = stubAws();
    const terminal = { isTTY: true, bytes: (async function* () {})() };
    const no = await apply([], { aws, stdin: terminal });
    expect(no).toMatchObject({ code: 1, stderr: expect.stringContaining("Nothing was done.") });
    expect(await apply([], { aws })).toMatchObject({ code: 1, stderr: expect.stringContaining("say --yes") });
    expect(writes).toEqual([]);
    expect(await apply([], { aws, stdin: terminal, ask: async () => "yes" })).toMatchObject({ code: 0 });
    expect(writes.length).toBeGreaterThan(0);
  });

  it("tells what was refused, with the request, and does the rest", async () => {
    const { aws } = stubAws({ CreateListener: "TooManyListeners" });
    const { code, stderr } = await apply(["--yes"], { aws });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "error run.quota: CreateListener for listener 80 of bakery was refused with TooManyListeners: you can't. (request r-1)",
    );
    expect(stderr).toMatch(/Applied: \d+ of \d+ steps, \d+ failed\./);
  });

  it("refuses what isn't fresh, account and all, before it asks", async () => {
    const { aws, writes } = stubAws();
    const elsewhere: Io["aws"] = async (call) =>
      call.operation === "GetCallerIdentity" ? { Account: "999" } : aws(call);
    const other = await apply(["--yes"], { aws: elsewhere });
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain("error plan.stale: The plan was made for account 111122223333");
    const grown: Io["aws"] = async (call) =>
      call.operation === "DescribeSecurityGroups"
        ? {
            SecurityGroups: [
              {
                GroupId: "sg-9",
                GroupName: "new",
                VpcId: "vpc-0ba4e1",
                Tags: [
                  { Key: "elbv2.k8s.aws/cluster", Value: "bakery" },
                  { Key: "ingress.k8s.aws/stack", Value: "bakery" },
                  { Key: "ingress.k8s.aws/resource", Value: "ManagedLBSecurityGroup" },
                ],
              },
            ],
          }
        : aws(call);
    const stale = await apply(["--yes"], { aws: grown });
    expect(stale.stderr).toContain(
      "error plan.stale: What exists of bakery isn't what the plan was made for: security group new is new.",
    );
    expect(writes).toEqual([]);
  });

  it("refuses a plan that needs what only the API server knows, before it asks", async () => {
    expect((await planOut(FILES)).code).toBe(0);
    const { aws, writes } = stubAws();
    const { code, stderr } = await apply([], { aws });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "error run.value-unknown: Nobody knows yet: target group name, made of the uid of Service shop/cart.",
    );
    expect(stderr).toMatch(/elbplan: nothing was done\.\n$/);
    expect(writes).toEqual([]);
  });

  it("says which call AWS doesn't allow to read", async () => {
    const { aws } = stubAws({ DescribeSecurityGroups: "UnauthorizedOperation" });
    const { code, stderr } = await apply(["--yes"], { aws });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "error aws.access-denied: AWS doesn't allow ec2:DescribeSecurityGroups (request r-1): you can't.",
    );
    expect(stderr).toMatch(/elbplan: nothing was done\.\n$/);
  });

  it("stops at an interrupt after what is under way", async () => {
    let interrupt: () => void = () => {};
    let released = 0;
    const { aws, writes } = stubAws();
    const stopping: Io["aws"] = async (call) => {
      if (call.operation === "CreateLoadBalancer") interrupt();
      return aws(call);
    };
    const onInterrupt: Io["onInterrupt"] = (stop) => {
      interrupt = stop;
      return () => void released++;
    };
    const { code, stderr } = await apply(["--yes", "--journal", journal], { aws: stopping, onInterrupt });
    expect(code).toBe(1);
    expect(stderr).toContain("Stopping; what is under way is waited for.");
    expect(stderr).toMatch(/warning run\.stopped: The run was stopped; \d+ actions were left\./);
    expect(writes.map(({ operation }) => operation)).not.toContain("CreateListener");
    expect(released).toBe(1);
    expect(readJournal(readFileSync(journal, "utf8"))).toMatchObject({ unanswered: [], ended: true });
  });

  it("tells what an earlier run left in the journal, and appends", async () => {
    const call = { service: "ec2", operation: "CreateSecurityGroup", input: {} };
    writeFileSync(
      journal,
      `${[
        { at: "2026-01-02T03:04:05.000Z", entry: "begin", desired: "d", actions: 1 },
        { entry: "sent", action: "a", attempt: 1, call },
      ]
        .map((line) => JSON.stringify(line))
        .join("\n")}\n{"at":"2026`,
    );
    const { code, stderr } = await apply(["--yes", "--journal", journal]);
    expect(code).toBe(0);
    expect(stderr).toContain(`${journal}: the run of 2026-01-02T03:04:05.000Z was cut off.`);
    expect(stderr).toContain("no answer was heard to CreateSecurityGroup; what they did is found as it is now.");
    expect(readJournal(readFileSync(journal, "utf8"))).toMatchObject({ unanswered: [], ended: true });
    writeFileSync(journal, "something else\n");
    expect(await apply(["--yes", "--journal", journal])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be appended to: line 1 is no line of a journal"),
    });
    expect(readFileSync(journal, "utf8")).toBe("something else\n");
    const unwritable = await apply(["--yes", "--journal", folder]);
    expect(unwritable).toMatchObject({ code: 1, stderr: expect.stringContaining("it is a folder") });
  });

  it("draws lines that count up on a terminal", async () => {
    const drawn: string[] = [];
    const stream = new Writable({
      write: (chunk, _, done) => {
        drawn.push(String(chunk));
        done();
      },
    });
    Object.assign(stream, { isTTY: true, columns: 100, rows: 40 });
    const stderr = {
      isTTY: true,
      write: (text: string) => void stream.write(text),
      stream: stream as NodeJS.WriteStream,
    };
    const { code, stdout } = await apply(["--yes"], { stderr, ...stubAws({ CreateRule: "TooManyRules" }) });
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/shared by all groups {2}/);
    const text = drawn.join("");
    expect(text).toMatch(/bakery {2}\d+\/\d+, \d+ failed/);
    expect(text).toContain("run.quota");
  });

  it("refuses what it has no use for", async () => {
    expect(await apply(["--account", "a.json"])).toMatchObject({
      code: 1,
      stderr: "elbplan: --aws and --account say both where; give one of them.\n",
    });
    expect(await run(["apply", saved, "--account", join(folder, "a.json"), "--journal", journal])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--journal is for --aws"),
    });
    expect(await apply(["--yes", "--aws-max-retries=none"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--aws-max-retries"),
    });
    expect(await apply(["--yes", "--aws-api-throttle=nonsense"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--aws-api-throttle"),
    });
    expect(await apply(["--yes", "--cluster-name=x"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("leave out --cluster-name"),
    });
    expect(existsSync(journal)).toBe(false);
  });
});
