/** Listener rules. Conditions and transforms use the ELBv2 API's names with a lower-case first letter. */
import type { RuleAction } from "./rule-action.ts";
import type { StringMap, Value } from "./value.ts";

/** AWS's highest priority. */
export const LAST_PRIORITY = 50000;

export interface ListenerRuleSpec<V = Value> {
  readonly listenerArn: V;
  /** 1 to 50000; the lower number is asked first. */
  readonly priority: number;
  readonly actions: readonly RuleAction<V>[];
  readonly conditions: readonly RuleCondition[];
  readonly transforms?: readonly RuleTransform[];
  readonly tags?: StringMap;
}

/** Plain values may hold the wildcards `*` and `?`; at most one of the two lists is set. */
interface Patterns {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

/** Conditions of a rule are AND-ed, values of a condition OR-ed. */
export type RuleCondition =
  | { readonly field: "host-header"; readonly hostHeaderConfig: Patterns }
  | { readonly field: "path-pattern"; readonly pathPatternConfig: Patterns }
  | { readonly field: "http-header"; readonly httpHeaderConfig: Patterns & { readonly httpHeaderName: string } }
  | { readonly field: "http-request-method"; readonly httpRequestMethodConfig: { readonly values: readonly string[] } }
  | {
      readonly field: "query-string";
      readonly queryStringConfig: { readonly values: readonly { readonly key?: string; readonly value: string }[] };
    }
  | { readonly field: "source-ip"; readonly sourceIpConfig: { readonly values: readonly string[] } };

export interface Rewrite {
  readonly regex: string;
  readonly replace: string;
}

export type RuleTransform =
  | { readonly type: "url-rewrite"; readonly urlRewriteConfig: { readonly rewrites: readonly Rewrite[] } }
  | {
      readonly type: "host-header-rewrite";
      readonly hostHeaderRewriteConfig: { readonly rewrites: readonly Rewrite[] };
    };
