import { callFor, type Step } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import type { AwsApi, AwsCall } from "../src/aws-api.ts";
import { AwsError } from "../src/aws-error.ts";
import { awsExecutor } from "../src/executor/aws-executor.ts";
import { recordedApi } from "../src/recorded-api.ts";
import type { JournalEntry } from "../src/run/journal.ts";
import type { RunEvent } from "../src/run/result.ts";
import { runPlan } from "../src/run/run-plan.ts";
import { type ReadSecret, withSecrets } from "../src/secrets.ts";
import { fakeClock } from "./fake-clock.ts";
import { action, planOf } from "./run/plan-of.ts";

const CANARY = "CANARY-client-secret";
const ID = "CANARY-client-id";
const secrets: ReadSecret = async ({ secret, key }) => {
  expect(secret).toBe("shop/oidc");
  return key === "clientSecret" ? CANARY : ID;
};

const rule = action("createRule", {
  spec: {
    listenerArn: "arn:l",
    priority: 1,
    conditions: [],
    actions: [
      {
        type: "authenticate-oidc",
        authenticateOidcConfig: {
          issuer: "i",
          authorizationEndpoint: "a",
          tokenEndpoint: "t",
          userInfoEndpoint: "u",
          client: { secret: "shop/oidc", digest: "d1" },
        },
      },
    ],
  },
});

/** Everything that a run leaves behind. */
async function traces(answer: AwsApi) {
  const sent: AwsCall[] = [];
  const api: AwsApi = async (call) => {
    sent.push(call);
    return answer(call);
  };
  const [recorded, journal, events]: [unknown[], JournalEntry[], RunEvent[]] = [[], [], []];
  const executor = awsExecutor(
    recordedApi(
      withSecrets(api, secrets),
      (call) => recorded.push(call),
      () => 0,
    ),
  );
  const result = await runPlan(planOf(rule), executor, {
    clock: fakeClock(),
    onEvent: (event) => events.push(event),
    journal: async (entry) => void journal.push(entry),
  });
  return { sent, recorded, journal, events, result };
}

describe("secrets", () => {
  it("reach AWS and nothing else", async () => {
    const { sent, ...left } = await traces(async () => ({ Rules: [{ RuleArn: "arn:r", Echo: `is ${CANARY}` }] }));
    expect(JSON.stringify(sent)).toContain(`"ClientId":"${ID}","ClientSecret":"${CANARY}"`);
    expect(JSON.stringify(left)).not.toMatch(/CANARY/);
    expect(left.recorded).toMatchObject([{ response: { Rules: [{ Echo: "is ***" }] } }]);
  });

  it("don't make a word of theirs unreadable that is none: the id of a client", async () => {
    const arn = `arn:rule/app/k8s-${ID}/1`;
    const { result } = await traces(async () => ({ Rules: [{ RuleArn: arn }] }));
    expect(result.steps[0]?.output).toMatchObject({ arn });
  });

  it("are masked in errors", async () => {
    for (const outcome of ["refused", "unknown"] as const) {
      const { sent, ...left } = await traces(async ({ operation }) => {
        if (operation !== "CreateRule") return { Rules: [] };
        throw new AwsError({ code: "ValidationError", message: `Value '${CANARY}' is too short`, operation, outcome });
      });
      expect(sent.length).toBeGreaterThan(0);
      expect(JSON.stringify(left)).not.toMatch(/CANARY/);
      expect(left.result.diagnostics[0]?.message).toContain("Value '***' is too short");
    }
  });

  it("are remembered by their digest: AWS never tells them", async () => {
    const { journal, result } = await traces(async () => ({ Rules: [{ RuleArn: "arn:r" }] }));
    expect(result.sentClients).toEqual({ "arn:r": [{ secret: "shop/oidc", digest: "d1" }] });
    expect(journal.find(({ entry }) => entry === "answered")).toMatchObject({
      clients: { "arn:r": [{ secret: "shop/oidc", digest: "d1" }] },
    });
  });

  it("that can't be read stop the call before it is sent", async () => {
    const api: AwsApi = async () => {
      throw new Error("it was sent");
    };
    const send = (read?: ReadSecret) =>
      awsExecutor(withSecrets(api, read)).send({ action: rule, call: callFor(rule) as Step["call"] });
    await expect(send()).rejects.toMatchObject({ code: "SecretUnavailable", outcome: "refused" });
    const missing: ReadSecret = async () => {
      throw new Error("there is no such Secret");
    };
    await expect(send(missing)).rejects.toMatchObject({
      message: expect.stringMatching(/^client(ID|Secret) of Secret shop\/oidc can't be read: there is no such Secret$/),
    });
  });

  it("leave calls without any as they are", async () => {
    const call = { service: "ec2", operation: "DescribeVpcs", input: { Filters: [] } } as const;
    const seen: unknown[] = [];
    await withSecrets(async (it) => ({ n: seen.push(it) }), secrets)(call);
    expect(seen).toEqual([call]);
  });
});
