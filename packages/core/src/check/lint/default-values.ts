/** Values that hold anyway. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Settings } from "../../model/settings.ts";
import { healthCheckDefaults } from "../../read/health-check-defaults.ts";
import type { AnnotationUse } from "./annotation-use.ts";
import { annotationValue, defaultPort, finding, fullField, type LintInput, type LintMember } from "./lint-input.ts";

/**
 * Fixed defaults only: a value that repeats the default of a flag says what shall hold when the flag changes. Looks at
 * Ingresses only: on a Service a default value may stand against that of an Ingress.
 */
export function defaultValues({ groups, settings }: LintInput): readonly Diagnostic[] {
  return groups.flatMap(({ id, members }) =>
    members.flatMap((member) =>
      member.annotations
        .filter((use) => isDefault(use, member, settings))
        .map(({ fullName, text }) =>
          finding(
            "lint.value-is-default",
            member.ingress,
            fullField(fullName),
            `${fullName} is ${text}, as by default`,
            {
              stack: id,
            },
          ),
        ),
    ),
  );
}

function isDefault({ known, text }: AnnotationUse, member: LintMember, settings: Settings): boolean {
  if (known === undefined) return false;
  const { ingress } = member;
  const protocolVersion = annotationValue(ingress, "backend-protocol-version") ?? "";
  switch (known.name) {
    case "listen-ports":
      return isDefaultPort(member, settings);
    case "healthcheck-path":
      return text === healthCheckDefaults(protocolVersion).path;
    case "success-codes":
      return text === healthCheckDefaults(protocolVersion).successCodes;
    case "healthcheck-protocol":
      return text === (annotationValue(ingress, "backend-protocol") === "HTTPS" ? "HTTPS" : "HTTP");
    default:
      return known.row.defaultValue !== undefined && text === String(known.row.defaultValue);
  }
}

function isDefaultPort({ member, ingress }: LintMember, settings: Settings): boolean {
  const { port, protocol } = defaultPort(member, settings);
  const [first, ...others] = annotationValue(ingress, "listen-ports") ?? [];
  return first?.port === port && first.protocol === protocol && others.length === 0;
}
