/** The order of actions, and what they wait for. */
import { describe, expect, it } from "vitest";
import type { Action } from "../../src/model/action.ts";
import type { PlanOptions } from "../../src/model/plan.ts";
import type { RuleAction } from "../../src/model/rule-action.ts";
import { plan } from "../../src/plan.ts";
import { calls, carryOut, NOTHING } from "../fixtures/carry-out.ts";
import { withSpec } from "../fixtures/edit.ts";
import {
  forwardTo,
  graphOf,
  type ListenerSketch,
  NOT_FOUND,
  path,
  redirectToPort,
  ref,
  resource,
  SETTINGS,
  type StackSketch,
  tcp,
} from "../fixtures/graph.ts";

const CERTIFICATES = ["a", "b", "c", "d"].map((id) => `arn:aws:acm:eu-central-1:111122223333:certificate/${id}`);
const [A = "", B = "", C = "", D = ""] = CERTIFICATES;
const https = (...certificates: readonly string[]): ListenerSketch => ({
  protocol: "HTTPS",
  certificates,
  sslPolicy: "ELBSecurityPolicy-2016-08",
});
const rules: ListenerSketch = {
  rules: [
    { conditions: [path("/a")], actions: [forwardTo("shop/web-web:80")] },
    { conditions: [path("/b")], actions: [forwardTo("shop/web-web:80")] },
  ],
};
const base = (more: Partial<StackSketch> = {}): StackSketch => ({
  permissions: [tcp(80)],
  targetGroups: { "shop/web-web:80": {} },
  listeners: { 80: rules },
  ...more,
});

/** The plan from one goal to the next, checked by carrying it out. */
function between(before: StackSketch, after: StackSketch, options: PlanOptions = {}): readonly Action[] {
  const { account } = carryOut(graphOf([before]));
  return carryOut(graphOf([after]), account, options).plan.actions;
}

/** Ids of what an action waits for, directly or not, in short. */
function waitsFor(actions: readonly Action[], name: string): readonly string[] {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const other of byId.get(id)?.dependsOn ?? []) {
      found.add(other);
      visit(other);
    }
  };
  for (const action of actions) if (calls({ actions: [action] })[0] === name) visit(action.id);
  return actions.filter(({ id }) => found.has(id)).map((action) => calls({ actions: [action] })[0] ?? "");
}

