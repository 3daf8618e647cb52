/** Whole inputs of a build: a cluster, what AWS knows, and settings. */
import { type ClusterSnapshot, DEFAULT_SETTINGS, type Facts, type Service, type Settings } from "@elbplan/core";
import fc from "fast-check";
import { someFacts } from "./facts.ts";
import { anIngress, anIngressPlace, aService, someClasses } from "./objects.ts";

/** What `buildDesired` takes, apart from an inventory. */
export interface Cluster {
  readonly snapshot: ClusterSnapshot;
  readonly facts: Facts;
  readonly settings: Settings;
}

const NAMESPACES = ["shop", "shop-2", "pay"];
const SERVICES = ["web", "api", "constructor"];

/** Most Services that Ingresses name exist. */
const someServices: fc.Arbitrary<readonly Service[]> = fc
  .subarray(
    NAMESPACES.flatMap((namespace) => SERVICES.map((name) => [namespace, name] as const)),
    { minLength: 6 },
  )
  .chain((names) => fc.tuple(...names.map(([namespace, name]) => aService(namespace, name))));

const mostlyTrue = fc.constantFrom(true, true, true, true, true, false);

const someSettings: fc.Arbitrary<Settings> = fc
  .record({
    defaultTags: fc.constantFrom<Record<string, string>[]>({}, { team: "platform", "managed-by": "elbplan" }),
    defaultTargetType: fc.constantFrom("instance", "ip"),
    enableBackendSecurityGroup: mostlyTrue,
    disableRestrictedSgRules: fc.boolean(),
    tolerateNonExistentBackendService: mostlyTrue,
    tolerateNonExistentBackendAction: mostlyTrue,
    lowPriority: fc.boolean(),
  })
  .map(({ lowPriority, ...rest }) => ({
    ...DEFAULT_SETTINGS,
    ...rest,
    clusterName: "demo",
    featureGates: { ...DEFAULT_SETTINGS.featureGates, EnableDefaultTagsLowPriority: lowPriority },
  }));

/**
 * A cluster of up to six Ingresses in groups and alone. Each object is valid by itself; together they may conflict, name
 * what doesn't exist, or leave no subnet to choose.
 */
export const aCluster: fc.Arbitrary<Cluster> = fc
  .record({
    places: fc.uniqueArray(anIngressPlace, { selector: ({ namespace, name }) => `${namespace}/${name}`, maxLength: 6 }),
    classes: someClasses,
    services: someServices,
    facts: someFacts,
    settings: someSettings,
  })
  .chain(({ places, classes, services, facts, settings }) =>
    fc.tuple(...places.map(anIngress)).map((ingresses) => ({
      snapshot: {
        ingresses,
        ...classes,
        services,
        namespaces: NAMESPACES.map((name) => ({ apiVersion: "v1", kind: "Namespace" as const, metadata: { name } })),
        secrets: [],
      },
      facts,
      settings,
    })),
  );
