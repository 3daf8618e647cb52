/** Values that hold anyway. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { AnnotationName } from "../../read/annotations.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";

/**
 * Fixed defaults only: a value that repeats the default of a flag says what shall hold when the flag changes. An
 * annotation that keeps its effect beside class params or other members is one that holds anyway, too.
 */
const DEFAULTS: { readonly [N in AnnotationName]?: string } = {
  "group.order": "0",
  "ip-address-type": "ipv4",
  "auth-type": "none",
  "auth-on-unauthenticated-request": "authenticate",
  "auth-scope": "openid",
  "auth-session-cookie": "AWSELBAuthSessionCookie",
  "auth-session-timeout": "604800",
  "use-regex-path-match": "false",
  "backend-protocol": "HTTP",
  "backend-protocol-version": "HTTP1",
  "healthcheck-port": "traffic-port",
  "healthcheck-interval-seconds": "15",
  "healthcheck-timeout-seconds": "5",
  "healthy-threshold-count": "2",
  "unhealthy-threshold-count": "2",
  "multi-cluster-target-group": "false",
  "create-acm-cert": "false",
  "enable-frontend-nlb": "false",
  "frontend-nlb-healthcheck-port": "traffic-port",
  "frontend-nlb-healthcheck-protocol": "HTTP",
  "frontend-nlb-healthcheck-path": "/",
  "frontend-nlb-healthcheck-interval-seconds": "15",
  "frontend-nlb-healthcheck-timeout-seconds": "5",
  "frontend-nlb-healthcheck-healthy-threshold-count": "2",
  "frontend-nlb-healthcheck-unhealthy-threshold-count": "2",
  "frontend-nlb-healthcheck-success-codes": "200",
};

/** Looks at Ingresses only: on a Service a default value may stand against that of an Ingress. */
export function defaultValues({ groups }: LintInput): readonly Diagnostic[] {
  return groups.flatMap(({ id, members }) =>
    members.flatMap(({ ingress, annotations }) => {
      const grpc = annotations.some(({ written, text }) => written === "backend-protocol-version" && text === "GRPC");
      const https = annotations.some(({ written, text }) => written === "backend-protocol" && text === "HTTPS");
      const defaults: typeof DEFAULTS = {
        ...DEFAULTS,
        "healthcheck-path": grpc ? "/AWS.ALB/healthcheck" : "/",
        "healthcheck-protocol": https ? "HTTPS" : "HTTP",
        "success-codes": grpc ? "12" : "200",
      };
      return annotations
        .filter(({ known, text }) => known !== undefined && defaults[known.name] === text)
        .map(({ fullName, text }) =>
          finding("lint.value-is-default", ingress, fullField(fullName), `${fullName} is ${text}, as by default`, {
            stack: id,
          }),
        );
    }),
  );
}
