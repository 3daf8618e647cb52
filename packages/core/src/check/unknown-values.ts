/** What a plan that was made from files alone doesn't know. */
import { isValidationField } from "../calls/route53.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Call } from "../model/plan.ts";
import { isUnknown, STRING_MAP_FIELDS } from "../model/value.ts";

/**
 * One error for each value that only the API server or AWS would choose and that some call of the plan needs; none: the
 * plan can be carried out on AWS. Clients of OIDC actions and validation records are
 * read when they are sent, so they don't count.
 */
export function unknownValues(
  { actions }: { readonly actions: readonly Action[] },
  callFor: (action: Action) => Call | null,
): readonly Diagnostic[] {
  const told = new Map<string, Diagnostic>();
  const walk = (value: unknown, action: Action): void => {
    if (typeof value !== "object" || value === null) return;
    if (!isUnknown(value)) {
      for (const [key, item] of Object.entries(value)) if (!STRING_MAP_FIELDS.has(key)) walk(item, action);
    } else if (!("secret" in value) && !isValidationField(value) && !told.has(value.unknown)) {
      told.set(value.unknown, ofUnknown(value.unknown, action));
    }
  };
  for (const action of actions) walk(callFor(action)?.input, action);
  return [...told.values()];
}

function ofUnknown(what: string, { stack, resource, source }: Action): Diagnostic {
  return diagnose("run.value-unknown", `Nobody knows yet: ${what}.`, {
    stack,
    resource,
    ...(source?.object === undefined ? {} : { object: source.object, field: source.field }),
    ...(source?.at === undefined ? {} : { at: source.at }),
  });
}
