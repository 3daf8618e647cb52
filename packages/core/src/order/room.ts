/**
 * The quotas per load balancer while its listeners change: rules and certificates of before and after exist side by
 * side for a while. Where they don't fit, the listeners take turns: those that go first, then each when what the ones
 * before it let go of is gone.
 */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Difference, RuleDifferences, StackDiff } from "../diff/difference.ts";
import { diffListenerCertificates } from "../diff/listener.ts";
import { entry } from "../diff/owned.ts";
import { redirectPorts } from "../diff/redirect-ports.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Inventory } from "../model/inventory.ts";
import type { ListenerSpec } from "../model/listener.ts";
import type { Quotas } from "../model/quotas.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Value } from "../model/value.ts";

/** Whether a listener takes its new certificates before it lets go of the old ones. */
export type CertificateMode = "add-first" | "remove-first";

export interface Turn {
  readonly difference: Difference<"listener">;
  /** Its certificates wait until there is room, and change in this way; absent: they need not wait. */
  readonly certificates?: CertificateMode;
}

export interface Turns {
  /** Listeners of the load balancers without room, in the order in which they change. */
  readonly turns: readonly Turn[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the load balancers of a stack without room for all changes at once. */
export function takeTurns(
  stack: StackDiff,
  rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>,
  quotas: Quotas,
  inventory: Inventory,
): Turns {
  const loadBalancers = new Map<string, Difference<"listener">[]>();
  for (const difference of stack.listeners) {
    const arn = difference.existing?.spec.loadBalancerArn ?? difference.desired?.loadBalancerArn;
    if (typeof arn === "string") entry(loadBalancers, arn, () => []).push(difference);
  }
  const ranks = new Map(stack.rules.map(({ listener }, index) => [listener, index]));
  const found = [...loadBalancers.values()].map((listeners): Turns => {
    const counted = listeners.map(countCertificates);
    const start = sum(counted, ({ before }) => before);
    // What exists proves a quota that allows it; a goal beyond it is AWS's to refuse.
    const quota = Math.max(
      quotas.certificatesPerLoadBalancer,
      start,
      sum(counted, ({ after }) => after),
    );
    const certificates = sum(counted, ({ peak }) => peak) > quota;
    const rules = listeners.some(({ change }) => rulesOf.get(change.resource)?.waitsForRoom === true);
    if (!certificates && !rules) return { turns: [], diagnostics: [] };
    const rank = ({ difference: { change, desired }, before, after }: Counted): number => {
      if (desired === undefined) return Number.NEGATIVE_INFINITY;
      return rules ? (ranks.get(change.resource) ?? 0) : after - before;
    };
    const sorted = counted.toSorted((a, b) => rank(a) - rank(b) || portOf(a) - portOf(b));
    const turns = certificates ? withModes(sorted, quota - start, rules) : sorted;
    return {
      turns,
      diagnostics: [...certificateGaps(stack.id, turns, quota, inventory), ...redirectGaps(stack, turns, rulesOf)],
    };
  });
  return {
    turns: found.flatMap(({ turns }) => turns),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Certificates beside the default one, as the quota counts them: before, after, and at most if new ones are added first. */
interface Counted extends Turn {
  readonly before: number;
  readonly after: number;
  readonly peak: number;
}

function countCertificates(difference: Difference<"listener">): Counted {
  const { desired, existing } = difference;
  const [oldDefault, ...old] = existing?.spec.certificates ?? [];
  const beside = (certificates: readonly Value[], first: Value | undefined): number =>
    new Set(certificates.map(text).filter((certificate) => certificate !== text(first))).size;
  const before = beside(old, oldDefault);
  if (desired === undefined || desired.protocol === "HTTP") return { difference, before, after: 0, peak: before };
  const next = desired.certificates ?? [];
  const after = beside(next, next[0]);
  if (existing?.spec.protocol !== "HTTPS") return { difference, before, after, peak: after };
  const all = [...old, ...next];
  return { difference, before, after, peak: Math.max(beside(all, oldDefault), beside(all, next[0])) };
}

/** When rules take turns too, all removals come before all additions: then neither order stands in the other's way. */
function withModes(sorted: readonly Counted[], free: number, rules: boolean): readonly Counted[] {
  let room = free;
  return sorted.map((counted) => {
    const fits = !rules && counted.peak - counted.before <= room;
    room -= counted.after - counted.before;
    return { ...counted, certificates: fits ? ("add-first" as const) : ("remove-first" as const) };
  });
}

function certificateGaps(
  stack: string,
  turns: readonly Turn[],
  quota: number,
  { certificates }: Inventory,
): readonly Diagnostic[] {
  return turns.flatMap(({ difference: { change, desired, existing }, certificates: mode }): readonly Diagnostic[] => {
    if (mode !== "remove-first" || desired === undefined || existing === undefined) return [];
    const { added, removed, newDefault } = diffListenerCertificates(desired, existing.spec);
    const [oldDefault, ...beside] = existing.spec.certificates ?? [];
    // A default that isn't beside itself goes when another one comes; that is there at once.
    const replaced = newDefault !== undefined && oldDefault !== undefined && !beside.includes(oldDefault);
    const lost = replaced ? [...removed, oldDefault] : removed;
    const late = removed.length > 0 ? added : added.filter((arn) => text(arn) !== text(newDefault));
    if (late.length === 0 || lost.length === 0) return [];
    const affected = lost.flatMap((arn) => {
      const found = typeof arn === "string" ? certificates[arn]?.spec : undefined;
      return found === undefined ? [text(arn)] : [...new Set([found.domainName, ...found.subjectAlternativeNames])];
    });
    const message = `The quota of ${quota} certificates has no room for ${late.length} new ones beside the old ones of ${change.resource} in stack ${stack}: old ones are removed first, and clients of ${affected.join(", ")} may meet another certificate meanwhile.`;
    return [diagnose("certificates.gap", message, { stack, resource: change.resource })];
  });
}

/** Redirects that are switched on before what they point to is complete, or point for a while to what has gone. */
function redirectGaps(
  { id, listeners, rules }: StackDiff,
  turns: readonly Turn[],
  rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>,
): readonly Diagnostic[] {
  const gone = new Set<number>();
  const later = new Set(turns.map(({ difference }) => difference.desired?.port));
  const defaults = listeners.flatMap(({ existing }) => existing?.spec.defaultActions ?? []);
  const old = rules.flatMap(({ kept, modified, deleted }) =>
    [...kept, ...modified, ...deleted].flatMap(({ existing }) => existing?.spec.actions ?? []),
  );
  for (const { difference } of turns) if (difference.desired === undefined) gone.add(portOf({ difference }));
  const dangling = redirectPorts([...defaults, ...old], 0).filter((port) => gone.has(port));
  const early = turns.flatMap(({ difference: { change, desired } }) => {
    later.delete(desired?.port);
    if (desired === undefined) return [];
    return redirectPorts(newActions(change.resource, desired, rulesOf), desired.port).filter((port) => later.has(port));
  });
  return [...new Set([...dangling, ...early])]
    .sort((a, b) => a - b)
    .map((port) => {
      const message = `A quota lets the listeners of stack ${id} change only one after another: redirects to port ${port} may meet an incomplete listener meanwhile.`;
      return diagnose("redirects.gap", message, { stack: id });
    });
}

function newActions(
  resource: ResourceKey,
  desired: ListenerSpec,
  rulesOf: ReadonlyMap<ResourceKey, RuleDifferences>,
): ListenerSpec["defaultActions"] {
  const { created = [], modified = [] } = rulesOf.get(resource) ?? {};
  return [...desired.defaultActions, ...[...created, ...modified].flatMap((rule) => rule.desired?.actions ?? [])];
}

function portOf({ difference: { desired, existing } }: Pick<Turn, "difference">): number {
  return desired?.port ?? existing?.spec.port ?? 0;
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
