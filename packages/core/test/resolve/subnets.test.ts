import { describe, expect, it } from "vitest";
import type { RouteTableFact, SubnetFact } from "../../src/model/facts.ts";
import { classWithParams, ingress } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, loadBalancer, type Surroundings } from "../fixtures/desired.ts";
import { facts, PRIVATE, subnet } from "../fixtures/facts.ts";

type Annotations = { readonly [name: string]: unknown };

function placed(annotations: Annotations, around: Surroundings = {}): readonly string[] | string {
  const graph = annotated(annotations, {}, {}, around);
  const [error] = errorCodes(graph);
  return error ?? loadBalancer(graph).subnetMappings.map(({ subnetId }) => subnetId);
}

function discovered(subnets: readonly SubnetFact[], rest: Surroundings = {}, annotations: Annotations = {}) {
  return placed(annotations, { ...rest, facts: { subnets, ...rest.facts } });
}

const FAILED = "subnet.discovery-failed";
const UNUSABLE = "subnet.not-usable";
const a = (id: string, sketch: Partial<SubnetFact> = {}) => subnet(id, "a", { tags: PRIVATE, ...sketch });
const b = (id: string, sketch: Partial<SubnetFact> = {}) => subnet(id, "b", { tags: PRIVATE, ...sketch });

describe("explicit subnets by ID or Name, order kept, duplicates of a Name", () => {
  const twins = [
    subnet("subnet-2", "b", { tags: { Name: "twin" } }),
    subnet("subnet-1", "a", { tags: { Name: "twin" } }),
    subnet("subnet-3", "c", { tags: { Name: "twin" } }),
    subnet("subnet-4", "c", { tags: { Name: "other" }, vpcId: "vpc-other" }),
  ];
  it.each([
    { subnets: "subnet-3,subnet-1", expected: ["subnet-3", "subnet-1"] },
    { subnets: " twin , subnet-3 ,twin,", expected: ["subnet-1", "subnet-3", "subnet-2"] },
    { subnets: "twin,twin,twin", expected: ["subnet-1", "subnet-2", "subnet-3"] },
    { subnets: "twin,twin,twin,twin", expected: UNUSABLE },
    { subnets: "subnet-1,nowhere", expected: UNUSABLE },
    { subnets: "subnet-1,subnet-9", expected: UNUSABLE },
    { subnets: "subnet-1,subnet-1", expected: UNUSABLE },
    { subnets: "subnet-1,other", expected: UNUSABLE },
    { subnets: "constructor,__proto__", expected: UNUSABLE },
    { subnets: "", expected: UNUSABLE },
    { subnets: "subnet-1", expected: UNUSABLE },
  ])("$subnets: $expected", ({ subnets, expected }) => {
    expect(placed({ subnets }, { facts: { subnets: twins } })).toEqual(expected);
  });
  it("one zone has one subnet", () => {
    expect(placed({ subnets: "subnet-0a,subnet-1a" })).toBe(UNUSABLE);
  });
  it("neither free addresses nor cluster tags matter", () => {
    const tags = { "kubernetes.io/cluster/other": "owned" };
    const subnets = [
      subnet("subnet-1", "a", { availableIPs: 0, tags }),
      subnet("subnet-2", "b", { availableIPs: 0, tags }),
    ];
    expect(placed({ subnets: "subnet-1,subnet-2" }, { facts: { subnets } })).toEqual(["subnet-1", "subnet-2"]);
  });
});

describe("subnets by tag selector", () => {
  const subnets = [a("subnet-1", { tags: { tier: "lb*" } }), b("subnet-2", { tags: { tier: "lbx" } }), b("subnet-3")];
  it.each([
    { name: "a value", tags: { tier: ["lbx", "lb\\*"] }, expected: ["subnet-1", "subnet-2"] },
    { name: "a pattern", tags: { tier: ["lb?"] }, expected: ["subnet-1", "subnet-2"] },
    { name: "keys that must all match", tags: { tier: ["*"], other: ["*"] }, expected: UNUSABLE },
    { name: "letters that differ in case", tags: { tier: ["LB*"] }, expected: UNUSABLE },
  ])("$name: $expected", ({ tags, expected }) => {
    const objects = {
      ...classWithParams("params", { subnets: { tags } }),
      ingresses: [ingress({ className: "params" })],
    };
    const graph = desired(objects, { facts: { subnets } });
    const [error] = errorCodes(graph);
    expect(error ?? loadBalancer(graph).subnetMappings.map(({ subnetId }) => subnetId)).toEqual(expected);
  });
});

