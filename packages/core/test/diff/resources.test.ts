/** What is a difference and what isn't: one change by hand or by the goal at a time, and the calls that follow. */
import { describe, expect, it } from "vitest";
import type { Account } from "../../src/model/inventory.ts";
import type { Settings } from "../../src/model/settings.ts";
import { plan } from "../../src/plan.ts";
import { calls, carryOut } from "../fixtures/carry-out.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { without, withSpec, withTwin } from "../fixtures/edit.ts";
import { forwardTo, graphOf, path, ref, resource, SETTINGS, type StackSketch, tcp } from "../fixtures/graph.ts";

const CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const BASE: StackSketch = {
  permissions: [tcp(443)],
  loadBalancer: { attributes: { "idle_timeout.timeout_seconds": "60" }, tags: { team: "web" } },
  targetGroups: { "shop/web-web:80": { attributes: { "stickiness.enabled": "false" } } },
  listeners: {
    443: {
      protocol: "HTTPS",
      certificates: [CERTIFICATE],
      sslPolicy: "ELBSecurityPolicy-2016-08",
      rules: [{ conditions: [path("/a")], actions: [forwardTo("shop/web-web:80")], tags: { team: "web" } }],
    },
  },
};
const TARGET_GROUP = "targetGroup/shop/web-web:80";
const LOAD_BALANCER = "loadBalancer/LoadBalancer";
const GROUP = "securityGroup/ManagedLBSecurityGroup";
const RULE = "listenerRule/443:1";

const account = carryOut(graphOf([BASE])).account;

interface Case {
  readonly name: string;
  /** Somebody's change of the account. */
  readonly drift?: (account: Account) => Account;
  readonly goal?: Partial<StackSketch>;
  readonly settings?: Partial<Settings>;
  readonly calls: readonly string[];
}

function check(cases: readonly Case[]): void {
  it.each(cases)("$name", ({ drift, goal, settings, calls: expected }) => {
    const inventory = deepFreeze(drift?.(account) ?? account);
    const desired = graphOf([{ ...BASE, ...goal }], { settings: { ...SETTINGS, ...settings } });
    expect(calls(plan(deepFreeze(desired), inventory, { allowReplace: true, allowDelete: true }))).toEqual(expected);
  });
}

const tags = (more: object) => (spec: { readonly tags?: object }) => ({ tags: { ...spec.tags, ...more } });
const gates = (over: Partial<Settings["featureGates"]>) => ({ featureGates: { ...SETTINGS.featureGates, ...over } });

describe("tags", () => {
  check([
    {
      name: "a stray tag is removed",
      drift: (it) => withSpec(it, "targetGroups", tags({ stray: "1" })),
      calls: [`removeTags ${TARGET_GROUP}`],
    },
    {
      name: "a changed tag is written",
      drift: (it) => withSpec(it, "loadBalancers", tags({ team: "other" })),
      calls: [`addTags ${LOAD_BALANCER}`],
    },
    {
      name: "writing comes before removing",
      goal: { loadBalancer: { ...BASE.loadBalancer, tags: { owner: "web" } } },
      calls: [`addTags ${LOAD_BALANCER}`, `removeTags ${LOAD_BALANCER}`],
    },
    {
      name: "AWS's own, version 1's and external tags stay",
      drift: (it) =>
        withSpec(it, "loadBalancers", tags({ "aws:x": "1", "kubernetes.io/cluster/test": "owned", cost: "1" })),
      settings: { externalManagedTags: ["cost"] },
      calls: [],
    },
    {
      name: "security groups have calls of their own",
      drift: (it) => withSpec(it, "securityGroups", tags({ stray: "1" })),
      calls: [`deleteTags ${GROUP}`],
    },
    {
      name: "listeners and rules are left alone without the gate",
      drift: (it) => withSpec(withSpec(it, "listeners", tags({ stray: "1" })), "listenerRules", tags({ stray: "1" })),
      settings: gates({ ListenerRulesTagging: false }),
      calls: [],
    },
    {
      name: "listeners and rules are cleaned with the gate",
      drift: (it) => withSpec(withSpec(it, "listeners", tags({ stray: "1" })), "listenerRules", tags({ stray: "1" })),
      calls: ["removeTags listener/443", `removeTags ${RULE}`],
    },
    {
      name: "a rule's stale position is no difference",
      drift: (it) => withSpec(it, "listenerRules", tags({ "ingress.k8s.aws/resource": "443:7" })),
      calls: [],
    },
    {
      name: "a rule's stale position is written with positionTags exact",
      drift: (it) => withSpec(it, "listenerRules", tags({ "ingress.k8s.aws/resource": "443:7" })),
      settings: { positionTags: "exact" },
      calls: [`addTags ${RULE}`],
    },
  ]);

  it("writes a rule's position along with another tag", () => {
    const drift = withSpec(account, "listenerRules", tags({ "ingress.k8s.aws/resource": "443:7", team: "x" }));
    const [action] = plan(graphOf([BASE]), drift).actions;
    expect(action?.details).toMatchObject({ tags: { "ingress.k8s.aws/resource": "443:1", team: "web" } });
  });
});

