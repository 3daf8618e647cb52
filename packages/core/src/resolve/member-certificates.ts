import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Value } from "../model/value.ts";
import { type Member, refOf } from "../read/member.ts";
import type { Setting } from "./agreement.ts";
import { certificatesForHost, discoverCertificates } from "./certificates.ts";
import type { GroupContext } from "./context.ts";

/** Certificates of one member in its order. */
export type MemberCertificates = readonly Setting<Value>[];

/** The explicit certificates of a member, or else those discovered for its hosts. A host that none serves is an error. */
export function certificatesOf(group: GroupContext, member: Member, explicit: MemberCertificates): MemberCertificates {
  if (explicit.length > 0) return explicit;
  const { arns, unserved } = discoverCertificates(
    group.certificates,
    hostsOf(member),
    group.settings.compat.bestMatchDefaultCertificate,
  );
  for (const host of unserved) {
    group.report(
      diagnose("certificate.not-found", `Ingress ${member.key}: no certificate serves the host ${host}`, {
        object: refOf(member.ingress),
        field: hostField(member, host),
      }),
    );
  }
  const object = refOf(member.ingress);
  const asked = group.trace === undefined ? undefined : firstAsked(group, member);
  return arns.map((value) => ({ value, member, source: { object, field: asked?.get(value) ?? "/spec/tls" } }));
}

/** The first host that each certificate is for; only provenance wants to know. */
function firstAsked(group: GroupContext, member: Member): ReadonlyMap<string, string> {
  const { rules = [], tls = [] } = member.ingress.spec ?? {};
  const hosts = new Set([
    ...rules.flatMap(({ host }) => host || []),
    ...tls.flatMap(({ hosts: names }) => names ?? []),
  ]);
  const fields = new Map<string, string>();
  for (const host of hosts)
    for (const arn of certificatesForHost(group.certificates, host))
      if (!fields.has(arn)) fields.set(arn, hostField(member, host));
  return fields;
}

/** All hosts of an Ingress, of its rules and its tls section, sorted. */
export function hostsOf({ ingress }: Member): readonly string[] {
  const hosts = new Set<string>();
  for (const { host } of ingress.spec?.rules ?? []) if (host !== undefined && host !== "") hosts.add(host);
  for (const { hosts: names } of ingress.spec?.tls ?? []) for (const name of names ?? []) hosts.add(name);
  return [...hosts].sort(compareStrings);
}

/** JSON pointer to where an Ingress first names a host: rules before the tls section. */
export function hostField({ ingress }: Member, host: string): string {
  const rule = (ingress.spec?.rules ?? []).findIndex((candidate) => candidate.host === host);
  if (rule >= 0) return `/spec/rules/${rule}/host`;
  const tls = (ingress.spec?.tls ?? []).findIndex(({ hosts }) => hosts?.includes(host) === true);
  const index = ingress.spec?.tls?.[tls]?.hosts?.indexOf(host) ?? 0;
  return `/spec/tls/${tls}/hosts/${index}`;
}
