/** What the building of one group has at hand. */

import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Facts } from "../model/facts.ts";
import type { Secret, Service } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { ObjectRef } from "../model/snapshot.ts";
import type { Source } from "../model/source.ts";
import type { Member } from "../read/member.ts";
import type { CertificateIndex } from "./certificates.ts";
import type { ExistingPlacement } from "./existing-load-balancer.ts";
import type { Standing } from "./standing.ts";

/** Shared by all groups of a build. */
export interface BuildContext {
  readonly settings: Settings;
  readonly facts: Facts;
  readonly cluster: ClusterLookups;
  readonly certificates: CertificateIndex;
  /** Load balancers that exist already, by stack id and resource id. */
  readonly existing: Lookup<ExistingPlacement>;
  /** The shared backend security group is in the inventory, so that the plan keeps it as it should be. */
  readonly ownsBackendSecurityGroup: boolean;
  /** Set only when provenance was asked for. */
  readonly trace?: Trace;
}

/** What can be asked for by its name, and not be listed: so that it is known what a group depends on. */
export interface Lookup<T> {
  get(key: string): T | undefined;
}

/** What the building of a group asks of the cluster's objects; a `ClusterIndex` is one. */
export interface ClusterLookups {
  /** By namespace, then by name. */
  readonly services: Lookup<Lookup<Service>>;
  /** By `namespace/name`. */
  readonly secrets: Lookup<Secret>;
  /** Whether the object may well be there, though the snapshot doesn't hold it. */
  isUnreadable(object: ObjectRef): boolean;
}

/** Takes down where a value of the graph came from. */
export type Trace = (stack: string, place: string, source: Source) => void;

export interface GroupContext extends BuildContext {
  readonly stack: string;
  readonly explicit: boolean;
  /** In group order. */
  readonly members: readonly Member[];
  /**
   * An error diagnostic fails the group; the rest of it is still looked at, so that all its errors are told at once.
   * It blames the members whose Ingress or class params it is about, unless `blamed` names one, or null: nobody.
   */
  readonly report: (diagnostic: Diagnostic, blamed?: Member | null) => void;
  /** Set while a member is quarantined. */
  readonly standing?: Standing;
}

/** The same group, whose problems are blamed on a member: for what is read from its Services. */
export function blaming<G extends GroupContext>(group: G, member: Member): G {
  return { ...group, report: (diagnostic: Diagnostic) => group.report(diagnostic, member) };
}

/** Reports a problem of the group as a whole, for which no member is to blame. */
export function reportGroup(
  group: GroupContext,
  code: DiagnosticCode,
  message: string,
  rest: Partial<Diagnostic> = {},
): void {
  group.report(diagnose(code, `${group.explicit ? "group" : "Ingress"} ${group.stack}: ${message}`, rest), null);
}
