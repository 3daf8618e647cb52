/**
 * Resources in LBC's stack JSON: `{"spec": …}` with the fields in LBC's order. Lists that LBC fills while it walks a
 * map (attributes, permissions) are sorted, since their order means nothing.
 */
import { compareStrings } from "../lib/compare.ts";
import type { Permission, SecurityGroupSpec } from "../model/security-group.ts";
import type { HealthCheck, TargetGroupSpec } from "../model/target-group.ts";
import type { TargetGroupBindingSpec } from "../model/target-group-binding.ts";
import { isUnknown, type StringMap } from "../model/value.ts";
import { type LbcResource, type LbcWriting, lbcCertificate, lbcNumber, lbcReference } from "./lbc-reference.ts";
import { lbcAction, lbcCondition, lbcTransform } from "./lbc-rule.ts";
import { type LbcStruct, type LbcValue, listOrNothing, mapOrNothing, struct } from "./lbc-value.ts";

/** A resource's body. The target of a frontend network load balancer has LBC's own Go names and no `spec`. */
export function lbcResource(resource: LbcResource, writing: LbcWriting): LbcStruct {
  switch (resource.kind) {
    case "securityGroup":
      return { spec: securityGroup(resource.spec, writing) };
    case "certificate": {
      const { spec } = resource;
      return {
        spec: struct({
          type: spec.type,
          certificateAuthorityARN: spec.certificateAuthorityArn ?? "",
          domainName: spec.domainName,
          subjectAlternativeNames: spec.subjectAlternativeNames,
          validationMethod: spec.validationMethod,
          keyAlgorithm: spec.keyAlgorithm ?? "",
          tags: mapOrNothing(spec.tags),
        }),
      };
    }
    case "targetGroup":
      return { spec: targetGroup(resource.spec, writing) };
    case "loadBalancer": {
      const { spec } = resource;
      return {
        spec: struct({
          name: spec.name,
          type: spec.type,
          scheme: spec.scheme,
          ipAddressType: spec.ipAddressType,
          subnetMapping: listOrNothing(
            spec.subnetMappings.map(({ allocationId, subnetId }) =>
              struct({ allocationID: allocationId, subnetID: subnetId }),
            ),
          ),
          securityGroups: listOrNothing(spec.securityGroups?.map((group) => lbcReference(group, writing))),
          customerOwnedIPv4Pool: spec.customerOwnedIpv4Pool,
          loadBalancerAttributes: attributes(spec.attributes, "key", "value"),
          minimumLoadBalancerCapacity:
            spec.minimumCapacityUnits === undefined ? undefined : struct({ capacityUnits: spec.minimumCapacityUnits }),
          tags: mapOrNothing(spec.tags),
          ipv4IPAMPool: spec.ipv4IpamPoolId,
        }),
      };
    }
    case "listener": {
      const { spec } = resource;
      const mutual = spec.mutualAuthentication;
      return {
        spec: struct({
          loadBalancerARN: lbcReference(spec.loadBalancerArn, writing),
          port: spec.port,
          protocol: spec.protocol,
          defaultActions: listOrNothing(spec.defaultActions.map((action) => lbcAction(action, writing))),
          certificates: listOrNothing(
            spec.certificates?.map((certificate) => struct({ certificateARN: lbcCertificate(certificate, writing) })),
          ),
          sslPolicy: spec.sslPolicy,
          mutualAuthentication:
            mutual &&
            struct({
              mode: mutual.mode,
              trustStoreArn: mutual.trustStoreArn ?? "",
              ignoreClientCertificateExpiry: mutual.ignoreClientCertificateExpiry,
              advertiseTrustStoreCaNames: mutual.advertiseTrustStoreCaNames,
            }),
          tags: mapOrNothing(spec.tags),
          // LBC gives these no JSON names, hence the capitals.
          listenerAttributes: attributes(spec.attributes, "Key", "Value"),
        }),
      };
    }
    case "listenerRule": {
      const { spec } = resource;
      return {
        spec: struct({
          listenerARN: lbcReference(spec.listenerArn, writing),
          priority: spec.priority,
          actions: spec.actions.map((action) => lbcAction(action, writing)),
          conditions: spec.conditions.map(lbcCondition),
          transforms: listOrNothing(spec.transforms?.map(lbcTransform)),
          tags: mapOrNothing(spec.tags),
        }),
      };
    }
    case "targetGroupBinding":
      return { spec: targetGroupBinding(resource.spec, writing) };
    case "webAclAssociation": {
      const { webAclArn, resourceArn } = resource.spec;
      return { spec: struct({ webACLARN: webAclArn, resourceARN: lbcReference(resourceArn, writing) }) };
    }
    case "wafRegionalAssociation": {
      const { webAclId, resourceArn } = resource.spec;
      return { spec: struct({ webACLID: webAclId, resourceARN: lbcReference(resourceArn, writing) }) };
    }
    case "shieldProtection": {
      const { enabled, resourceArn } = resource.spec;
      return { spec: struct({ enabled, resourceARN: lbcReference(resourceArn, writing) }) };
    }
    case "frontendNlbTarget": {
      const { spec } = resource;
      return struct({
        Name: spec.targetGroupName,
        ARN: lbcReference(spec.targetGroupArn, writing),
        Port: spec.port,
        TargetARN: lbcReference(spec.targetArn, writing),
        TargetPort: spec.targetPort,
      });
    }
  }
}

