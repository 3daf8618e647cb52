import { describe, expect, it } from "vitest";
import { emptyInventory } from "../../src/check/account/account.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import { CLUSTER_STACK } from "../../src/model/graph.ts";
import { plan } from "../../src/plan.ts";
import { ingress } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, loadBalancer, specOf, specsOf, stackOf } from "../fixtures/desired.ts";
import { facts, PRIVATE, subnet, VPC } from "../fixtures/facts.ts";

const MANAGED = { ref: "securityGroup/ManagedLBSecurityGroup", field: "id" };
const SHARED = { ref: "securityGroup/backend-sg", field: "id", stack: CLUSTER_STACK };
const v6 = { ipv6Cidrs: ["2001:db8::/64"], tags: PRIVATE };
const dualstack = { subnets: [subnet("subnet-1", "a", v6), subnet("subnet-2", "b", v6)] };

function permissions(graph: DesiredGraph): readonly string[] {
  return specOf(graph, "securityGroup", "ManagedLBSecurityGroup").ingress.map(
    ({ fromPort, toPort, protocol, source }) => `${protocol} ${fromPort}-${toPort} ${Object.values(source)[0]}`,
  );
}

/** Where the bindings let traffic in from. */
function backends(graph: DesiredGraph): unknown {
  return specsOf(graph, "targetGroupBinding").map(({ networking }) => networking?.ingress.flatMap(({ from }) => from));
}