describe("security groups", () => {
  check([
    {
      name: "a missing permission is authorized",
      drift: (it) => withSpec(it, "securityGroups", () => ({ ingress: [] })),
      calls: [`authorizeSecurityGroupIngress ${GROUP}`],
    },
    {
      name: "an extra one is revoked, whoever wrote it",
      drift: (it) => withSpec(it, "securityGroups", ({ ingress }) => ({ ingress: [...ingress, tcp(22)] })),
      calls: [`revokeSecurityGroupIngress ${GROUP}`],
    },
    {
      name: "authorize comes before revoke",
      goal: { permissions: [tcp(443, { cidrIp: "10.0.0.0/8" })] },
      calls: [`authorizeSecurityGroupIngress ${GROUP}`, `revokeSecurityGroupIngress ${GROUP}`],
    },
    {
      name: "a description is no difference",
      drift: (it) =>
        withSpec(it, "securityGroups", () => ({ ingress: [{ ...tcp(443), description: "x" }], name: "y" })),
      calls: [],
    },
    {
      name: "of twins the first is kept and the other deleted",
      drift: (it) => withTwin(it, "securityGroups", "sg-zzz", { ingress: [] }),
      calls: [`deleteSecurityGroup ${GROUP}`],
    },
  ]);
});

describe("target groups", () => {
  const change = (over: object): Partial<StackSketch> => ({ targetGroups: { "shop/web-web:80": over } });
  const replaced = [`createTargetGroup ${TARGET_GROUP}`, `modifyRule ${RULE}`, `deleteTargetGroup ${TARGET_GROUP}`];
  check([
    {
      name: "a health check field is modified",
      drift: (it) =>
        withSpec(it, "targetGroups", ({ healthCheck }) => ({ healthCheck: { ...healthCheck, path: "/x" } })),
      calls: [`modifyTargetGroup ${TARGET_GROUP}`],
    },
    {
      name: "a health check port is the same as number and as text",
      drift: (it) =>
        withSpec(it, "targetGroups", ({ healthCheck }) => ({ healthCheck: { ...healthCheck, port: "8080" } })),
      goal: change({
        healthCheck: {
          port: 8080,
          protocol: "HTTP",
          path: "/",
          intervalSeconds: 15,
          timeoutSeconds: 5,
          healthyThresholdCount: 2,
          unhealthyThresholdCount: 2,
        },
      }),
      calls: [],
    },
    {
      name: "a specified attribute is modified",
      drift: (it) => withSpec(it, "targetGroups", () => ({ attributes: { "stickiness.enabled": "true" } })),
      calls: [`modifyTargetGroupAttributes ${TARGET_GROUP}`],
    },
    {
      name: "an attribute that the goal doesn't mention stays",
      drift: (it) =>
        withSpec(it, "targetGroups", ({ attributes }) => ({
          attributes: { ...attributes, "slow_start.duration_seconds": "30" },
        })),
      calls: [],
    },
    {
      name: "name, port and address type are never changed",
      goal: change({ name: "n", port: 1, ipAddressType: "ipv6" }),
      calls: [],
    },
    {
      name: "another name that isn't known yet is no difference",
      goal: change({ name: { unknown: "a uid" } }),
      calls: [],
    },
    { name: "another target type makes a new one", goal: change({ name: "n", targetType: "ip" }), calls: replaced },
    { name: "another protocol makes a new one", goal: change({ name: "n", protocol: "HTTPS" }), calls: replaced },
    {
      name: "another protocol version makes a new one",
      goal: change({ name: "n", protocolVersion: "GRPC" }),
      calls: replaced,
    },
    { name: "a control port makes a new one", goal: change({ name: "n", targetControlPort: 3000 }), calls: replaced },
    {
      name: "all twins are updated, the last one is used",
      drift: (it) =>
        withSpec(withTwin(it, "targetGroups", "arn:zzz"), "targetGroups", ({ healthCheck }) => ({
          healthCheck: { ...healthCheck, timeoutSeconds: 9 },
        })),
      calls: [`modifyTargetGroup ${TARGET_GROUP}`, `modifyTargetGroup ${TARGET_GROUP}`, `modifyRule ${RULE}`],
    },
  ]);
});

