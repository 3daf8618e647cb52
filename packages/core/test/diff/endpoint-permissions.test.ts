/** Permissions on security groups that aren't ours: when they are added, and when they may be revoked. */
import { describe, expect, it } from "vitest";
import { asAccount } from "../../src/check/account/account.ts";
import { reaches } from "../../src/check/reaches.ts";
import { checkPlan } from "../../src/check-plan.ts";
import type { Action } from "../../src/model/action.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Permission } from "../../src/model/security-group.ts";
import { SHARED_PERMISSION } from "../../src/model/target.ts";
import type { TargetGroupBindingSpec } from "../../src/model/target-group-binding.ts";
import { plan } from "../../src/plan.ts";
import { CLUSTER_TAG } from "../../src/resolve/ownership-tags.ts";
import { calls, carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { forwardTo, graphOf, path, SETTINGS, type StackSketch } from "../fixtures/graph.ts";

const ID = "shop/web-web:80";
const serving = (id: string) => ({ 80: { rules: [{ conditions: [path("/a")], actions: [forwardTo(id)] }] } });

/** A stack with the shared group whose targets are node 1 on these ports. */
function stack(ports: readonly number[], over: StackSketch = {}): StackSketch {
  return {
    usesBackendSecurityGroup: true,
    targetGroups: { [ID]: {} },
    targets: { [ID]: ports.map((port) => `i-1:${port}`) },
    listeners: serving(ID),
    ...over,
  };
}

const GONE: StackSketch = { members: [], inactiveMembers: ["shop/web"] };
const CONSENT = { allowDelete: true };

function built(...sketches: readonly StackSketch[]): Account {
  return carryOut(graphOf(sketches)).account;
}

const sharedGroup = (account: Account): string =>
  Object.values(account.securityGroups).find(({ spec }) => spec.name === "k8s-traffic-test")?.arn ?? "";

/** `+80-90`, `-80-90`: what is authorized and revoked on the nodes' group. */
function planned(graph: DesiredGraph, account: Account): readonly string[] {
  return plan(graph, account, CONSENT).actions.flatMap((action) =>
    action.resource.startsWith("endpointPermissions/") && "permissions" in action.details
      ? action.details.permissions.map(
          ({ fromPort, toPort }) => `${action.kind.startsWith("authorize") ? "+" : "-"}${fromPort}-${toPort}`,
        )
      : [],
  );
}

function withPermission(account: Account, over: Partial<Permission<string>>): Account {
  const own = { protocol: "tcp", fromPort: 80, toPort: 80, source: { securityGroupId: sharedGroup(account) } };
  return deepFreeze({
    ...account,
    endpointSecurityGroups: { "sg-nodes": [{ ...own, description: SHARED_PERMISSION, ...over }] },
  });
}

describe("permissions towards targets", () => {
  it("are there before targets are registered", () => {
    const { plan: made } = carryOut(graphOf([stack([80])]));
    const register = made.actions.find(({ kind }) => kind === "registerTargets");
    expect(register?.dependsOn).toContain("(cluster) endpointPermissions/sg-nodes authorizeSecurityGroupIngress");
    expect(made.stacks[0]?.changes.map(({ resource, kind, reason }) => `${kind} ${resource}: ${reason}`)).toEqual([
      "create securityGroup/backend-sg: security group doesn't exist",
      "create endpointPermissions/sg-nodes: load balancers reach targets through it",
    ]);
  });

  it("are widened before and narrowed after", () => {
    const account = built(stack([80]));
    expect(planned(graphOf([stack([80, 90])]), account)).toEqual(["+80-90", "-80-80"]);
    const made = plan(graphOf([stack([90])]), account);
    expect(calls(made)).toEqual([
      "authorizeSecurityGroupIngress endpointPermissions/sg-nodes",
      `registerTargets targets/${ID}`,
      `deregisterTargets targets/${ID}`,
      "revokeSecurityGroupIngress endpointPermissions/sg-nodes",
    ]);
    expect(made.actions[3]?.dependsOn).toEqual([made.actions[0]?.id, made.actions[2]?.id]);
  });

  it("go before the security group that they admit, and after the load balancer that had it", () => {
    const { plan: made, account } = carryOut(graphOf([GONE]), built(stack([80])), CONSENT);
    expect(calls(made)).toEqual([
      "deleteLoadBalancer loadBalancer/LoadBalancer",
      `deleteTargetGroup targetGroup/${ID}`,
      "revokeSecurityGroupIngress endpointPermissions/sg-nodes",
      "deleteSecurityGroup securityGroup/backend-sg",
    ]);
    expect(made.actions[2]?.dependsOn).toContain(made.actions[0]?.id);
    expect(account.endpointSecurityGroups).toEqual({});
  });

  it("are there before a load balancer takes the group that they admit", () => {
    const own = stack([80], { usesBackendSecurityGroup: false, permissions: [] });
    const account = built(own);
    const made = plan(graphOf([stack([80])]), account);
    const set = made.actions.find(({ kind }) => kind === "setSecurityGroups");
    expect(set?.dependsOn).toContain("(cluster) endpointPermissions/sg-nodes authorizeSecurityGroupIngress");
    const revoke = made.actions.find(({ kind }) => kind === "revokeSecurityGroupIngress");
    expect(revoke?.dependsOn).toContain(set?.id);
  });

  it("are there before health checks use them, and as long as they do", () => {
    const checked = (port: number): StackSketch => {
      const spec = { port, protocol: "HTTP", path: "/", intervalSeconds: 15, timeoutSeconds: 5 };
      const healthCheck = { ...spec, healthyThresholdCount: 2, unhealthyThresholdCount: 2 };
      return stack([80], { targetGroups: { [ID]: { healthCheck } } });
    };
    const needs = (graph: DesiredGraph, toPort: number): DesiredGraph => {
      const key = "endpointPermissions/sg-nodes";
      const resource = graph.clusterStack.resources[key];
      if (resource?.kind !== "endpointPermissions") throw new Error("no permissions");
      const permissions = resource.spec.permissions.map((one) => ({ ...one, toPort }));
      const wider = { ...resource, spec: { ...resource.spec, permissions } };
      const resources = { ...graph.clusterStack.resources, [key]: wider };
      return { ...graph, clusterStack: { ...graph.clusterStack, resources } };
    };
    const { account } = carryOut(needs(graphOf([checked(90)]), 90));
    const made = plan(needs(graphOf([checked(100)]), 100), account);
    expect(calls(made).map((call) => call.split(" ")[0])).toEqual([
      "authorizeSecurityGroupIngress",
      "modifyTargetGroup",
      "revokeSecurityGroupIngress",
    ]);
    expect(made.actions.slice(1).map(({ dependsOn }) => dependsOn)).toEqual([
      [made.actions[0]?.id],
      [made.actions[0]?.id, made.actions[1]?.id],
    ]);
  });
});

describe("permissions that exist", () => {
  const account = built(stack([80]));
  const second: StackSketch = { id: "blog/main", listeners: { 80: {} }, targetGroups: { "blog/main-b:80": {} } };
  const binding = (labels: TargetGroupBindingSpec["labels"], networking = true): Account => {
    const spec = {
      namespace: "shop",
      name: "own",
      labels,
      targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/own/1",
      targetType: "ip" as const,
      serviceRef: { name: "x", port: 80 },
      ipAddressType: "ipv4" as const,
      vpcId: "vpc-1",
      targetGroupProtocol: "HTTP",
      ...(networking && { networking: { ingress: [] } }),
    };
    return { ...account, targetGroupBindings: { "shop/own": { arn: "shop/own", spec } } };
  };

  /** Beside it an NLB of LBC's with one target group, made for a Service. */
  const withService = (from: Account): Account => {
    const tags = { [CLUSTER_TAG]: SETTINGS.clusterName, "service.k8s.aws/stack": "shop/tcp" };
    const [balancer] = Object.values(from.loadBalancers);
    const [group] = Object.values(from.targetGroups);
    if (balancer === undefined || group === undefined) throw new Error("nothing to go by");
    const arns = {
      balancer: `${balancer.arn}0`,
      group: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/own/1",
    };
    const nlb = {
      ...balancer,
      arn: arns.balancer,
      spec: { ...balancer.spec, type: "network" as const, name: "svc", tags },
    };
    const own = {
      ...group,
      arn: arns.group,
      loadBalancerArns: [arns.balancer],
      spec: { ...group.spec, name: "own", tags },
    };
    return {
      ...from,
      loadBalancers: { ...from.loadBalancers, [arns.balancer]: nlb },
      targetGroups: { ...from.targetGroups, [arns.group]: own },
    };
  };

  it.each<{ name: string; graph: DesiredGraph; from: Account; is: readonly string[] }>([
    {
      name: "stay when a Service has a load balancer and no binding was read",
      graph: graphOf([stack([90])]),
      from: withService(account),
      is: ["+90-90"],
    },
    {
      name: "go all the same when the Service's binding asks for none",
      graph: graphOf([stack([90])]),
      from: withService(binding({}, false)),
      is: ["+90-90", "-80-80"],
    },
    { name: "stay when they are needed", graph: graphOf([stack([80])]), from: account, is: [] },
    {
      name: "of somebody else are as good",
      graph: graphOf([stack([80])]),
      from: withPermission(account, { description: "by hand" }),
      is: [],
    },
    {
      name: "of somebody else stay",
      graph: graphOf([stack([])]),
      from: withPermission(account, { description: "by hand" }),
      is: [],
    },
    {
      name: "from another cluster's load balancers stay, though they are described alike",
      graph: graphOf([stack([])]),
      from: withPermission(account, { source: { securityGroupId: "sg-of-another-cluster" } }),
      is: [],
    },
    { name: "go when nobody needs them", graph: graphOf([stack([])]), from: account, is: ["-80-80"] },
    {
      name: "stay when the needs of a group aren't known",
      graph: { ...graphOf([stack([90])]), endpointPermissions: "incomplete" },
      from: account,
      is: ["+90-90"],
    },
    {
      name: "stay when the input wasn't read whole",
      graph: { ...graphOf([stack([90])]), incompleteInput: true },
      from: account,
      is: ["+90-90"],
    },
    {
      name: "that are wider are as good, while the needs of a group aren't known",
      graph: { ...graphOf([stack([85])]), endpointPermissions: "incomplete" },
      from: withPermission(account, { toPort: 90 }),
      is: [],
    },
    {
      name: "stay when a stack isn't in the input",
      graph: graphOf([stack([90])]),
      from: built(stack([80]), second),
      is: ["+90-90"],
    },
    {
      name: "stay when a stack failed",
      graph: graphOf([stack([90]), { id: "blog/main", status: "failed" }]),
      from: built(stack([80]), second),
      is: ["+90-90"],
    },
    {
      name: "stay when a binding of nobody's asks for some",
      graph: graphOf([stack([90])]),
      from: binding({}),
      is: ["+90-90"],
    },
    {
      name: "go all the same when it asks for none",
      graph: graphOf([stack([90])]),
      from: binding({}, false),
      is: ["+90-90", "-80-80"],
    },
    {
      name: "go all the same when LBC left the binding of an Ingress",
      graph: graphOf([stack([90])]),
      from: binding({ "ingress.k8s.aws/stack": "old" }),
      is: ["+90-90", "-80-80"],
    },
    {
      name: "stay when nobody looked for them",
      graph: graphOf([stack([90])]),
      from: (({ endpointSecurityGroups: _, ...rest }): Account => rest)(account),
      is: [],
    },
    {
      name: "go with the security group that they admit, though nobody looked for targets",
      graph: graphOf([GONE]),
      from: account,
      is: ["-80-80"],
    },
    {
      name: "are LBC's affair when its controller registers targets",
      graph: graphOf([stack([90])], { settings: { ...SETTINGS, targetRegistration: "binding" } }),
      from: account,
      is: [],
    },
  ])("$name", ({ graph, from, is }) => {
    expect(planned(graph, from)).toEqual(is);
    const after = carryOut(graph, from, CONSENT).account;
    expect(reaches(graph, after)).toEqual([]);
    expect(plan(graph, after, CONSENT).actions).toEqual([]);
  });
});

describe("a security group of targets that is full", () => {
  const full = (account: Account, permissionsPerSecurityGroup: number): Account => ({
    ...account,
    quotas: { ...account.quotas, permissionsPerSecurityGroup },
  });

  it("loses what goes before it gets what comes, and that is told", () => {
    const account = full(built(stack([80])), 1);
    const made = plan(graphOf([stack([90])]), account);
    expect(made.diagnostics.map(({ code, stack: id }) => `${code} ${id}`)).toEqual(["permissions.gap (cluster)"]);
    expect(planned(graphOf([stack([90])]), account)).toEqual(["-80-80", "+90-90"]);
    expect(reaches(graphOf([stack([90])]), carryOut(graphOf([stack([90])]), account).account)).toEqual([]);
  });

  it("stays as it is when nothing helps, and so do the stacks that need it", () => {
    const graph = graphOf([stack([80])]);
    const account = full(NOTHING, 0);
    const made = plan(graph, account);
    expect(made.actions).toEqual([]);
    expect(made.diagnostics.map(({ code, severity, stack: id }) => `${severity} ${code} ${id}`)).toEqual([
      "error permissions.over-quota (cluster)",
      "error permissions.over-quota shop/web",
    ]);
    expect(checkPlan(graph, account, made).counterexamples).toEqual([]);
  });

  it("hinders only what would be registered behind it", () => {
    const other: StackSketch = { id: "blog/web", members: ["blog/web"], targetGroups: { "blog/web-web:80": {} } };
    const more = { ...other, listeners: serving("blog/web-web:80"), usesBackendSecurityGroup: true };
    const before = full(built(stack([80]), more), 1);
    const graph = graphOf([stack([80, 90, 443]), { ...more, targets: { "blog/web-web:80": [] } }]);
    const unrestricted = { ...graph, settings: { ...graph.settings, disableRestrictedSgRules: false } };
    expect(planned(unrestricted, before)).toEqual(["-80-80", "+80-443"]);
    const none = full(before, 0);
    const made = plan(
      graphOf([stack([80, 90]), { ...more, targets: {}, listeners: { ...more.listeners, 81: {} } }]),
      none,
    );
    expect(made.actions.map(({ kind, stack: id }) => `${kind} ${id}`)).toEqual(
      expect.arrayContaining(["createListener blog/web"]),
    );
  });

  it("hinders a load balancer that takes another security group, though its targets stay", () => {
    const own = stack([80], { usesBackendSecurityGroup: false, permissions: [] });
    const account = full({ ...built(own), endpointSecurityGroups: {} }, 0);
    const graph = graphOf([stack([80])]);
    const made = plan(graph, account);
    expect(made.actions.map(({ kind }) => kind)).not.toContain("setSecurityGroups");
    expect(made.diagnostics.map(({ code, severity, stack: id }) => `${severity} ${code} ${id}`)).toEqual([
      "error permissions.over-quota (cluster)",
      "error permissions.over-quota shop/web",
    ]);
    expect(checkPlan(graph, account, made).counterexamples).toEqual([]);
  });

  it("hinders nothing that needs no more of it", () => {
    const own = stack([80], { usesBackendSecurityGroup: false, permissions: [] });
    const account = full(built(own, { id: "blog/main", listeners: { 80: {} } }), 0);
    const slower = { ...own, loadBalancer: { attributes: { "idle_timeout.timeout_seconds": "90" } } };
    const other = stack([], { id: "blog/main", members: ["blog/main"] });
    const made = plan(graphOf([slower, other]), account);
    expect(made.actions.filter((one) => one.stack === "shop/web").map(({ kind }) => kind)).toEqual([
      "modifyLoadBalancerAttributes",
    ]);
  });

  /** What somebody else lets in, one port each. */
  const byHand = (count: number, source: Permission<string>["source"] = { cidrIp: "10.0.0.0/8" }) =>
    Array.from({ length: count }, (_each, index) => ({
      ...{ protocol: "tcp", fromPort: 1000 + index, toPort: 1000 + index },
      ...{ source, description: "by hand" },
    }));
  const crowded = (account: Account, others: readonly Permission<string>[]): Account => {
    const groups = account.endpointSecurityGroups ?? {};
    return deepFreeze({
      ...account,
      endpointSecurityGroups: { ...groups, "sg-nodes": [...(groups["sg-nodes"] ?? []), ...others] },
    });
  };

  // AWS tells of load balancers only: that is what a command and the controller know.
  const told = (account: Account): Account => {
    const { quotas: _, sequence: __, ...inventory } = account;
    return { ...asAccount(inventory), quotas: { rulesPerLoadBalancer: 100, targetGroupsPerLoadBalancer: 100 } };
  };

  it.each([
    { name: "new", graph: graphOf([stack([80])]), from: NOTHING, is: ["+80-80"] },
    { name: "wider", graph: graphOf([stack([80, 90])]), from: built(stack([80])), is: ["+80-90", "-80-80"] },
    { name: "another", graph: graphOf([stack([90])]), from: built(stack([80])), is: ["+90-90", "-80-80"] },
  ])("is only warned of while AWS's default is guessed: $name", ({ graph, from, is }) => {
    for (const others of [60, 70]) {
      const account = told(crowded(from, byHand(others)));
      const made = plan(graph, account);
      expect(made.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
        "warning permissions.over-quota",
      ]);
      expect(planned(graph, account)).toEqual(is);
      const { guarantees, counterexamples } = checkPlan(graph, account, made);
      expect(counterexamples).toEqual([]);
      expect(guarantees.gapless).toBe("proven");
    }
  });

  it("holds more than it may already: what is missing comes first, for a revocation would be in vain", () => {
    const graph = graphOf([stack([90])]);
    const account = full(crowded(built(stack([80])), byHand(69)), 60);
    const made = plan(graph, account);
    expect(made.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning permissions.over-quota",
    ]);
    expect(planned(graph, account)).toEqual(["+90-90", "-80-80"]);
    expect(checkPlan(graph, account, made).guarantees).toMatchObject({ gapless: "proven", withinQuota: "refuted" });
  });

  it("isn't full by the permissions of the other IP version", () => {
    const account = full(crowded(built(stack([80])), byHand(2, { cidrIpv6: "fd00::/8" })), 3);
    const more = crowded(account, byHand(1));
    expect(planned(graphOf([stack([90])]), full(account, 4))).toEqual(["+90-90", "-80-80"]);
    expect(planned(graphOf([stack([90])]), full(more, 4))).toEqual(["+90-90", "-80-80"]);
    expect(planned(graphOf([stack([90])]), more)).toEqual(["-80-80", "+90-90"]);
  });

  it("that is revoked from in vain is a gap", () => {
    const graph = graphOf([stack([80, 90])]);
    const before = crowded(built(stack([80])), byHand(70));
    const made = plan(graph, before);
    const [authorize, revoke] = ["authorizeSecurityGroupIngress", "revokeSecurityGroupIngress"].map((kind) =>
      made.actions.find((action) => action.kind === kind),
    );
    const turned = made.actions.flatMap((action): readonly Action[] => {
      if (action === revoke) return [];
      if (action !== authorize || revoke === undefined) return [action];
      return [
        { ...revoke, dependsOn: [] },
        { ...action, dependsOn: [revoke.id] },
      ];
    });
    const { guarantees } = checkPlan(graph, full(before, 60), { ...made, actions: turned });
    expect(guarantees).toMatchObject({ gapless: "refuted", withinQuota: "refuted" });
  });
});
