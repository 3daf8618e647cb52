/** The rules of a listener: one a path, in LBC's order, numbered from 1. */

import { diagnose } from "../diagnostics/diagnose.ts";
import { utf8Length } from "../lib/utf8.ts";
import type { IngressPath, IngressRule } from "../model/kubernetes.ts";
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { RuleAction } from "../model/rule-action.ts";
import { type Member, refOf } from "../read/member.ts";
import type { ListenConfig } from "../resolve/listen-config.ts";
import type { AnnotatedConditions } from "../resolve/rule-annotations.ts";
import { buildActions, type EnhancedBackend, enhanceBackend } from "./rule-action.ts";
import { type BackendRules, buildConditions, type PathPlace, readBackendRules } from "./rule-conditions.ts";
import { traceRule } from "./rule-provenance.ts";
import { type PruneReason, pruneRules } from "./rule-pruning.ts";
import { addResource, referTo, type StackDraft } from "./stack-draft.ts";
import { tagsField, tagsOfRules } from "./tags.ts";

/** One path of a member, read once and used on every listener of the member. */
interface PathRule {
  readonly member: Member;
  readonly field: string;
  readonly conditions: readonly RuleCondition[];
  readonly transforms: readonly RuleTransform[];
  /** The conditions that the annotation adds. */
  readonly annotated: AnnotatedConditions;
  readonly backend: EnhancedBackend;
}

/** Path rules by member; made on first use, since a member whose only listener redirects has none. */
export type PathRules = Map<Member, readonly PathRule[]>;

/** Adds the rules of a listener. */
export function buildListenerRules(draft: StackDraft, listen: ListenConfig, pathRules: PathRules): void {
  const rules: ListenerRule[] = [];
  for (const member of listen.members) {
    for (const path of rulesOf(draft, member, pathRules)) {
      const actions = buildActions(draft, path.backend, listen.protocol);
      if (actions !== undefined) rules.push({ path, actions, conditions: path.conditions });
    }
  }
  const kept = pruneRules(
    rules,
    {
      port: listen.port,
      protocol: listen.protocol,
      hostRegexesDontCover: draft.group.settings.compat.hostRegexesDontCover,
    },
    ({ path }, reason) => reportDropped(draft, listen, path, reason),
  );
  const listenerArn = referTo("listener", String(listen.port), "arn");
  for (const [index, { path, actions, conditions }] of kept.entries()) {
    const priority = index + 1;
    const id = `${listen.port}:${priority}`;
    addResource(draft, "listenerRule", id, {
      listenerArn,
      priority,
      actions,
      conditions,
      ...(path.transforms.length > 0 && { transforms: path.transforms }),
      ...tagsField(tagsOfRules(draft, path.member)),
    });
    traceRule(draft, id, path);
  }
}

/** A path rule on one listener. */
interface ListenerRule {
  readonly path: PathRule;
  readonly actions: readonly RuleAction[];
  readonly conditions: readonly RuleCondition[];
}

function rulesOf(draft: StackDraft, member: Member, pathRules: PathRules): readonly PathRule[] {
  let rules = pathRules.get(member);
  if (rules === undefined) {
    rules = readPathRules(draft, member);
    pathRules.set(member, rules);
  }
  return rules;
}

function readPathRules(draft: StackDraft, member: Member): readonly PathRule[] {
  const backendRules = new Map<string, BackendRules | undefined>();
  const rules: PathRule[] = [];
  for (const [ruleIndex, rule] of (member.ingress.spec?.rules ?? []).entries()) {
    for (const place of sortedPaths(rule, ruleIndex)) {
      const name = place.path.backend.service?.name ?? "";
      if (!backendRules.has(name)) backendRules.set(name, readBackendRules(draft.group, member, name));
      const annotated = backendRules.get(name);
      const backend = enhanceBackend(draft, member, { backend: place.path.backend, field: `${place.field}/backend` });
      const conditions = annotated && buildConditions(draft.group, member, place, annotated);
      if (backend === undefined || conditions === undefined || annotated === undefined) continue;
      const { conditions: added, transforms } = annotated;
      rules.push({ member, field: place.field, conditions, annotated: added, transforms, backend });
    }
  }
  return rules;
}

/** Exact paths first, then prefixes from long to short, then the rest; otherwise as written. */
function sortedPaths({ host, http }: IngressRule, ruleIndex: number): readonly PathPlace[] {
  const places = (http?.paths ?? []).map((path, index) => ({
    host,
    path,
    field: `/spec/rules/${ruleIndex}/http/paths/${index}`,
  }));
  const rank = ({ pathType }: IngressPath): number => (pathType === "Exact" ? 0 : pathType === "Prefix" ? 1 : 2);
  return places.sort((a, b) => {
    const byType = rank(a.path) - rank(b.path);
    if (byType !== 0 || a.path.pathType !== "Prefix") return byType;
    return utf8Length(b.path.path ?? "") - utf8Length(a.path.path ?? "");
  });
}

const DROPPED = {
  "redirects-to-itself": ["rule.redirect-loop", "it would redirect to itself"],
  "covered-by-redirect": ["rule.covered-by-redirect", "an earlier redirect answers all its requests"],
  "covered-by-host-regex": [
    "rule.covered-by-host-regex",
    "an earlier redirect with regular expressions of hosts counts as answering every host",
  ],
} as const;

function reportDropped(
  draft: StackDraft,
  { port }: ListenConfig,
  { member, field }: PathRule,
  reason: PruneReason,
): void {
  const [code, why] = DROPPED[reason];
  draft.group.report(
    diagnose(code, `Ingress ${member.key}: no rule on port ${port} for this path, since ${why}`, {
      object: refOf(member.ingress),
      field,
    }),
  );
}