describe("load balancers", () => {
  const change = (over: object): Partial<StackSketch> => ({ loadBalancer: { ...BASE.loadBalancer, ...over } });
  check([
    { name: "the name is never changed", goal: change({ name: "n" }), calls: [] },
    {
      name: "subnets are a set",
      goal: change({ subnetMappings: [{ subnetId: "subnet-b" }, { subnetId: "subnet-a" }] }),
      calls: [],
    },
    {
      name: "other subnets are set",
      goal: change({ subnetMappings: [{ subnetId: "subnet-b" }, { subnetId: "subnet-c" }] }),
      calls: [`setSubnets ${LOAD_BALANCER}`],
    },
    {
      name: "security groups are a set",
      drift: (it) =>
        withSpec(it, "loadBalancers", ({ securityGroups }) => ({
          securityGroups: [...(securityGroups ?? []), "sg-x"],
        })),
      calls: [`setSecurityGroups ${LOAD_BALANCER}`],
    },
    {
      name: "the address type is set",
      goal: change({ ipAddressType: "dualstack" }),
      calls: [`setIpAddressType ${LOAD_BALANCER}`],
    },
    {
      name: "a specified attribute is modified",
      goal: change({ attributes: { "idle_timeout.timeout_seconds": "90" } }),
      calls: [`modifyLoadBalancerAttributes ${LOAD_BALANCER}`],
    },
    {
      name: "an attribute that is taken from the goal stays",
      goal: { loadBalancer: { tags: { team: "web" } } },
      calls: [],
    },
    {
      name: "a pool is added",
      goal: change({ ipv4IpamPoolId: "ipam-pool-1" }),
      calls: [`modifyIpPools ${LOAD_BALANCER}`],
    },
    {
      name: "a pool is removed",
      drift: (it) => withSpec(it, "loadBalancers", () => ({ ipv4IpamPoolId: "ipam-pool-1" })),
      calls: [`modifyIpPools ${LOAD_BALANCER}`],
    },
    {
      name: "capacity is reserved",
      goal: change({ minimumCapacityUnits: 100 }),
      calls: [`modifyCapacityReservation ${LOAD_BALANCER}`],
    },
    { name: "no capacity and zero are the same", goal: change({ minimumCapacityUnits: 0 }), calls: [] },
    {
      name: "capacity that the goal doesn't mention stays",
      drift: (it) => withSpec(it, "loadBalancers", () => ({ minimumCapacityUnits: 100 })),
      calls: [],
    },
    {
      name: "capacity is left alone without the gate",
      goal: change({ minimumCapacityUnits: 100 }),
      settings: gates({ LBCapacityReservation: false }),
      calls: [],
    },
    {
      name: "another scheme means another load balancer, the old one going first",
      goal: change({ scheme: "internet-facing" }),
      calls: [
        `deleteLoadBalancer ${LOAD_BALANCER}`,
        `createLoadBalancer ${LOAD_BALANCER}`,
        `modifyLoadBalancerAttributes ${LOAD_BALANCER}`,
        "createListener listener/443",
        "addListenerCertificates listener/443",
        `createRule ${RULE}`,
      ],
    },
  ]);
});

describe("listeners", () => {
  const change = (over: object): Partial<StackSketch> => ({
    listeners: { 443: { ...BASE.listeners?.[443], ...over } },
  });
  check([
    { name: "another policy is set", goal: change({ sslPolicy: "p" }), calls: ["modifyListener listener/443"] },
    {
      name: "no mutual authentication is off",
      goal: change({ mutualAuthentication: { mode: "off", trustStoreArn: "" } }),
      calls: [],
    },
    {
      name: "passthrough with an empty trust store and with none are the same",
      drift: (it) => withSpec(it, "listeners", () => ({ mutualAuthentication: { mode: "passthrough" } })),
      goal: change({ mutualAuthentication: { mode: "passthrough", trustStoreArn: "" } }),
      calls: [],
    },
    {
      name: "AWS fills in verify's defaults",
      drift: (it) =>
        withSpec(it, "listeners", () => ({
          mutualAuthentication: {
            mode: "verify",
            trustStoreArn: "t",
            ignoreClientCertificateExpiry: false,
            advertiseTrustStoreCaNames: "off",
          },
        })),
      goal: change({ mutualAuthentication: { mode: "verify", trustStoreArn: "t" } }),
      calls: [],
    },
    {
      name: "another trust store is a difference",
      drift: (it) =>
        withSpec(it, "listeners", () => ({ mutualAuthentication: { mode: "verify", trustStoreArn: "s" } })),
      goal: change({ mutualAuthentication: { mode: "verify", trustStoreArn: "t" } }),
      calls: ["modifyListener listener/443"],
    },
    {
      name: "mutual authentication that the goal doesn't mention stays",
      drift: (it) => withSpec(it, "listeners", () => ({ mutualAuthentication: { mode: "passthrough" } })),
      calls: [],
    },
    {
      name: "and is switched off with the gate EnhancedDefaultBehavior",
      drift: (it) => withSpec(it, "listeners", () => ({ mutualAuthentication: { mode: "passthrough" } })),
      settings: gates({ EnhancedDefaultBehavior: true }),
      calls: ["modifyListener listener/443"],
    },
    {
      name: "a lost SNI certificate is added",
      drift: (it) => withSpec(it, "listeners", () => ({ certificates: [CERTIFICATE] })),
      calls: ["addListenerCertificates listener/443"],
    },
    {
      name: "attributes that the goal specifies are modified",
      goal: change({ attributes: { "routing.http.response.server.enabled": "false" } }),
      calls: ["modifyListenerAttributes listener/443"],
    },
    {
      name: "a listener that nobody asks for goes, whoever made it",
      drift: (it) => withTwin(it, "listeners", "arn:listener-8080", { port: 8080, tags: {} }),
      calls: ["deleteListener listener/8080"],
    },
    {
      name: "so does a rule",
      drift: (it) =>
        withTwin(it, "listenerRules", "arn:rule-77", { priority: 77, conditions: [path("/stray")], tags: {} }),
      calls: ["deleteRule listenerRule/443:77"],
    },
    {
      name: "a rule that is gone comes back to its place",
      drift: (it) => without(it, "listenerRules"),
      calls: [`createRule ${RULE}`],
    },
  ]);
});

