/** Elastic Load Balancing as far as it is read, answering as AWS answers rather than as it was asked. */
import {
  type Account,
  DEFAULT_QUOTAS,
  type Facts,
  type Quotas,
  type RuleAction,
  type RuleCondition,
  type Target,
} from "@elbplan/core";
import { FakeAwsError, type Fields, keyValues, type Operations, type Paging, page, strings } from "./answer.ts";

const PAGING: Paging = { ask: "Marker", next: "NextMarker", size: "PageSize", most: 400 };
const ARNS_A_CALL = 20;

export function loadBalancingOperations(account: Account, facts: Facts, pageSize: number): Operations {
  const paged = (input: Fields, field: string, items: readonly Fields[]): Fields =>
    page(input, field, items, PAGING, pageSize);
  const loadBalancer = found(account.loadBalancers, "LoadBalancerNotFound");
  const targetGroup = found(account.targetGroups, "TargetGroupNotFound");
  const listener = found(account.listeners, "ListenerNotFound");
  const attributes = (spec: { readonly attributes?: { readonly [key: string]: string } }): Fields => ({
    Attributes: keyValues(spec.attributes),
  });
  return {
    DescribeLoadBalancers: (input) => {
      const arns = input["LoadBalancerArns"];
      if (arns === undefined) {
        return paged(input, "LoadBalancers", Object.values(account.loadBalancers).map(loadBalancerAnswer));
      }
      return { LoadBalancers: limited(strings(arns)).map((arn) => loadBalancerAnswer(loadBalancer(arn))) };
    },
    DescribeTargetGroups: (input) => {
      const { TargetGroupArns: arns, Names: names } = input;
      if (names !== undefined) return { TargetGroups: strings(names).map((name) => named(account, facts, name)) };
      if (arns === undefined) {
        return paged(input, "TargetGroups", Object.values(account.targetGroups).map(targetGroupAnswer));
      }
      return { TargetGroups: limited(strings(arns)).map((arn) => targetGroupAnswer(targetGroup(arn))) };
    },
    DescribeListeners: (input) => {
      const { arn } = loadBalancer(input["LoadBalancerArn"]);
      const own = Object.values(account.listeners).filter(({ spec }) => spec.loadBalancerArn === arn);
      return paged(input, "Listeners", own.map(listenerAnswer));
    },
    DescribeListenerCertificates: (input) => {
      const { certificates = [] } = listener(input["ListenerArn"]).spec;
      const list = certificates.map((CertificateArn, at) => ({ CertificateArn, IsDefault: at === 0 }));
      return paged(input, "Certificates", list);
    },
    DescribeRules: (input) => {
      const { arn, spec } = listener(input["ListenerArn"]);
      const own = Object.values(account.listenerRules).filter((rule) => rule.spec.listenerArn === arn);
      const byDefault = {
        RuleArn: `${arn}/default`,
        ...{ Priority: "default", IsDefault: true, Conditions: [] },
        Actions: actionAnswers(spec.defaultActions),
      };
      const rules = own
        .toSorted((a, b) => a.spec.priority - b.spec.priority)
        .map(({ arn: RuleArn, spec: { priority, conditions, actions, transforms = [] } }) => ({
          ...{ RuleArn, Priority: String(priority), IsDefault: false },
          Conditions: conditions.map(conditionAnswer),
          Actions: actionAnswers(actions),
          Transforms: transforms.map(apiShape),
        }));
      return paged(input, "Rules", [...rules, byDefault]);
    },
    DescribeTargetHealth: (input) => {
      const { arn } = targetGroup(input["TargetGroupArn"]);
      return { TargetHealthDescriptions: (account.targets[arn] ?? []).map(targetAnswer) };
    },
    DescribeTags: (input) => ({
      TagDescriptions: limited(strings(input["ResourceArns"])).map((arn) => ({
        ResourceArn: arn,
        Tags: keyValues(tagsOf(account, arn)),
      })),
    }),
    DescribeLoadBalancerAttributes: (input) => attributes(loadBalancer(input["LoadBalancerArn"]).spec),
    DescribeTargetGroupAttributes: (input) => attributes(targetGroup(input["TargetGroupArn"]).spec),
    DescribeListenerAttributes: (input) => attributes(listener(input["ListenerArn"]).spec),
    DescribeCapacityReservation: (input) => {
      const { minimumCapacityUnits } = loadBalancer(input["LoadBalancerArn"]).spec;
      return minimumCapacityUnits === undefined
        ? {}
        : { MinimumLoadBalancerCapacity: { CapacityUnits: minimumCapacityUnits } };
    },
    DescribeTrustStores: (input) => ({
      TrustStores: strings(input["Names"]).map((name) => {
        const store = facts.trustStores.find((each) => each.name === name);
        if (store === undefined) throw new FakeAwsError("TrustStoreNotFound", `no trust store ${name}`);
        return { Name: name, TrustStoreArn: store.arn, Status: "ACTIVE" };
      }),
    }),
    DescribeAccountLimits: () => ({
      Limits: LIMITS.map(([Name, quota]) => ({ Name, Max: String({ ...DEFAULT_QUOTAS, ...account.quotas }[quota]) })),
    }),
  };
}