describe("order", () => {
  it("puts no edges between the rules of a new listener", () => {
    const { actions } = carryOut(graphOf([base()])).plan;
    for (const action of actions.filter(({ kind }) => kind === "createRule")) {
      expect(action.dependsOn).toHaveLength(2);
      expect(waitsFor([...actions], "createRule listenerRule/80:2")).not.toContain("createRule listenerRule/80:1");
    }
  });

  it("depends on earlier actions only", () => {
    const { actions } = carryOut(graphOf([base({ usesBackendSecurityGroup: true })])).plan;
    for (const [index, { dependsOn }] of actions.entries()) {
      const earlier = actions.slice(0, index).map(({ id }) => id);
      expect(earlier).toEqual(expect.arrayContaining([...dependsOn]));
    }
  });

  it("creates security groups that name one another before any permission", () => {
    const group = (id: string, other: string) =>
      resource("securityGroup", id, {
        name: id,
        description: "d",
        ingress: [tcp(80, { securityGroupId: ref(`securityGroup/${other}`, "id") })],
      });
    const goal = graphOf([{ more: [group("one", "two"), group("two", "one")] }]);
    const { plan: made, account } = carryOut(goal);
    expect(calls(made).slice(0, 4)).toEqual([
      "createSecurityGroup securityGroup/one",
      "createSecurityGroup securityGroup/two",
      "authorizeSecurityGroupIngress securityGroup/one",
      "authorizeSecurityGroupIngress securityGroup/two",
    ]);
    expect(carryOut(goal, account).plan.actions).toEqual([]);
  });

  it("opens the port of a new listener on a live load balancer after all that is behind it", () => {
    const actions = between(
      base(),
      base({ permissions: [tcp(80), tcp(443)], listeners: { 80: rules, 443: { ...rules, ...https(A) } } }),
    );
    expect(calls({ actions }).at(-1)).toBe("authorizeSecurityGroupIngress securityGroup/ManagedLBSecurityGroup");
    expect(waitsFor(actions, "authorizeSecurityGroupIngress securityGroup/ManagedLBSecurityGroup")).toEqual([
      "createListener listener/443",
      "addListenerCertificates listener/443",
      "createRule listenerRule/443:1",
      "createRule listenerRule/443:2",
    ]);
  });

  it("adds certificates before it changes the default and before it removes any", () => {
    const actions = between(base({ listeners: { 443: https(A, B) } }), base({ listeners: { 443: https(C, A, D) } }));
    expect(calls({ actions })).toEqual([
      "addListenerCertificates listener/443",
      "addListenerCertificates listener/443",
      "modifyListener listener/443",
      "removeListenerCertificates listener/443",
    ]);
    expect(actions[2]?.details).toMatchObject({ defaultCertificate: C });
    expect(actions[3]?.details).toMatchObject({ certificateArn: B });
    expect(waitsFor(actions, "removeListenerCertificates listener/443")).toHaveLength(3);
  });

  it("adds the default certificate as an SNI certificate too, as LBC does", () => {
    const { account } = carryOut(graphOf([base({ listeners: { 443: https(A) } })]));
    expect(Object.values(account.listeners)[0]?.spec.certificates).toEqual([A, A]);
  });

  it("changes the protocol in place, certificates following", () => {
    const actions = between(base(), base({ listeners: { 80: { ...rules, ...https(A, B) } } }));
    expect(actions.map(({ kind }) => kind)).toEqual([
      "modifyListener",
      "addListenerCertificates",
      "addListenerCertificates",
    ]);
    expect(actions[0]).toMatchObject({
      details: { protocol: "HTTPS", defaultCertificate: A, sslPolicy: "ELBSecurityPolicy-2016-08" },
      disruption: "brief",
    });
    const back = between(base({ listeners: { 80: { ...rules, ...https(A, B) } } }), base());
    expect(back.map(({ kind }) => kind)).toEqual(["modifyListener"]);
  });

  it("switches a redirect on when what it points to is there", () => {
    const redirecting: ListenerSketch = { defaultActions: [redirectToPort(443)] };
    const actions = between(base(), base({ listeners: { 80: redirecting, 443: { ...rules, ...https(A) } } }));
    expect(waitsFor(actions, "modifyListener listener/80")).toEqual([
      "createListener listener/443",
      "addListenerCertificates listener/443",
      "createRule listenerRule/443:1",
      "createRule listenerRule/443:2",
    ]);
    const deletes = waitsFor(actions, "deleteRule listenerRule/80:1");
    expect(deletes).toContain("modifyListener listener/80");
  });

  it("switches it on when what goes there is gone", () => {
    const before = base({ listeners: { 80: rules, 443: { ...rules, ...https(A) } } });
    const redirecting: ListenerSketch = { defaultActions: [redirectToPort(443)] };
    const actions = between(before, base({ listeners: { 80: { ...rules, ...redirecting }, 443: https(A) } }));
    expect(waitsFor(actions, "modifyListener listener/80")).toEqual([
      "deleteRule listenerRule/443:2",
      "deleteRule listenerRule/443:1",
    ]);
  });

  it("switches it off before that goes", () => {
    const redirecting: ListenerSketch = { defaultActions: [redirectToPort(443)] };
    const actions = between(base({ listeners: { 80: redirecting, 443: { ...rules, ...https(A) } } }), base());
    expect(waitsFor(actions, "deleteListener listener/443")).toEqual([
      "createRule listenerRule/80:1",
      "createRule listenerRule/80:2",
      "modifyListener listener/80",
    ]);
  });

  it("deletes a target group after the last rule let go", () => {
    const two = base({
      targetGroups: { "shop/web-web:80": {}, "shop/web-new:80": {} },
      listeners: { 80: { rules: [{ conditions: [path("/a")], actions: [forwardTo("shop/web-new:80")] }] } },
    });
    const { targetGroups: _, ...rest } = two;
    const actions = between(base(), {
      ...rest,
      targetGroups: { "shop/web-new:80": { attributes: { "stickiness.enabled": "true" } } },
    });
    expect(calls({ actions })).toEqual([
      "createTargetGroup targetGroup/shop/web-new:80",
      "modifyTargetGroupAttributes targetGroup/shop/web-new:80",
      "modifyRule listenerRule/80:1",
      "deleteRule listenerRule/80:2",
      "deleteTargetGroup targetGroup/shop/web-web:80",
    ]);
    expect(waitsFor(actions, "deleteTargetGroup targetGroup/shop/web-web:80")).toHaveLength(4);
    expect(actions.at(-1)?.disruption).toBe("drains-connections");
  });

  it("replaces a load balancer by deleting it first, and says what that does", () => {
    const actions = between(base(), base({ loadBalancer: { scheme: "internet-facing" } }), { allowReplace: true });
    expect(actions.map(({ kind, disruption }) => `${kind} ${disruption}`)).toEqual([
      "deleteLoadBalancer replaces: dns-name-changes",
      "createLoadBalancer replaces: dns-name-changes",
      "createListener none",
      "createRule none",
      "createRule none",
    ]);
  });

  it("frees a load balancer's name before another takes it", () => {
    const { account } = carryOut(graphOf([base({ id: "z", loadBalancer: { name: "front" } })]));
    const goal = graphOf([
      base({ id: "a", members: ["shop/web"], loadBalancer: { name: "front" } }),
      { id: "z", members: [], inactiveMembers: ["z"] },
    ]);
    const { actions } = carryOut(goal, account, { allowDelete: true }).plan;
    expect(waitsFor(actions, "createLoadBalancer loadBalancer/LoadBalancer")).toContain(
      "deleteLoadBalancer loadBalancer/LoadBalancer",
    );
  });

  it("switches deletion protection off before it deletes", () => {
    const protectedOne = base({ loadBalancer: { attributes: { "deletion_protection.enabled": "true" } } });
    const actions = between(protectedOne, { members: [], inactiveMembers: ["shop/web"] }, { allowDelete: true });
    expect(actions.slice(0, 2).map(({ kind }) => kind)).toEqual(["modifyLoadBalancerAttributes", "deleteLoadBalancer"]);
  });

  it("requests a certificate before a listener names it and deletes it after the last one let go", () => {
    const settings = { ...SETTINGS, featureGates: { ...SETTINGS.featureGates, EnableCertificateManagement: true } };
    const certificate = (...names: readonly string[]) =>
      resource("certificate", "amazon_issued/web", {
        type: "AMAZON_ISSUED",
        domainName: names[0] ?? "",
        subjectAlternativeNames: names,
        validationMethod: "DNS",
      });
    const goal = (...names: readonly string[]) =>
      graphOf(
        [
          base({
            listeners: { 443: { ...https(), certificates: [ref("certificate/amazon_issued/web")] } },
            more: [certificate(...names)],
          }),
        ],
        { settings },
      );
    const { account, plan: first } = carryOut(goal("a.io", "b.io"));
    expect(waitsFor(first.actions, "createListener listener/443")).toContain(
      "requestCertificate certificate/amazon_issued/web",
    );
    expect(carryOut(goal("b.io", "a.io"), account).plan.actions).toEqual([]);
    const { actions } = carryOut(goal("a.io"), account).plan;
    expect(actions.map(({ kind }) => kind)).toEqual([
      "requestCertificate",
      "upsertValidationRecord",
      "wait",
      "addListenerCertificates",
      "modifyListener",
      "removeListenerCertificates",
      "deleteCertificate",
    ]);
    expect(waitsFor(actions, "deleteCertificate certificate/amazon_issued/web")).toHaveLength(5);
  });

  it("labels what loses its authentication", () => {
    const secured: ListenerSketch = {
      ...https(A),
      rules: [
        {
          conditions: [path("/a")],
          actions: [
            {
              type: "authenticate-cognito",
              authenticateCognitoConfig: { userPoolArn: "p", userPoolClientId: "c", userPoolDomain: "d" },
            },
            NOT_FOUND,
          ],
        },
      ],
    };
    const open: ListenerSketch = { ...https(A), rules: [{ conditions: [path("/a")], actions: [NOT_FOUND] }] };
    const actions = between(base({ listeners: { 443: secured } }), base({ listeners: { 443: open } }));
    expect(actions.map(({ kind, disruption }) => `${kind} ${disruption}`)).toEqual(["modifyRule loses-authentication"]);
  });

  it("registers the ALB with the network load balancer in front once it listens", () => {
    const nlb = resource("loadBalancer", "FrontendNlb", {
      name: "front-nlb",
      type: "network",
      scheme: "internal",
      ipAddressType: "ipv4",
      subnetMappings: [{ subnetId: "subnet-a" }],
    });
    const group = resource("targetGroup", "FrontendNlb-tg-TCP-80", {
      name: "front-tg",
      targetType: "alb",
      port: 80,
      protocol: "TCP",
      healthCheck: {
        port: "traffic-port",
        protocol: "HTTP",
        intervalSeconds: 15,
        timeoutSeconds: 5,
        healthyThresholdCount: 3,
        unhealthyThresholdCount: 3,
      },
    });
    const listener = resource("listener", "FrontendNlb-ls-TCP-80", {
      loadBalancerArn: ref("loadBalancer/FrontendNlb"),
      port: 80,
      protocol: "TCP",
      defaultActions: [forwardTo("FrontendNlb-tg-TCP-80")],
    });
    const target = (targetPort: number) =>
      resource("frontendNlbTarget", "front-tg", {
        targetGroupName: "front-tg",
        targetGroupArn: ref("targetGroup/FrontendNlb-tg-TCP-80"),
        port: 80,
        targetArn: ref("loadBalancer/LoadBalancer"),
        targetPort,
      });
    const goal = (port: number) =>
      graphOf([base({ listeners: { 80: rules, 8080: {} }, more: [nlb, group, listener, target(port)] })]);
    const { plan: made, account } = carryOut(goal(80));
    expect(waitsFor(made.actions, "registerTargets frontendNlbTarget/front-tg")).toContain(
      "createListener listener/80",
    );
    expect(carryOut(goal(80), account).plan.actions).toEqual([]);
    expect(calls(carryOut(goal(8080), account).plan)).toEqual([
      "deregisterTargets frontendNlbTarget/front-tg",
      "registerTargets frontendNlbTarget/front-tg",
    ]);
  });
});

