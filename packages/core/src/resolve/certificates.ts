/** Certificate discovery: which ACM certificates serve a host (LBC's certificate discovery). */

import { compareStrings } from "../lib/compare.ts";
import type { CertificateFact } from "../model/facts.ts";
import type { Settings } from "../model/settings.ts";

/** ARNs by host name; wildcards by the name without its first label. Made once per build. */
export interface CertificateIndex {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  readonly wildcard: ReadonlyMap<string, readonly string[]>;
}

/** Tags that mark a certificate as made by the controller for one of its stacks. */
const STACK_TAG_KEYS = ["elbv2.k8s.aws/cluster", "ingress.k8s.aws/stack"];

/**
 * Indexes the certificates that discovery may choose: issued ones; of the allowed authorities if there is such a list
 * (a certificate of Amazon has none, so it is left out then); with certificate management, none that carries our tags.
 */
export function indexCertificates(certificates: readonly CertificateFact[], settings: Settings): CertificateIndex {
  const exact = new Map<string, string[]>();
  const wildcard = new Map<string, string[]>();
  const allowed = new Set(settings.allowedCertificateAuthorityArns);
  for (const { arn, status, type, caArn, sans, tags = {} } of certificates) {
    if (status !== "ISSUED") continue;
    if (settings.compat.discoverPublicCertificatesOnly && (type === "PRIVATE" || caArn !== undefined)) continue;
    if (allowed.size > 0 && !allowed.has(caArn ?? "")) continue;
    if (settings.featureGates.EnableCertificateManagement && STACK_TAG_KEYS.every((key) => Object.hasOwn(tags, key)))
      continue;
    for (const domain of new Set(sans)) {
      const [map, name] = domain.startsWith("*.") ? [wildcard, domain.slice(2)] : [exact, domain];
      const arns = map.get(name);
      if (arns === undefined) map.set(name, [arn]);
      else arns.push(arn);
    }
  }
  return { exact, wildcard };
}

/**
 * All certificates that serve a host. `*.a.com` serves hosts of the same number of labels, so `x.a.com` and `*.a.com`
 * itself but neither `a.com` nor `x.y.a.com`. Letters compare with case.
 */
export function certificatesForHost(index: CertificateIndex, host: string): readonly string[] {
  const dot = host.indexOf(".");
  const byWildcard = dot < 0 ? undefined : index.wildcard.get(host.slice(dot + 1));
  return [...(index.exact.get(host) ?? []), ...(byWildcard ?? [])];
}

/**
 * The certificates of all hosts without repetition; and the hosts that none serves. Sorted by ARN, or with `best` those
 * that serve most hosts first, and of equal ones those that name the hosts without a wildcard.
 */
export function discoverCertificates(
  index: CertificateIndex,
  hosts: readonly string[],
  best = false,
): { readonly arns: readonly string[]; readonly unserved: readonly string[] } {
  const served = new Map<string, number>();
  const named = new Map<string, number>();
  const unserved: string[] = [];
  for (const host of hosts) {
    const found = certificatesForHost(index, host);
    if (found.length === 0) unserved.push(host);
    for (const arn of new Set(found)) served.set(arn, (served.get(arn) ?? 0) + 1);
    for (const arn of index.exact.get(host) ?? []) named.set(arn, (named.get(arn) ?? 0) + 1);
  }
  const arns = [...served.keys()].sort(compareStrings);
  const count = (counts: ReadonlyMap<string, number>, arn: string): number => counts.get(arn) ?? 0;
  if (best) arns.sort((a, b) => count(served, b) - count(served, a) || count(named, b) - count(named, a));
  return { arns, unserved };
}
