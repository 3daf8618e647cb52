import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { reaches } from "../../src/check/reaches.ts";
import { simulate } from "../../src/check/simulate.ts";
import { CLUSTER_STACK, type DesiredGraph, type Stack } from "../../src/model/graph.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Resource } from "../../src/model/resource.ts";
import { plan } from "../../src/plan.ts";
import { desiredGraph, SETTINGS } from "../arbitraries/graph.ts";
import { deepFreeze, EMPTY } from "./account/call.ts";
import { CERTIFICATE, forward, loadBalancer, NOT_FOUND, OTHER_CERTIFICATE, rule, targetGroup } from "./account/shop.ts";

const ref = (resource: string, field: "arn" | "id" = "arn", stack?: string) =>
  ({ ref: resource, field, ...(stack === undefined ? {} : { stack }) }) as const;

function stackOf(id: string, resources: readonly Resource[], more: Partial<Stack> = {}): Stack {
  return {
    id,
    explicit: false,
    status: "built",
    members: [id],
    inactiveMembers: [],
    resources: Object.fromEntries(resources.map((resource) => [`${resource.kind}/${resource.id}`, resource])),
    listenerPorts: [],
    secrets: [],
    usesBackendSecurityGroup: true,
    ...more,
  };
}

const RESOURCES: readonly Resource[] = [
  {
    kind: "securityGroup",
    id: "ManagedLBSecurityGroup",
    spec: {
      name: "shop",
      description: "x",
      ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, source: { cidrIp: "0.0.0.0/0" } }],
    },
  },
  { kind: "targetGroup", id: "shop/web-web:80", spec: targetGroup("web", { tags: { team: "a" } }) },
  {
    kind: "loadBalancer",
    id: "LoadBalancer",
    spec: loadBalancer("shop", {
      securityGroups: [
        ref("securityGroup/ManagedLBSecurityGroup", "id"),
        ref("securityGroup/backend-sg", "id", CLUSTER_STACK),
      ],
      attributes: { "idle_timeout.timeout_seconds": "90" },
    }),
  },
  {
    kind: "listener",
    id: "443",
    spec: {
      loadBalancerArn: ref("loadBalancer/LoadBalancer"),
      port: 443,
      protocol: "HTTPS",
      defaultActions: [NOT_FOUND],
      certificates: [CERTIFICATE, OTHER_CERTIFICATE],
      sslPolicy: "ELBSecurityPolicy-2016-08",
    },
  },
  {
    kind: "listenerRule",
    id: "443:1",
    spec: rule(ref("listener/443"), 1, { actions: [forward(ref("targetGroup/shop/web-web:80"))] }),
  },
  {
    kind: "webAclAssociation",
    id: "LoadBalancer",
    spec: { webAclArn: "arn:acl", resourceArn: ref("loadBalancer/LoadBalancer") },
  },
  {
    kind: "shieldProtection",
    id: "LoadBalancer",
    spec: { enabled: true, resourceArn: ref("loadBalancer/LoadBalancer") },
  },
];

const SHARED: Resource = {
  kind: "securityGroup",
  id: "backend-sg",
  spec: { name: "shared", description: "x", ingress: [] },
};

const GRAPH: DesiredGraph = {
  kind: "desired",
  settings: SETTINGS,
  vpcId: "vpc-1",
  stacks: { "shop/web": stackOf("shop/web", RESOURCES) },
  clusterStack: stackOf(CLUSTER_STACK, [SHARED], { members: [] }),
  unmanaged: [],
  classErrors: [],
  diagnostics: [],
};

const REACHED: Account = deepFreeze(simulate(EMPTY, plan(GRAPH, EMPTY)).account);

/** The reached account after an edit by hand. */
function edited(edit: (account: Mutable<Account>) => void): Account {
  const copy = structuredClone(REACHED) as Mutable<Account>;
  edit(copy);
  return copy as Account;
}

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };

const only = <T>(record: { [key: string]: T }): T => Object.values(record)[0] as T;
const named = <T extends { spec: { name: unknown } }>(record: { [key: string]: T }, name: string): T =>
  Object.values(record).find(({ spec }) => spec.name === name) as T;

