/**
 * Nothing secret leaves its way: the credentials of AWS and the client of an OIDC action go to AWS and nowhere else, not
 * into a recording, a journal, an event, an error or a plan.
 */
import {
  awsExecutor,
  type JournalEntry,
  type RecordedCall,
  recordedApi,
  runPlan,
  sdkApi,
  withSecrets,
} from "@elbplan/aws-executor";
import type { Action, Plan } from "@elbplan/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { REGION } from "../moto/clients.ts";
import { faultsByRule } from "../proxy/faults.ts";
import { startWorlds, type Worlds } from "../world/world.ts";

const CLIENT_SECRET = "oidc-client-secret-canary";

let worlds: Worlds;
beforeAll(async () => {
  worlds = await startWorlds();
});
afterAll(() => worlds.stop());

/** A load balancer with an HTTPS listener that authenticates. */
function actionsFor(certificate: string, subnets: readonly string[]): readonly Action[] {
  const common = { stack: "shop", reason: "canary", disruption: "none" } as const;
  return [
    {
      ...common,
      id: "create-load-balancer",
      kind: "createLoadBalancer",
      resource: "loadBalancer/LoadBalancer",
      dependsOn: [],
      details: {
        spec: {
          name: "shop",
          type: "application",
          scheme: "internal",
          ipAddressType: "ipv4",
          subnetMappings: subnets.map((subnetId) => ({ subnetId })),
        },
      },
    },
    {
      ...common,
      id: "create-listener",
      kind: "createListener",
      resource: "listener/443",
      dependsOn: ["create-load-balancer"],
      details: {
        spec: {
          loadBalancerArn: { ref: "loadBalancer/LoadBalancer", field: "arn" },
          port: 443,
          protocol: "HTTPS",
          certificates: [certificate],
          defaultActions: [
            {
              type: "authenticate-oidc",
              authenticateOidcConfig: {
                issuer: "https://issuer.example.com",
                authorizationEndpoint: "https://issuer.example.com/authorize",
                tokenEndpoint: "https://issuer.example.com/token",
                userInfoEndpoint: "https://issuer.example.com/user",
                client: { secret: "shop/oidc", digest: "0".repeat(64) },
              },
            },
            { type: "fixed-response", fixedResponseConfig: { statusCode: "404" } },
          ],
        },
      },
    },
  ];
}

it("stays where it belongs, also when calls fail", async () => {
  const { proxy, clients, seed } = await worlds.fresh();
  const actions = actionsFor(Object.values(seed.certificates)[0] ?? "", seed.publicSubnets);
  const plan: Pick<Plan, "actions" | "inputs"> = { actions, inputs: { digests: { desired: "", inventory: "" } } };
  const recorded: RecordedCall[] = [];
  const journal: JournalEntry[] = [];
  const events: unknown[] = [];
  const read = async ({ key }: { readonly key: string }) => (key === "clientSecret" ? CLIENT_SECRET : "client-id");
  const api = withSecrets(sdkApi({ endpoint: proxy.endpoint, region: REGION, maxAttempts: 1 }), read);
  const executor = awsExecutor(recordedApi(api, (call) => recorded.push(call), performance.now.bind(performance)));
  // The listener is refused first, then made without its answer being heard.
  proxy.setFaults(
    faultsByRule(
      { operation: "CreateListener", fault: { kind: "throttled" } },
      { operation: "CreateListener", fault: { kind: "reset", carriedOut: true }, after: 1 },
    ),
  );
  const result = await runPlan(plan, executor, {
    journal: async (entry) => void journal.push(entry),
    onEvent: (event) => events.push(event),
    tryAgain: [{ operations: "any", codes: ["Throttling"], everySeconds: 0.01, forSeconds: 5 }],
  });
  expect(result.state).toBe("done");
  const { Listeners } = await clients.elbv2("DescribeListeners", {
    LoadBalancerArn: (await clients.elbv2("DescribeLoadBalancers")).LoadBalancers[0].LoadBalancerArn,
  });
  // It did arrive: AWS shows the client's id, and never the secret.
  expect(Listeners[0].DefaultActions[0].AuthenticateOidcConfig.ClientId).toBe("client-id");

  const traces = { plan, recorded, journal, events, result, proxied: proxy.calls() };
  expect(recorded.length).toBeGreaterThanOrEqual(3);
  expect(journal.length).toBeGreaterThan(4);
  for (const [name, trace] of Object.entries(traces)) {
    for (const secret of [CLIENT_SECRET, process.env["AWS_SECRET_ACCESS_KEY"], process.env["AWS_ACCESS_KEY_ID"]]) {
      expect(JSON.stringify(trace), name).not.toContain(secret);
    }
  }
});
