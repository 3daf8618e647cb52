/** Carries out one action on a simulated account. */
import { Immer } from "immer";
import { diagnose } from "../../diagnostics/diagnose.ts";
import type { Action, ActionDetails, ActionKind } from "../../model/action.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Account } from "../../model/inventory.ts";
import {
  associateWafRegional,
  associateWebAcl,
  createShieldProtection,
  deleteShieldProtection,
  disassociateWafRegional,
  disassociateWebAcl,
} from "./addon.ts";
import { type Answer, isRefused, type Pace, type Surroundings } from "./answer.ts";
import { deleteCertificate, requestCertificate, upsertValidationRecord } from "./certificate.ts";
import { createListener, deleteListener, modifyListener, modifyListenerAttributes } from "./listener.ts";
import { addListenerCertificates, removeListenerCertificates } from "./listener-certificate.ts";
import { createRule, deleteRule, modifyRule, setRulePriorities } from "./listener-rule.ts";
import {
  createLoadBalancer,
  deleteLoadBalancer,
  modifyCapacityReservation,
  modifyIpPools,
  modifyLoadBalancerAttributes,
  setIpAddressType,
  setSecurityGroups,
  setSubnets,
} from "./load-balancer.ts";
import { type Outputs, type Resolved, resolveValues, withOutput } from "./outputs.ts";
import {
  authorizeSecurityGroupIngress,
  createSecurityGroup,
  deleteSecurityGroup,
  revokeSecurityGroupIngress,
} from "./security-group.ts";
import { addTags, createTags, deleteTags, removeTags } from "./tags.ts";
import { deregisterTargets, registerTargets } from "./target.ts";
import {
  createTargetGroup,
  deleteTargetGroup,
  modifyTargetGroup,
  modifyTargetGroupAttributes,
} from "./target-group.ts";
import { createTargetGroupBinding, deleteTargetGroupBinding, patchTargetGroupBinding } from "./target-group-binding.ts";
import { wait } from "./wait.ts";

type Handler<K extends ActionKind> = (
  account: Account,
  details: Resolved<ActionDetails[K]>,
  surroundings: Surroundings,
) => Answer;

const HANDLERS: { readonly [K in ActionKind]: Handler<K> } = {
  createSecurityGroup,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupIngress,
  deleteSecurityGroup,
  createTags,
  deleteTags,
  requestCertificate,
  upsertValidationRecord,
  deleteCertificate,
  createTargetGroup,
  modifyTargetGroup,
  modifyTargetGroupAttributes,
  deleteTargetGroup,
  registerTargets,
  deregisterTargets,
  createLoadBalancer,
  modifyLoadBalancerAttributes,
  setSecurityGroups,
  setSubnets,
  setIpAddressType,
  modifyIpPools,
  modifyCapacityReservation,
  deleteLoadBalancer,
  createListener,
  modifyListener,
  addListenerCertificates,
  removeListenerCertificates,
  modifyListenerAttributes,
  deleteListener,
  createRule,
  modifyRule,
  setRulePriorities,
  deleteRule,
  addTags,
  removeTags,
  associateWebAcl,
  disassociateWebAcl,
  associateWafRegional,
  disassociateWafRegional,
  createShieldProtection,
  deleteShieldProtection,
  createTargetGroupBinding,
  patchTargetGroupBinding,
  deleteTargetGroupBinding,
  wait,
};

export interface ApplyOptions {
  /** `instant` if absent. */
  readonly pace?: Pace;
  /** Ids and ARNs that exist although the account doesn't hold them; absent: every one that it doesn't hold. */
  readonly foreign?: { readonly has: (id: string) => boolean };
}

export type Applied =
  | { readonly account: Account; readonly outputs: Outputs; readonly note?: string }
  | { readonly refused: Diagnostic; readonly awsCode: string };

/** The accounts given in belong to the caller: nothing is frozen. */
const immer: Immer = new Immer({ autoFreeze: false });

/**
 * Carries out one action. The account and the outputs given in stay as they are; what didn't change is shared with
 * the result. What AWS would refuse comes back as a diagnostic with AWS's error code, and nothing has changed then.
 *
 * References are looked up in `outputs`, which holds what earlier actions of the same run created; start with `{}`.
 */
export function applyAction(
  account: Account,
  action: Action,
  outputs: Outputs,
  { pace = "instant", foreign }: ApplyOptions = {},
): Applied {
  const { stack, resource } = action;
  const { value, missing } = resolveValues(action.details as ActionDetails[ActionKind], outputs, action);
  const [unresolved] = missing;
  if (unresolved !== undefined) {
    const message = `${action.id} names the ${unresolved.field} of ${unresolved.ref}, which wasn't created in this run.`;
    return { refused: diagnose("account.reference-unresolved", message, { stack, resource }), awsCode: "None" };
  }

  // The table pairs every kind with a handler of its own details; the compiler can't follow it through the union.
  const handler = HANDLERS[action.kind] as Handler<ActionKind>;
  const surroundings: Surroundings = { pace, isForeign: (id) => foreign === undefined || foreign.has(id) };
  const answer = handler(account, value as never, surroundings);
  if (isRefused(answer)) {
    const message = `${action.id} is refused with ${answer.awsCode}: ${answer.message}.`;
    return { refused: diagnose(answer.code, message, { stack, resource }), awsCode: answer.awsCode };
  }
  const { change, output, note } = answer;
  return {
    account: immer.produce(account, (draft) => change(draft)),
    outputs: output === undefined ? outputs : withOutput(outputs, action, output),
    ...(note === undefined ? {} : { note }),
  };
}