const LIMITS: readonly (readonly [name: string, quota: keyof Quotas])[] = [
  ["application-load-balancers", "loadBalancersPerRegion"],
  ["rules-per-application-load-balancer", "rulesPerLoadBalancer"],
  ["certificates-per-application-load-balancer", "certificatesPerLoadBalancer"],
  ["target-groups-per-application-load-balancer", "targetGroupsPerLoadBalancer"],
];

function found<T>(records: { readonly [arn: string]: T }, code: string): (arn: unknown) => T {
  return (arn) => {
    const record = typeof arn === "string" && Object.hasOwn(records, arn) ? records[arn] : undefined;
    if (record === undefined) throw new FakeAwsError(code, `nothing is ${String(arn)}`);
    return record;
  };
}

function limited(arns: readonly string[]): readonly string[] {
  if (arns.length > 0 && arns.length <= ARNS_A_CALL) return arns;
  throw new FakeAwsError("ValidationError", `${arns.length} ARNs, 1 to ${ARNS_A_CALL} allowed`);
}

function tagsOf(account: Account, arn: string): { readonly [key: string]: string } {
  for (const [records, code] of [
    [account.loadBalancers, "LoadBalancerNotFound"],
    [account.targetGroups, "TargetGroupNotFound"],
    [account.listeners, "ListenerNotFound"],
    [account.listenerRules, "RuleNotFound"],
  ] as const) {
    if (Object.hasOwn(records, arn)) return found<{ spec: { tags?: object } }>(records, code)(arn).spec.tags as never;
  }
  throw new FakeAwsError("LoadBalancerNotFound", `nothing is ${arn}`);
}

function loadBalancerAnswer(known: Account["loadBalancers"][string]): Fields {
  const { arn, vpcId, dnsName, state, spec } = known;
  return {
    ...{ LoadBalancerArn: arn, LoadBalancerName: spec.name, Type: spec.type, Scheme: spec.scheme },
    ...{ VpcId: vpcId, DNSName: dnsName, State: { Code: state }, IpAddressType: spec.ipAddressType },
    AvailabilityZones: spec.subnetMappings.map(({ subnetId, allocationId }) => ({
      SubnetId: subnetId,
      LoadBalancerAddresses: allocationId === undefined ? [] : [{ AllocationId: allocationId }],
    })),
    SecurityGroups: spec.securityGroups,
    CustomerOwnedIpv4Pool: spec.customerOwnedIpv4Pool,
    ...(spec.ipv4IpamPoolId !== undefined && { IpamPools: { Ipv4IpamPoolId: spec.ipv4IpamPoolId } }),
  };
}

