import {
  DEFAULT_SETTINGS,
  everythingNeeded,
  type Inventory,
  type InventoryNeeded,
  type LoadBalancerNeeded,
  type TargetGroupBindingSpec,
} from "@elbplan/core";
import { describe, expect, it } from "vitest";
import type { AwsCall } from "../../src/aws-api.ts";
import { createCache } from "../../src/cache.ts";
import { forgettingApi } from "../../src/forgetting-api.ts";
import { inventoryCalls } from "../../src/inventory/inventory-calls.ts";
import { readInventory } from "../../src/inventory/read-inventory.ts";
import { type Answers, fakeApi } from "../fake-api.ts";
import { fakeClock } from "../fake-clock.ts";

const ARN = "arn:aws:elasticloadbalancing:us-west-2:1:";
const SCOPE = { region: "us-west-2", accountId: "1", byTaggingApi: false };
const SETTINGS = { ...DEFAULT_SETTINGS, clusterName: "bakery" };
const NEEDED: InventoryNeeded = everythingNeeded(SETTINGS, "vpc-1");
/** What a resync compares of stacks that specify nothing out of the ordinary: targets and tags. */
const LITTLE: InventoryNeeded = {
  ...NEEDED,
  otherStacks: "nothing",
  drain: false,
  stacks: {
    web: {
      loadBalancers: {
        LoadBalancer: {
          fixed: { type: "application", scheme: "internal" },
          attributes: false,
          capacity: false,
          webAcl: false,
          wafRegional: false,
          shield: false,
          listenerAttributes: [],
        },
      },
      targetGroups: {
        "web/web": {
          fixed: { targetType: "ip", protocol: "HTTP" },
          attributes: false,
          targets: true,
        },
      },
    },
  },
};

interface Size {
  readonly loadBalancers: number;
  readonly listenersEach: number;
  readonly rulesEach: number;
  readonly targetGroups: number;
  /** In the account, in another VPC. */
  readonly foreign?: number;
}

const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** An account of that size whose listings come in pages of at most what was asked for. */
function account({ loadBalancers, listenersEach, rulesEach, targetGroups, foreign = 0 }: Size): Answers {
  const tags = (id: string) => [
    { Key: "elbv2.k8s.aws/cluster", Value: "bakery" },
    { Key: "ingress.k8s.aws/stack", Value: "web" },
    { Key: "ingress.k8s.aws/resource", Value: id },
  ];
  const paged =
    <T>(field: string, items: readonly T[]) =>
    ({ PageSize, Marker = "0" }: AwsCall["input"]): object => {
      const [from, size] = [Number(Marker), Number(PageSize)];
      const next = from + size < items.length ? { NextMarker: String(from + size) } : {};
      return { [field]: items.slice(from, from + size), ...next };
    };
  const balancer = (name: string, VpcId: string): object => ({
    LoadBalancerArn: `${ARN}loadbalancer/app/${name}/1`,
    LoadBalancerName: name,
    Type: "application",
    Scheme: "internal",
    VpcId,
    DNSName: `${name}.example`,
    AvailabilityZones: [{ SubnetId: "subnet-1" }],
  });
  const isBalancer = (arn: string): boolean => arn.includes("loadbalancer/");
  return {
    DescribeLoadBalancers: paged("LoadBalancers", [
      ...list(foreign, (at) => balancer(`foreign-${at}`, "vpc-2")),
      ...list(loadBalancers, (at) => balancer(`lb-${at}`, "vpc-1")),
    ]),
    DescribeTargetGroups: paged(
      "TargetGroups",
      list(targetGroups, (at) => ({
        TargetGroupArn: `${ARN}targetgroup/tg-${at}/1`,
        TargetGroupName: `tg-${at}`,
        TargetType: "ip",
        Protocol: "HTTP",
        Port: 80,
        VpcId: "vpc-1",
      })),
    ),
    DescribeTags: ({ ResourceArns }) => {
      const arns = ResourceArns as string[];
      expect(arns.length).toBeLessThanOrEqual(20);
      return {
        TagDescriptions: arns.map((arn) => ({
          ResourceArn: arn,
          Tags: tags(isBalancer(arn) ? "LoadBalancer" : "web/web"),
        })),
      };
    },
    DescribeListeners: ({ LoadBalancerArn }) => ({
      Listeners: list(listenersEach, (at) => ({
        ListenerArn: `${String(LoadBalancerArn).replace("loadbalancer", "listener")}/${at}`,
        LoadBalancerArn,
        Port: 80 + at,
        Protocol: "HTTP",
        DefaultActions: [],
      })),
    }),
    DescribeRules: (input) =>
      paged("Rules", [
        ...list(rulesEach, (at) => ({
          RuleArn: `${String(input["ListenerArn"]).replace("listener", "listener-rule")}/${at}`,
          Priority: String(at + 1),
          Conditions: [],
          Actions: [],
        })),
        { RuleArn: "default", Priority: "default", IsDefault: true },
      ])(input),
    DescribeTargetHealth: { TargetHealthDescriptions: [] },
    DescribeTargetGroupAttributes: { Attributes: [] },
    DescribeLoadBalancerAttributes: { Attributes: [] },
    DescribeListenerAttributes: { Attributes: [] },
    DescribeCapacityReservation: {},
    DescribeSecurityGroups: { SecurityGroups: [] },
    GetWebACLForResource: {},
    DescribeProtection: "ResourceNotFound",
  };
}

