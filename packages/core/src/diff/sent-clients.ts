/**
 * Clients of OIDC actions: AWS never tells their secrets, so what was sent last is compared with what should be. Another
 * client, or one that nobody knows of, is sent; otherwise changes of a rule or listener keep the client that AWS has.
 */
import equal from "fast-deep-equal";
import type { Action } from "../model/action.ts";
import type { Change } from "../model/change.ts";
import type { SentClients } from "../model/plan.ts";
import type { RuleAction, SecretClient } from "../model/rule-action.ts";
import type { RuleCall, RuleDifferences, RulePair, StackDiff } from "./difference.ts";
import { updateReason } from "./reason.ts";

/** Stands for the client among the fields of a change. */
export const CLIENT_FIELD = "/client";

/** The differences with those of the clients. Without knowledge of what was sent they stay as they are. */
export function diffClients(stack: StackDiff, sent: SentClients | undefined): StackDiff {
  if (sent === undefined) return stack;
  return {
    ...stack,
    listeners: stack.listeners.map((difference) => {
      const { change, desired, existing } = difference;
      if (desired === undefined || existing === undefined) return difference;
      const told = clientOf(sent, existing.arn, change, "/defaultActions", desired.defaultActions);
      const current = existing.spec.defaultActions;
      return {
        ...difference,
        change: told.change,
        desired: told.keeps ? { ...desired, defaultActions: keepingClients(desired.defaultActions, current) } : desired,
      };
    }),
    rules: stack.rules.map((rules) => ruleClients(rules, sent)),
  };
}

function ruleClients(rules: RuleDifferences, sent: SentClients): RuleDifferences {
  const tell = (pair: RulePair): RulePair => {
    const { change, desired, existing } = pair;
    const told = clientOf(sent, existing.arn, change, "/actions", desired.actions);
    const actions = told.keeps ? keepingClients(desired.actions, existing.spec.actions) : desired.actions;
    return { ...pair, change: told.change, desired: { ...desired, actions } };
  };
  const sends = ({ change }: RulePair): boolean => change.fields.some(({ path }) => path === CLIENT_FIELD);
  const kept = rules.kept.map(tell);
  const resent = kept.filter(sends);
  const modified = rules.modified.map(tell);
  const told = new Map(rules.modified.map((pair, index) => [pair, modified[index]]));
  const turns = rules.turns?.map(
    (turn): RuleCall => (turn.kind === "modify" ? { ...turn, pair: told.get(turn.pair) ?? turn.pair } : turn),
  );
  return {
    ...rules,
    kept: kept.filter((pair) => !sends(pair)),
    modified: [...modified, ...resent].sort((a, b) => a.desired.priority - b.desired.priority),
    // What a rule does stays the same, so it may be sent at any time.
    ...(turns && { turns: [...resent.map((pair) => ({ kind: "modify", pair }) as const), ...turns] }),
  };
}

/** `keeps`: AWS has the client, and the actions are sent for something else. */
function clientOf(
  sent: SentClients,
  arn: string,
  change: Change,
  path: string,
  actions: readonly RuleAction[],
): { readonly change: Change; readonly keeps: boolean } {
  const wanted = clientsIn(actions);
  const sendsActions = change.fields.some((field) => field.path === path);
  const known = Object.hasOwn(sent, arn) && equal(sent[arn], wanted);
  if (wanted.length === 0 || known || sendsActions) return { change, keeps: known && sendsActions };
  const after = wanted.map(({ secret }) => `Secret ${secret}`).join(", ");
  const fields = [...change.fields, { path: CLIENT_FIELD, after }];
  return { change: { ...change, kind: "update", fields, reason: updateReason(fields) }, keeps: false };
}

/** The clients that an action of a plan sends along, in their order. */
export function clientsOf(action: Action): readonly SecretClient[] {
  switch (action.kind) {
    case "createListener":
      return clientsIn(action.details.spec.defaultActions);
    case "createRule":
      return clientsIn(action.details.spec.actions);
    case "modifyListener":
      return clientsIn(action.details.defaultActions ?? []);
    case "modifyRule":
      return clientsIn(action.details.actions ?? []);
    default:
      return [];
  }
}

/** The clients that actions of a rule name, in their order. */
function clientsIn(actions: readonly RuleAction[]): readonly SecretClient[] {
  return actions.flatMap((action) =>
    action.type === "authenticate-oidc" ? (action.authenticateOidcConfig.client ?? []) : [],
  );
}

/** AWS asks for the id all the same; where it isn't known the client is sent. */
function keepingClients(desired: readonly RuleAction[], existing: readonly RuleAction[]): readonly RuleAction[] {
  return desired.map((action, index) => {
    const there = existing[index];
    if (action.type !== "authenticate-oidc" || there?.type !== "authenticate-oidc") return action;
    const { clientId } = there.authenticateOidcConfig;
    if (clientId === undefined) return action;
    const { client: _, ...config } = action.authenticateOidcConfig;
    return { ...action, authenticateOidcConfig: { ...config, clientId } };
  });
}
