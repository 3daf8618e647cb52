/**
 * What is sent to AWS comes back as it was meant: the request of every creation, answered as AWS answers (target groups
 * told twice, weights and defaults filled in, hosts and paths in the old form too, secrets never), is read as the spec that
 * it was made from, so that the next plan sees no difference.
 */
import { type Action, buildDesired, callFor, type DesiredGraph, emptyAccount, plan } from "@elbplan/core";
import { aCluster } from "@elbplan/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listenerRecord } from "../packages/aws-executor/src/records/listener.ts";
import { listenerRuleRecord } from "../packages/aws-executor/src/records/listener-rule.ts";
import { loadBalancerRecord } from "../packages/aws-executor/src/records/load-balancer.ts";
import { securityGroupRecord } from "../packages/aws-executor/src/records/security-group.ts";
import { tagsOf } from "../packages/aws-executor/src/records/tags.ts";
import { targetRecord } from "../packages/aws-executor/src/records/target.ts";
import { targetGroupRecord } from "../packages/aws-executor/src/records/target-group.ts";
import { conditionsKey, sameActions, transformsKey } from "../packages/core/src/desired/rule-key.ts";
import { diffPermissions } from "../packages/core/src/diff/security-group.ts";
import { desiredGraph } from "../packages/core/test/arbitraries/graph.ts";

type Fields = { readonly [field: string]: unknown };
type Items = readonly Fields[];

/** References become texts, as an executor makes them. */
function resolved<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) => {
      if (typeof item !== "object" || item === null) return item;
      if ("ref" in item && "field" in item) return `${String(item.ref)}#${String(item.field)}`;
      return "unknown" in item && typeof item.unknown === "string" ? `<${item.unknown}>` : item;
    }),
  ) as T;
}

const REDIRECT = { Host: "#{host}", Path: "/#{path}", Port: "#{port}", Protocol: "#{protocol}", Query: "#{query}" };

function answeredAction(action: Fields): Fields {
  const { RedirectConfig, ForwardConfig, AuthenticateOidcConfig } = action;
  const { TargetGroups = [], TargetGroupStickinessConfig = { Enabled: false } } = (ForwardConfig ?? {}) as Fields;
  const { ClientSecret: _, UseExistingClientSecret: __, ...oidc } = (AuthenticateOidcConfig ?? {}) as Fields;
  const groups = (TargetGroups as Items).map((group) => ({ Weight: 1, ...group }));
  return {
    ...action,
    ...(RedirectConfig !== undefined && { RedirectConfig: { ...REDIRECT, ...(RedirectConfig as Fields) } }),
    ...(ForwardConfig !== undefined && { ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig } }),
    ...(groups.length === 1 && { TargetGroupArn: (groups[0] as Fields)["TargetGroupArn"] }),
    ...(AuthenticateOidcConfig !== undefined && { AuthenticateOidcConfig: oidc }),
  };
}

function answeredCondition(condition: Fields): Fields {
  const config = (condition["HostHeaderConfig"] ?? condition["PathPatternConfig"]) as Fields | undefined;
  return config === undefined ? condition : { ...condition, Values: config["Values"] ?? [] };
}

const actionsOf = (list: unknown): never => (list as Items).map(answeredAction).reverse() as never;

type Check = (details: never, input: Fields) => void;

const same = (found: unknown, sent: unknown): void => expect(JSON.parse(JSON.stringify(found))).toEqual(sent);

