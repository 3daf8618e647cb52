/** The desired resources of one group, in the order in which LBC builds them. */

import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Stack } from "../model/graph.ts";
import { parseBool } from "../read/grammar.ts";
import { annotationProblem, type Member, readAnnotation } from "../read/member.ts";
import { objectKey } from "../resolve/cluster-index.ts";
import type { BuildContext, GroupContext } from "../resolve/context.ts";
import type { Group } from "../resolve/groups.ts";
import { resolveListenConfigs } from "../resolve/listen-config.ts";
import type { Standing } from "../resolve/standing.ts";
import { buildAddons } from "./addons.ts";
import { buildCertificates } from "./certificate.ts";
import { buildFrontendNlb } from "./frontend-nlb.ts";
import { buildListener, resolveSslRedirect } from "./listener.ts";
import { buildListenerRules, type PathRules } from "./listener-rule.ts";
import { buildLoadBalancer } from "./load-balancer.ts";
import { traceStack } from "./provenance.ts";
import { newStackDraft, type StackDraft } from "./stack-draft.ts";

/** An error and the members that it blames; none if it is nobody's in particular. */
export interface Fault {
  readonly diagnostic: Diagnostic;
  readonly blamed: ReadonlySet<Member>;
}

export interface BuiltStack {
  readonly stack: Stack;
  readonly diagnostics: readonly Diagnostic[];
  /** The errors among them. */
  readonly faults: readonly Fault[];
}

/**
 * The stack of a group and what there is to say about it. A broken group has no resources and at least one error.
 * `standing` holds what goes on standing of a group that is built without some of its members.
 */
export function buildStack(build: BuildContext, group: Group, standing?: Standing): BuiltStack {
  const base = {
    id: group.id,
    explicit: group.explicit,
    members: group.loadErrors.length > 0 ? [] : group.members.map(({ key }) => key),
    inactiveMembers: group.loadErrors.length > 0 ? [] : group.inactive.map(objectKey),
  };
  const nothing = { resources: {}, listenerPorts: [], secrets: [], usesBackendSecurityGroup: false };
  if (group.loadErrors.length > 0) {
    const faults = group.loadErrors.map((diagnostic) => ({ diagnostic, blamed: blamedBy(diagnostic, group) }));
    return {
      stack: { ...base, ...nothing, status: "failed", failedAt: "load" },
      diagnostics: group.loadErrors,
      faults,
    };
  }
  const diagnostics: Diagnostic[] = [];
  const said = new Map<string, Set<Member>>();
  const faults: Fault[] = [];
  const context: GroupContext = {
    ...build,
    stack: group.id,
    explicit: group.explicit,
    members: group.members,
    ...(standing && { standing }),
    report: (diagnostic, member) => {
      const identity = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.field]);
      const before = said.get(identity);
      if (before !== undefined) {
        if (member) before.add(member);
        return;
      }
      const blamed = member === undefined ? blamedBy(diagnostic, group) : new Set(member === null ? [] : [member]);
      const found = { ...diagnostic, stack: group.id };
      said.set(identity, blamed);
      diagnostics.push(found);
      if (diagnostic.severity === "error") faults.push({ diagnostic: found, blamed });
    },
  };
  checkDeletionProtection(context, group);
  const draft = newStackDraft(context);
  const listenerPorts = group.members.length === 0 ? [] : buildResources(draft);
  if (faults.length > 0) {
    return { stack: { ...base, ...nothing, status: "failed", failedAt: "build" }, diagnostics, faults };
  }
  const stack: Stack = {
    ...base,
    status: "built",
    resources: Object.fromEntries(draft.resources),
    listenerPorts,
    secrets: [...draft.secrets].sort(compareStrings),
    usesBackendSecurityGroup: draft.usesBackendSecurityGroup,
  };
  return { stack, diagnostics, faults };
}

/** The members whose object a diagnostic is about: their Ingress, or the class params that they share. */
function blamedBy({ object }: Diagnostic, { members, unreadable }: Group): Set<Member> {
  if (object?.kind === "Ingress") {
    const key = `${object.namespace}/${object.name}`;
    return new Set([...members, ...unreadable].filter((member) => member.key === key));
  }
  if (object?.kind === "IngressClassParams") {
    return new Set(members.filter(({ params }) => params?.metadata.name === object.name));
  }
  return new Set();
}

function buildResources(draft: StackDraft): readonly number[] {
  const { group } = draft;
  const listens = resolveListenConfigs(group, buildCertificates(draft));
  const loadBalancer = buildLoadBalancer(draft, listens);
  const sslRedirect = resolveSslRedirect(group, listens);
  const pathRules: PathRules = new Map();
  for (const listen of listens) {
    const redirects = buildListener(draft, listen, sslRedirect);
    if (!redirects) buildListenerRules(draft, listen, pathRules);
  }
  buildAddons(draft);
  buildFrontendNlb(draft, loadBalancer, listens);
  traceStack(draft, listens);
  return listens.map(({ port }) => port);
}

/** An Ingress that is being deleted while its annotation protects the load balancer holds the whole group up. */
function checkDeletionProtection(context: GroupContext, group: Group): void {
  for (const ingress of group.inactive) {
    if (ingress.metadata.deletionTimestamp === undefined) continue;
    const value = readAnnotation(ingress, "load-balancer-attributes", context.report)?.["deletion_protection.enabled"];
    if (value === undefined) continue;
    const enabled = parseBool(value);
    if ("value" in enabled && !enabled.value) continue;
    const message =
      "value" in enabled
        ? "deletion_protection.enabled is set, so the Ingress can't be deleted"
        : `deletion_protection.enabled: ${enabled.problem}`;
    context.report(annotationProblem("load-balancer.deletion-protected", ingress, "load-balancer-attributes", message));
  }
}