function securityGroup(spec: SecurityGroupSpec, writing: LbcWriting): LbcValue {
  const ingress = spec.ingress.map((permission) => ({ permission, written: lbcPermission(permission, writing) }));
  return struct({
    groupName: spec.name,
    description: spec.description,
    tags: mapOrNothing(spec.tags),
    ingress: listOrNothing(
      ingress
        .toSorted(
          (a, b) =>
            a.permission.fromPort - b.permission.fromPort ||
            compareStrings(sourceText(a.permission), sourceText(b.permission)),
        )
        .map(({ written }) => written),
    ),
  });
}

function lbcPermission({ protocol, fromPort, toPort, source, description }: Permission, writing: LbcWriting): LbcValue {
  return struct({
    ipProtocol: protocol,
    fromPort,
    toPort,
    ipRanges: "cidrIp" in source ? [struct({ cidrIP: source.cidrIp, description })] : undefined,
    ipv6Ranges: "cidrIpv6" in source ? [struct({ cidrIPv6: source.cidrIpv6, description })] : undefined,
    userIDGroupPairs:
      "securityGroupId" in source
        ? [struct({ groupID: lbcReference(source.securityGroupId, writing), description })]
        : undefined,
    prefixLists: "prefixListId" in source ? [struct({ listID: source.prefixListId, description })] : undefined,
  });
}

/** Sorts as the JSON text with sorted keys does: protocol, then ranges, IPv6 ranges, prefix lists, groups. */
function sourceText({ protocol, source, toPort }: Permission): string {
  const [rank, value] =
    "cidrIp" in source
      ? ["0", source.cidrIp]
      : "cidrIpv6" in source
        ? ["1", source.cidrIpv6]
        : "prefixListId" in source
          ? ["2", source.prefixListId]
          : ["3", JSON.stringify(source.securityGroupId)];
  return `${JSON.stringify(protocol)}${rank}${JSON.stringify(value)}${toPort}`;
}

function targetGroup(spec: TargetGroupSpec, writing: LbcWriting): LbcValue {
  return struct({
    name: lbcReference(spec.name, writing),
    targetType: spec.targetType,
    port: lbcNumber(spec.port),
    protocol: spec.protocol,
    protocolVersion: spec.protocolVersion,
    ipAddressType: spec.ipAddressType,
    healthCheckConfig: healthCheck(spec.healthCheck),
    targetGroupAttributes: attributes(spec.attributes, "key", "value"),
    tags: mapOrNothing(spec.tags),
    targetControlPort: spec.targetControlPort,
  });
}

function healthCheck(check: HealthCheck): LbcValue {
  return struct({
    port: isUnknown(check.port) ? lbcNumber(check.port) : check.port,
    protocol: check.protocol,
    path: check.path,
    matcher: check.matcher && struct({ httpCode: check.matcher.httpCode, grpcCode: check.matcher.grpcCode }),
    intervalSeconds: check.intervalSeconds,
    timeoutSeconds: check.timeoutSeconds,
    healthyThresholdCount: check.healthyThresholdCount,
    unhealthyThresholdCount: check.unhealthyThresholdCount,
  });
}

function targetGroupBinding(spec: TargetGroupBindingSpec, writing: LbcWriting): LbcValue {
  const rules = spec.networking?.ingress.map(({ from, ports }) =>
    struct({
      from: from.map(({ securityGroupId }) =>
        struct({ securityGroup: struct({ groupID: lbcReference(securityGroupId, writing) }) }),
      ),
      ports: ports.map(({ protocol, port }) =>
        struct({ protocol, port: port === undefined || typeof port === "string" ? port : lbcNumber(port) }),
      ),
    }),
  );
  return struct({
    template: struct({
      // LBC adds the labels only when it deploys.
      metadata: struct({ name: lbcReference(spec.name, writing), namespace: spec.namespace }),
      spec: struct({
        targetGroupARN: lbcReference(spec.targetGroupArn, writing),
        targetType: spec.targetType,
        serviceRef: struct({ name: spec.serviceRef.name, port: spec.serviceRef.port }),
        networking: rules && struct({ ingress: listOrNothing(rules) }),
        nodeSelector: spec.nodeSelector && struct({ matchLabels: mapOrNothing(spec.nodeSelector.matchLabels) }),
        ipAddressType: spec.ipAddressType,
        vpcID: spec.vpcId,
        multiClusterTargetGroup: spec.multiClusterTargetGroup,
        targetGroupProtocol: spec.targetGroupProtocol,
      }),
    }),
  });
}

function attributes(map: StringMap | undefined, key: string, value: string): readonly LbcValue[] | undefined {
  return listOrNothing(
    Object.entries(map ?? {})
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([name, text]) => ({ [key]: name, [value]: text })),
  );
}
