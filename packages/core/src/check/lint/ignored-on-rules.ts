/** Why annotations of rules, actions and authentication have no effect. */
import { annotationText } from "../../read/member.ts";
import type { AnnotationPlace, Reason, ReasonTable } from "./ignored-reason.ts";
import { listensOn } from "./lint-input.ts";

/** A Service of a backend may set its own kind of authentication, so that nothing can be said. */
function authTypeElsewhere({ member }: AnnotationPlace): boolean {
  return member.targets.some(({ service }) => service && annotationText(service, "auth-type") !== undefined);
}

const needsHttps: Reason = ({ member }) =>
  listensOn(member, "HTTPS") ? undefined : "it acts on HTTPS listeners, and the Ingress has none";

function needsAuthType(...types: readonly string[]): Reason {
  return (place) => {
    const type = annotationText(place.member.ingress, "auth-type") ?? "none";
    if (!types.includes(type) && !authTypeElsewhere(place)) return `auth-type is ${type}`;
    return needsHttps(place);
  };
}

const needsPathOf: Reason = ({ member, suffix = "" }) => {
  if (member.paths.some(({ path }) => path.backend.service?.name === suffix)) return undefined;
  return member.ingress.spec?.defaultBackend?.service?.name === suffix
    ? "the default backend takes no conditions or transforms"
    : `no path has the backend ${suffix}`;
};

export const ruleReasons: ReasonTable = {
  "auth-type": (place) => (place.text === "none" ? undefined : needsHttps(place)),
  "auth-idp-cognito": needsAuthType("cognito"),
  "auth-idp-oidc": needsAuthType("oidc"),
  "auth-on-unauthenticated-request": needsAuthType("cognito", "oidc"),
  "auth-scope": needsAuthType("cognito", "oidc"),
  "auth-session-cookie": needsAuthType("cognito", "oidc"),
  "auth-session-timeout": needsAuthType("cognito", "oidc"),
  "jwt-validation": needsHttps,
  actions: ({ member, suffix = "" }) => {
    const backends = member.paths.map(({ path }) => path.backend);
    const fallback = member.ingress.spec?.defaultBackend;
    const named = [...backends, ...(fallback === undefined ? [] : [fallback])].filter(
      ({ service }) => service?.name === suffix,
    );
    if (named.some(({ service }) => service?.port?.name === "use-annotation")) return undefined;
    return named.length === 0
      ? `no path has the backend ${suffix}`
      : `the backend ${suffix} doesn't have the port name use-annotation`;
  },
  conditions: needsPathOf,
  transforms: needsPathOf,
  "use-regex-path-match": ({ member }) =>
    member.paths.some(({ path }) => path.pathType === undefined || path.pathType === "ImplementationSpecific")
      ? undefined
      : "no path is ImplementationSpecific",
};
