import { describe, expect, it } from "vitest";
import type { Action } from "../../src/model/action.ts";
import type { Change } from "../../src/model/change.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { Call, Plan } from "../../src/model/plan.ts";
import type { Json } from "../../src/model/value.ts";
import { PLAIN } from "../../src/render/palette.ts";
import { planFileDigest, renderPlanJson } from "../../src/render/plan-json.ts";
import { renderPlanText } from "../../src/render/plan-text.ts";
import { deepFreeze, listener443, loadBalancer, rule, targetGroup } from "./stacks.ts";

const CART = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/k8s-shop-cart-aa/11";
const OLD = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/k8s-shop-old-bb/22";

function callFor({ kind, details }: Action): Call | null {
  if (kind === "wait") return null;
  const operation = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
  return { service: "elasticloadbalancingv2", operation, input: { details } };
}

function change(fields: Partial<Change> & Pick<Change, "kind" | "resource" | "type">): Change {
  return { stack: "shop", fields: [], reason: "", ...fields };
}

function action<K extends Action["kind"]>(
  kind: K,
  resource: string,
  details: Extract<Action, { kind: K }>["details"],
  rest: Partial<Action> = {},
): Action {
  const base = { id: `${kind} ${resource}`, kind, stack: "shop", resource, details, dependsOn: [], reason: "" };
  return { ...base, disruption: "none", ...rest } as unknown as Action;
}

function plan(rest: Partial<Plan>): Plan {
  return deepFreeze({
    formatVersion: 1,
    inputs: { digests: { desired: "0a", inventory: "0b" } },
    stacks: [],
    actions: [],
    diagnostics: [],
    summary: { create: 0, update: 0, replace: 0, delete: 0, writes: 0, kubernetesWrites: 0 },
    ...rest,
  });
}

const creations: readonly Change[] = [rule, targetGroup, listener443, loadBalancer].map((resource) =>
  change({
    kind: "create",
    resource: `${resource.kind}/${resource.id}`,
    type: resource.kind,
    reason: "it doesn't exist",
    fields: Object.entries(resource.spec).map(([field, after]) => ({ path: `/${field}`, after })),
    ...(resource.kind === "loadBalancer"
      ? {
          source: {
            object: { kind: "Ingress", namespace: "shop", name: "web" },
            field: "/metadata/annotations/alb.ingress.kubernetes.io~1scheme",
            at: { file: "web.yaml", line: 12, column: 5 },
          },
        }
      : {}),
  }),
);

const created = plan({
  stacks: [{ id: "shop", members: ["shop/api", "shop/web"], changes: creations }],
  actions: [
    action("createTargetGroup", "targetGroup/shop/web-cart:80", { vpcId: "vpc-1", spec: targetGroup.spec as never }),
    action("createLoadBalancer", "loadBalancer/LoadBalancer", { spec: loadBalancer.spec as never }),
  ],
  summary: { create: 4, update: 0, replace: 0, delete: 0, writes: 2, kubernetesWrites: 1 },
});

const edited = plan({
  stacks: [
    {
      id: "shop",
      members: ["shop/web"],
      changes: [
        change({ kind: "keep", resource: "targetGroup/shop/web-cart:80", type: "targetGroup", arn: CART }),
        change({
          kind: "delete",
          resource: "targetGroup/shop/web-old:80",
          type: "targetGroup",
          arn: OLD,
          reason: "no rule names it",
        }),
        change({
          kind: "update",
          resource: "listenerRule/443:10",
          type: "listenerRule",
          reason: "the backend changed",
          fields: [
            {
              path: "/actions",
              before: [{ type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: OLD }] } }],
              after: [{ type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: CART }] } }],
            },
            { path: "/priority", before: 9, after: 10 },
          ],
        }),
        change({
          kind: "update",
          resource: "listenerRule/443:9",
          type: "listenerRule",
          drift: true,
          reason: "somebody changed it",
          fields: [{ path: "/tags", before: { team: "a", old: "x" }, after: { team: "b", new: "y" } }],
        }),
        change({
          kind: "replace",
          resource: "loadBalancer/LoadBalancer",
          type: "loadBalancer",
          reason: "the scheme can't be changed in place",
          fields: [
            { path: "/scheme", before: "internal", after: "internet-facing" },
            { path: "/attributes/idle_timeout.timeout_seconds", before: "60", after: "90" },
          ],
          replacePaths: ["/scheme"],
        }),
      ],
    },
  ],
  actions: [
    action(
      "deleteLoadBalancer",
      "loadBalancer/LoadBalancer",
      { loadBalancerArn: "arn" },
      { disruption: "replaces: dns-name-changes" },
    ),
    action("createRule", "listenerRule/443:1", { spec: rule.spec as never }),
    action("createRule", "listenerRule/443:2", { spec: rule.spec as never }),
    action("createRule", "listenerRule/443:3", { spec: rule.spec as never }),
    action("createRule", "listenerRule/443:4", { spec: rule.spec as never }),
    action("wait", "targetGroup/shop/web-cart:80", {
      until: "targets-healthy",
      subject: { ref: "targetGroup/shop/web-cart:80", field: "arn" },
      deadlineSeconds: 300,
      onDeadline: "stop",
    }),
    action("deleteTargetGroup", "targetGroup/shop/web-old:80", { targetGroupArn: OLD }),
  ],
  diagnostics: [{ code: "a.b", severity: "warning", message: "Mind this.", stack: "shop" }],
  summary: { create: 0, update: 2, replace: 1, delete: 1, writes: 6, kubernetesWrites: 0 },
});

