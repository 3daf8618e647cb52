/** The Secrets that a build of a snapshot reads. */
import { compareStrings } from "../lib/compare.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { type Annotated, readAnnotation } from "../read/member.ts";
import { indexCluster } from "./cluster-index.ts";
import { resolveGroups } from "./groups.ts";

/**
 * The Secrets, as `namespace/name` and sorted, that OIDC annotations of our Ingresses and of Services beside them name.
 * It may name more than `buildDesired` reads (an authentication that no listener uses), never less. The snapshot needs
 * no Secrets for this.
 */
export function secretsNamed(snapshot: ClusterSnapshot, settings: Settings): readonly string[] {
  const { groups } = resolveGroups(snapshot, indexCluster(snapshot), settings);
  const ingresses = groups.flatMap(({ members }) => members.map(({ ingress }) => ingress));
  const namespaces = new Set(ingresses.map(({ metadata }) => metadata.namespace));
  const services = snapshot.services.filter(({ metadata }) => namespaces.has(metadata.namespace));
  const named = [...ingresses, ...services].flatMap(secretNamedBy);
  return [...new Set(named)].sort(compareStrings);
}

function secretNamedBy(object: Annotated): readonly string[] {
  const { secretName = "" } = readAnnotation(object, "auth-idp-oidc", () => {}) ?? {};
  return secretName === "" ? [] : [`${object.metadata.namespace}/${secretName}`];
}