describe("managed SG with per-port CIDR / prefix-list rules (IPv6 only when dualstack)", () => {
  const ports = [{ HTTP: 80 }, { HTTP: 8080 }];
  it("is open by default, one permission a port and source", () => {
    expect(permissions(annotated({ "listen-ports": ports }))).toEqual([
      "tcp 80-80 0.0.0.0/0",
      "tcp 8080-8080 0.0.0.0/0",
    ]);
  });
  it("has IPv6 ranges on a dualstack load balancer only", () => {
    const graph = annotated({ "ip-address-type": "dualstack" }, {}, {}, { facts: dualstack });
    expect(permissions(graph)).toEqual(["tcp 80-80 0.0.0.0/0", "tcp 80-80 ::/0"]);
    expect(permissions(annotated({ "inbound-cidrs": "2001:db8::/32" }))).toEqual([]);
  });
  it("sorts and joins CIDRs and prefix lists", () => {
    const graph = annotated({
      "inbound-cidrs": "11.0.0.0/8, 10.1.2.3/8,11.0.0.0/8",
      "security-group-prefix-lists": "pl-2,pl-1",
    });
    expect(permissions(graph)).toEqual(
      ["10.1.2.3/8", "11.0.0.0/8", "pl-1", "pl-2"].map((source) => `tcp 80-80 ${source}`),
    );
  });
  it.each(["10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "10.0/8", "::/129", "x", "fe80::%eth0/64", "10.0.0.0/08"])(
    "%s is no CIDR",
    (cidr) => {
      expect(errorCodes(annotated({ "inbound-cidrs": cidr }))).toEqual(["listener.cidr-invalid"]);
      expect(errorCodes(annotated({ "inbound-cidrs": cidr, "security-groups": "sg-0a" }))).toEqual([
        "listener.cidr-invalid",
      ]);
    },
  );
});

describe("prefix lists suppress the 0/0 default", () => {
  it("alone they are the only sources", () => {
    expect(permissions(annotated({ "security-group-prefix-lists": "pl-1" }))).toEqual(["tcp 80-80 pl-1"]);
  });
});

describe("inbound-cidrs merge", () => {
  const member = (name: string, annotations: object) =>
    ingress({ name, annotations: { "group.name": "team", ...annotations } });
  it("one member's hold for its ports, other ports stay open", () => {
    const graph = desired({
      ingresses: [
        member("a", { "inbound-cidrs": "10.0.0.0/8" }),
        member("b", { "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] }),
      ],
    });
    expect(permissions(graph)).toEqual(["tcp 80-80 10.0.0.0/8", "tcp 8080-8080 0.0.0.0/0"]);
  });
  it("two members may differ on different ports only", () => {
    const other = { "inbound-cidrs": "11.0.0.0/8" };
    const apart = desired({
      ingresses: [
        member("a", { "inbound-cidrs": "10.0.0.0/8" }),
        member("b", { ...other, "listen-ports": [{ HTTP: 8080 }] }),
      ],
    });
    expect(permissions(apart)).toEqual(["tcp 80-80 10.0.0.0/8", "tcp 8080-8080 11.0.0.0/8"]);
  });
});

describe("explicit SGs by ID or Name", () => {
  it.each([
    { groups: "sg-0a,sg-0b", expected: ["sg-0b", "sg-0a"] },
    { groups: "alpha, beta", expected: ["sg-0b", "sg-0a"] },
    { groups: "beta,sg-0a", expected: ["sg-0a", "sg-0b"] },
    { groups: "twin,sg-0a", expected: ["sg-0a", "sg-0c", "sg-0d"] },
    { groups: "twin,twin,sg-0c", expected: ["sg-0c", "sg-0d"] },
  ])("$groups: ids first, then names, each in AWS's order", ({ groups, expected }) => {
    const graph = annotated({ "security-groups": groups });
    expect(loadBalancer(graph).securityGroups).toEqual(expected);
    expect(backends(graph)).toEqual([undefined]);
  });
  it.each(["sg-9", "nobody", "sg-0a,nobody", "constructor"])("%s isn't there", (groups) => {
    expect(errorCodes(annotated({ "security-groups": groups }))).toEqual(["security-group.not-found"]);
  });
  it("a name counts in the VPC only, an id everywhere", () => {
    const securityGroups = [{ id: "sg-1", name: "far", vpcId: "vpc-x", tags: { Name: "far" } }];
    expect(errorCodes(annotated({ "security-groups": "far" }, {}, {}, { facts: { securityGroups } }))).toEqual([
      "security-group.not-found",
    ]);
    expect(
      loadBalancer(annotated({ "security-groups": "sg-1" }, {}, {}, { facts: { securityGroups } })).securityGroups,
    ).toEqual(["sg-1"]);
  });
  it("an empty list means the managed one", () => {
    expect(loadBalancer(annotated({ "security-groups": " , " })).securityGroups).toEqual([MANAGED, SHARED]);
  });
});

describe("shared backend SG: given by flag", () => {
  it("is used as it is", () => {
    const graph = desired({}, { flags: { "backend-security-group": "sg-flag" } });
    expect(loadBalancer(graph).securityGroups).toEqual([MANAGED, "sg-flag"]);
    expect(backends(graph)).toEqual([[{ securityGroupId: "sg-flag" }]]);
    expect(graph.clusterStack.resources).toEqual({});
  });
});

describe("shared backend SG: auto-generated, life cycle", () => {
  it("belongs to the cluster stack, with the default tags", () => {
    const graph = desired({}, { flags: { "default-tags": "a=1" } });
    expect(graph.clusterStack.resources["securityGroup/backend-sg"]?.spec).toMatchObject({
      name: expect.stringMatching(/^k8s-traffic-demo-[0-9a-f]{10}$/),
      ingress: [],
      tags: { a: "1" },
    });
    expect(stackOf(graph).usesBackendSecurityGroup).toBe(true);
  });
  it("isn't made without a stack that needs it", () => {
    expect(annotated({ "security-groups": "sg-0a" }).clusterStack.resources).toEqual({});
    expect(annotated({ scheme: "broken" }).clusterStack.resources).toEqual({});
  });
  it("one that exists is used", () => {
    const tags = { "elbv2.k8s.aws/cluster": "demo", "elbv2.k8s.aws/resource": "backend-sg" };
    const securityGroups = [
      { id: "sg-far", name: "x", vpcId: "vpc-x", tags },
      { id: "sg-other", name: "x", tags: { ...tags, "elbv2.k8s.aws/cluster": "other" } },
      { id: "sg-own", name: "x", vpcId: VPC, tags },
    ];
    const graph = desired({}, { facts: { securityGroups: [...facts().securityGroups, ...securityGroups] } });
    expect(loadBalancer(graph).securityGroups).toEqual([MANAGED, "sg-own"]);
  });
  it("without it the managed group is the backend", () => {
    const graph = desired({}, { flags: { "enable-backend-security-group": "false" } });
    expect(loadBalancer(graph).securityGroups).toEqual([MANAGED]);
    expect(backends(graph)).toEqual([[{ securityGroupId: MANAGED }]]);
  });
});

describe("manage-backend-security-group-rules annotation/flag", () => {
  const given = { "security-groups": "sg-0a" };
  it.each([
    { annotation: "true", flag: "false", managed: true },
    { annotation: "false", flag: "true", managed: false },
    { annotation: undefined, flag: "true", managed: true },
    { annotation: undefined, flag: "false", managed: false },
  ])("annotation $annotation, flag $flag: $managed", ({ annotation, flag, managed }) => {
    const annotations = { ...given, ...(annotation && { "manage-backend-security-group-rules": annotation }) };
    const flags = { "enable-manage-backend-security-group-rules": flag };
    const graph = annotated(annotations, {}, {}, { flags });
    expect(loadBalancer(graph).securityGroups).toEqual(managed ? ["sg-0a", SHARED] : ["sg-0a"]);
    expect(backends(graph)).toEqual([managed ? [{ securityGroupId: SHARED }] : undefined]);
  });
  it("needs the shared group, and is not looked at without security-groups", () => {
    const flags = { "enable-backend-security-group": "false" };
    const manage = { "manage-backend-security-group-rules": "true" };
    expect(errorCodes(annotated({ ...given, ...manage }, {}, {}, { flags }))).toEqual([
      "security-group.backend-disabled",
    ]);
    expect(errorCodes(annotated(manage, {}, {}, { flags }))).toEqual([]);
    expect(errorCodes(annotated({ "manage-backend-security-group-rules": "nonsense" }))).toEqual([]);
  });
});

describe("restricted vs unrestricted TGB networking", () => {
  it("one rule a port, or one rule for every port", () => {
    const ports = (flag: string) =>
      specsOf(
        annotated({ "healthcheck-port": "9000" }, {}, {}, { flags: { "disable-restricted-sg-rules": flag } }),
        "targetGroupBinding",
      ).map(({ networking }) => networking?.ingress.map((rule) => rule.ports));
    expect(ports("false")).toEqual([[[{ protocol: "TCP", port: 30080 }], [{ protocol: "TCP", port: 9000 }]]]);
    expect(ports("true")).toEqual([[[{ protocol: "TCP" }]]]);
  });
});

describe("a shared group that exists", () => {
  const tags = { "elbv2.k8s.aws/cluster": "demo", "elbv2.k8s.aws/resource": "backend-sg" };
  const known = { securityGroups: [{ id: "sg-shared", name: "k8s-traffic", tags }] };
  const empty = emptyInventory({ region: "eu-central-1", accountId: "111122223333", vpcId: VPC });
  const spec = { name: "k8s-traffic", description: "", ingress: [], tags };
  const owned = { ...empty, securityGroups: { "sg-shared": { arn: "sg-shared", vpcId: VPC, spec } } };

  it("is taken as the facts tell when there is no inventory", () => {
    const graph = desired({}, { facts: known });
    expect(loadBalancer(graph).securityGroups?.at(-1)).toBe("sg-shared");
    expect(graph.clusterStack.resources).toEqual({});
  });

  it("is kept as it should be when the inventory holds it, whatever the facts tell", () => {
    const graph = desired({}, { facts: known, inventory: owned });
    expect(loadBalancer(graph).securityGroups?.at(-1)).toEqual(SHARED);
    expect(Object.keys(graph.clusterStack.resources)).toEqual(["securityGroup/backend-sg"]);
    expect(plan(graph, owned).actions.map(({ kind }) => kind)).not.toContain("deleteSecurityGroup");
    expect(plan(graph, owned).actions.map(({ resource }) => resource)).not.toContain("securityGroup/backend-sg");
  });
});
