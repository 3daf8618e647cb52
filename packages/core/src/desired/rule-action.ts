/** Actions of rules and listeners, tied to target groups and client secrets. */
import type { Service } from "../model/kubernetes.ts";
import type {
  AuthenticateCognitoAction,
  AuthenticateOidcAction,
  FixedResponseAction,
  ForwardAction,
  JwtValidationAction,
  RuleAction,
} from "../model/rule-action.ts";
import { annotationProblem, type Member } from "../read/member.ts";
import { type Authentication, resolveAuthentication, resolveJwtValidation } from "../resolve/authentication.ts";
import { type BackendAction, type BackendPlace, type ForwardTo, resolveBackend } from "../resolve/backend.ts";
import { findService } from "../resolve/cluster-index.ts";
import { resolveOidcClient } from "../resolve/oidc-client.ts";
import type { PathAuthentication, StackDraft } from "./stack-draft.ts";
import { buildTargetGroup } from "./target-group.ts";

/** A backend with everything that its actions are made of. */
export interface EnhancedBackend {
  readonly member: Member;
  readonly action: BackendAction;
  readonly authentication: Authentication | undefined;
  readonly jwtValidation: JwtValidationAction | undefined;
  readonly field: string;
}

/** What every listener without a default backend answers. */
export const NOT_FOUND: FixedResponseAction = {
  type: "fixed-response",
  fixedResponseConfig: { contentType: "text/plain", statusCode: "404" },
};

/** Reads a backend; undefined when an error was reported. */
export function enhanceBackend(draft: StackDraft, member: Member, place: BackendPlace): EnhancedBackend | undefined {
  const { group } = draft;
  const action = resolveBackend(group, member, place);
  if (action === undefined) return undefined;
  return { member, action, ...authenticationOf(draft, member, onlyService(draft, member, action)), field: place.field };
}

/** Read once however many paths share it. */
function authenticationOf(draft: StackDraft, member: Member, service: Service | undefined): PathAuthentication {
  const { group, authentications } = draft;
  let byService = authentications.get(member);
  if (byService === undefined) {
    byService = new Map();
    authentications.set(member, byService);
  }
  const known = byService.get(service);
  if (known !== undefined) return known;
  const authentication = resolveAuthentication(group, member, service);
  const jwtValidation = resolveJwtValidation(group, member);
  if (authentication !== undefined && jwtValidation !== undefined) {
    const message = "jwt-validation and auth-type can't both be set";
    group.report(annotationProblem("auth.two-kinds", member.ingress, "jwt-validation", message));
  }
  const read = { authentication, jwtValidation };
  byService.set(service, read);
  return read;
}

/** The actions on a listener of a protocol: authentication only on HTTPS. Undefined when an error was reported. */
export function buildActions(
  draft: StackDraft,
  backend: EnhancedBackend,
  protocol: "HTTP" | "HTTPS",
): readonly RuleAction[] | undefined {
  const actions: RuleAction[] = [];
  if (protocol === "HTTPS") {
    const authenticate = backend.authentication && authenticateAction(draft, backend.member, backend.authentication);
    if (backend.authentication !== undefined && authenticate === undefined) return undefined;
    if (authenticate !== undefined) actions.push(authenticate);
    if (backend.jwtValidation !== undefined) actions.push(backend.jwtValidation);
  }
  const final =
    backend.action.type === "forward"
      ? forwardAction(draft, backend.member, backend.action, backend.field)
      : backend.action;
  return final === undefined ? undefined : [...actions, final];
}

/** The Service of a backend that has no other target; its annotations decide on authentication. */
export function onlyService({ group }: StackDraft, member: Member, action: BackendAction): Service | undefined {
  if (action.type !== "forward" || action.targets.length !== 1) return undefined;
  const [target] = action.targets;
  return target !== undefined && "service" in target
    ? findService(group.cluster, member.ingress.metadata.namespace, target.service)
    : undefined;
}

function forwardAction(
  draft: StackDraft,
  member: Member,
  { targets, stickiness }: ForwardTo,
  field: string,
): ForwardAction | undefined {
  const targetGroups: ForwardAction["forwardConfig"]["targetGroups"][number][] = [];
  for (const target of targets) {
    const targetGroupArn =
      "arn" in target ? target.arn : buildTargetGroup(draft, member, target.service, target.port, field);
    if (targetGroupArn === undefined) return undefined;
    targetGroups.push({ targetGroupArn, ...(target.weight !== undefined && { weight: target.weight }) });
  }
  return {
    type: "forward",
    forwardConfig: { targetGroups, ...(stickiness && { targetGroupStickinessConfig: stickiness }) },
  };
}

function authenticateAction(
  draft: StackDraft,
  member: Member,
  auth: Authentication,
): AuthenticateCognitoAction | AuthenticateOidcAction | undefined {
  const { onUnauthenticatedRequest, scope, sessionCookieName, sessionTimeout } = auth;
  const extra = (auth.cognito ?? auth.oidc)?.authenticationRequestExtraParams;
  const common = {
    ...(extra && Object.keys(extra).length > 0 && { authenticationRequestExtraParams: extra }),
    onUnauthenticatedRequest,
    scope,
    sessionCookieName,
    sessionTimeout,
  };
  if (auth.cognito !== undefined) {
    const { userPoolARN = "", userPoolClientID = "", userPoolDomain = "" } = auth.cognito;
    return {
      type: "authenticate-cognito",
      authenticateCognitoConfig: {
        ...common,
        userPoolArn: userPoolARN,
        userPoolClientId: userPoolClientID,
        userPoolDomain,
      },
    };
  }
  if (auth.missing !== undefined) draft.group.report(auth.missing);
  if (auth.oidc === undefined) return undefined;
  const {
    issuer = "",
    authorizationEndpoint = "",
    tokenEndpoint = "",
    userInfoEndpoint = "",
    secretName = "",
  } = auth.oidc;
  const client = resolveOidcClient(draft.group, member, auth.holder, secretName);
  if (client === undefined) return undefined;
  draft.secrets.add(client.secret);
  return {
    type: "authenticate-oidc",
    authenticateOidcConfig: { ...common, issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, client },
  };
}
