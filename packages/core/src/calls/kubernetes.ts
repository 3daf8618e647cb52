/** Writes of TargetGroupBinding objects (`elbv2.k8s.aws/v1beta1`) to the Kubernetes API. */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import type { NetworkingRule, TargetGroupBindingSpec } from "../model/target-group-binding.ts";

type KubernetesKind = Extract<
  ActionKind,
  "createTargetGroupBinding" | "patchTargetGroupBinding" | "deleteTargetGroupBinding"
>;

const TYPE = { apiVersion: "elbv2.k8s.aws/v1beta1", kind: "TargetGroupBinding" };

export const kubernetesCalls: { readonly [K in KubernetesKind]: (details: ActionDetails[K]) => Call } = {
  createTargetGroupBinding: ({ spec }) => ({ service: "kubernetes", operation: "create", input: manifest(spec) }),
  /** A merge patch: labels and spec are replaced as a whole. */
  patchTargetGroupBinding: ({ spec }) => ({ service: "kubernetes", operation: "patch", input: manifest(spec) }),
  deleteTargetGroupBinding: ({ namespace, name }) => ({
    service: "kubernetes",
    operation: "delete",
    input: { ...TYPE, metadata: { namespace, name } },
  }),
};

function manifest(spec: TargetGroupBindingSpec): Call["input"] {
  const { namespace, name, labels, networking, nodeSelector, multiClusterTargetGroup } = spec;
  return {
    ...TYPE,
    metadata: { namespace, name, labels },
    spec: {
      targetGroupARN: spec.targetGroupArn,
      targetType: spec.targetType,
      serviceRef: spec.serviceRef,
      ...(networking === undefined ? {} : { networking: { ingress: networking.ingress.map(networkingRule) } }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ipAddressType: spec.ipAddressType,
      vpcID: spec.vpcId,
      ...(multiClusterTargetGroup === true ? { multiClusterTargetGroup } : {}),
      targetGroupProtocol: spec.targetGroupProtocol,
    },
  };
}

function networkingRule({ from, ports }: NetworkingRule): object {
  return { from: from.map(({ securityGroupId }) => ({ securityGroup: { groupID: securityGroupId } })), ports };
}
