/**
 * What a look at an account costs when nothing is to be done: of the recorded scenario `single`
 * (LBC makes 17 calls), and of a cluster made up for this.
 */
import { type AwsCall, createCache, readAws } from "@elbplan/aws-executor";
import {
  type Account,
  buildDesired,
  type ClusterSnapshot,
  emptyAccount,
  type Facts,
  type Node,
  plan,
  settingsFromFlags,
  simulate,
} from "@elbplan/core";
import { facts as factsOf, fakeAws, ingress, service, snapshot } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { RECORDED_FACTS, recordedCluster } from "./recordings.ts";

/** The calls of a cold look, and of looks that follow after these minutes, at an account on which the goal was reached. */
async function looks(cluster: ClusterSnapshot, facts: Facts, minutes: readonly number[]) {
  const { settings } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "test" });
  const { region, accountId, vpc } = facts;
  const place = { region, accountId, vpcId: vpc.id };
  const goal = (seen: Account) => buildDesired(cluster, facts, seen, settings);
  const empty = { ...emptyAccount(place), endpointSecurityGroups: {} };
  const account = simulate(empty, plan(goal(empty), empty, { warm: false })).account;
  let now = 0;
  let asked: AwsCall[] = [];
  const fake = fakeAws({ account, facts });
  const cache = createCache({ now: () => now });
  const look = async (): Promise<readonly AwsCall[]> => {
    asked = [];
    const api = (call: AwsCall) => {
      asked.push(call);
      return fake(call);
    };
    const found = await readAws(api, cluster, settings, place, { cache, plan: { drain: true } });
    const graph = buildDesired(cluster, found.facts, found.inventory, settings);
    expect(plan(graph, found.inventory).actions, "there is nothing to do").toEqual([]);
    return asked;
  };
  const results: (readonly string[])[] = [];
  for (const after of [0, ...minutes]) {
    now += after * 60_000;
    results.push((await look()).map(({ operation }) => operation));
  }
  return { account, cold: results[0] ?? [], later: results.slice(1) };
}

const besidesHealth = (operations: readonly string[]): readonly string[] =>
  operations.filter((operation) => operation !== "DescribeTargetHealth").sort();

describe("a look at an account where nothing is to be done", () => {
  it("costs 7 reads beside the targets' health in scenario single, where LBC makes 17", async () => {
    const cluster = recordedCluster("00-base", "01-services", "02-pods", "10-single");
    const { account, cold, later } = await looks(cluster, RECORDED_FACTS, [1]);
    expect(cold.filter((operation) => operation === "DescribeTargetHealth")).toHaveLength(
      Object.keys(account.targetGroups).length,
    );
    expect(besidesHealth(later[0] ?? [])).toEqual([
      "DescribeListeners",
      "DescribeLoadBalancers",
      "DescribeRules",
      "DescribeSecurityGroups",
      "DescribeSecurityGroups",
      "DescribeSubnets",
      "DescribeTargetGroups",
    ]);
  });

  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "a" },
    spec: { providerID: "aws:///eu-central-1a/i-1" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
  const networkInterface = {
    ...{ id: "eni-1", instanceId: "i-1", deviceIndex: 0, subnetId: "subnet-private-a" },
    ...{ securityGroupIds: ["sg-nodes"], privateIps: ["10.0.2.10"] },
  };

  it("asks for attributes and associations only where some are specified, and for tags again after twenty minutes", async () => {
    const annotations = {
      "load-balancer-attributes": "idle_timeout.timeout_seconds=90",
      "target-group-attributes": "deregistration_delay.timeout_seconds=30",
      "wafv2-acl-arn": "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/edge/1",
    };
    const cluster = { ...snapshot(ingress({ annotations }), service()), nodes: [node] };
    const facts = factsOf({ networkInterfaces: [networkInterface] });
    const { later } = await looks(cluster, facts, [1, 21]);
    const plain = { ...snapshot(ingress(), service()), nodes: [node] };
    const { later: ofPlain } = await looks(plain, facts, [1, 21]);
    const more = (index: number): readonly string[] => {
      const rest = [...(ofPlain[index] ?? [])];
      return (later[index] ?? []).filter((operation) => {
        const at = rest.indexOf(operation);
        if (at >= 0) rest.splice(at, 1);
        return at < 0;
      });
    };
    expect(more(0).toSorted(), "the web ACL is known").toEqual([
      "DescribeLoadBalancerAttributes",
      "DescribeTargetGroupAttributes",
    ]);
    expect(more(1).toSorted()).toEqual([
      "DescribeLoadBalancerAttributes",
      "DescribeTargetGroupAttributes",
      "GetWebACLForResource",
    ]);
    const tags = (operations: readonly string[] = []): number =>
      operations.filter((operation) => operation === "DescribeTags").length;
    expect(ofPlain.map(tags)).toEqual([0, 2]);
    expect(besidesHealth(ofPlain[0] ?? [])).toHaveLength(7);
  });
});