describe("reuse of the existing LB's subnets", () => {
  const live = (scheme: string, tags: Record<string, string> = {}) => ({
    arn: "arn:lb",
    name: "x",
    type: "application",
    scheme,
    subnetIds: ["subnet-9", "subnet-8"],
    tags: { "elbv2.k8s.aws/cluster": "demo", "ingress.k8s.aws/stack": "shop/web", ...tags },
  });
  it.each([
    { name: "same scheme: as AWS reports them, unchecked", load: live("internal"), expected: ["subnet-9", "subnet-8"] },
    { name: "another scheme: discovery", load: live("internet-facing"), expected: ["subnet-0a", "subnet-0b"] },
    {
      name: "another cluster's: discovery",
      load: live("internal", { "elbv2.k8s.aws/cluster": "x" }),
      expected: ["subnet-0a", "subnet-0b"],
    },
    {
      name: "another stack's: discovery",
      load: live("internal", { "ingress.k8s.aws/stack": "x" }),
      expected: ["subnet-0a", "subnet-0b"],
    },
  ])("$name", ({ load, expected }) => {
    expect(placed({}, { facts: { loadBalancers: [load] } })).toEqual(expected);
  });
  it("explicit subnets come first", () => {
    const loadBalancers = [live("internal")];
    expect(placed({ subnets: "subnet-1b,subnet-1a" }, { facts: { loadBalancers } })).toEqual([
      "subnet-1b",
      "subnet-1a",
    ]);
  });
});

describe("discovery by role tag", () => {
  it("private for internal, public for internet-facing", () => {
    expect(placed({})).toEqual(["subnet-0a", "subnet-0b"]);
    expect(placed({ scheme: "internet-facing" })).toEqual(["subnet-1a", "subnet-1b"]);
  });
  it.each([
    { value: "", expected: ["subnet-1", "subnet-2"] },
    { value: "1", expected: ["subnet-1", "subnet-2"] },
    { value: "true", expected: FAILED },
    { value: "0", expected: FAILED },
  ])("role tag with the value $value: $expected", ({ value, expected }) => {
    const tags = { "kubernetes.io/role/internal-elb": value };
    const flags = { "feature-gates": "SubnetDiscoveryByReachability=false" };
    expect(discovered([a("subnet-1", { tags }), b("subnet-2", { tags })], { flags })).toEqual(expected);
  });
  it("subnets of another VPC aren't seen", () => {
    const flags = { "feature-gates": "SubnetDiscoveryByReachability=false" };
    expect(discovered([a("subnet-1", { vpcId: "vpc-x" }), b("subnet-2", { vpcId: "vpc-x" })], { flags })).toBe(FAILED);
  });
});

describe("discovery by route-table reachability", () => {
  const subnets = [subnet("subnet-1", "a"), subnet("subnet-2", "b"), subnet("subnet-3", "a"), subnet("subnet-4", "b")];
  const table = (id: string, gatewayId: string, subnetIds: readonly string[], main = false): RouteTableFact => ({
    id,
    main,
    subnetIds,
    routes: [{ destination: "0.0.0.0/0", gatewayId }],
  });
  const routeTables = [table("rtb-1", "igw-1", ["subnet-1", "subnet-2"]), table("rtb-2", "local", [], true)];

  it("an explicit association beats the main table; an internet gateway makes it public", () => {
    expect(discovered(subnets, { facts: { routeTables } })).toEqual(["subnet-3", "subnet-4"]);
    expect(discovered(subnets, { facts: { routeTables } }, { scheme: "internet-facing" })).toEqual([
      "subnet-1",
      "subnet-2",
    ]);
  });
  it("no main route table is an error", () => {
    expect(discovered(subnets, { facts: { routeTables: routeTables.slice(0, 1) } })).toBe(FAILED);
  });
  it("the gate switches it off", () => {
    const flags = { "feature-gates": "SubnetDiscoveryByReachability=false" };
    expect(discovered(subnets, { flags, facts: { routeTables } })).toBe(FAILED);
  });
  it("a single role tag switches it off", () => {
    expect(discovered([...subnets, a("subnet-5")], { facts: { routeTables } })).toBe(FAILED);
  });
});

describe("cluster-tag eligibility check", () => {
  const own = { ...PRIVATE, "kubernetes.io/cluster/demo": "anything" };
  const other = { ...PRIVATE, "kubernetes.io/cluster/other": "shared" };
  it.each([
    { name: "only another's tag", tags: other, expected: FAILED },
    { name: "ours beside another's", tags: { ...other, ...own }, expected: ["subnet-1", "subnet-2"] },
    { name: "the bare prefix", tags: { ...PRIVATE, "kubernetes.io/cluster": "x" }, expected: FAILED },
    { name: "no cluster tag", tags: PRIVATE, expected: ["subnet-1", "subnet-2"] },
  ])("$name: $expected", ({ tags, expected }) => {
    expect(discovered([a("subnet-1", { tags }), b("subnet-2", { tags })])).toEqual(expected);
  });
  it("the gate switches it off", () => {
    const flags = { "feature-gates": "SubnetsClusterTagCheck=false" };
    expect(discovered([a("subnet-1", { tags: other }), b("subnet-2", { tags: other })], { flags })).toEqual([
      "subnet-1",
      "subnet-2",
    ]);
  });
});

