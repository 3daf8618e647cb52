/** Says which secrets a plan can't compare. */

import { sameActions } from "../desired/rule-key.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { StackDiff } from "./difference.ts";

/** One note for each Secret whose OIDC client is used by something that stays as it is. */
export function secretNotes({ id, listeners, rules }: StackDiff): readonly Diagnostic[] {
  const secrets = new Set<string>();
  const note = (actions: readonly RuleAction[]): void => {
    for (const action of actions) {
      const client = action.type === "authenticate-oidc" ? action.authenticateOidcConfig.client : undefined;
      if (client !== undefined) secrets.add(client.secret);
    }
  };
  for (const { desired, existing } of listeners) {
    if (desired === undefined || existing === undefined) continue;
    if (sameActions(desired.defaultActions, existing.spec.defaultActions)) note(desired.defaultActions);
  }
  for (const { kept } of rules) for (const { desired } of kept) note(desired.actions);
  return [...secrets].sort(compareStrings).map((secret) => {
    const [namespace = "", name = ""] = secret.split("/");
    return diagnose(
      "secret.not-comparable",
      `Whether the OIDC client in Secret ${secret} changed can't be seen in AWS.`,
      {
        stack: id,
        object: { kind: "Secret", namespace, name },
      },
    );
  });
}
