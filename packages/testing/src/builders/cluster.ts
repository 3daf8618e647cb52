/** From objects to what elbplan makes of them, for tests that don't care for the way there. */
import {
  type Account,
  buildDesired,
  type ClusterSnapshot,
  DEFAULT_SETTINGS,
  type DesiredGraph,
  emptyAccount,
  type Facts,
  type Ingress,
  type IngressClass,
  type IngressClassParams,
  type Namespace,
  type Secret,
  type Service,
  type Settings,
  WHOLE_KINDS,
} from "@elbplan/core";
import { facts } from "./facts.ts";
import { ingressClass } from "./objects.ts";

/** The kinds of objects that `snapshot` sorts. */
export type ClusterObject = Ingress | IngressClass | IngressClassParams | Namespace | Secret | Service;

/** A cluster that holds these objects, and the class `alb` unless there are other classes. */
export function snapshot(...objects: readonly ClusterObject[]): ClusterSnapshot {
  const of = <K extends ClusterObject["kind"]>(kind: K): readonly Extract<ClusterObject, { kind: K }>[] =>
    objects.filter((object): object is Extract<ClusterObject, { kind: K }> => object.kind === kind);
  const classes = of("IngressClass");
  return {
    ingresses: of("Ingress"),
    ingressClasses: classes.length === 0 ? [ingressClass()] : classes,
    ingressClassParams: of("IngressClassParams"),
    services: of("Service"),
    namespaces: of("Namespace"),
    secrets: of("Secret"),
    whole: WHOLE_KINDS,
  };
}

export interface DesiredOptions {
  /** `facts()` by default. */
  readonly facts?: Facts;
  /** LBC's defaults for a cluster `test` otherwise. */
  readonly settings?: Partial<Settings>;
}

/** The desired graph of a cluster. */
export function desired(cluster: ClusterSnapshot, options: DesiredOptions = {}): DesiredGraph {
  const settings = { ...DEFAULT_SETTINGS, clusterName: "test", ...options.settings };
  return buildDesired(cluster, options.facts ?? facts(), undefined, settings);
}

/** An account in which nothing exists, in the place that the facts tell of. */
export function account({ region, accountId, vpc }: Facts = facts()): Account {
  return emptyAccount({ region, accountId, vpcId: vpc.id });
}
