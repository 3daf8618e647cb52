/** The contract of executors, played by the one that calls AWS, over the wire against the emulator. */
import { awsExecutor, createCache, readInventory, SYSTEM_CLOCK, sdkApi } from "@elbplan/aws-executor";
import { DEFAULT_SETTINGS, everythingNeeded } from "@elbplan/core";
import { CONTRACT_CLUSTER, executorContract } from "@elbplan/testing/executor-contract";
import { ACCOUNT, clientsOf, REGION } from "../moto/clients.ts";
import { seedAccount } from "../moto/seed.ts";
import { startEmulator } from "../moto/start.ts";
import { LACKS } from "./lacks.ts";

const QUOTAS = { rulesPerLoadBalancer: 12, listenersPerLoadBalancer: 4, certificatesPerLoadBalancer: 2 };

executorContract(
  "AWS, over the wire",
  async () => {
    const emulator = await startEmulator();
    const clients = clientsOf(emulator.endpoint);
    const seed = await seedAccount(clients);
    await emulator.set({ quotas: QUOTAS });
    const acl = await clients.wafv2("CreateWebACL", {
      Name: "second",
      Scope: "REGIONAL",
      DefaultAction: { Allow: {} },
      VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: "second" },
    });
    const api = sdkApi({ region: REGION, endpoint: emulator.endpoint, maxAttempts: 1 });
    const featureGates = { ...DEFAULT_SETTINGS.featureGates, EnableCertificateManagement: true };
    const settings = { ...DEFAULT_SETTINGS, clusterName: CONTRACT_CLUSTER, featureGates };
    const scope = { region: REGION, accountId: ACCOUNT, byTaggingApi: false };
    const [a = "", b = "", c = ""] = seed.publicSubnets;
    const [one = "", two = "", three = ""] = Object.values(seed.certificates);
    const [first = "", second = ""] = seed.nodes[0]?.podIps ?? [];
    return {
      executor: awsExecutor(api),
      inventory: () =>
        readInventory(api, everythingNeeded(settings, seed.vpcId), scope, { cache: createCache(SYSTEM_CLOCK) }),
      quotas: QUOTAS,
      place: {
        vpcId: seed.vpcId,
        subnetIds: [a, b, c],
        certificateArns: [one, two, three],
        addresses: [first, second],
        webAclArns: [seed.webAcl, acl.Summary.ARN],
        wafRegionalIds: ["", ""],
      },
      close: emulator.stop,
    };
  },
  { lacks: LACKS },
);
