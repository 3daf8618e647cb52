/** Calls on target groups and targets. */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import type { HealthCheck } from "../model/target-group.ts";
import { elbCall } from "./elb-call.ts";
import { attributeList, tagsField } from "./tags.ts";

type TargetGroupKind = Extract<
  ActionKind,
  | "createTargetGroup"
  | "modifyTargetGroup"
  | "modifyTargetGroupAttributes"
  | "deleteTargetGroup"
  | "registerTargets"
  | "deregisterTargets"
>;

export const targetGroupCalls: { readonly [K in TargetGroupKind]: (details: ActionDetails[K]) => Call } = {
  createTargetGroup: ({ vpcId, spec }) =>
    elbCall("CreateTargetGroup", {
      Name: spec.name,
      TargetType: spec.targetType,
      Protocol: spec.protocol,
      ProtocolVersion: spec.protocolVersion,
      Port: spec.port,
      VpcId: vpcId,
      // ipv4 is AWS's default; where dual stack isn't known the field isn't either.
      IpAddressType: spec.ipAddressType === "ipv4" ? undefined : spec.ipAddressType,
      HealthCheckEnabled: true,
      ...healthCheckFields(spec.healthCheck),
      TargetControlPort: spec.targetControlPort,
      ...tagsField(spec.tags),
    }),
  modifyTargetGroup: ({ targetGroupArn, healthCheck }) =>
    elbCall("ModifyTargetGroup", { TargetGroupArn: targetGroupArn, ...healthCheckFields(healthCheck) }),
  modifyTargetGroupAttributes: ({ targetGroupArn, attributes }) =>
    elbCall("ModifyTargetGroupAttributes", { TargetGroupArn: targetGroupArn, Attributes: attributeList(attributes) }),
  deleteTargetGroup: ({ targetGroupArn }) => elbCall("DeleteTargetGroup", { TargetGroupArn: targetGroupArn }),
  registerTargets: (details) => elbCall("RegisterTargets", targetsInput(details)),
  deregisterTargets: (details) => elbCall("DeregisterTargets", targetsInput(details)),
};

function healthCheckFields(healthCheck: Partial<HealthCheck>): Call["input"] {
  const { port, protocol, path, matcher, intervalSeconds, timeoutSeconds } = healthCheck;
  return {
    HealthCheckPort: typeof port === "number" ? String(port) : port,
    HealthCheckProtocol: protocol,
    HealthCheckPath: path,
    HealthCheckIntervalSeconds: intervalSeconds,
    HealthCheckTimeoutSeconds: timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThresholdCount,
    UnhealthyThresholdCount: healthCheck.unhealthyThresholdCount,
    Matcher: matcher === undefined ? undefined : matcherFields(matcher),
  };
}

function matcherFields({ httpCode, grpcCode }: NonNullable<HealthCheck["matcher"]>): object {
  return {
    ...(httpCode === undefined ? {} : { HttpCode: httpCode }),
    ...(grpcCode === undefined ? {} : { GrpcCode: grpcCode }),
  };
}

function targetsInput({ targetGroupArn, targets }: ActionDetails["registerTargets"]): Call["input"] {
  return {
    TargetGroupArn: targetGroupArn,
    Targets: targets.map(({ id, port, availabilityZone }) => ({
      Id: id,
      Port: port,
      ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
    })),
  };
}