const names = (asked: readonly AwsCall[]): Readonly<Record<string, number>> =>
  asked.reduce<Record<string, number>>((counts, { operation }) => {
    counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }, {});

describe("calls of a reading", () => {
  it("follow the formula: 100 load balancers, 500 target groups, 5,000 rules", async () => {
    const size = { loadBalancers: 100, listenersEach: 2, rulesEach: 25, targetGroups: 500 };
    const group = { GroupId: "sg-1", VpcId: "vpc-1", Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: "bakery" }] };
    const { api, asked } = fakeApi({ ...account(size), DescribeSecurityGroups: { SecurityGroups: [group] } });
    const cache = createCache(fakeClock());
    const inventory = await readInventory(api, LITTLE, SCOPE, { cache });
    expect(Object.keys(inventory.loadBalancers)).toHaveLength(100);
    expect(Object.keys(inventory.listenerRules)).toHaveLength(5000);
    expect(Object.keys(inventory.targets)).toHaveLength(500);
    const calls = inventoryCalls({
      loadBalancers: 100,
      targetGroups: 500,
      ownLoadBalancers: 100,
      rulesByListener: list(200, () => 25),
      tlsListeners: 0,
      withTargets: 500,
      parts: 0,
      listenerTags: true,
      endpointPermissions: true,
    });
    expect(asked.length).toBe(calls);
    expect(calls).toBe(1095);
    expect(names(asked)).toEqual({
      DescribeLoadBalancers: 1,
      DescribeTargetGroups: 2,
      DescribeTags: 30 + 260,
      DescribeListeners: 100,
      DescribeRules: 200,
      DescribeTargetHealth: 500,
      DescribeSecurityGroups: 2,
    });
  });

  it("ask only for the targets, the listings and the rules once the tags are known", async () => {
    const { api, asked } = fakeApi(account({ loadBalancers: 1, listenersEach: 1, rulesEach: 3, targetGroups: 3 }));
    const cache = createCache(fakeClock());
    const first = await readInventory(api, LITTLE, SCOPE, { cache });
    asked.length = 0;
    expect(await readInventory(api, LITTLE, SCOPE, { cache })).toEqual(first);
    expect(names(asked)).toEqual({
      DescribeLoadBalancers: 1,
      DescribeTargetGroups: 1,
      DescribeListeners: 1,
      DescribeRules: 1,
      DescribeTargetHealth: 3,
      DescribeSecurityGroups: 1,
    });
  });

  it("ask for everything that a plan could compare when everything is wanted", async () => {
    const { api, asked } = fakeApi(account({ loadBalancers: 1, listenersEach: 1, rulesEach: 1, targetGroups: 1 }));
    await readInventory(api, NEEDED, SCOPE, { cache: createCache(fakeClock()) });
    expect(Object.keys(names(asked)).sort()).toEqual(
      [
        "DescribeCapacityReservation",
        "DescribeListenerAttributes",
        "DescribeListeners",
        "DescribeLoadBalancerAttributes",
        "DescribeLoadBalancers",
        "DescribeProtection",
        "DescribeRules",
        "DescribeSecurityGroups",
        "DescribeTags",
        "DescribeTargetGroupAttributes",
        "DescribeTargetGroups",
        "DescribeTargetHealth",
        "GetWebACLForResource",
      ].sort(),
    );
  });

  it("stay under the number of calls that may be under way at a time", async () => {
    const answers = fakeApi(account({ loadBalancers: 30, listenersEach: 1, rulesEach: 1, targetGroups: 30 }));
    let [under, most] = [0, 0];
    await readInventory(
      async (call, options) => {
        under++;
        most = Math.max(most, under);
        await new Promise((resolve) => setImmediate(resolve));
        under--;
        return answers.api(call, options);
      },
      LITTLE,
      SCOPE,
      { cache: createCache(fakeClock()), concurrency: 5 },
    );
    expect(most).toBe(5);
  });
});