describe("free-IP check ≥ 8", () => {
  it("eight are enough, seven aren't", () => {
    expect(discovered([a("subnet-1", { availableIPs: 8 }), b("subnet-2", { availableIPs: 8 })])).toEqual([
      "subnet-1",
      "subnet-2",
    ]);
    expect(discovered([a("subnet-1", { availableIPs: 7 }), a("subnet-3"), b("subnet-2")])).toEqual([
      "subnet-2",
      "subnet-3",
    ]);
    expect(discovered([a("subnet-1", { availableIPs: 7 }), b("subnet-2", { availableIPs: 7 })])).toBe(FAILED);
  });
});

describe("per-AZ choice and tie-break", () => {
  it("tagged for the cluster first, then the lowest id; the result is sorted", () => {
    const tagged = { ...PRIVATE, "kubernetes.io/cluster/demo": "" };
    expect(discovered([b("subnet-4"), a("subnet-3"), a("subnet-2"), b("subnet-1")])).toEqual(["subnet-1", "subnet-2"]);
    expect(discovered([a("subnet-1"), a("subnet-9", { tags: tagged }), b("subnet-2")])).toEqual([
      "subnet-2",
      "subnet-9",
    ]);
  });
});

describe("AZ / local zone / wavelength / outpost locale rules", () => {
  const zone = (name: string, type: string) => ({ name, id: name, type });
  const availabilityZones = [...facts().availabilityZones, zone("wl", "wavelength-zone"), zone("moon", "moon-base")];
  const inZone = (id: string, az: string, sketch: Partial<SubnetFact> = {}) =>
    subnet(id, "a", { az, azId: az, tags: PRIVATE, ...sketch });
  it.each([
    { name: "one local zone", subnets: [inZone("subnet-1", "eu-central-1-ham-1a")], expected: ["subnet-1"] },
    { name: "one wavelength zone", subnets: [inZone("subnet-1", "wl")], expected: ["subnet-1"] },
    { name: "an outpost", subnets: [a("subnet-1", { outpostArn: "arn:outpost" })], expected: ["subnet-1"] },
    { name: "an empty outpost ARN is none", subnets: [a("subnet-1", { outpostArn: "" })], expected: FAILED },
    { name: "mixed", subnets: [a("subnet-1"), inZone("subnet-2", "wl")], expected: FAILED },
    { name: "a zone of unknown type", subnets: [a("subnet-1"), inZone("subnet-2", "moon")], expected: FAILED },
    { name: "an unknown zone", subnets: [a("subnet-1"), inZone("subnet-2", "nowhere")], expected: FAILED },
  ])("$name: $expected", ({ subnets, expected }) => {
    expect(discovered(subnets, { facts: { availabilityZones } })).toEqual(expected);
  });
});

describe("minimum AZ count and ALBSingleSubnet gate", () => {
  it("two zones, unless the gate is on", () => {
    const flags = { "feature-gates": "ALBSingleSubnet=true" };
    expect(discovered([a("subnet-1")])).toBe(FAILED);
    expect(discovered([a("subnet-1")], { flags })).toEqual(["subnet-1"]);
    expect(placed({ subnets: "subnet-0a" }, { flags })).toEqual(["subnet-0a"]);
    expect(discovered([], { flags })).toBe(FAILED);
  });
});

describe("IPv6 CIDR needed for dualstack", () => {
  const v6 = { ipv6Cidrs: ["2001:db8::/64"] };
  it.each(["dualstack", "dualstack-without-public-ipv4"])("%s", (type) => {
    const annotations = { "ip-address-type": type };
    const subnets = [a("subnet-1"), a("subnet-2", v6), b("subnet-3", v6)];
    expect(discovered(subnets, {}, annotations)).toEqual(["subnet-2", "subnet-3"]);
    expect(discovered(subnets.slice(0, 1), {}, annotations)).toBe(FAILED);
    const explicit = { ...annotations, subnets: "subnet-1,subnet-3" };
    expect(discovered(subnets, {}, explicit)).toBe(UNUSABLE);
    expect(discovered(subnets, {}, { ...annotations, subnets: "subnet-2,subnet-3" })).toEqual(["subnet-2", "subnet-3"]);
  });
});

it("the order in which AWS lists subnets doesn't matter to discovery", () => {
  const subnets = facts().subnets;
  const one = desired({}, { facts: { subnets } });
  const other = desired({}, { facts: { subnets: subnets.toReversed() } });
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
});
