import { expect, it } from "vitest";
import type { Send } from "../clients.ts";
import { httpsListener, listener, loadBalancer, refusal, rule, targetGroup, useAccount } from "./account.ts";

const account = useAccount();

/** Reads all pages and returns how many items each had. */
async function pages(send: Send, operation: string, list: string, input: object = {}): Promise<number[]> {
  const sizes: number[] = [];
  let next: object = {};
  do {
    const page = await send(operation, { ...input, ...next });
    sizes.push(page[list].length);
    const token = page.NextMarker ?? page.NextToken;
    next = token === undefined ? {} : page.NextMarker === undefined ? { NextToken: token } : { Marker: token };
  } while (Object.keys(next).length > 0);
  return sizes;
}

it("gives what is asked for, up to 400 at once", async () => {
  const { elbv2, set } = account();
  await set({ quotas: { rulesPerLoadBalancer: 500 } });
  const ListenerArn = await listener(account(), await loadBalancer(account()));
  await Promise.all(Array.from({ length: 120 }, (_, n) => rule(account(), ListenerArn, n + 1)));
  expect(await pages(elbv2, "DescribeRules", "Rules", { ListenerArn })).toEqual([121]);
  expect(await pages(elbv2, "DescribeRules", "Rules", { ListenerArn, PageSize: 50 })).toEqual([50, 50, 21]);
  expect(await refusal(elbv2("DescribeRules", { ListenerArn, PageSize: 401 }))).toBe("ValidationError");
  expect(await refusal(elbv2("DescribeRules", { ListenerArn, Marker: "nope" }))).toBe("ValidationError");
});

it("cuts every list of ELBv2 where a test wants small pages", async () => {
  const { elbv2, seed, set } = account();
  const LoadBalancerArn = await loadBalancer(account(), "one");
  for (const name of ["two", "three"]) await loadBalancer(account(), name);
  for (const name of ["one", "two", "three"]) await targetGroup(account(), name);
  for (const Port of [80, 81]) await listener(account(), LoadBalancerArn, { Port });
  const ListenerArn = await httpsListener(account(), LoadBalancerArn);
  for (const domain of ["b.example.com", "c.example.com"]) {
    const Certificates = [{ CertificateArn: seed.certificates[domain] }];
    await elbv2("AddListenerCertificates", { ListenerArn, Certificates });
  }
  await set({ pageSize: 2 });
  expect(await pages(elbv2, "DescribeLoadBalancers", "LoadBalancers")).toEqual([2, 1]);
  expect(await pages(elbv2, "DescribeTargetGroups", "TargetGroups")).toEqual([2, 1]);
  expect(await pages(elbv2, "DescribeListeners", "Listeners", { LoadBalancerArn })).toEqual([2, 1]);
  expect(await pages(elbv2, "DescribeListenerCertificates", "Certificates", { ListenerArn })).toEqual([2, 1]);
});

it("cuts lists of EC2, unless things are named", async () => {
  const { ec2, seed, set } = account();
  const Filters = [{ Name: "vpc-id", Values: [seed.vpcId] }];
  expect(await pages(ec2, "DescribeSubnets", "Subnets", { Filters })).toEqual([6]);
  expect(await pages(ec2, "DescribeSubnets", "Subnets", { Filters, MaxResults: 5 })).toEqual([5, 1]);
  await set({ pageSize: 4 });
  expect(await pages(ec2, "DescribeSubnets", "Subnets", { Filters })).toEqual([4, 2]);
  const SubnetIds = [...seed.publicSubnets, ...seed.privateSubnets];
  expect(await pages(ec2, "DescribeSubnets", "Subnets", { SubnetIds })).toEqual([6]);
  expect(await refusal(ec2("DescribeSubnets", { SubnetIds, MaxResults: 5 }))).toBe("InvalidParameterCombination");
});