describe("what vanishes while it is read", () => {
  it("is left out: tags of the others are asked for in halves", async () => {
    const answers = account({ loadBalancers: 3, listenersEach: 0, rulesEach: 0, targetGroups: 4 });
    const tagsOf = answers["DescribeTags"] as (input: AwsCall["input"]) => object;
    const { api } = fakeApi({
      ...answers,
      DescribeTags: (input) => {
        const gone = (input["ResourceArns"] as string[]).some((arn) => arn.includes("lb-1/"));
        return gone ? ("LoadBalancerNotFound" as unknown as object) : tagsOf(input);
      },
      DescribeTargetHealth: ({ TargetGroupArn }) =>
        String(TargetGroupArn).includes("tg-2/")
          ? ("TargetGroupNotFound" as unknown as object)
          : {
              TargetHealthDescriptions: [{ Target: { Id: "10.0.0.1", Port: 80 }, TargetHealth: { State: "healthy" } }],
            },
    });
    const inventory = await readInventory(api, LITTLE, SCOPE, { cache: createCache(fakeClock()) });
    expect(Object.values(inventory.loadBalancers).map(({ spec }) => spec.name)).toEqual(["lb-0", "lb-2"]);
    expect(Object.keys(inventory.targets)).toHaveLength(3);
  });

  it("takes its listeners and rules along, and nothing else", async () => {
    const answers = account({ loadBalancers: 3, listenersEach: 2, rulesEach: 1, targetGroups: 0 });
    const pagesOf = (operation: string) => answers[operation] as (input: AwsCall["input"]) => object;
    const unless = (operation: string, field: string, gone: string, code: string) => (input: AwsCall["input"]) =>
      String(input[field]).includes(gone) ? (code as unknown as object) : pagesOf(operation)(input);
    const { api } = fakeApi({
      ...answers,
      DescribeListeners: unless("DescribeListeners", "LoadBalancerArn", "lb-0/", "LoadBalancerNotFound"),
      DescribeRules: unless("DescribeRules", "ListenerArn", "lb-1/1/0", "ListenerNotFound"),
    });
    const inventory = await readInventory(api, LITTLE, SCOPE, { cache: createCache(fakeClock()) });
    expect(Object.keys(inventory.listeners)).toHaveLength(4);
    expect(Object.keys(inventory.listenerRules)).toHaveLength(3);
  });

  it("doesn't hide other refusals", async () => {
    const { api } = fakeApi({
      ...account({ loadBalancers: 1, listenersEach: 1, rulesEach: 1, targetGroups: 1 }),
      DescribeTargetHealth: "AccessDenied",
    });
    const reading = readInventory(api, LITTLE, SCOPE, { cache: createCache(fakeClock()) });
    await expect(reading).rejects.toMatchObject({ code: "AccessDenied", operation: "DescribeTargetHealth" });
  });
});

