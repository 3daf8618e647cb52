import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ExistingTargetGroup, HealthCheck, StringMap, TargetGroupSpec } from "@elbplan/core";

/** What other calls tell of a target group. */
export interface TargetGroupParts {
  readonly attributes?: StringMap;
  readonly tags?: StringMap;
}

/** A target group as DescribeTargetGroups tells it. */
export function targetGroupRecord(
  group: TargetGroup,
  { attributes, tags = {} }: TargetGroupParts = {},
): ExistingTargetGroup {
  const { ProtocolVersion, IpAddressType, TargetControlPort } = group;
  return {
    arn: group.TargetGroupArn ?? "",
    vpcId: group.VpcId ?? "",
    loadBalancerArns: group.LoadBalancerArns ?? [],
    spec: {
      name: group.TargetGroupName ?? "",
      targetType: (group.TargetType ?? "instance") as TargetGroupSpec["targetType"],
      port: group.Port ?? 0,
      protocol: group.Protocol ?? "",
      ...(ProtocolVersion === undefined ? {} : { protocolVersion: ProtocolVersion }),
      ...(IpAddressType === undefined ? {} : { ipAddressType: IpAddressType as "ipv4" | "ipv6" }),
      healthCheck: healthCheckOf(group),
      ...(attributes === undefined ? {} : { attributes }),
      ...(TargetControlPort === undefined ? {} : { targetControlPort: TargetControlPort }),
      tags,
    },
  };
}

function healthCheckOf(group: TargetGroup): HealthCheck {
  const { HealthCheckPath, Matcher } = group;
  return {
    port: group.HealthCheckPort ?? "traffic-port",
    protocol: group.HealthCheckProtocol ?? "",
    ...(HealthCheckPath === undefined ? {} : { path: HealthCheckPath }),
    ...(Matcher === undefined ? {} : { matcher: matcherOf(Matcher) }),
    intervalSeconds: group.HealthCheckIntervalSeconds ?? 0,
    timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 0,
    healthyThresholdCount: group.HealthyThresholdCount ?? 0,
    unhealthyThresholdCount: group.UnhealthyThresholdCount ?? 0,
  };
}

function matcherOf({ HttpCode, GrpcCode }: NonNullable<TargetGroup["Matcher"]>): NonNullable<HealthCheck["matcher"]> {
  return {
    ...(HttpCode === undefined ? {} : { httpCode: HttpCode }),
    ...(GrpcCode === undefined ? {} : { grpcCode: GrpcCode }),
  };
}
