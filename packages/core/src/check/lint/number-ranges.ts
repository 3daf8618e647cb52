/** Numbers that AWS doesn't take. LBC passes them on, so that the call fails when the plan is carried out. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { AnnotationName } from "../../read/annotations.ts";
import type { Annotated } from "../../read/member.ts";
import { annotationsOf } from "./annotation-use.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";

/** AWS: CreateTargetGroup and AuthenticateOidcActionConfig of the ELBv2 API. */
const RANGES: { readonly [N in AnnotationName]?: readonly [least: number, most: number] } = {
  "healthcheck-interval-seconds": [5, 300],
  "healthcheck-timeout-seconds": [2, 120],
  "healthy-threshold-count": [2, 10],
  "unhealthy-threshold-count": [2, 10],
  "frontend-nlb-healthcheck-interval-seconds": [5, 300],
  "frontend-nlb-healthcheck-timeout-seconds": [2, 120],
  "frontend-nlb-healthcheck-healthy-threshold-count": [2, 10],
  "frontend-nlb-healthcheck-unhealthy-threshold-count": [2, 10],
  "target-control-port": [1, 65535],
  "auth-session-timeout": [1, 604800],
};

/** Looks at the Ingresses of all groups and at the Services behind them. */
export function numberRanges({ groups }: LintInput): readonly Diagnostic[] {
  const objects = new Map<Annotated, string>();
  for (const { id, members } of groups) {
    for (const { ingress, targets } of members) {
      objects.set(ingress, id);
      for (const { service } of targets) if (service !== undefined && !objects.has(service)) objects.set(service, id);
    }
  }
  return [...objects].flatMap(([object, stack]) =>
    annotationsOf(object).flatMap(({ fullName, text, known }) => {
      const [least, most] = (known && RANGES[known.name]) ?? [];
      const value = Number(text);
      if (least === undefined || most === undefined || !Number.isInteger(value)) return [];
      if (value >= least && value <= most) return [];
      const message = `${fullName} is ${text}, AWS takes ${least} to ${most}`;
      return finding("lint.number-out-of-range", object, fullField(fullName), message, { stack });
    }),
  );
}
