/** Conditions and transforms of a rule: path translation and the `conditions.<name>` and `transforms.<name>` annotations. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { IngressPath } from "../model/kubernetes.ts";
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import { enumerate, quote } from "../read/grammar.ts";
import { annotationProblem, type Member, type Report, readAnnotation, refOf } from "../read/member.ts";
import type { GroupContext } from "../resolve/context.ts";
import { type AnnotatedConditions, checkConditions, checkTransforms } from "../resolve/rule-annotations.ts";

/** The conditions and transforms annotations of one backend name, read once however many paths use it. */
export interface BackendRules {
  readonly conditions: AnnotatedConditions;
  readonly transforms: readonly RuleTransform[];
}

/** Reads both annotations; undefined when an error was reported. */
export function readBackendRules(group: GroupContext, member: Member, name: string): BackendRules | undefined {
  let broken = false;
  const report: Report = (diagnostic) => {
    broken = true;
    group.report(diagnostic);
  };
  const conditions = readAnnotation(member.ingress, "conditions", report, name) ?? [];
  const transforms = readAnnotation(member.ingress, "transforms", report, name) ?? [];
  const checked = checkConditions(conditions, (message) =>
    report(annotationProblem("rule.condition-invalid", member.ingress, "conditions", message, name)),
  );
  const rewrites = checkTransforms(transforms, (message) =>
    report(annotationProblem("rule.transform-invalid", member.ingress, "transforms", message, name)),
  );
  return broken ? undefined : { conditions: checked, transforms: rewrites };
}

/** A place in the Ingress: one path of one rule. */
export interface PathPlace {
  readonly host: string | undefined;
  readonly path: IngressPath;
  /** JSON pointer to the path. */
  readonly field: string;
}

/** All conditions of the rule of one path; undefined when an error was reported. */
export function buildConditions(
  group: GroupContext,
  member: Member,
  place: PathPlace,
  { conditions }: BackendRules,
): readonly RuleCondition[] | undefined {
  const refuse = (message: string): undefined => {
    group.report(
      diagnose("rule.path-invalid", `Ingress ${member.key}: ${message}`, {
        object: refOf(member.ingress),
        field: place.field,
      }),
    );
    return undefined;
  };
  const path = translatePath(group, member, place.path);
  if ("problem" in path) return refuse(path.problem);
  const hosts = [...(place.host ? [place.host] : []), ...conditions.hosts];
  const paths = [...path.values, ...conditions.paths];
  const pathRegexes = [...path.regexValues, ...conditions.pathRegexes];
  if (hosts.length > 0 && conditions.hostRegexes.length > 0)
    return refuse(
      `the host condition has both values (${enumerate(hosts)}) and regular expressions (${enumerate(conditions.hostRegexes)})`,
    );
  if (paths.length > 0 && pathRegexes.length > 0)
    return refuse(
      `the path condition has both values (${enumerate(paths)}) and regular expressions (${enumerate(pathRegexes)})`,
    );
  const all: RuleCondition[] = [...conditions.others];
  if (conditions.hostRegexes.length > 0)
    all.push({ field: "host-header", hostHeaderConfig: { regexValues: conditions.hostRegexes } });
  else if (hosts.length > 0) all.push({ field: "host-header", hostHeaderConfig: { values: hosts } });
  if (pathRegexes.length > 0) all.push({ field: "path-pattern", pathPatternConfig: { regexValues: pathRegexes } });
  else if (paths.length > 0) all.push({ field: "path-pattern", pathPatternConfig: { values: paths } });
  if (all.length === 0) all.push({ field: "path-pattern", pathPatternConfig: { values: ["/*"] } });
  return all;
}

type Translated =
  | { readonly values: readonly string[]; readonly regexValues: readonly string[] }
  | { readonly problem: string };

const PATH_TYPES: readonly string[] = ["Exact", "Prefix", "ImplementationSpecific"];

/** Ingress path → ALB path patterns. */
function translatePath(group: GroupContext, member: Member, { path = "", pathType }: IngressPath): Translated {
  const plain = (...values: readonly string[]): Translated => ({ values, regexValues: [] });
  if (pathType !== undefined && !PATH_TYPES.includes(pathType))
    return { problem: `the pathType ${quote(String(pathType))} of path ${quote(path)} is unknown` };
  if (path === "") return plain();
  const wild = path.includes("*") || path.includes("?");
  switch (pathType) {
    case "Exact":
      return wild ? { problem: `the Exact path ${quote(path)} can't hold the wildcards * and ?` } : plain(path);
    case "Prefix": {
      if (path === "/") return plain("/*");
      if (wild) return { problem: `the Prefix path ${quote(path)} can't hold the wildcards * and ?` };
      const base = path.endsWith("/") ? path.slice(0, -1) : path;
      return plain(base, `${base}/*`);
    }
    default:
      if (readAnnotation(member.ingress, "use-regex-path-match", group.report) === true)
        return { values: [], regexValues: [path.slice(1)] };
      return plain(path);
  }
}
