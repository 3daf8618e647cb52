/** Actions and plans for tests, in as few words as possible. */
import type { Action, ActionDetails, ActionKind, Plan } from "@elbplan/core";

/** An action whose id is its kind, unless another is given. */
export function action<K extends ActionKind>(
  kind: K,
  details: ActionDetails[K],
  rest: Partial<Pick<Action, "id" | "dependsOn" | "resource" | "source" | "stack">> = {},
): Action {
  const whole = { id: kind, kind, stack: "shop/web", resource: `x/${kind}`, dependsOn: [], reason: "it is asked for" };
  return { ...whole, details, disruption: "none", ...rest } as unknown as Action;
}

/** A plan of these actions. */
export function planOf(...actions: readonly Action[]): Pick<Plan, "actions" | "inputs"> {
  return { actions, inputs: { digests: { desired: "d", inventory: "i" } } };
}

const tags = {
  "elbv2.k8s.aws/cluster": "test",
  "ingress.k8s.aws/stack": "shop/web",
  "ingress.k8s.aws/resource": "LoadBalancer",
};

export const loadBalancer = (name = "web"): Action =>
  action(
    "createLoadBalancer",
    {
      spec: {
        name,
        type: "application",
        scheme: "internal",
        ipAddressType: "ipv4",
        subnetMappings: [{ subnetId: "subnet-1" }, { subnetId: "subnet-2" }],
        tags,
      },
    },
    { resource: "loadBalancer/LoadBalancer" },
  );

export const listener = (
  rest: { readonly dependsOn?: readonly string[] } = { dependsOn: ["createLoadBalancer"] },
): Action =>
  action(
    "createListener",
    {
      spec: {
        loadBalancerArn: { ref: "loadBalancer/LoadBalancer", field: "arn" },
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "404" } }],
      },
    },
    { resource: "listener/80", ...rest },
  );

export const rule = (priority: number, path = `/${priority}`): Action =>
  action(
    "createRule",
    {
      spec: {
        listenerArn: { ref: "listener/80", field: "arn" },
        priority,
        conditions: [{ field: "path-pattern", pathPatternConfig: { values: [path] } }],
        actions: [{ type: "fixed-response", fixedResponseConfig: { statusCode: "200" } }],
      },
    },
    {
      id: `createRule ${priority}`,
      resource: `listenerRule/80:${priority}`,
      dependsOn: ["createListener"],
      source: { object: { kind: "Ingress", namespace: "shop", name: "web" }, field: "" },
    },
  );
