import type { Account, Permission } from "@elbplan/core";
import {
  inOrder,
  type ListenerState,
  type LoadBalancerState,
  named,
  permissionText,
  type RuleState,
  type State,
} from "./state.ts";

/** The state of a simulated account. `endpointGroups` are the ids of security groups that aren't ours, by their names. */
export function stateOfAccount(account: Account, endpointGroups: { readonly [name: string]: string } = {}): State {
  const names = new Map(Object.entries(endpointGroups).map(([name, id]) => [id, name]));
  for (const { arn, spec } of Object.values(account.loadBalancers)) names.set(arn, spec.name);
  for (const { arn, spec } of Object.values(account.targetGroups)) names.set(arn, String(spec.name));
  for (const { arn, spec } of Object.values(account.securityGroups)) names.set(arn, spec.name);
  const byName = <T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
    inOrder(Object.fromEntries(entries));
  const state: State = {
    loadBalancers: byName(
      Object.values(account.loadBalancers).map(({ arn, spec }) => [spec.name, loadBalancer(account, arn)]),
    ),
    targetGroups: byName(
      Object.values(account.targetGroups).map(({ arn, spec, loadBalancerArns }) => {
        const { name, attributes = {}, tags = {}, ...settings } = spec;
        const targets = (account.targets[arn] ?? []).filter((target) => target.state !== "draining");
        return [
          String(name),
          {
            settings,
            attributes: inOrder(attributes),
            tags: inOrder(tags),
            loadBalancers: loadBalancerArns,
            targets: targets.map(({ id, port }) => `${id}:${port}`).sort(),
          },
        ];
      }),
    ),
    securityGroups: byName(
      Object.values(account.securityGroups).map(({ spec: { name, description, tags = {}, ingress } }) => [
        name,
        {
          description,
          tags: inOrder(tags),
          ingress: texts(ingress, names),
        },
      ]),
    ),
    endpointPermissions: byName(
      Object.entries(account.endpointSecurityGroups ?? {})
        .filter(([, permissions]) => permissions.length > 0)
        .map(([id, permissions]) => [names.get(id) ?? id, texts(permissions, names)]),
    ),
  };
  return named(state, names);
}

function texts(permissions: readonly Permission<string>[], names: ReadonlyMap<string, string>): readonly string[] {
  return permissions.map((permission) => {
    const source = Object.values(permission.source).join();
    return permissionText(permission, names.get(source) ?? source, permission.description);
  });
}

function loadBalancer(account: Account, arn: string): LoadBalancerState {
  const spec = account.loadBalancers[arn]?.spec;
  if (spec === undefined) throw new Error(`no load balancer ${arn}`);
  const listeners = Object.values(account.listeners).filter((one) => one.spec.loadBalancerArn === arn);
  return {
    type: spec.type,
    scheme: spec.scheme,
    ipAddressType: spec.ipAddressType,
    subnets: spec.subnetMappings.map(({ subnetId }) => subnetId).sort(),
    securityGroups: [...(spec.securityGroups ?? [])].sort(),
    attributes: inOrder(spec.attributes ?? {}),
    tags: inOrder(spec.tags ?? {}),
    ipamPool: spec.ipv4IpamPoolId ?? null,
    capacityUnits: spec.minimumCapacityUnits ?? null,
    webAcl: account.webAclAssociations[arn] ?? null,
    listeners: Object.fromEntries(listeners.map((one) => [one.spec.port, listener(account, one.arn)])),
  };
}

function listener(account: Account, arn: string): ListenerState {
  const spec = account.listeners[arn]?.spec;
  if (spec === undefined) throw new Error(`no listener ${arn}`);
  const [first, ...others] = spec.certificates ?? [];
  const rules = Object.values(account.listenerRules).filter((one) => one.spec.listenerArn === arn);
  return {
    protocol: spec.protocol,
    sslPolicy: spec.sslPolicy ?? null,
    certificates: first === undefined ? [] : [first, ...others.sort()],
    mutualAuthentication: spec.mutualAuthentication ?? null,
    defaultActions: spec.defaultActions,
    attributes: inOrder(spec.attributes ?? {}),
    tags: inOrder(spec.tags ?? {}),
    rules: Object.fromEntries(
      rules.map(({ spec: { priority, conditions, actions, transforms = [], tags = {} } }): [number, RuleState] => [
        priority,
        { conditions, actions, transforms, tags: inOrder(tags) },
      ]),
    ),
  };
}
