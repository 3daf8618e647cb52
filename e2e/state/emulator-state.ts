/**
 * The state of the emulated account, read with the SDK alone: nothing of elbplan has a part in it, so that it can judge
 * what elbplan did.
 */
import type { Clients, Send } from "../moto/clients.ts";
import {
  inOrder,
  type ListenerState,
  type LoadBalancerState,
  named,
  permissionText,
  type RuleState,
  type SecurityGroupState,
  type State,
  type TargetGroupState,
} from "./state.ts";

// biome-ignore lint/suspicious/noExplicitAny: what the SDK answers, in tests
type Described = any;

/** Names of security groups of the seeded account that aren't elbplan's. */
const ENDPOINT_GROUPS = ["nodes"];

/** Reads load balancers and all below them, target groups, and security groups but the VPCs' own. */
export async function stateOfEmulator({ elbv2, ec2, wafv2 }: Clients): Promise<State> {
  const names = new Map<string, string>();
  const { LoadBalancers } = await elbv2("DescribeLoadBalancers");
  const { TargetGroups } = await elbv2("DescribeTargetGroups");
  const { SecurityGroups } = await ec2("DescribeSecurityGroups");
  for (const one of LoadBalancers) names.set(one.LoadBalancerArn, one.LoadBalancerName);
  for (const one of TargetGroups) names.set(one.TargetGroupArn, one.TargetGroupName);
  for (const one of SecurityGroups) names.set(one.GroupId, one.GroupName);
  const read = <T>(list: readonly Described[], key: string, of: (one: Described) => Promise<T>) =>
    Promise.all(list.map(async (one): Promise<[string, T]> => [one[key], await of(one)]));
  const isOfNodes = ({ GroupName }: Described): boolean => ENDPOINT_GROUPS.includes(GroupName);
  const own = SecurityGroups.filter((one: Described) => one.GroupName !== "default" && !isOfNodes(one));
  const state: State = {
    loadBalancers: inOrder(
      Object.fromEntries(await read(LoadBalancers, "LoadBalancerName", (one) => loadBalancer(elbv2, wafv2, one))),
    ),
    targetGroups: inOrder(
      Object.fromEntries(await read(TargetGroups, "TargetGroupName", (one) => targetGroup(elbv2, one))),
    ),
    securityGroups: inOrder(
      Object.fromEntries(own.map((one: Described) => [one.GroupName, securityGroup(one, names)])),
    ),
    endpointPermissions: Object.fromEntries(
      SecurityGroups.filter(isOfNodes)
        .map((one: Described) => [one.GroupName, securityGroup(one, names).ingress])
        .filter(([, ingress]: [string, readonly string[]]) => ingress.length > 0),
    ),
  };
  return named(state, names);
}

async function loadBalancer(elbv2: Send, wafv2: Send, one: Described): Promise<LoadBalancerState> {
  const LoadBalancerArn: string = one.LoadBalancerArn;
  const { Attributes } = await elbv2("DescribeLoadBalancerAttributes", { LoadBalancerArn });
  const { MinimumLoadBalancerCapacity } = await elbv2("DescribeCapacityReservation", { LoadBalancerArn });
  const { WebACL } = await wafv2("GetWebACLForResource", { ResourceArn: LoadBalancerArn });
  const { Listeners } = await elbv2("DescribeListeners", { LoadBalancerArn });
  const listeners = await Promise.all(
    Listeners.map(
      async (found: Described): Promise<[number, ListenerState]> => [found.Port, await listener(elbv2, found)],
    ),
  );
  return {
    type: one.Type,
    scheme: one.Scheme,
    ipAddressType: one.IpAddressType,
    subnets: one.AvailabilityZones.map(({ SubnetId }: Described) => SubnetId).sort(),
    securityGroups: [...one.SecurityGroups].sort(),
    attributes: textsOf(Attributes),
    tags: await tagsOf(elbv2, LoadBalancerArn),
    ipamPool: one.IpamPools?.Ipv4IpamPoolId ?? null,
    capacityUnits: MinimumLoadBalancerCapacity?.CapacityUnits ?? null,
    webAcl: WebACL?.ARN ?? null,
    listeners: Object.fromEntries(listeners),
  };
}

