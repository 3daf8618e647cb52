import { emptyAccount, simulatedExecutor } from "@elbplan/core";
import { executorContract } from "../../src/contract/executor-contract.ts";

const QUOTAS = { rulesPerLoadBalancer: 12, listenersPerLoadBalancer: 4, certificatesPerLoadBalancer: 2 };
const certificate = (id: string): string => `arn:aws:acm:eu-central-1:123456789012:certificate/${id}`;

executorContract("the simulated account", async () => {
  const place = { region: "eu-central-1", accountId: "123456789012", vpcId: "vpc-1" };
  const executor = simulatedExecutor(emptyAccount({ ...place, quotas: QUOTAS }));
  return {
    executor,
    inventory: async () => executor.account(),
    quotas: QUOTAS,
    place: {
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      certificateArns: [certificate("a"), certificate("b"), certificate("c")],
      addresses: ["10.0.0.10", "10.0.0.11"],
      webAclArns: [
        "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/1",
        "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/b/2",
      ],
      wafRegionalIds: ["acl-a", "acl-b"],
    },
  };
});