describe("target group bindings", () => {
  const settings = { ...SETTINGS, targetRegistration: "binding" as const };
  const binding = (id: string, servicePort: number) =>
    resource("targetGroupBinding", id, {
      namespace: "shop",
      name: { unknown: "name of the target group" },
      labels: {},
      targetGroupArn: ref(`targetGroup/${id}`),
      targetType: "instance",
      serviceRef: { name: "web", port: servicePort },
      ipAddressType: "ipv4",
      vpcId: "vpc-1",
      targetGroupProtocol: "HTTP",
      networking: {
        ingress: [
          { from: [{ securityGroupId: "sg-1" }], ports: [{ protocol: "TCP", port: { unknown: "node port" } }] },
        ],
      },
    });
  const id = "shop/web-web:80";
  const goal = (port: number) => graphOf([base({ more: [binding(id, port)] })], { settings });

  it("aren't written when the plan's executor registers targets", () => {
    expect(
      calls(carryOut(graphOf([base({ more: [binding(id, 80)] })])).plan).filter((call) => call.includes("Binding")),
    ).toEqual([]);
  });

  it("are written before a rule names the target group, patched, and deleted before it", () => {
    const { plan: made, account } = carryOut(goal(80));
    expect(made.summary).toMatchObject({ writes: 7, kubernetesWrites: 1 });
    expect(waitsFor(made.actions, "createRule listenerRule/80:1")).toContain(
      `createTargetGroupBinding targetGroupBinding/${id}`,
    );
    expect(carryOut(goal(80), account).plan.actions).toEqual([]);
    expect(calls(carryOut(goal(81), account).plan)).toEqual([`patchTargetGroupBinding targetGroupBinding/${id}`]);
    const empty = graphOf([{ permissions: [tcp(80)], listeners: { 80: {} } }], { settings });
    expect(calls(carryOut(empty, account).plan).slice(-2)).toEqual([
      `deleteTargetGroupBinding targetGroupBinding/${id}`,
      `deleteTargetGroup targetGroup/${id}`,
    ]);
  });
});

