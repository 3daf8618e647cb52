/** All lint rules, joined. Adding a rule family = one file and one line here. */
import { compareStrings } from "../../lib/compare.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { certificates } from "./certificates.ts";
import { classes } from "./classes.ts";
import { defaultValues } from "./default-values.ts";
import { deprecatedNames } from "./deprecated-names.ts";
import { frontendNlb } from "./frontend-nlb.ts";
import { groupTraps } from "./group-traps.ts";
import { ignoredAnnotations } from "./ignored-annotations.ts";
import type { LintInput } from "./lint-input.ts";
import { loadBalancerLimits } from "./load-balancer-limits.ts";
import { numberRanges } from "./number-ranges.ts";
import { placeholders } from "./placeholders.ts";
import { ruleLimits } from "./rule-limits.ts";
import { ruleTraps } from "./rule-traps.ts";
import { serviceAnnotations } from "./service-annotations.ts";
import { unknownAnnotations } from "./unknown-annotations.ts";
import { unreachableRules } from "./unreachable-rules.ts";

/** One family of lint rules: pure, linear in the size of the input. */
type LintFamily = (input: LintInput) => readonly Diagnostic[];

const FAMILIES: readonly LintFamily[] = [
  certificates,
  classes,
  defaultValues,
  deprecatedNames,
  frontendNlb,
  groupTraps,
  ignoredAnnotations,
  loadBalancerLimits,
  numberRanges,
  placeholders,
  ruleLimits,
  ruleTraps,
  serviceAnnotations,
  unknownAnnotations,
  unreachableRules,
];

/** What all families find, by object, field and code. */
export function lintAll(input: LintInput): readonly Diagnostic[] {
  const key = ({ object, field = "", code, message }: Diagnostic): string =>
    [object?.kind, object?.namespace, object?.name, field, code, message].join("\u0000");
  return withoutIdleDefaults(FAMILIES.flatMap((family) => family(input)))
    .map((diagnostic) => [key(diagnostic), diagnostic] as const)
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([, diagnostic]) => diagnostic);
}

/** That a value is the default is of no interest where the annotation has no effect. */
function withoutIdleDefaults(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const place = ({ object, field = "" }: Diagnostic): string =>
    [object?.kind, object?.namespace, object?.name, field].join("\u0000");
  const idle = new Set(found.filter(({ code }) => IDLE.includes(code)).map(place));
  return found.filter((one) => one.code !== "lint.value-is-default" || !idle.has(place(one)));
}

const IDLE: readonly string[] = ["lint.annotation-ignored", "lint.annotation-replaced"];