describe("reaches", () => {
  it("is content with what a plan leads to", () => {
    expect(reaches(GRAPH, REACHED)).toEqual([]);
  });

  it.each<{ name: string; edit: (account: Mutable<Account>) => void; says: string }>([
    { name: "no load balancer", edit: (a) => (a.loadBalancers = {}), says: "loadBalancer/LoadBalancer doesn't exist." },
    {
      name: "another scheme",
      edit: (a) => (only(a.loadBalancers).spec.scheme = "internet-facing"),
      says: "/scheme should be",
    },
    {
      name: "another subnet",
      edit: (a) => only(a.loadBalancers).spec.subnetMappings.pop(),
      says: "/subnets should be",
    },
    {
      name: "a missing security group",
      edit: (a) => only(a.loadBalancers).spec.securityGroups?.pop(),
      says: "/securityGroups should be",
    },
    {
      name: "another attribute",
      edit: (a) => (only(a.loadBalancers).spec.attributes = {}),
      says: "/attributes/idle_timeout.timeout_seconds",
    },
    {
      name: "a tag too many",
      edit: (a) => Object.assign(only(a.loadBalancers).spec.tags ?? {}, { x: "1" }),
      says: "/tags",
    },
    { name: "a tag too few", edit: (a) => delete only(a.targetGroups).spec.tags?.["team"], says: "/tags" },
    {
      name: "an open port",
      edit: (a) =>
        named(a.securityGroups, "shop").spec.ingress.push({
          protocol: "tcp",
          fromPort: 1,
          toPort: 1,
          source: { cidrIp: "0.0.0.0/0" },
        }),
      says: "/ingress should be",
    },
    {
      name: "another health check",
      edit: (a) => (only(a.targetGroups).spec.healthCheck.path = "/x"),
      says: "/healthCheck/path",
    },
    {
      name: "another protocol version",
      edit: (a) => (only(a.targetGroups).spec.protocolVersion = "HTTP2"),
      says: "/protocolVersion",
    },
    {
      name: "another default action",
      edit: (a) => (only(a.listeners).spec.defaultActions = []),
      says: "/defaultActions",
    },
    {
      name: "another default certificate",
      edit: (a) => only(a.listeners).spec.certificates?.reverse(),
      says: "/certificate should be",
    },
    {
      name: "a certificate too many",
      edit: (a) => only(a.listeners).spec.certificates?.push("arn:x"),
      says: "/otherCertificates",
    },
    {
      name: "another policy",
      edit: (a) => (only(a.listeners).spec.sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"),
      says: "/sslPolicy",
    },
    { name: "no listener", edit: (a) => (a.listeners = {}), says: "listener/443 doesn't exist." },
    { name: "another port", edit: (a) => (only(a.listeners).spec.port = 8443), says: "is left over." },
    {
      name: "another priority",
      edit: (a) => (only(a.listenerRules).spec.priority = 2),
      says: "listenerRule/443:1 doesn't exist.",
    },
    { name: "other conditions", edit: (a) => (only(a.listenerRules).spec.conditions = []), says: "/conditions" },
    {
      name: "other actions",
      edit: (a) =>
        (only(a.listenerRules).spec.actions = [{ type: "fixed-response", fixedResponseConfig: { statusCode: "404" } }]),
      says: "/actions",
    },
    {
      name: "transforms",
      edit: (a) =>
        (only(a.listenerRules).spec.transforms = [
          { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } },
        ]),
      says: "/transforms",
    },
    { name: "no web ACL", edit: (a) => (a.webAclAssociations = {}), says: "/webAclArn" },
    { name: "no protection", edit: (a) => (a.shieldProtections = {}), says: "/enabled" },
    {
      name: "a rule too many",
      edit: (a) => {
        const { spec } = only(a.listenerRules);
        a.listenerRules["arn:extra"] = { arn: "arn:extra", spec: { ...spec, priority: 9 } };
      },
      says: "arn:extra is left over.",
    },
    {
      name: "a target group too many",
      edit: (a) => {
        const group = structuredClone(only(a.targetGroups));
        const tags = { ...group.spec.tags, "ingress.k8s.aws/resource": "shop/web-old:80" };
        a.targetGroups["arn:old"] = { ...group, arn: "arn:old", spec: { ...group.spec, tags } };
      },
      says: "arn:old is left over.",
    },
    {
      name: "a second security group of the same tags",
      edit: (a) => {
        a.securityGroups["sg-twin"] = { ...structuredClone(named(a.securityGroups, "shop")), arn: "sg-twin" };
      },
      says: "sg-twin is a second securityGroup/ManagedLBSecurityGroup.",
    },
    {
      name: "no shared group",
      edit: (a) => delete a.securityGroups[named(a.securityGroups, "shared").arn],
      says: "securityGroup/backend-sg doesn't exist.",
    },
  ])("notices $name", ({ edit, says }) => {
    const messages = reaches(GRAPH, edited(edit)).map(({ message }) => message);
    expect(messages.some((message) => message.includes(says))).toBe(true);
  });

  it.each<{ name: string; edit: (account: Mutable<Account>) => void }>([
    {
      name: "an attribute that the graph doesn't mention",
      edit: (a) => Object.assign(only(a.targetGroups).spec.attributes ?? {}, { "slow_start.duration_seconds": "30" }),
    },
    {
      name: "the names",
      edit: (a) => {
        only(a.loadBalancers).spec.name = "x";
        only(a.targetGroups).spec.name = "y";
      },
    },
    { name: "a target group's port", edit: (a) => (only(a.targetGroups).spec.port = 1) },
    { name: "the order of subnets", edit: (a) => only(a.loadBalancers).spec.subnetMappings.reverse() },
    { name: "tags of AWS", edit: (a) => Object.assign(only(a.loadBalancers).spec.tags ?? {}, { "aws:x": "1" }) },
    {
      name: "the default certificate as an extra one",
      edit: (a) => only(a.listeners).spec.certificates?.push(CERTIFICATE),
    },
    {
      name: "stickiness, where the graph says nothing of it",
      edit: (a) => {
        const [action] = only(a.listenerRules).spec.actions;
        if (action?.type === "forward")
          action.forwardConfig.targetGroupStickinessConfig = { enabled: true, durationSeconds: 60 };
      },
    },
    {
      name: "a stale position tag",
      edit: (a) => Object.assign(only(a.listenerRules).spec.tags ?? {}, { "ingress.k8s.aws/resource": "443:7" }),
    },
    {
      name: "what belongs to another cluster",
      edit: (a) => {
        a.securityGroups["sg-x"] = {
          arn: "sg-x",
          vpcId: "vpc-1",
          spec: {
            name: "x",
            description: "",
            ingress: [],
            tags: {
              "elbv2.k8s.aws/cluster": "test",
              "ingress.k8s.aws/stack": "shop/web",
              "ingress.k8s.aws/resource": "old",
            },
          },
        };
      },
    },
  ])("doesn't mind $name", ({ edit }) => {
    expect(reaches(GRAPH, edited(edit))).toEqual([]);
  });

  it("leaves failed stacks and, unless pruning, unknown ones out", () => {
    const failed = { ...GRAPH, stacks: { "shop/web": stackOf("shop/web", [], { status: "failed" }) } };
    expect(reaches(failed, EMPTY)).toEqual([]);
    const none = { ...GRAPH, stacks: {}, clusterStack: stackOf(CLUSTER_STACK, []) };
    expect(reaches(none, REACHED)).toEqual([]);
    expect(reaches(none, REACHED, { prune: true }).map(({ resource }) => resource)).toEqual([
      "loadBalancer/LoadBalancer",
      "targetGroup/shop/web-web:80",
      "securityGroup/ManagedLBSecurityGroup",
    ]);
  });

  test.prop([desiredGraph, desiredGraph], { numRuns: 60 })(
    "finds a problem exactly where a plan finds something to do",
    (before, after) => {
      const { account } = simulate(EMPTY, plan(before, EMPTY));
      const isDone = plan(after, account, { allowReplace: true, allowDelete: true }).actions.length === 0;
      expect(reaches(after, account).length === 0).toBe(isDone);
    },
  );
});
