import { expect, it } from "vitest";
import { httpsListener, loadBalancer, refusal, rule, targetGroup, useAccount } from "./account.ts";

const account = useAccount();

const Tags = [{ Key: "elbv2.k8s.aws/cluster", Value: "e2e" }];

/** One of each, tagged at creation: load balancer, target group, listener, rule. */
async function oneOfEach(): Promise<readonly string[]> {
  const balancer = await loadBalancer(account(), "shop", { Tags });
  const group = await targetGroup(account(), "web", { Tags });
  const on = await httpsListener(account(), balancer, { Tags });
  return [balancer, group, on, await rule(account(), on, 1, { Tags })];
}

const tagsOf = async (ResourceArns: readonly string[]) =>
  (await account().elbv2("DescribeTags", { ResourceArns })).TagDescriptions.map(
    ({ Tags: tags }: { Tags: readonly { Key: string; Value: string }[] }) =>
      tags.map(({ Key, Value }) => `${Key}=${Value}`).join(),
  );

it("are given at creation, added, changed and removed on all four kinds", async () => {
  const { elbv2 } = account();
  const ResourceArns = await oneOfEach();
  expect(await tagsOf(ResourceArns)).toEqual(Array(4).fill("elbv2.k8s.aws/cluster=e2e"));
  await elbv2("AddTags", { ResourceArns, Tags: [{ Key: "a", Value: "1" }] });
  await elbv2("AddTags", { ResourceArns, Tags: [{ Key: "a", Value: "2" }] });
  expect(await tagsOf(ResourceArns)).toEqual(Array(4).fill("elbv2.k8s.aws/cluster=e2e,a=2"));
  await elbv2("RemoveTags", { ResourceArns, TagKeys: ["a"] });
  expect(await tagsOf(ResourceArns)).toEqual(Array(4).fill("elbv2.k8s.aws/cluster=e2e"));
});

it("are at most 50 a resource", async () => {
  const { elbv2 } = account();
  const ResourceArns = [await loadBalancer(account())];
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `key-${n}`, Value: "" }));
  await elbv2("AddTags", { ResourceArns, Tags: many(50) });
  await elbv2("AddTags", { ResourceArns, Tags: many(50) });
  expect(await refusal(elbv2("AddTags", { ResourceArns, Tags: [{ Key: "more" }] }))).toBe("TooManyTags");
  expect(await refusal(elbv2("AddTags", { ResourceArns, Tags: [{ Key: "aws:x" }] }))).toBe("ValidationError");
  expect(await refusal(elbv2("AddTags", { ResourceArns, Tags: [{ Key: "x" }, { Key: "x" }] }))).toBe(
    "DuplicateTagKeys",
  );
});

it("are described for 20 resources at a time, and only for such that exist", async () => {
  const { elbv2 } = account();
  const [balancer, group, on, one] = (await oneOfEach()) as [string, string, string, string];
  expect(await refusal(elbv2("DescribeTags", { ResourceArns: Array(21).fill(balancer) }))).toBe("ValidationError");
  const missing = (arn: string) => refusal(elbv2("DescribeTags", { ResourceArns: [arn] }));
  expect(await missing(`${balancer}0`)).toBe("LoadBalancerNotFound");
  expect(await missing(`${group}0`)).toBe("TargetGroupNotFound");
  expect(await missing(`${on}0`)).toBe("ListenerNotFound");
  expect(await missing(`${one}0`)).toBe("RuleNotFound");
});

it("find resources in the tagging API, listeners and rules too", async () => {
  const { tagging } = account();
  const arns = await oneOfEach();
  const find = async (...ResourceTypeFilters: string[]) => {
    const TagFilters = [{ Key: "elbv2.k8s.aws/cluster", Values: ["e2e"] }];
    const { ResourceTagMappingList } = await tagging("GetResources", { TagFilters, ResourceTypeFilters });
    return ResourceTagMappingList.map(({ ResourceARN }: { ResourceARN: string }) => ResourceARN);
  };
  const kinds = ["loadbalancer", "targetgroup", "listener", "listener-rule"];
  for (const [index, kind] of kinds.entries()) {
    expect(await find(`elasticloadbalancing:${kind}`), kind).toEqual([arns[index]]);
  }
});

it("are paged by the tagging API", async () => {
  const { tagging } = account();
  for (let n = 0; n < 5; n++) await targetGroup(account(), `web-${n}`, { Tags });
  const seen: string[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await tagging("GetResources", {
      TagFilters: Tags.map(({ Key, Value }) => ({ Key, Values: [Value] })),
      ResourcesPerPage: 2,
      PaginationToken,
    });
    expect(page.ResourceTagMappingList.length).toBeLessThanOrEqual(2);
    seen.push(...page.ResourceTagMappingList.map(({ ResourceARN }: { ResourceARN: string }) => ResourceARN));
    PaginationToken = page.PaginationToken || undefined;
  } while (PaginationToken !== undefined);
  expect(new Set(seen).size).toBe(5);
});
