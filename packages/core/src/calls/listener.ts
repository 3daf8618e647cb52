/** Calls on listeners and rules. */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { MutualAuthentication } from "../model/listener.ts";
import type { Call } from "../model/plan.ts";
import { elbCall } from "./elb-call.ts";
import { actionList, conditionList, transformList } from "./rule-content.ts";
import { attributeList, tagsField } from "./tags.ts";

type ListenerKind = Extract<
  ActionKind,
  | "createListener"
  | "modifyListener"
  | "addListenerCertificates"
  | "removeListenerCertificates"
  | "modifyListenerAttributes"
  | "deleteListener"
  | "createRule"
  | "modifyRule"
  | "setRulePriorities"
  | "deleteRule"
>;

export const listenerCalls: { readonly [K in ListenerKind]: (details: ActionDetails[K]) => Call } = {
  createListener: ({ spec }) =>
    elbCall("CreateListener", {
      LoadBalancerArn: spec.loadBalancerArn,
      Port: spec.port,
      Protocol: spec.protocol,
      DefaultActions: actionList(spec.defaultActions),
      Certificates: spec.certificates?.length
        ? spec.certificates.slice(0, 1).map((arn) => ({ CertificateArn: arn }))
        : undefined,
      SslPolicy: spec.sslPolicy,
      MutualAuthentication: mutualAuthentication(spec.mutualAuthentication),
      ...tagsField(spec.tags),
    }),
  modifyListener: (details) =>
    elbCall("ModifyListener", {
      ListenerArn: details.listenerArn,
      Protocol: details.protocol,
      DefaultActions: details.defaultActions === undefined ? undefined : actionList(details.defaultActions),
      Certificates:
        details.defaultCertificate === undefined ? undefined : [{ CertificateArn: details.defaultCertificate }],
      SslPolicy: details.sslPolicy,
      MutualAuthentication: mutualAuthentication(details.mutualAuthentication),
    }),
  addListenerCertificates: ({ listenerArn, certificateArn }) =>
    elbCall("AddListenerCertificates", {
      ListenerArn: listenerArn,
      Certificates: [{ CertificateArn: certificateArn }],
    }),
  removeListenerCertificates: ({ listenerArn, certificateArn }) =>
    elbCall("RemoveListenerCertificates", {
      ListenerArn: listenerArn,
      Certificates: [{ CertificateArn: certificateArn }],
    }),
  modifyListenerAttributes: ({ listenerArn, attributes }) =>
    elbCall("ModifyListenerAttributes", { ListenerArn: listenerArn, Attributes: attributeList(attributes) }),
  deleteListener: ({ listenerArn }) => elbCall("DeleteListener", { ListenerArn: listenerArn }),
  createRule: ({ spec }) =>
    elbCall("CreateRule", {
      ListenerArn: spec.listenerArn,
      Priority: spec.priority,
      Conditions: conditionList(spec.conditions),
      Actions: actionList(spec.actions),
      Transforms: spec.transforms?.length ? transformList(spec.transforms) : undefined,
      ...tagsField(spec.tags),
    }),
  modifyRule: ({ ruleArn, actions, conditions, transforms, resetTransforms }) =>
    elbCall("ModifyRule", {
      RuleArn: ruleArn,
      Conditions: conditions === undefined ? undefined : conditionList(conditions),
      Actions: actions === undefined ? undefined : actionList(actions),
      Transforms: transforms === undefined ? undefined : transformList(transforms),
      ResetTransforms: resetTransforms,
    }),
  setRulePriorities: ({ priorities }) =>
    elbCall("SetRulePriorities", {
      RulePriorities: priorities.map(({ ruleArn, priority }) => ({ RuleArn: ruleArn, Priority: priority })),
    }),
  deleteRule: ({ ruleArn }) => elbCall("DeleteRule", { RuleArn: ruleArn }),
};

/** Outside of `verify` AWS accepts nothing but the mode. */
function mutualAuthentication(block: MutualAuthentication | undefined): object | undefined {
  if (block === undefined) return undefined;
  const { mode, trustStoreArn, ignoreClientCertificateExpiry, advertiseTrustStoreCaNames } = block;
  if (mode !== "verify") return { Mode: mode };
  return {
    Mode: mode,
    ...(trustStoreArn === undefined || trustStoreArn === "" ? {} : { TrustStoreArn: trustStoreArn }),
    ...(ignoreClientCertificateExpiry === undefined
      ? {}
      : { IgnoreClientCertificateExpiry: ignoreClientCertificateExpiry }),
    ...(advertiseTrustStoreCaNames === undefined ? {} : { AdvertiseTrustStoreCaNames: advertiseTrustStoreCaNames }),
  };
}
