/** TargetGroupBinding objects; the account holds them as the API server would. */
import { castDraft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { type Answer, type Refused, refuse } from "./answer.ts";
import type { Resolved } from "./outputs.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;

export function createTargetGroupBinding(account: Account, { spec }: Details<"createTargetGroupBinding">): Answer {
  const key = `${spec.namespace}/${spec.name}`;
  if (account.targetGroupBindings[key] !== undefined) {
    return refuse("account.already-exists", "AlreadyExists", `the TargetGroupBinding ${key} exists already`);
  }
  return {
    output: { arn: key, id: key },
    change: (draft) => {
      draft.targetGroupBindings[key] = castDraft({ arn: key, spec });
    },
  };
}

/** The patch replaces the whole spec and the labels. */
export function patchTargetGroupBinding(account: Account, { spec }: Details<"patchTargetGroupBinding">): Answer {
  const key = `${spec.namespace}/${spec.name}`;
  if (account.targetGroupBindings[key] === undefined) return noSuchBinding(key);
  return {
    change: (draft) => {
      draft.targetGroupBindings[key] = castDraft({ arn: key, spec });
    },
  };
}

export function deleteTargetGroupBinding(
  account: Account,
  { namespace, name }: Details<"deleteTargetGroupBinding">,
): Answer {
  const key = `${namespace}/${name}`;
  if (account.targetGroupBindings[key] === undefined) return noSuchBinding(key);
  return {
    change: (draft) => {
      delete draft.targetGroupBindings[key];
    },
  };
}

function noSuchBinding(key: string): Refused {
  return refuse("account.not-found", "NotFound", `there is no TargetGroupBinding ${key}`);
}