describe("what isn't found by its tags", () => {
  const there = { ...account({ loadBalancers: 0, listenersEach: 0, rulesEach: 0, targetGroups: 1 }) };
  const arn = `${ARN}targetgroup/tg-0/1`;
  const spec = { namespace: "web", name: "b", targetGroupArn: arn } as TargetGroupBindingSpec<string>;
  const bound = { "web/b": { arn: "web/b", spec } };

  it.each([
    ["listed", false],
    ["by the tagging API", true],
  ])("is read if a binding names it, and not otherwise: %s", async (_, byTaggingApi) => {
    const described = (input: AwsCall["input"]): object =>
      (there["DescribeTargetGroups"] as (input: AwsCall["input"]) => object)({ PageSize: 400, ...input });
    const untagged = {
      ...there,
      DescribeTargetGroups: described,
      DescribeTags: { TagDescriptions: [{ ResourceArn: arn, Tags: [] }] },
      GetResources: {},
    };
    const read = (targetGroupBindings: Inventory["targetGroupBindings"]) =>
      readInventory(
        fakeApi(untagged).api,
        NEEDED,
        { ...SCOPE, byTaggingApi, targetGroupBindings },
        {
          cache: createCache(fakeClock()),
        },
      );
    expect(Object.keys((await read(bound)).targetGroups)).toEqual([arn]);
    expect((await read({})).targetGroups).toEqual({});
  });
});

describe("the subscription to Shield", () => {
  it.each([
    [true, "ACTIVE", undefined],
    [true, "INACTIVE", false],
    [false, "ACTIVE", undefined],
  ])("is looked up where protection is asked for: %s, %s", async (shield, SubscriptionState, expected) => {
    const answers = account({ loadBalancers: 0, listenersEach: 0, rulesEach: 0, targetGroups: 0 });
    const { api, asked } = fakeApi({ ...answers, GetSubscriptionState: { SubscriptionState } });
    const [stack] = Object.values(LITTLE.stacks);
    const balancer = { ...stack?.loadBalancers["LoadBalancer"], shield } as LoadBalancerNeeded;
    const needed = { ...LITTLE, stacks: { web: { targetGroups: {}, loadBalancers: { LoadBalancer: balancer } } } };
    const cache = createCache(fakeClock());
    const { shieldSubscription } = await readInventory(api, needed, SCOPE, { cache });
    expect(shieldSubscription).toBe(expected);
    await readInventory(api, needed, SCOPE, { cache });
    expect(names(asked)["GetSubscriptionState"] ?? 0).toBe(shield ? 1 : 0);
  });
});

describe("the tagging API", () => {
  it("finds what carries the cluster's tag, and describes it twenty at a time", async () => {
    const answers = account({ loadBalancers: 25, listenersEach: 0, rulesEach: 0, targetGroups: 0 });
    const all = (answers["DescribeLoadBalancers"] as (input: AwsCall["input"]) => { LoadBalancers: object[] })({
      PageSize: 400,
    }).LoadBalancers as { LoadBalancerArn: string }[];
    const tags = [
      { Key: "elbv2.k8s.aws/cluster", Value: "bakery" },
      { Key: "ingress.k8s.aws/stack", Value: "web" },
      { Key: "ingress.k8s.aws/resource", Value: "LoadBalancer" },
    ];
    const { api, asked } = fakeApi({
      ...answers,
      GetResources: ({ TagFilters, PaginationToken }) => {
        if ((TagFilters as { Key: string }[])[0]?.Key !== "elbv2.k8s.aws/cluster")
          return { ResourceTagMappingList: [] };
        const page = PaginationToken === "more" ? all.slice(20) : all.slice(0, 20);
        return {
          ResourceTagMappingList: page.map(({ LoadBalancerArn }) => ({ ResourceARN: LoadBalancerArn, Tags: tags })),
          PaginationToken: PaginationToken === "more" ? "" : "more",
        };
      },
      DescribeLoadBalancers: ({ LoadBalancerArns }) => ({
        LoadBalancers: all.filter((each) => (LoadBalancerArns as string[]).includes(each.LoadBalancerArn)),
      }),
    });
    const cache = createCache(fakeClock());
    const inventory = await readInventory(api, LITTLE, { ...SCOPE, byTaggingApi: true }, { cache });
    expect(Object.keys(inventory.loadBalancers)).toHaveLength(25);
    expect(names(asked)).toMatchObject({ GetResources: 3, DescribeLoadBalancers: 2 });
    expect(names(asked)).not.toHaveProperty("DescribeTags");
  });
});

