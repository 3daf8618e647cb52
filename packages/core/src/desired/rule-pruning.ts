/** Leaves out rules that would redirect to themselves, and rules that an earlier redirect covers (LBC's rule optimizer). */
import type { RuleCondition } from "../model/listener-rule.ts";
import type { RedirectAction, RuleAction } from "../model/rule-action.ts";

interface PrunableRule {
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
}

/** Why a rule was left out. */
export type PruneReason = "redirects-to-itself" | "covered-by-redirect" | "covered-by-host-regex";

interface PruneListener {
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** As LBC unless set: regular expressions of hosts aren't looked at, so a redirect that has only those covers too much. */
  readonly hostRegexesDontCover: boolean;
}

/** The rules that stay, in order; `dropped` is told of the others. Sets of hosts and paths are compared literally. */
export function pruneRules<R extends PrunableRule>(
  rules: readonly R[],
  { port, protocol, hostRegexesDontCover }: PruneListener,
  dropped: (rule: R, reason: PruneReason) => void,
): readonly R[] {
  const kept: R[] = [];
  const covers: Coverage[] = [];
  for (const rule of rules) {
    const redirect = redirectOf(rule);
    if (redirect !== undefined && redirectsToItself(rule, redirect, port, protocol))
      dropped(rule, "redirects-to-itself");
    else {
      const covered = covers.length > 0 ? findCover(rule, covers) : undefined;
      if (covered !== undefined) dropped(rule, covered.hostRegexes ? "covered-by-host-regex" : "covered-by-redirect");
      else {
        kept.push(rule);
        const cover = redirect && coverage(rule);
        if (cover !== undefined && !(hostRegexesDontCover && cover.hostRegexes)) covers.push(cover);
      }
    }
  }
  return kept;
}

function redirectOf({ actions }: PrunableRule): RedirectAction["redirectConfig"] | undefined {
  return actions.find((action): action is RedirectAction => action.type === "redirect")?.redirectConfig;
}

function redirectsToItself(
  { conditions }: PrunableRule,
  redirect: RedirectAction["redirectConfig"],
  port: number,
  protocol: string,
): boolean {
  if (
    conditions.some(
      (condition) => condition.field === "path-pattern" && (condition.pathPatternConfig.regexValues?.length ?? 0) > 0,
    )
  )
    return false;
  const { host, path, port: toPort, protocol: toProtocol, query } = redirect;
  return (
    (host === undefined || host === "#{host}" || hostsOf(conditions).includes(host)) &&
    (path === undefined || path === "/#{path}" || pathsOf(conditions).includes(path)) &&
    (toPort === undefined || toPort === "#{port}" || toPort === String(port)) &&
    (toProtocol === undefined || toProtocol === "#{protocol}" || toProtocol === protocol) &&
    (query === undefined || query === "#{query}")
  );
}

interface Coverage {
  /** The redirect has regular expressions of hosts, which aren't among `hosts`. */
  readonly hostRegexes: boolean;
  readonly hosts: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

function coverage({ conditions }: PrunableRule): Coverage | undefined {
  if (conditions.some(({ field }) => field !== "host-header" && field !== "path-pattern")) return undefined;
  const hostRegexes = conditions.some(
    (condition) => condition.field === "host-header" && condition.hostHeaderConfig.regexValues !== undefined,
  );
  return { hostRegexes, hosts: new Set(hostsOf(conditions)), paths: new Set(pathsOf(conditions)) };
}

function findCover({ conditions }: PrunableRule, covers: readonly Coverage[]): Coverage | undefined {
  const hosts = hostsOf(conditions);
  const paths = pathsOf(conditions);
  return covers.find(
    (cover) =>
      (cover.hosts.size === 0 || within(hosts, cover.hosts)) &&
      (cover.paths.size === 0 || cover.paths.has("/*") || within(paths, cover.paths)),
  );
}

function within(values: readonly string[], set: ReadonlySet<string>): boolean {
  return values.length > 0 && values.every((value) => set.has(value));
}

function hostsOf(conditions: readonly RuleCondition[]): readonly string[] {
  return conditions.flatMap((condition) =>
    condition.field === "host-header" ? (condition.hostHeaderConfig.values ?? []) : [],
  );
}

function pathsOf(conditions: readonly RuleCondition[]): readonly string[] {
  return conditions.flatMap((condition) =>
    condition.field === "path-pattern"
      ? [...(condition.pathPatternConfig.values ?? []), ...(condition.pathPatternConfig.regexValues ?? [])]
      : [],
  );
}
