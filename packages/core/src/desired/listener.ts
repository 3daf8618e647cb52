/** Listeners, one a port. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { RedirectAction, RuleAction } from "../model/rule-action.ts";
import { parseInt32 } from "../read/grammar.ts";
import {
  annotationField,
  annotationProblem,
  annotationText,
  type Member,
  paramsOf,
  readAnnotation,
  refOf,
} from "../read/member.ts";
import { agree, fromAnnotation, fromParams, type Setting } from "../resolve/agreement.ts";
import type { GroupContext } from "../resolve/context.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import { listenerAttributes } from "./attributes.ts";
import { LOAD_BALANCER_ID } from "./load-balancer.ts";
import { buildActions, enhanceBackend, NOT_FOUND } from "./rule-action.ts";
import { readBackendRules } from "./rule-conditions.ts";
import { traceActions } from "./rule-provenance.ts";
import { addResource, referTo, type StackDraft, trace, traceIngress } from "./stack-draft.ts";
import { tagsField, tagsOfMembers } from "./tags.ts";

const NO_DEFAULT_BACKEND = { field: "default: 404 without a defaultBackend" };

/** Adds a listener; returns whether it redirects everything, in which case it has no rules. */
export function buildListener(
  draft: StackDraft,
  listen: ListenConfig,
  sslRedirect: Setting<number> | undefined,
): boolean {
  const { group } = draft;
  const { port, protocol, members, certificates, sslPolicy, mutualAuthentication } = listen;
  const redirects = sslRedirect !== undefined && protocol === "HTTP";
  const defaultActions = redirects ? [redirectTo(sslRedirect.value)] : defaultActionsOf(draft, listen);
  const attributes = listenerAttributes(group, members, protocol, port);
  const spec: ListenerSpec = {
    loadBalancerArn: referTo("loadBalancer", LOAD_BALANCER_ID, "arn"),
    port,
    protocol,
    defaultActions,
    ...(certificates.length > 0 && { certificates: certificates.map(({ value }) => value) }),
    ...(sslPolicy !== undefined && { sslPolicy }),
    ...(mutualAuthentication !== undefined && { mutualAuthentication }),
    ...(attributes !== undefined && { attributes }),
    ...tagsField(tagsOfMembers(draft, members)),
  };
  const [first] = members;
  const id = String(port);
  addResource(draft, "listener", id, spec);
  const given = first !== undefined && annotationText(first.ingress, "listen-ports") !== undefined;
  traceIngress(draft, "listener", id, "", first, given ? annotationField("listen-ports") : "");
  for (const [index, { source }] of certificates.entries())
    trace(draft, "listener", id, `/certificates/${index}`, source);
  if (redirects) trace(draft, "listener", id, "/defaultActions", sslRedirect.source);
  return redirects;
}

function redirectTo(port: number): RedirectAction {
  return { type: "redirect", redirectConfig: { port: String(port), protocol: "HTTPS", statusCode: "HTTP_301" } };
}

function defaultActionsOf(draft: StackDraft, { members, protocol, port }: ListenConfig): readonly RuleAction[] {
  const withDefault = members.filter(({ ingress }) => ingress.spec?.defaultBackend !== undefined);
  const [first, second] = withDefault;
  if (first === undefined) {
    trace(draft, "listener", String(port), "/defaultActions", NO_DEFAULT_BACKEND);
    return [NOT_FOUND];
  }
  if (second !== undefined) {
    const message = `Ingress ${second.key} sets a default backend for port ${port}, but so does Ingress ${first.key} of the same group`;
    draft.group.report(
      diagnose("listener.two-default-backends", message, {
        object: refOf(second.ingress),
        field: "/spec/defaultBackend",
      }),
    );
    return [NOT_FOUND];
  }
  const backend = first.ingress.spec?.defaultBackend;
  // They don't apply to a default action, but as in LBC they must be readable.
  if (backend?.service !== undefined) readBackendRules(draft.group, first, backend.service.name);
  const enhanced = backend && enhanceBackend(draft, first, { backend, field: "/spec/defaultBackend" });
  const actions = enhanced && buildActions(draft, enhanced, protocol);
  if (enhanced === undefined || actions === undefined) return [NOT_FOUND];
  traceActions(draft, "listener", String(port), enhanced, actions);
  return actions;
}

/** The HTTPS port that HTTP listeners redirect to, undefined when they don't. */
export function resolveSslRedirect(group: GroupContext, listens: readonly ListenConfig[]): Setting<number> | undefined {
  const settings: Setting<number>[] = [];
  for (const member of group.members) {
    const fromClass = paramsOf(member).sslRedirectPort;
    if (fromClass) {
      const port = parseInt32(fromClass);
      if ("problem" in port) {
        reportNotANumber(group, member, fromClass);
        return undefined;
      }
      settings.push(fromParams(member, "sslRedirectPort", port.value));
      continue;
    }
    const port = readAnnotation(member.ingress, "ssl-redirect", group.report);
    if (port !== undefined) settings.push(fromAnnotation(member, "ssl-redirect", port));
  }
  const agreed = agree(group, "ssl-redirect", settings, String);
  if (agreed === undefined) return standingRedirect(group);
  const listener = listens.find(({ port }) => port === agreed.value) ?? group.standing?.listeners.get(agreed.value);
  if (listener?.protocol === "HTTPS") return agreed;
  const what = listener === undefined ? "which nobody listens on" : "which isn't HTTPS";
  const message = `ssl-redirect leads to port ${agreed.value}, ${what}`;
  group.report({
    ...annotationProblem("listener.ssl-redirect-target", agreed.member.ingress, "ssl-redirect", message),
    ...agreed.source,
  });
  return undefined;
}

/** With a member in quarantine HTTP goes on being redirected: it must not begin to serve what only HTTPS served. */
function standingRedirect({ members: [member], standing }: GroupContext): Setting<number> | undefined {
  const value = standing?.sslRedirect;
  if (value === undefined || member === undefined) return undefined;
  return { value, member, source: { field: "existing listener" } };
}

/** As LBC: a class value that isn't a number switches the redirect off for the whole group, unless `compat` makes it an error. */
function reportNotANumber(group: GroupContext, member: Member, text: string): void {
  const strict = group.settings.compat.strictSslRedirectPort;
  const source = fromParams(member, "sslRedirectPort", text).source;
  const message = `Ingress ${member.key}: sslRedirectPort of its class params is ${JSON.stringify(text)}, not a number`;
  group.report(
    diagnose(
      strict ? "class.ssl-redirect-port-invalid" : "class.ssl-redirect-port-ignored",
      message,
      source as { field: string },
    ),
  );
}
