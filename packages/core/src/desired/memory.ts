/** What was built before, so that a group of which nothing changed needn't be built again. */
import equal from "fast-deep-equal";
import { share } from "../lib/share.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { CertificateFact } from "../model/facts.ts";
import type { Stack } from "../model/graph.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import type { Member } from "../read/member.ts";
import { type CertificateIndex, indexCertificates } from "../resolve/certificates.ts";
import { type ClusterIndex, clusterIndexer } from "../resolve/cluster-index.ts";
import type { BuildContext } from "../resolve/context.ts";
import type { Group } from "../resolve/groups.ts";
import { type Reads, readsHold, recordReads } from "../resolve/reads.ts";
import { buildStackWithQuarantine } from "./quarantine.ts";
import type { LastGood } from "./quarantined-group.ts";
import { buildStack } from "./stack.ts";
import { newTargetsMemory, type TargetsMemory } from "./targets/targets-memory.ts";

export interface BuiltGroup {
  readonly stack: Stack;
  readonly diagnostics: readonly Diagnostic[];
}

interface Remembered {
  readonly group: Group;
  readonly reads: Reads;
  /** What was used of the last good state. */
  readonly last: ReadonlyMap<keyof LastGood, unknown>;
  readonly built: BuiltGroup;
}

/** Written by every build that uses it. */
export interface BuildMemory {
  /** By group id. */
  readonly groups: Map<string, Remembered>;
  readonly indexCluster: (snapshot: ClusterSnapshot) => ClusterIndex;
  readonly targets: TargetsMemory;
  certificates?: { readonly of: readonly CertificateFact[]; readonly index: CertificateIndex };
}

/** A memory of nothing. */
export function newMemory(): BuildMemory {
  return { groups: new Map(), indexCluster: clusterIndexer(), targets: newTargetsMemory() };
}

/**
 * Builds groups, with their broken members left out if the settings say so. A group of which nothing changed isn't
 * built again; one that is no more is forgotten.
 */
export function buildGroups(
  { groups: known }: BuildMemory,
  context: BuildContext,
  groups: readonly Group[],
  last: LastGood,
): readonly BuiltGroup[] {
  const ids = new Set(groups.map(({ id }) => id));
  for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  return groups.map((group) => {
    const remembered = known.get(group.id);
    if (remembered !== undefined && isUnchanged(remembered, context, group, last)) return remembered.built;
    const { context: recording, reads } = recordReads(context);
    const used = new Map<keyof LastGood, unknown>();
    const { stack, diagnostics } =
      context.settings.onBrokenMember === "quarantine"
        ? buildStackWithQuarantine(recording, group, recordLast(last, used))
        : buildStack(recording, group);
    const built = share(remembered?.built, { stack, diagnostics });
    known.set(group.id, { group, reads, last: used, built });
    return built;
  });
}

/** The certificates by host, indexed again only when there are others. */
export function certificateIndex(
  memory: BuildMemory,
  certificates: readonly CertificateFact[],
  settings: Settings,
): CertificateIndex {
  if (memory.certificates?.of === certificates) return memory.certificates.index;
  const index = indexCertificates(certificates, settings);
  memory.certificates = { of: certificates, index };
  return index;
}

function isUnchanged(known: Remembered, context: BuildContext, group: Group, last: LastGood): boolean {
  if (!sameGroup(known.group, group) || !readsHold(known.reads, context)) return false;
  for (const [key, used] of known.last) if (last[key] !== used) return false;
  return true;
}

function recordLast(last: LastGood, used: Map<keyof LastGood, unknown>): LastGood {
  return new Proxy(last, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      used.set(key as keyof LastGood, found);
      return found;
    },
  });
}

function sameGroup(a: Group, b: Group): boolean {
  return (
    a.explicit === b.explicit &&
    sameMembers(a.members, b.members) &&
    sameMembers(a.unreadable, b.unreadable) &&
    a.inactive.length === b.inactive.length &&
    a.inactive.every((ingress, index) => ingress === b.inactive[index]) &&
    equal(a.loadErrors, b.loadErrors)
  );
}

function sameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ ingress, order, params }, index) => {
      const other = b[index];
      return ingress === other?.ingress && order === other.order && params === other.params;
    })
  );
}