function targetGroupAnswer(known: Account["targetGroups"][string]): Fields {
  const { arn, vpcId, loadBalancerArns, spec } = known;
  const { healthCheck } = spec;
  return {
    ...{ TargetGroupArn: arn, TargetGroupName: spec.name, TargetType: spec.targetType, Port: spec.port },
    ...{ Protocol: spec.protocol, ProtocolVersion: spec.protocolVersion, IpAddressType: spec.ipAddressType },
    ...{ VpcId: vpcId, LoadBalancerArns: loadBalancerArns, TargetControlPort: spec.targetControlPort },
    HealthCheckEnabled: true,
    HealthCheckPort: String(healthCheck.port),
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPath: healthCheck.path,
    ...(healthCheck.matcher && { Matcher: apiShape(healthCheck.matcher) }),
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThresholdCount,
    UnhealthyThresholdCount: healthCheck.unhealthyThresholdCount,
  };
}

function named(account: Account, facts: Facts, name: string): Fields {
  const existing = Object.values(account.targetGroups).find(({ spec }) => spec.name === name);
  if (existing !== undefined) return targetGroupAnswer(existing);
  const fact = facts.targetGroups.find((each) => each.name === name);
  if (fact === undefined) throw new FakeAwsError("TargetGroupNotFound", `no target group ${name}`);
  return { TargetGroupName: name, TargetGroupArn: fact.arn };
}

/** Of the certificates AWS tells the default one only. */
function listenerAnswer({ arn, spec }: Account["listeners"][string]): Fields {
  const [CertificateArn] = spec.certificates ?? [];
  return {
    ...{ ListenerArn: arn, LoadBalancerArn: spec.loadBalancerArn, Port: spec.port, Protocol: spec.protocol },
    DefaultActions: actionAnswers(spec.defaultActions),
    ...(CertificateArn !== undefined && { Certificates: [{ CertificateArn }] }),
    SslPolicy: spec.sslPolicy,
    ...(spec.mutualAuthentication && { MutualAuthentication: apiShape(spec.mutualAuthentication) }),
  };
}

function targetAnswer({ id, port, availabilityZone, state }: Target): Fields {
  return {
    Target: { Id: id, Port: port, ...(availabilityZone !== undefined && { AvailabilityZone: availabilityZone }) },
    TargetHealth: { State: state },
  };
}

const REDIRECT = { Host: "#{host}", Path: "/#{path}", Port: "#{port}", Protocol: "#{protocol}", Query: "#{query}" };

/** A single target group is told twice, weights and stickiness always, and redirects with all that they keep. */
function actionAnswers(actions: readonly RuleAction<string>[]): readonly Fields[] {
  return actions.map((action, index) => {
    const told = { ...(apiShape(action) as Fields), Order: index + 1 };
    if (action.type === "redirect") {
      return { ...told, RedirectConfig: { ...REDIRECT, ...(apiShape(action.redirectConfig) as Fields) } };
    }
    if (action.type !== "forward") return told;
    const { targetGroups, targetGroupStickinessConfig: stickiness } = action.forwardConfig;
    const [only] = targetGroups;
    return {
      ...told,
      ...(targetGroups.length === 1 && { TargetGroupArn: only?.targetGroupArn }),
      ForwardConfig: {
        TargetGroups: targetGroups.map(({ targetGroupArn, weight = 1 }) => ({
          TargetGroupArn: targetGroupArn,
          Weight: weight,
        })),
        TargetGroupStickinessConfig: stickiness === undefined ? { Enabled: false } : apiShape(stickiness),
      },
    };
  });
}

/** Hosts and paths are told in the old form too. */
function conditionAnswer(condition: RuleCondition): Fields {
  const told = apiShape(condition) as Fields;
  const config = told["HostHeaderConfig"] ?? told["PathPatternConfig"];
  return config === undefined ? told : { ...told, Values: (config as Fields)["Values"] ?? [] };
}

function apiShape(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(apiShape);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toUpperCase() + key.slice(1),
      key === "authenticationRequestExtraParams" ? item : apiShape(item),
    ]),
  );
}
