import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import type { ListenerRuleSpec } from "../../model/listener-rule.ts";
import { quotasOf } from "../../model/quotas.ts";
import { countRules } from "../quotas.ts";
import { type Answer, type Refused, refuse, type Surroundings } from "./answer.ts";
import { newRuleArn } from "./arn.ts";
import { associationsAfter, writeAssociations } from "./association.ts";
import { noSuchListener } from "./listener.ts";
import type { Resolved } from "./outputs.ts";
import { asReturned, checkActions, checkTargetGroups } from "./rule-action.ts";
import { checkConditions, checkTransforms } from "./rule-condition.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

/** CreateRule isn't idempotent: a second rule with the same number is refused. */
export function createRule(account: Account, { spec }: Details<"createRule">, surroundings: Surroundings): Answer {
  const { listenerArn, priority, actions, conditions, transforms = [] } = spec;
  const listener = account.listeners[listenerArn];
  if (listener === undefined) return noSuchListener(listenerArn);
  const { loadBalancerArn, protocol } = listener.spec;
  const refusal =
    checkPriority(priority) ??
    checkPriorityFree(account, listenerArn, priority) ??
    checkIsApplication(protocol) ??
    checkActions(account, actions, protocol) ??
    checkConditions(account, conditions) ??
    checkTransforms(transforms) ??
    checkTargetGroups(account, loadBalancerArn, actions, surroundings, protocol) ??
    checkCount(account, loadBalancerArn) ??
    checkTags(account, "elbv2", spec.tags);
  if (refusal !== undefined) return refusal;

  const arn = newRuleArn(account, listenerArn, priority);
  const created: ListenerRuleSpec<string> = { ...spec, actions: actions.map(asReturned), tags: spec.tags ?? {} };
  const associations = associationsAfter(account, { added: { loadBalancerArn, actions } });
  return {
    output: { arn, id: arn },
    change: (draft) => {
      draft.listenerRules[arn] = castDraft({ arn, spec: created });
      draft.sequence = account.sequence + 1;
      writeAssociations(draft, associations, surroundings.pace);
    },
  };
}

function checkPriority(priority: number): Refused | undefined {
  if (Number.isInteger(priority) && priority >= 1 && priority <= 50_000) return undefined;
  return refuse("account.invalid-value", "ValidationError", `the priority ${priority} isn't 1 to 50000`);
}

function checkPriorityFree(account: Account, listenerArn: string, priority: number): Refused | undefined {
  const holder = Object.values(account.listenerRules).find(
    ({ spec }) => spec.listenerArn === listenerArn && spec.priority === priority,
  );
  return holder === undefined ? undefined : priorityInUse(priority, holder.arn);
}

function priorityInUse(priority: number, holder: string): Refused {
  return refuse("account.priority-in-use", "PriorityInUse", `the priority ${priority} is that of ${holder}`);
}

function checkIsApplication(protocol: string): Refused | undefined {
  if (protocol !== "TCP") return undefined;
  return refuse("account.invalid-value", "UnsupportedProtocol", "a TCP listener takes no rules");
}

function checkCount(account: Account, loadBalancerArn: string): Refused | undefined {
  const limit = quotasOf(account).rulesPerLoadBalancer;
  const count = countRules(account, loadBalancerArn);
  if (count < limit) return undefined;
  const message = `${loadBalancerArn} has ${count} rules and may have ${limit}`;
  return refuse("account.quota-exceeded", "TooManyRules", message);
}

/** ModifyRule changes what is given and leaves the rest. Default rules belong to listeners and can't be named here. */
export function modifyRule(
  account: Account,
  { ruleArn, actions, conditions, transforms, resetTransforms }: Details<"modifyRule">,
  surroundings: Surroundings,
): Answer {
  const rule = account.listenerRules[ruleArn];
  if (rule === undefined) return noSuchRule(ruleArn);
  const listener = account.listeners[rule.spec.listenerArn];
  if (listener === undefined) return noSuchListener(rule.spec.listenerArn);
  const { loadBalancerArn, protocol } = listener.spec;
  // The groups that the rule names today still count: AWS takes no account of those that the change lets go.
  const refusal =
    (actions && checkActions(account, actions, protocol)) ??
    (conditions && checkConditions(account, conditions)) ??
    (transforms && checkTransforms(transforms)) ??
    (actions && checkTargetGroups(account, loadBalancerArn, actions, surroundings, protocol));
  if (refusal !== undefined) return refusal;

  const associations =
    actions === undefined
      ? new Map()
      : associationsAfter(account, { released: new Set([ruleArn]), added: { loadBalancerArn, actions } });
  return {
    change: (draft) => {
      const found = draft.listenerRules[ruleArn];
      if (found === undefined) return;
      if (actions !== undefined) found.spec.actions = castDraft(actions.map(asReturned));
      if (conditions !== undefined) found.spec.conditions = castDraft(conditions);
      if (resetTransforms === true) delete found.spec.transforms;
      else if (transforms !== undefined) found.spec.transforms = castDraft(transforms);
      writeAssociations(draft, associations, surroundings.pace);
    },
  };
}

/** SetRulePriorities: all at once; a number is taken only if a rule outside the call has it. */
export function setRulePriorities(account: Account, { priorities }: Details<"setRulePriorities">): Answer {
  const moved = new Map(priorities.map(({ ruleArn, priority }) => [ruleArn, priority]));
  if (moved.size < priorities.length) {
    return refuse("account.invalid-value", "ValidationError", "a rule is named twice in one call");
  }
  const taken = new Map<string, string>();
  for (const { arn, spec } of Object.values(account.listenerRules)) {
    if (!moved.has(arn)) taken.set(`${spec.listenerArn} ${spec.priority}`, arn);
  }
  for (const [arn, priority] of moved) {
    const rule = account.listenerRules[arn];
    if (rule === undefined) return noSuchRule(arn);
    const refusal = checkPriority(priority);
    if (refusal !== undefined) return refusal;
    const place = `${rule.spec.listenerArn} ${priority}`;
    const holder = taken.get(place);
    if (holder !== undefined) return priorityInUse(priority, holder);
    taken.set(place, arn);
  }
  return {
    change: (draft) => {
      for (const [arn, priority] of moved) {
        const rule = draft.listenerRules[arn];
        if (rule !== undefined) rule.spec.priority = priority;
      }
    },
  };
}

export function deleteRule(account: Account, { ruleArn }: Details<"deleteRule">, { pace }: Surroundings): Answer {
  if (account.listenerRules[ruleArn] === undefined) return noSuchRule(ruleArn);
  const associations = associationsAfter(account, { released: new Set([ruleArn]) });
  return {
    change: (draft) => {
      delete draft.listenerRules[ruleArn];
      writeAssociations(draft, associations, pace);
    },
  };
}

function noSuchRule(arn: string): Refused {
  return refuse("account.not-found", "RuleNotFound", `the account holds no rule ${arn}`);
}
