import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEntry } from "@elbplan/aws-executor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leftBehind, openGroupJournals } from "../../src/operations/journal.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "elbplan-journal-"));
  path = join(folder, "journal.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const BEGIN: JournalEntry = { entry: "begin", desired: "d", actions: 2 };
const END: JournalEntry = { entry: "end", state: "done" };
const sent = (action: string): JournalEntry => ({
  entry: "sent",
  action,
  attempt: 1,
  call: { service: "ec2", operation: action, input: {} },
});
const text = (): string => readFileSync(path, "utf8");

describe("the journal of the plans under way", () => {
  it("tells of each group what it was doing, whatever the others did", async () => {
    const { of, close } = await openGroupJournals(path);
    const [shop, api] = [of("shop"), of("api")];
    await shop(BEGIN);
    await Promise.all([api(BEGIN), shop(sent("CreateSecurityGroup"))]);
    await api(sent("CreateTags"));
    await api({ entry: "answered", action: "CreateTags", attempt: 1 });
    await api(sent("DeleteTags"));
    await close();
    expect(leftBehind(text())).toEqual([
      { group: "shop", began: expect.stringMatching(/^\d{4}-/), unanswered: ["CreateSecurityGroup"] },
      { group: "api", began: expect.stringMatching(/^\d{4}-/), unanswered: ["DeleteTags"] },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is empty while nothing is under way, and never grows", async () => {
    const { of, close } = await openGroupJournals(path);
    for (let turn = 0; turn < 20; turn++) {
      const [shop, api] = [of("shop"), of("api")];
      await Promise.all([shop(BEGIN), api(BEGIN)]);
      await shop(sent("CreateTags"));
      await shop(END);
      expect(text()).not.toBe("");
      await api(END);
      expect(text()).toBe("");
    }
    await close();
  });

  it("forgets an earlier process when it is opened, and reads what that was cut off in", async () => {
    const first = await openGroupJournals(path);
    await first.of("shop")(BEGIN);
    await first.of("shop")(sent("CreateTags"));
    await first.close();
    const cut = `${text()}{"at":"2030-01-01T00:00:00.000Z","entry":"answ`;
    expect(leftBehind(cut)).toMatchObject([{ group: "shop", unanswered: ["CreateTags"] }]);
    writeFileSync(path, cut);
    const second = await openGroupJournals(path);
    expect(text()).toBe("");
    await second.of("shop")(BEGIN);
    expect(leftBehind(text())).toMatchObject([{ group: "shop", unanswered: [] }]);
    await second.of("shop")(END);
    await second.close();
    expect(leftBehind(text())).toEqual([]);
  });

  it.each([
    { name: "a list of users", content: "root:x:0:0\nbin:x:1:1\n" },
    { name: "a line without an end", content: "precious" },
    { name: "JSON of others", content: '{"a":1}\n' },
    { name: "a journal of apply", content: '{"at":"2030","entry":"begin","desired":"d","actions":1}\n' },
  ])("is never $name", ({ content }) => {
    expect(() => leftBehind(content)).toThrow(SyntaxError);
  });
});
