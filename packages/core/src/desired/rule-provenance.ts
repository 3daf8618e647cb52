/** Where rules and the actions of rules and listeners come from. */
import type { IngressBackend } from "../model/kubernetes.ts";
import type { ListenerRuleSpec, RuleCondition } from "../model/listener-rule.ts";
import { type ResourceOf, resourceKey } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Source } from "../model/source.ts";
import type { AnnotationName } from "../read/annotations.ts";
import { annotationField, annotationText, type Member, refOf } from "../read/member.ts";
import type { AnnotatedConditions } from "../resolve/rule-annotations.ts";
import { fieldOf, GENERATED, sourceOf, traceTags, valueAt } from "./field-source.ts";
import { type EnhancedBackend, onlyService } from "./rule-action.ts";
import { type StackDraft, trace } from "./stack-draft.ts";

/** What a rule was made of. */
export interface RuleOrigin {
  readonly member: Member;
  /** JSON pointer to the path. */
  readonly field: string;
  readonly annotated: AnnotatedConditions;
  readonly backend: EnhancedBackend;
}

/** Takes down the sources of a rule and all its fields. */
export function traceRule(draft: StackDraft, id: string, origin: RuleOrigin): void {
  if (draft.group.trace === undefined) return;
  const rule = draft.resources.get(resourceKey("listenerRule", id));
  if (rule?.kind !== "listenerRule") return;
  const { member, field, backend } = origin;
  const { ingress } = member;
  const path: Source = { object: refOf(ingress), field };
  const ordered = draft.group.explicit && annotationText(ingress, "group.order") !== undefined;
  trace(draft, "listenerRule", id, "", path);
  trace(draft, "listenerRule", id, "/listenerArn", GENERATED);
  trace(draft, "listenerRule", id, "/priority", ordered ? annotated(member, "group.order") : path);
  traceConditions(draft, rule, origin);
  traceActions(draft, "listenerRule", id, backend, rule.spec.actions);
  if (rule.spec.transforms !== undefined)
    trace(draft, "listenerRule", id, "/transforms", annotated(member, "transforms", backendName(backend)));
  traceTags(draft, rule, [member], undefined);
}

function traceConditions(
  draft: StackDraft,
  { id, spec }: ResourceOf<"listenerRule">,
  { member, field, annotated: given, backend }: RuleOrigin,
): void {
  const annotation = annotated(member, "conditions", backendName(backend));
  const host = fieldOf(member.ingress, field.replace(/\/http\/paths\/\d+$/, "/host"));
  const path = fieldOf(member.ingress, `${field}/path`);
  for (const [index, condition] of (spec as ListenerRuleSpec).conditions.entries()) {
    const at = `/conditions/${index}`;
    const { list, pointer, fromAnnotation, own } = patternsOf(condition, given, host, path);
    const first = list - fromAnnotation;
    trace(draft, "listenerRule", id, at, first > 0 ? own : annotation);
    for (let value = Math.max(first, 1); value < list; value++)
      trace(draft, "listenerRule", id, `${at}/${pointer}/${value}`, value < first ? own : annotation);
  }
}

/** The length of a condition's list, where it stands, and how many of its last values are the annotation's. */
function patternsOf(
  condition: RuleCondition,
  given: AnnotatedConditions,
  host: Source,
  path: Source,
): { readonly list: number; readonly pointer: string; readonly fromAnnotation: number; readonly own: Source } {
  switch (condition.field) {
    case "host-header": {
      const { values, regexValues } = condition.hostHeaderConfig;
      return regexValues === undefined
        ? {
            list: values?.length ?? 0,
            pointer: "hostHeaderConfig/values",
            fromAnnotation: given.hosts.length,
            own: host,
          }
        : {
            list: regexValues.length,
            pointer: "hostHeaderConfig/regexValues",
            fromAnnotation: given.hostRegexes.length,
            own: host,
          };
    }
    case "path-pattern": {
      const { values, regexValues } = condition.pathPatternConfig;
      return regexValues === undefined
        ? {
            list: values?.length ?? 0,
            pointer: "pathPatternConfig/values",
            fromAnnotation: given.paths.length,
            own: path,
          }
        : {
            list: regexValues.length,
            pointer: "pathPatternConfig/regexValues",
            fromAnnotation: given.pathRegexes.length,
            own: path,
          };
    }
    default:
      return { list: 0, pointer: "", fromAnnotation: 0, own: path };
  }
}

const AUTHENTICATION = {
  onUnauthenticatedRequest: "auth-on-unauthenticated-request",
  scope: "auth-scope",
  sessionCookieName: "auth-session-cookie",
  sessionTimeout: "auth-session-timeout",
} as const satisfies { readonly [field: string]: AnnotationName };

/** Takes down the sources of the actions that a backend has on a listener. */
export function traceActions(
  draft: StackDraft,
  kind: "listener" | "listenerRule",
  id: string,
  backend: EnhancedBackend,
  actions: readonly RuleAction[],
): void {
  if (draft.group.trace === undefined) return;
  const { member } = backend;
  const list = kind === "listener" ? "/defaultActions" : "/actions";
  const final = finalSource(backend);
  trace(draft, kind, id, list, final);
  for (const [index, action] of actions.entries()) {
    const at = `${list}/${index}`;
    switch (action.type) {
      case "jwt-validation":
        trace(draft, kind, id, at, annotated(member, "jwt-validation"));
        break;
      case "authenticate-cognito":
      case "authenticate-oidc": {
        const service = onlyService(draft, member, backend.action);
        const cognito = action.type === "authenticate-cognito";
        const config = `${at}/${cognito ? "authenticateCognitoConfig" : "authenticateOidcConfig"}`;
        const provider = cognito ? "auth-idp-cognito" : "auth-idp-oidc";
        trace(draft, kind, id, at, sourceOf("auth-type", [member], service));
        trace(draft, kind, id, config, sourceOf(provider, [member], service));
        for (const [field, name] of Object.entries(AUTHENTICATION))
          trace(draft, kind, id, `${config}/${field}`, sourceOf(name, [member], service));
        break;
      }
      default:
        trace(draft, kind, id, at, final);
    }
  }
}

const USE_ANNOTATION = "use-annotation";

function finalSource(backend: EnhancedBackend): Source {
  const { member, field } = backend;
  const name = backendName(backend);
  const { service } = valueAt(member.ingress, field) as IngressBackend;
  const byAnnotation =
    service?.port?.name === USE_ANNOTATION && annotationText(member.ingress, "actions", name) !== undefined;
  return byAnnotation ? annotated(member, "actions", name) : { object: refOf(member.ingress), field };
}

function backendName({ member, field }: EnhancedBackend): string {
  return (valueAt(member.ingress, field) as IngressBackend).service?.name ?? "";
}

function annotated({ ingress }: Member, name: AnnotationName, suffix?: string): Source {
  return { object: refOf(ingress), field: annotationField(name, suffix) };
}