/** By kind of creation: the request as an answer, read, compared with the spec. */
const CHECKS: { readonly [kind in Action["kind"]]?: Check } = {
  createLoadBalancer: (({ spec }: Extract<Action, { kind: "createLoadBalancer" }>["details"], input: Fields) => {
    const zones = (input["SubnetMappings"] as Items).map(({ SubnetId, AllocationId }) => ({
      SubnetId,
      LoadBalancerAddresses: AllocationId === undefined ? [] : [{ AllocationId }],
    }));
    const told = { ...input, LoadBalancerName: input["Name"], AvailabilityZones: zones, VpcId: "vpc-1", DNSName: "x" };
    const { attributes: _, minimumCapacityUnits: __, tags = {}, ...sent } = resolved(spec);
    const { spec: found } = loadBalancerRecord(told as never, { tags: tagsOf(input["Tags"] as never) });
    same(found, { ...sent, tags });
  }) as Check,
  createTargetGroup: (({ spec }: Extract<Action, { kind: "createTargetGroup" }>["details"], input: Fields) => {
    const told = { IpAddressType: "ipv4", ...input, TargetGroupName: input["Name"] };
    const { attributes: _, tags = {}, healthCheck, ...sent } = resolved(spec);
    const { spec: found } = targetGroupRecord(told as never, { tags: tagsOf(input["Tags"] as never) });
    const port = String(healthCheck.port);
    same(found, { ipAddressType: "ipv4", ...sent, healthCheck: { ...healthCheck, port }, tags });
  }) as Check,
  createListener: (({ spec }: Extract<Action, { kind: "createListener" }>["details"], input: Fields) => {
    const told = { ...input, DefaultActions: actionsOf(input["DefaultActions"]) };
    const { attributes: _, defaultActions, certificates = [], tags = {}, ...sent } = resolved(spec);
    const {
      defaultActions: actions,
      certificates: first = [],
      ...found
    } = listenerRecord(told as never, {
      tags: tagsOf(input["Tags"] as never),
    }).spec;
    expect(sameActions(defaultActions, actions)).toBe(true);
    expect(first).toEqual(certificates.slice(0, 1));
    if (sent.mutualAuthentication?.mode === "verify" || sent.mutualAuthentication === undefined)
      same(found, { ...sent, tags });
    else expect(found.mutualAuthentication?.mode).toBe(sent.mutualAuthentication.mode);
  }) as Check,
  createRule: (({ spec }: Extract<Action, { kind: "createRule" }>["details"], input: Fields) => {
    const told = {
      ...input,
      Priority: String(input["Priority"]),
      Conditions: (input["Conditions"] as Items).map(answeredCondition),
      Actions: actionsOf(input["Actions"]),
    };
    const sent = resolved(spec);
    const { spec: found } = listenerRuleRecord(told as never, sent.listenerArn as never, {
      tags: tagsOf(input["Tags"] as never),
    });
    expect(sameActions(sent.actions, found.actions)).toBe(true);
    expect(conditionsKey(found.conditions)).toBe(conditionsKey(sent.conditions));
    expect(transformsKey(found.transforms)).toBe(transformsKey(sent.transforms));
    expect({ priority: found.priority, tags: found.tags }).toEqual({ priority: sent.priority, tags: sent.tags ?? {} });
  }) as Check,
  createSecurityGroup: (({ spec }: Extract<Action, { kind: "createSecurityGroup" }>["details"], input: Fields) => {
    const [{ Tags } = { Tags: [] }] = (input["TagSpecifications"] ?? []) as Items;
    const { spec: found } = securityGroupRecord({ ...input, Tags } as never);
    const { name, description, tags = {} } = resolved(spec);
    same(found, { name, description, ingress: [], tags });
  }) as Check,
  authorizeSecurityGroupIngress: ((
    { permissions }: Extract<Action, { kind: "authorizeSecurityGroupIngress" }>["details"],
    input: Fields,
  ) => {
    const { ingress } = securityGroupRecord({ IpPermissions: input["IpPermissions"] } as never).spec;
    const sent = resolved(permissions);
    expect(diffPermissions(ingress, sent)).toEqual({ missing: [], extra: [] });
    expect(ingress.map(({ description = "" }) => description)).toEqual(sent.map(({ description = "" }) => description));
  }) as Check,
  registerTargets: (({ targets }: Extract<Action, { kind: "registerTargets" }>["details"], input: Fields) => {
    const found = (input["Targets"] as Items).map((Target) =>
      targetRecord({ Target, TargetHealth: { State: "initial" } } as never),
    );
    same(
      found,
      resolved(targets).map((target) => ({ ...target, state: "initial" })),
    );
  }) as Check,
  modifyLoadBalancerAttributes: attributesCheck as Check,
  modifyTargetGroupAttributes: attributesCheck as Check,
  modifyListenerAttributes: attributesCheck as Check,
};

function attributesCheck(
  { attributes }: { readonly attributes: { readonly [key: string]: string } },
  input: Fields,
): void {
  expect(tagsOf(input["Attributes"] as never)).toEqual(attributes);
}

/** Checks every creation of the way from nothing to the graph; tells which kinds there were. */
function checkAll(graph: DesiredGraph): readonly string[] {
  const empty = { ...emptyAccount({ region: "r", accountId: "1", vpcId: graph.vpcId }), endpointSecurityGroups: {} };
  return plan(graph, empty, { warm: false }).actions.flatMap((action) => {
    const call = callFor(action);
    const check = CHECKS[action.kind];
    if (call === null || check === undefined) return [];
    check(action.details as never, resolved(call.input));
    return [action.kind];
  });
}

const RUNS = 100;

describe("a creation, echoed and read", () => {
  it("is what it was made from, for generated graphs", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(desiredGraph, (graph) => {
        for (const kind of checkAll(graph)) seen.add(kind);
      }),
      { numRuns: RUNS },
    );
    expect([...seen].sort()).toEqual([
      "authorizeSecurityGroupIngress",
      "createListener",
      "createLoadBalancer",
      "createRule",
      "createSecurityGroup",
      "createTargetGroup",
      "modifyListenerAttributes",
      "modifyLoadBalancerAttributes",
      "modifyTargetGroupAttributes",
      "registerTargets",
    ]);
  });

  it("is what it was made from, for what generated Ingresses ask for", () => {
    fc.assert(
      fc.property(aCluster, ({ snapshot, facts, settings }) => {
        checkAll(buildDesired(snapshot, facts, undefined, settings));
      }),
      { numRuns: RUNS },
    );
  });
});