async function listener(elbv2: Send, one: Described): Promise<ListenerState> {
  const ListenerArn: string = one.ListenerArn;
  const { Attributes } = await elbv2("DescribeListenerAttributes", { ListenerArn });
  const { Certificates } = await elbv2("DescribeListenerCertificates", { ListenerArn });
  const { Rules } = await elbv2("DescribeRules", { ListenerArn });
  const arns = (isDefault: boolean): string[] =>
    Certificates.filter(({ IsDefault }: Described) => IsDefault === isDefault).map(
      ({ CertificateArn }: Described) => CertificateArn,
    );
  const rules = await Promise.all(
    Rules.filter(({ IsDefault }: Described) => !IsDefault).map(
      async (rule: Described): Promise<[string, RuleState]> => [
        rule.Priority,
        {
          conditions: rule.Conditions.map(condition),
          actions: rule.Actions.map(action),
          transforms: (rule.Transforms ?? []).map(coreShape),
          tags: await tagsOf(elbv2, rule.RuleArn),
        },
      ],
    ),
  );
  return {
    protocol: one.Protocol,
    sslPolicy: one.SslPolicy ?? null,
    certificates: [...arns(true), ...arns(false).sort()],
    mutualAuthentication: coreShape(one.MutualAuthentication ?? null),
    defaultActions: one.DefaultActions.map(action),
    attributes: textsOf(Attributes),
    tags: await tagsOf(elbv2, ListenerArn),
    rules: Object.fromEntries(rules),
  };
}

async function targetGroup(elbv2: Send, one: Described): Promise<TargetGroupState> {
  const TargetGroupArn: string = one.TargetGroupArn;
  const { Attributes } = await elbv2("DescribeTargetGroupAttributes", { TargetGroupArn });
  const { TargetHealthDescriptions } = await elbv2("DescribeTargetHealth", { TargetGroupArn });
  const staying = TargetHealthDescriptions.filter((found: Described) => found.TargetHealth.State !== "draining");
  return {
    settings: {
      targetType: one.TargetType,
      port: one.Port,
      protocol: one.Protocol,
      protocolVersion: one.ProtocolVersion,
      ipAddressType: one.IpAddressType,
      healthCheck: {
        port: one.HealthCheckPort,
        protocol: one.HealthCheckProtocol,
        path: one.HealthCheckPath,
        matcher: coreShape(one.Matcher),
        intervalSeconds: one.HealthCheckIntervalSeconds,
        timeoutSeconds: one.HealthCheckTimeoutSeconds,
        healthyThresholdCount: one.HealthyThresholdCount,
        unhealthyThresholdCount: one.UnhealthyThresholdCount,
      },
    },
    attributes: textsOf(Attributes),
    tags: await tagsOf(elbv2, TargetGroupArn),
    loadBalancers: one.LoadBalancerArns,
    targets: staying.map(({ Target }: Described) => `${Target.Id}:${Target.Port}`).sort(),
  };
}

function securityGroup(one: Described, names: ReadonlyMap<string, string>): SecurityGroupState {
  const ingress = one.IpPermissions.flatMap((permission: Described) => {
    const range = { protocol: permission.IpProtocol, fromPort: permission.FromPort, toPort: permission.ToPort };
    return [
      ...(permission.IpRanges ?? []).map((of: Described) => permissionText(range, of.CidrIp, of.Description)),
      ...(permission.Ipv6Ranges ?? []).map((of: Described) => permissionText(range, of.CidrIpv6, of.Description)),
      ...(permission.PrefixListIds ?? []).map((of: Described) =>
        permissionText(range, of.PrefixListId, of.Description),
      ),
      ...(permission.UserIdGroupPairs ?? []).map((of: Described) =>
        permissionText(range, names.get(of.GroupId) ?? of.GroupId, of.Description),
      ),
    ];
  });
  return { description: one.Description, tags: textsOf(one.Tags ?? []), ingress: ingress.sort() };
}

async function tagsOf(elbv2: Send, arn: string): Promise<{ readonly [key: string]: string }> {
  const { TagDescriptions } = await elbv2("DescribeTags", { ResourceArns: [arn] });
  return textsOf(TagDescriptions[0].Tags);
}

function textsOf(pairs: readonly Described[]): { readonly [key: string]: string } {
  return inOrder(Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value ?? ""])));
}

/** Field names as in the core's types: their first letter is small. */
function coreShape(value: Described): Described {
  if (Array.isArray(value)) return value.map(coreShape);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), coreShape(item)]),
  );
}

/** Without what AWS returns twice. */
function action({ Order: _, TargetGroupArn: __, ...rest }: Described): Described {
  return coreShape(rest);
}

function condition({ Values: _, ...rest }: Described): Described {
  return coreShape(rest);
}
