/** Authentication and token validation of a backend, from annotations (LBC's auth config builder). */

import type { Diagnostic } from "../model/diagnostic.ts";
import type { Service } from "../model/kubernetes.ts";
import type { JwtValidationAction } from "../model/rule-action.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import type { AuthCognitoJson, AuthOidcJson, JwtValidationJson } from "../read/auth-json.ts";
import {
  type Annotated,
  type AnnotationValue,
  annotationProblem,
  annotationText,
  type Member,
  notAllowed,
  readAnnotation,
} from "../read/member.ts";
import { blaming, type GroupContext } from "./context.ts";

export interface Authentication {
  readonly cognito?: AuthCognitoJson;
  readonly oidc?: AuthOidcJson;
  readonly onUnauthenticatedRequest: string;
  readonly scope: string;
  readonly sessionCookieName: string;
  /** Seconds. */
  readonly sessionTimeout: number;
  /** The object that holds the provider, for messages. */
  readonly holder: Annotated;
  /** There is no provider. An error only where authentication acts, which is on HTTPS listeners, as in LBC. */
  readonly missing?: Diagnostic;
}

/** Authentication of a backend, undefined for none. `service` is the backend's only Service; its annotations win. */
export function resolveAuthentication(
  context: GroupContext,
  member: Member,
  service: Service | undefined,
): Authentication | undefined {
  const group = service?.metadata.annotations === undefined ? context : blaming(context, member);
  const holderOf = (name: AnnotationName): Annotated =>
    service !== undefined && annotationText(service, name) !== undefined ? service : member.ingress;
  const read = <N extends AnnotationName>(name: N): AnnotationValue<N> | undefined =>
    readAnnotation(holderOf(name), name, group.report);
  const type = read("auth-type") ?? ANNOTATIONS["auth-type"].defaultValue;
  const providers = { cognito: read("auth-idp-cognito"), oidc: read("auth-idp-oidc") };
  const common = {
    onUnauthenticatedRequest:
      read("auth-on-unauthenticated-request") ?? ANNOTATIONS["auth-on-unauthenticated-request"].defaultValue,
    scope: read("auth-scope") ?? ANNOTATIONS["auth-scope"].defaultValue,
    sessionCookieName: read("auth-session-cookie") ?? ANNOTATIONS["auth-session-cookie"].defaultValue,
    sessionTimeout: read("auth-session-timeout") ?? ANNOTATIONS["auth-session-timeout"].defaultValue,
  };
  if (type === "none") return undefined;
  if (type !== "cognito" && type !== "oidc") {
    group.report(notAllowed(holderOf("auth-type"), "auth-type", type, ANNOTATIONS["auth-type"].allowed));
    return undefined;
  }
  const name = type === "cognito" ? "auth-idp-cognito" : "auth-idp-oidc";
  const holder = holderOf(name);
  const provider = providers[type];
  if (annotationText(holder, name) === undefined) {
    const message = `auth-type ${type} needs the annotation ${name}`;
    const missing = annotationProblem("auth.provider-missing", holderOf("auth-type"), "auth-type", message);
    return { ...common, holder, missing };
  }
  return { ...common, holder, ...(provider !== undefined && { [type]: provider }) };
}

/** Token validation of an Ingress's paths, undefined for none. */
export function resolveJwtValidation(group: GroupContext, member: Member): JwtValidationAction | undefined {
  const json = readAnnotation(member.ingress, "jwt-validation", group.report);
  if (json === undefined) return undefined;
  const problem = jwtProblem(json);
  if (problem !== undefined) {
    group.report(annotationProblem("auth.jwt-invalid", member.ingress, "jwt-validation", `jwt-validation: ${problem}`));
    return undefined;
  }
  const { jwksEndpoint = "", issuer = "", additionalClaims } = json;
  const claims = (additionalClaims ?? []).map(({ format = "", name = "", values = [] }) => ({ format, name, values }));
  return {
    type: "jwt-validation",
    jwtValidationConfig: { jwksEndpoint, issuer, ...(claims.length > 0 && { additionalClaims: claims }) },
  };
}

function jwtProblem({ jwksEndpoint, issuer, additionalClaims = [] }: JwtValidationJson): string | undefined {
  if (!jwksEndpoint) return "jwksEndpoint is missing";
  if (!issuer) return "issuer is missing";
  for (const { format, name, values } of additionalClaims) {
    if (!format) return "an additional claim needs a format";
    if (!name) return "an additional claim needs a name";
    if (values === undefined || values.length === 0) return `the additional claim ${name} needs values`;
  }
  return undefined;
}
