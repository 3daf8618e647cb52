import { describe, expect, it } from "vitest";
import type { ControllerEvent } from "../../src/events.ts";
import { createLog, errorFields, type LogLevel, logEvent } from "../../src/operations/log.ts";
import { redacted } from "../../src/operations/redact.ts";
import { someEvents } from "../some-events.ts";

const date = (): Date => new Date(Date.UTC(2030, 0, 2, 3, 4, 5));

function logged(events: readonly ControllerEvent[], level: LogLevel = "debug"): readonly string[] {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), { level, date });
  for (const event of events) logEvent(log, event);
  return lines;
}

describe("a log", () => {
  it("is a line of JSON for each thing to tell", () => {
    const lines = logged(someEvents());
    expect(lines.length).toBeGreaterThan(someEvents().length);
    for (const line of lines) {
      expect(line).toMatch(/^\{.*\}\n$/);
      expect(JSON.parse(line)).toMatchObject({
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
        ts: "2030-01-02T03:04:05.000Z",
        msg: expect.any(String),
      });
    }
  });

  it.each([
    { level: "info", quiet: ["queue", "told"] },
    { level: "warn", quiet: ["queue", "told", "sent", "read AWS", "built"] },
    { level: "error", quiet: ["queue", "told", "sent", "read AWS", "built", "again", "not watching"] },
  ] as const)("at $level leaves out what is less", ({ level, quiet }) => {
    const messages = logged(someEvents(), level).map((line) => JSON.parse(line).msg);
    expect(messages).toContain("failed");
    for (const message of quiet) expect(messages).not.toContain(message);
  });

  it("names the group, the action, AWS's request and the object at fault", () => {
    const lines = logged(someEvents(), "error").map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ msg: "ended", group: "shop", action: "modifyRule/shop", kind: "modifyRule", state: "refused" },
        ...{ code: "AccessDenied", requestId: "r-1", diagnostic: "backend.service-missing" },
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "diagnostic", object: "Ingress shop/web", message: "There is no Service shop." }),
    );
  });

  it("is quiet about turns in which nothing was done", () => {
    const idle = someEvents().filter((event) => event.type === "reconciled" && event.outcome === "done");
    expect(logged(idle, "info")).toHaveLength(1);
  });

  it("tells a mistake of elbplan's own with its place, and known errors without", () => {
    const failures = logged(someEvents(), "error")
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg === "failed");
    expect(failures.map((line) => [line.what, "stack" in line])).toEqual([
      ["event", false],
      ["look at AWS", true],
      ["something", false],
    ]);
    expect(errorFields(new Error("x"))).toMatchObject({ error: "x", stack: expect.stringContaining("log.test.ts") });
  });
});

describe("no secret reaches a line", () => {
  const canary = "canary-4711";
  const token = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ${canary}`;

  it.each([
    { name: "a token of a service account", text: token },
    { name: "a header", text: `authorization: Bearer ${canary}` },
    { name: "a basic header", text: `Basic ${canary}` },
    { name: "a signed URL", text: `https://sts/?X-Amz-Security-Token=${canary}&X-Amz-Signature=${canary}` },
    { name: "an assignment", text: `client_secret=${canary}` },
    { name: "JSON", text: JSON.stringify({ clientSecret: canary, sessionToken: canary }) },
    { name: "a password in an address", text: `https://user:${canary}@proxy:3128` },
  ])("not $name, wherever it stands", ({ text }) => {
    const lines = logged(someEvents(text));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.join("")).not.toContain(canary);
  });

  it("nor the input of a call, where it must be a name", () => {
    const inputs = someEvents(canary).filter((event) => event.type === "run" && event.event.type === "sent");
    for (const line of logged(inputs)) expect(line).not.toMatch(/ClientSecret|ClientId|Actions/);
  });

  it("nor AWS's key ids", () => {
    expect(logged(someEvents("ASIAIOSFODNN7EXAMPLE")).join("")).not.toContain("ASIAIOSFODNN7EXAMPLE");
  });

  it("nor fields of such names, however deep; and other words stay", () => {
    const input = {
      a: [{ password: "p", Token: "t", session_token: "s", "client-secret": 1, tokens: 3 }],
      reason: "x",
    };
    expect(redacted(input)).toEqual({
      a: [{ password: "***", Token: "***", session_token: "***", "client-secret": 1, tokens: 3 }],
      reason: "x",
    });
    const ring: { [key: string]: unknown } = {};
    ring["ring"] = ring;
    expect(JSON.stringify(redacted(ring)).length).toBeLessThan(200);
    const plain = "clientSecret of Secret shop/oidc can't be read: there is no such Secret";
    expect(redacted(plain)).toBe(plain);
  });
});
