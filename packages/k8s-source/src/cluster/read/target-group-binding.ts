/** TargetGroupBinding objects (`elbv2.k8s.aws/v1beta1`) as they are in a cluster, and as an inventory has them. */
import type { Inventory, NetworkingRule, ObjectMeta, StringMap, TargetGroupBindingSpec } from "@elbplan/core";
import { decode, type FieldSchema, type ObjectSchema, type TypeProblem } from "../../manifests/object-schema.ts";

export interface TargetGroupBinding {
  readonly apiVersion: string;
  readonly kind: "TargetGroupBinding";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly targetGroupARN?: string;
    readonly targetType?: string;
    readonly serviceRef: { readonly name: string; readonly port: string | number };
    readonly networking?: {
      readonly ingress?: readonly {
        readonly from?: readonly { readonly securityGroup?: { readonly groupID: string } }[];
        readonly ports?: readonly { readonly protocol?: string; readonly port?: string | number }[];
      }[];
    };
    readonly nodeSelector?: { readonly matchLabels?: StringMap };
    readonly ipAddressType?: string;
    readonly vpcID?: string;
    readonly multiClusterTargetGroup?: boolean;
    readonly targetGroupProtocol?: string;
  };
  readonly status?: { readonly observedGeneration?: number };
}

const string: FieldSchema = { type: "string" };
const list = (items: FieldSchema): FieldSchema => ({ type: "list", items });
const open = (fields: ObjectSchema["fields"]): ObjectSchema => ({ type: "object", open: true, fields });
const port: FieldSchema = { type: "integerOrString" };

const SPEC = open({
  targetGroupARN: string,
  targetType: string,
  serviceRef: open({ name: string, port }),
  networking: open({
    ingress: list(
      open({
        from: list(open({ securityGroup: open({ groupID: string }) })),
        ports: list(open({ protocol: string, port })),
      }),
    ),
  }),
  nodeSelector: open({ matchLabels: { type: "map", values: string } }),
  ipAddressType: string,
  vpcID: string,
  multiClusterTargetGroup: { type: "boolean" },
  targetGroupProtocol: string,
});

/** Checks the spec of a binding; `report` hears of each field of a wrong type. */
export function decodeBindingSpec(spec: unknown, report: (pointer: string, problem: TypeProblem) => void): unknown {
  return decode(SPEC, spec, "/spec", (_code, pointer, problem) => report(pointer, problem));
}

/**
 * The bindings as part of an inventory, by `namespace/name`. Those without the ARN of a target group are left out: no
 * target group of ours can be theirs. Sources that aren't security groups aren't written by us and are left out too.
 */
export function bindingsOfInventory(bindings: readonly TargetGroupBinding[]): Inventory["targetGroupBindings"] {
  const found: Record<string, Inventory["targetGroupBindings"][string]> = {};
  for (const { metadata, spec } of bindings) {
    const { targetGroupARN: targetGroupArn = "", networking, nodeSelector, multiClusterTargetGroup } = spec;
    if (targetGroupArn === "") continue;
    const { namespace = "", name, labels = {} } = metadata;
    const bound: TargetGroupBindingSpec<string> = {
      namespace,
      name,
      labels,
      targetGroupArn,
      targetType: (spec.targetType ?? "instance") as TargetGroupBindingSpec["targetType"],
      serviceRef: { name: spec.serviceRef.name, port: spec.serviceRef.port },
      ...(networking && { networking: { ingress: (networking.ingress ?? []).map(networkingRule) } }),
      ...(nodeSelector && { nodeSelector: { matchLabels: nodeSelector.matchLabels ?? {} } }),
      ipAddressType: (spec.ipAddressType ?? "ipv4") as TargetGroupBindingSpec["ipAddressType"],
      vpcId: spec.vpcID ?? "",
      ...(multiClusterTargetGroup === undefined ? {} : { multiClusterTargetGroup }),
      targetGroupProtocol: spec.targetGroupProtocol ?? "",
    };
    const key = `${namespace}/${name}`;
    found[key] = { arn: key, spec: bound };
  }
  return found;
}

type Rule = NonNullable<NonNullable<TargetGroupBinding["spec"]["networking"]>["ingress"]>[number];

function networkingRule({ from = [], ports = [] }: Rule): NetworkingRule<string> {
  return {
    from: from.flatMap(({ securityGroup }) => (securityGroup ? [{ securityGroupId: securityGroup.groupID }] : [])),
    ports: ports.map(({ port }) => ({ protocol: "TCP" as const, ...(port !== undefined && { port }) })),
  };
}