describe("quotas", () => {
  const says = (messageBody: string): RuleAction => ({
    type: "fixed-response",
    fixedResponseConfig: { statusCode: "200", contentType: "text/plain", messageBody },
  });
  /** The last one takes what the others don't, so that they can't be modified one by one. */
  const many = (prefix: string, count: number): ListenerSketch => ({
    rules: Array.from({ length: count }, (_, index) => ({
      conditions: [path(index === count - 1 ? "/*" : `/${prefix}${index}`)],
      actions: [says(`${prefix}${index}`)],
    })),
  });
  const account = (rulesPerLoadBalancer: number) => ({
    ...NOTHING,
    quotas: { ...NOTHING.quotas, rulesPerLoadBalancer },
  });
  const change = (quota: number, before: StackSketch, after: StackSketch) =>
    carryOut(graphOf([after]), carryOut(graphOf([before]), account(quota)).account).plan;
  const sketch = (listeners: StackSketch["listeners"] & object): StackSketch => ({ listeners });

  it("has old and new rules side by side where there is room", () => {
    expect(change(8, sketch({ 80: many("a", 4) }), sketch({ 80: many("b", 4) })).diagnostics).toEqual([]);
  });

  it("changes one listener after another where there isn't room for all", () => {
    const made = change(
      12,
      sketch({ 80: many("a", 4), 81: many("a", 4) }),
      sketch({ 80: many("b", 4), 81: many("b", 4) }),
    );
    expect(made.diagnostics).toEqual([]);
    const listeners = made.actions.map(({ resource: key }) => key.replace(/^[a-zA-Z]*\//, "").slice(0, 2));
    expect(listeners).toEqual([...Array(9).fill("80"), ...Array(9).fill("81")]);
  });

  it("changes as few as possible in place where there is no room at all, and says so", () => {
    const made = change(5, sketch({ 80: many("a", 4) }), sketch({ 80: many("b", 4) }));
    expect(made.diagnostics.map(({ code }) => code)).toEqual(["rules.gap"]);
    expect(made.actions.filter(({ kind }) => kind === "modifyRule")).toHaveLength(3);
  });

  it("refuses a goal beyond the quota, but not one that shrinks", () => {
    const { plan: refused } = { plan: change(3, sketch({ 80: many("a", 2) }), sketch({ 80: many("b", 4) })) };
    expect(refused).toMatchObject({ actions: [], diagnostics: [{ code: "rules.over-quota", severity: "error" }] });
    const { account: full } = carryOut(graphOf([sketch({ 80: many("a", 4) })]), account(4));
    const smaller = { ...full, quotas: { ...full.quotas, rulesPerLoadBalancer: 2 } };
    expect(carryOut(graphOf([sketch({ 80: many("a", 3) })]), smaller).plan.actions).toHaveLength(2);
  });

  it("revokes first where a security group is full", () => {
    const permissions = (count: number, octet: number) =>
      Array.from({ length: count }, (_, i) => tcp(80, { cidrIp: `10.${octet}.${i}.0/24` }));
    const { account: full } = carryOut(graphOf([base({ permissions: permissions(40, 0) })]));
    const { plan: made } = carryOut(graphOf([base({ permissions: permissions(40, 1) })]), full);
    expect(made.actions.map(({ kind }) => kind)).toEqual([
      "revokeSecurityGroupIngress",
      "authorizeSecurityGroupIngress",
    ]);
    expect(made.diagnostics.map(({ code }) => code)).toEqual(["permissions.gap"]);
  });
});

describe("sources", () => {
  it("come from the field that differs, else from what holds it", () => {
    const { account } = carryOut(graphOf([base()]));
    const drifted = withSpec(account, "targetGroups", ({ healthCheck }) => ({
      healthCheck: { ...healthCheck, path: "/x" },
    }));
    const whole = { field: "/spec" };
    const part = { field: "/metadata/annotations/path" };
    const key = "targetGroup/shop/web-web:80#";
    const made = plan(graphOf([base()]), drifted, {}, { "shop/web": { [key]: whole, [`${key}/healthCheck`]: part } });
    expect(made.actions[0]?.source).toEqual(part);
    expect(made.stacks[0]?.changes[0]).toMatchObject({
      source: part,
      fields: [{ path: "/healthCheck/path", source: part }],
    });
    expect(made.actions[0]?.reason).toBe("health check path changes");
  });
});
