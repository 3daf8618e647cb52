/** The simulated account as an executor: the account changes with every call. */
import type { Action, ActionDetails } from "../model/action.ts";
import type { CallError, Executor, Found, Step } from "../model/executor.ts";
import type { Account, Inventory } from "../model/inventory.ts";
import { asAccount } from "./account/account.ts";
import type { Pace } from "./account/answer.ts";
import { applyAction } from "./account/apply-action.ts";
import { type Resolved, resolveValues } from "./account/outputs.ts";

export interface SimulatedExecutor extends Executor {
  /** The account as it is now. */
  readonly account: () => Account;
}

/**
 * An executor that makes its calls on a simulated account. Whatever a call names that the account has never held counts
 * as existing outside of it. With pace `waits`, what is waited for comes about when somebody looks.
 */
export function simulatedExecutor(inventory: Account | Inventory, pace: Pace = "instant"): SimulatedExecutor {
  let account = asAccount(inventory);
  const held = new Set(idsOf(account));
  const foreign = { has: (id: string) => !held.has(id) };
  const apply = (action: Action) => {
    const applied = applyAction(account, action, {}, { pace, foreign });
    if ("refused" in applied) throw refusal(applied.awsCode, applied.refused.message);
    account = applied.account;
    for (const id of idsOf(account)) held.add(id);
    const { stack, resource } = action;
    return Object.hasOwn(applied.outputs, stack) ? applied.outputs[stack]?.[resource] : undefined;
  };
  return {
    account: () => account,
    send: async ({ action }) => apply(action),
    find: async (step) => holderOf(account, step, foreign),
    met: async (wait) => {
      apply(wait);
      return { state: "met" };
    },
  };
}

/** What holds the place that an action asks for, by name, port, number or association. */
function holderOf(
  account: Account,
  { action }: Step,
  foreign: { readonly has: (id: string) => boolean },
): Found | undefined {
  const details = <K extends Action["kind"]>(_: K): Resolved<ActionDetails[K]> =>
    resolveValues(action.details as ActionDetails[K], {}, action).value;
  switch (action.kind) {
    case "createSecurityGroup": {
      const { vpcId, spec } = details(action.kind);
      return Object.values(account.securityGroups).find((it) => it.vpcId === vpcId && it.spec.name === spec.name);
    }
    case "createTargetGroup": {
      const { name } = details(action.kind).spec;
      return Object.values(account.targetGroups).find(({ spec }) => spec.name === name);
    }
    case "createLoadBalancer": {
      const { name } = details(action.kind).spec;
      return Object.values(account.loadBalancers).find(({ spec }) => spec.name === name);
    }
    case "createListener": {
      const { loadBalancerArn, port } = details(action.kind).spec;
      return Object.values(account.listeners).find(
        ({ spec }) => spec.loadBalancerArn === loadBalancerArn && spec.port === port,
      );
    }
    case "createRule": {
      const { listenerArn, priority } = details(action.kind).spec;
      return Object.values(account.listenerRules).find(
        ({ spec }) => spec.listenerArn === listenerArn && spec.priority === priority,
      );
    }
    case "createShieldProtection": {
      const protection = own(account.shieldProtections, details(action.kind).resourceArn);
      return protection && { arn: protection.id, spec: { name: protection.name } };
    }
    case "createTargetGroupBinding": {
      const { namespace, name } = details(action.kind).spec;
      return own(account.targetGroupBindings, `${namespace}/${name}`);
    }
    case "authorizeSecurityGroupIngress":
    case "revokeSecurityGroupIngress": {
      const { securityGroupId } = details(action.kind);
      const held = own(account.securityGroups, securityGroupId);
      if (held !== undefined || !foreign.has(securityGroupId)) return held;
      // Of a group that isn't ours the account knows no more than permissions.
      const ingress = own(account.endpointSecurityGroups ?? {}, securityGroupId) ?? [];
      return { arn: securityGroupId, spec: { ingress } };
    }
    default:
      return undefined;
  }
}

function own<T>(records: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(records, key) ? records[key] : undefined;
}

/** ARNs and ids of everything that other calls may name. */
function idsOf(account: Account): readonly string[] {
  const { loadBalancers, targetGroups, securityGroups, certificates } = account;
  return [loadBalancers, targetGroups, securityGroups, certificates].flatMap(Object.keys);
}

function refusal(code: string, message: string): CallError & Error {
  return Object.assign(new Error(message), { name: "Refusal", code, outcome: "refused" as const });
}