describe("what is known", () => {
  it("is forgotten when it is written, answered or not", async () => {
    const cache = createCache(fakeClock());
    const arn = `${ARN}targetgroup/tg-0/1`;
    const ask = () => cache.get("tags", arn, 1000, async () => "asked");
    const { api } = fakeApi({ AddTags: {}, RemoveTags: "Throttling", AssociateWebACL: {} });
    const forgetting = forgettingApi(api, cache);
    const write = (operation: string, input: object) =>
      forgetting({ service: "elasticloadbalancingv2", operation, input: input as AwsCall["input"] });
    let loads = 0;
    const known = () =>
      cache.get("tags", arn, 1000, async () => {
        loads++;
        return "asked";
      });
    await ask();
    await known();
    expect(loads).toBe(0);
    await write("AddTags", { ResourceArns: [arn] });
    await known();
    expect(loads).toBe(1);
    await write("RemoveTags", { ResourceArns: [arn] }).catch(() => {});
    await known();
    expect(loads).toBe(2);
    await write("AddTags", { ResourceArns: ["another"] });
    await known();
    expect(loads).toBe(2);
  });

  it("lasts as long as it may, is loaded once for all who ask, and never kept when it failed", async () => {
    const clock = fakeClock();
    const cache = createCache(clock);
    let loads = 0;
    const load = async (): Promise<number> => ++loads;
    expect(await Promise.all([cache.get("k", "a", 100, load), cache.get("k", "a", 100, load)])).toEqual([1, 1]);
    await clock.sleep(99);
    expect(await cache.get("k", "a", 100, load)).toBe(1);
    await clock.sleep(1);
    expect(await cache.get("k", "a", 100, load)).toBe(2);
    await expect(cache.get("k", "b", 100, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.get("k", "b", 100, load)).toBe(3);
  });

  it("is answered although it is forgotten while it is loaded, and loaded again afterwards", async () => {
    const cache = createCache(fakeClock());
    let loads = 0;
    const load = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      loads++;
      cache.forget("k", "a");
      return new Map(keys.map((key) => [key, key.toUpperCase()]));
    };
    const slow = async (keys: readonly string[]) => {
      await new Promise((resolve) => setImmediate(resolve));
      return load(keys);
    };
    expect([...(await cache.getMany("k", ["a", "b"], 100, slow))]).toEqual([
      ["a", "A"],
      ["b", "B"],
    ]);
    expect([...(await cache.getMany("k", ["a", "b"], 100, slow))]).toHaveLength(2);
    expect(loads).toBe(2);
  });

  it("is asked for together: what is missing and nothing else", async () => {
    const cache = createCache(fakeClock());
    const asked: (readonly string[])[] = [];
    const load = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      asked.push(keys);
      return new Map(keys.filter((key) => key !== "gone").map((key) => [key, key.toUpperCase()]));
    };
    expect([...(await cache.getMany("k", ["a", "gone"], 100, load))]).toEqual([["a", "A"]]);
    expect([...(await cache.getMany("k", ["a", "b", "gone"], 100, load)).keys()]).toEqual(["a", "b"]);
    expect(asked).toEqual([
      ["a", "gone"],
      ["b", "gone"],
    ]);
  });
});