describe("renderPlanText", () => {
  it("shows creations with the fields that matter", () => {
    expect(renderPlanText(created, { callFor })).toMatchInlineSnapshot(`
      "Signs: + create

      Group shop: Ingresses shop/api, shop/web

        + load balancer
            name:            k8s-shop-web-0123456789
            kind:            application, internet-facing, ipv4
            subnets:         subnet-a, subnet-b (eipalloc-1)
            security groups: managed security group, security group backend
            attributes:      idle_timeout.timeout_seconds=90, routing.http2.enabled=true
            # Ingress shop/web, annotation alb.ingress.kubernetes.io/scheme (web.yaml:12:5)

        + listener 443
            serves:       HTTPS, ELBSecurityPolicy-2016-08
            certificates: certificate/one, certificate amazon_issued/shop.example-01234567
            otherwise:    answer 404 text/plain
            attributes:   a=1, b=2

        + rule 443:1
            if:   path /a&b/<*>; source 10.0.0.0/8
            also: rewrite path /^/a/ to ""
            then: authenticate with OIDC (https://login.example), then forward to target group shop/web-cart:80

        + target group shop/web-cart:80
            targets: instance, port (known after apply), HTTP
            health:  HTTP /health on traffic-port every 15 s, expects 200
            tags:    10=ten, 9=nine, __proto__x=safe

      Calls, in this order:

        1  elbv2 CreateTargetGroup   target group shop/web-cart:80
        2  elbv2 CreateLoadBalancer  load balancer

      Plan: 4 to create, 0 to change, 0 to replace, 0 to delete; 2 AWS calls, 1 Kubernetes write.
      "
    `);
  });

  it("shows updates, replacements and deletions with reasons, names instead of known ARNs", () => {
    expect(renderPlanText(edited, { callFor })).toMatchInlineSnapshot(`
      "Signs: ~ change in place   ± replace   - delete

      Group shop: Ingress shop/web

        ± load balancer [replaces: dns-name-changes]
            scheme:                                 internal → internet-facing (forces replacement)
            attribute idle_timeout.timeout_seconds: 60 → 90
            its listeners and rules are made anew
            # the scheme can't be changed in place

        ~ rule 443:9 → 443:10
            actions:  forward to target group shop/web-old:80 → forward to target group shop/web-cart:80
            priority: 9 → 10
            # the backend changed

        - target group shop/web-old:80
            # no rule names it

        Drift: others changed this since the last goal; the plan brings it back

        ~ rule 443:9
            tags:
              + new: y
              - old: x
              ~ team: a → b
            # somebody changed it

      Calls, in this order:

          1  elbv2 DeleteLoadBalancer  load balancer  [replaces: dns-name-changes]
        2-5  elbv2 CreateRule          443:1, 443:2, 443:3 and 1 more
          6  wait: targets healthy     target group shop/web-cart:80, at most 300 s
          7  elbv2 DeleteTargetGroup   target group shop/web-old:80

      warning a.b: Mind this.
          group shop

      Plan: 0 to create, 2 to change, 1 to replace, 1 to delete; 6 AWS calls.
      "
    `);
  });

  it.each<{ name: string; rest: Partial<Plan>; line: string }>([
    { name: "nothing at all", rest: {}, line: "Nothing to do." },
    {
      name: "a group without a change",
      rest: { stacks: [{ id: "shop", members: ["shop/web"], changes: [] }] },
      line: "Nothing to do. 1 group is as it should be.",
    },
    {
      name: "a broken group beside a sound one",
      rest: {
        stacks: ["edge", "shop"].map((id) => ({ id, members: [], changes: [] })),
        diagnostics: [{ code: "a.b", severity: "error", message: "No.", stack: "shop" }],
      },
      line: "Not planned: 1 error. 1 group is as it should be.",
    },
    {
      name: "changes beside a broken group",
      rest: {
        actions: edited.actions,
        summary: edited.summary,
        diagnostics: [{ code: "a.b", severity: "error", message: "No.", stack: "shop" }],
      },
      line: "Plan: 0 to create, 2 to change, 1 to replace, 1 to delete; 6 AWS calls. 1 error.",
    },
  ])("ends with the sum: $name", ({ rest, line }) => {
    expect(renderPlanText(plan(rest), { callFor }).split("\n").at(-2)).toBe(line);
  });

  it("gathers rules that only change their number", () => {
    const moved = [1, 2, 3].map((number) =>
      change({
        kind: "update",
        resource: `listenerRule/80:${number + 1}`,
        type: "listenerRule",
        fields: [{ path: "/priority", before: number, after: number + 1 }],
      }),
    );
    const text = renderPlanText(plan({ stacks: [{ id: "shop", members: [], changes: moved }] }), { callFor });
    expect(text).toContain("  ~ 3 rules of listener 80 change only their numbers: 1 → 2, 2 → 3, 3 → 4\n");
    expect(text).not.toContain("rule 80:2");
  });

  it("tells whose calls they are when there are several groups", () => {
    const actions = ["edge", "shop", "shop"].map((stack) =>
      action("createListener", "listener/80", { spec: listener443.spec as never }, { stack }),
    );
    const text = renderPlanText(plan({ actions }), { callFor });
    expect(text).toContain(
      ["  edge:", "    1  elbv2 CreateListener  listener 80", "  shop:", "  2-3  elbv2 CreateListener  80, 80"].join(
        "\n",
      ),
    );
  });

  it("names what the inventory holds", () => {
    const arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/k8s-x/0";
    const inventory = {
      targetGroups: { [arn]: { arn, spec: { tags: { "ingress.k8s.aws/resource": "shop/web-web:80" } } } },
    } as unknown as Inventory;
    const changes = [
      change({
        kind: "create",
        resource: "listenerRule/80:1",
        type: "listenerRule",
        fields: [
          {
            path: "/actions",
            after: [{ type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: arn }] } }],
          },
        ],
      }),
    ];
    const stacks = [{ id: "shop", members: [], changes }];
    expect(renderPlanText(plan({ stacks }), { callFor, inventory })).toContain(
      "forward to target group shop/web-web:80",
    );
    expect(renderPlanText(plan({ stacks }), { callFor })).toContain("forward to targetgroup/k8s-x/0");
  });

  it("tells the rule that goes from the one that takes its number", () => {
    const conditions = (path: string): unknown => [{ field: "path-pattern", pathPatternConfig: { values: [path] } }];
    const inventory = { listenerRules: { b: { arn: "b", spec: { conditions: conditions("/b") } } } };
    const changes = [
      change({
        kind: "delete",
        resource: "listenerRule/80:1",
        type: "listenerRule",
        arn: "a",
        fields: [
          { path: "/actions", before: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "404" } }] },
          { path: "/conditions", before: conditions("/a") as Json },
          { path: "/priority", before: 1 },
        ],
      }),
      change({
        kind: "update",
        resource: "listenerRule/80:1",
        type: "listenerRule",
        arn: "b",
        fields: [{ path: "/priority", before: 2, after: 1 }],
      }),
      change({
        kind: "delete",
        resource: "listener/81",
        type: "listener",
        fields: [
          { path: "/port", before: 81 },
          { path: "/protocol", before: "HTTPS" },
        ],
      }),
    ];
    const text = renderPlanText(plan({ stacks: [{ id: "shop", members: [], changes }] }), {
      callFor,
      inventory: inventory as unknown as Inventory,
    });
    expect(text).toContain("  - rule 80:1\n      if:   path /a\n      then: answer 404\n");
    expect(text).toContain("  ~ rule 80:2 → 80:1 (path /b)\n      priority: 2 → 1\n");
    expect(text).toContain("  - listener 81\n      port: 81, HTTPS\n");
  });

  it("leaves the calls out when asked", () => {
    expect(renderPlanText(created, { callFor, calls: false })).not.toContain("Calls");
  });

  it("leaves the diagnostics out when asked, but not from the sum", () => {
    const text = renderPlanText(edited, { callFor, diagnostics: false });
    expect(renderPlanText(edited, { callFor })).toContain("a.b");
    expect(text).not.toContain("a.b");
    expect(text).toContain("Plan: 0 to create");
  });

  it("differs in colour from plain text only by what the palette adds", () => {
    const mark = (text: string): string => `\u0001${text}\u0002`;
    const palette = Object.fromEntries(Object.keys(PLAIN).map((name) => [name, mark])) as unknown as typeof PLAIN;
    for (const each of [created, edited]) {
      const coloured = renderPlanText(each, { callFor, palette });
      expect(coloured.replaceAll("\u0001", "").replaceAll("\u0002", "")).toBe(renderPlanText(each, { callFor }));
    }
  });
});

describe("renderPlanJson", () => {
  it("is the plan with each action's call", () => {
    const read = JSON.parse(renderPlanJson(edited, callFor));
    expect(read.actions.map((it: { call: unknown }) => it.call)).toContain(null);
    expect(read.actions[0].call).toEqual({ service: "elasticloadbalancingv2", operation: "DeleteLoadBalancer" });
    const actions = read.actions.map(({ call, input, ...rest }: { call: unknown; input: unknown }) => rest);
    expect({ ...read, actions }).toEqual({ ...edited, digest: planFileDigest(read) });
  });
});