describe("what is attached", () => {
  const more = (
    kind: "webAclAssociation" | "wafRegionalAssociation" | "shieldProtection",
    spec: object,
  ): Partial<StackSketch> => ({
    more: [resource(kind, "LoadBalancer", { resourceArn: ref(LOAD_BALANCER), ...spec } as never)],
  });
  const arn = Object.keys(account.loadBalancers)[0] ?? "";
  const protectedBy =
    (name: string) =>
    (it: Account): Account => ({ ...it, shieldProtections: { [arn]: { id: "p-1", name } } });
  const acl = "arn:aws:wafv2:::webacl/x";
  check([
    {
      name: "a web ACL is associated",
      goal: more("webAclAssociation", { webAclArn: acl }),
      calls: ["associateWebAcl webAclAssociation/LoadBalancer"],
    },
    {
      name: "another web ACL is associated in its place",
      drift: (it) => ({ ...it, webAclAssociations: { [arn]: "old" } }),
      goal: more("webAclAssociation", { webAclArn: acl }),
      calls: ["associateWebAcl webAclAssociation/LoadBalancer"],
    },
    {
      name: "an empty ARN means none",
      drift: (it) => ({ ...it, webAclAssociations: { [arn]: "old" } }),
      goal: more("webAclAssociation", { webAclArn: "" }),
      calls: ["disassociateWebAcl webAclAssociation/LoadBalancer"],
    },
    { name: "an empty ARN where there is none", goal: more("webAclAssociation", { webAclArn: "" }), calls: [] },
    {
      name: "a web ACL that the goal doesn't mention stays",
      drift: (it) => ({ ...it, webAclAssociations: { [arn]: "old" } }),
      calls: [],
    },
    {
      name: "nothing happens with the flag off",
      goal: more("webAclAssociation", { webAclArn: acl }),
      settings: { enableWafv2: false },
      calls: [],
    },
    {
      name: "WAF classic is associated",
      goal: more("wafRegionalAssociation", { webAclId: "w" }),
      calls: ["associateWafRegional wafRegionalAssociation/LoadBalancer"],
    },
    {
      name: "WAF classic is disassociated",
      drift: (it) => ({ ...it, wafRegionalAssociations: { [arn]: "w" } }),
      goal: more("wafRegionalAssociation", { webAclId: "" }),
      calls: ["disassociateWafRegional wafRegionalAssociation/LoadBalancer"],
    },
    {
      name: "Shield protects",
      goal: more("shieldProtection", { enabled: true }),
      calls: ["createShieldProtection shieldProtection/LoadBalancer"],
    },
    {
      name: "Shield protects with a subscription, and nothing is tried without one",
      drift: (it) => ({ ...it, shieldSubscription: false }),
      goal: more("shieldProtection", { enabled: true }),
      calls: [],
    },
    {
      name: "our protection is deleted",
      drift: protectedBy("managed by aws-load-balancer-controller"),
      goal: more("shieldProtection", { enabled: false }),
      calls: ["deleteShieldProtection shieldProtection/LoadBalancer"],
    },
    {
      name: "another's protection stays",
      drift: protectedBy("theirs"),
      goal: more("shieldProtection", { enabled: false }),
      calls: [],
    },
  ]);
});
