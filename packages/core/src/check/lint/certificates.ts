/** Certificates: TLS without an HTTPS port, hosts that none covers, listeners without any, what one member adds for all, a default by chance. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { CertificateFact } from "../../model/facts.ts";
import type { Value } from "../../model/value.ts";
import { annotationField } from "../../read/member.ts";
import {
  type CertificateIndex,
  certificatesForHost,
  discoverCertificates,
  indexCertificates,
} from "../../resolve/certificates.ts";
import { hostsOf } from "../../resolve/member-certificates.ts";
import { annotationValue, finding, type LintGroup, type LintInput, type LintMember, listensOn } from "./lint-input.ts";

interface Known {
  readonly byArn: ReadonlyMap<string, CertificateFact>;
  readonly index: CertificateIndex;
}

export function certificates(input: LintInput): readonly Diagnostic[] {
  const known: Known = {
    byArn: new Map(input.facts.certificates.map((certificate) => [certificate.arn, certificate])),
    index: indexCertificates(input.facts.certificates, input.settings),
  };
  return input.groups.flatMap((group) => [
    ...withoutHttps(group),
    ...withoutCertificate(group),
    ...uncoveredHosts(group, known),
    ...addedForAll(group, known),
    ...defaultsByArn(input, group, known),
  ]);
}

interface HttpsListener {
  readonly port: number;
  readonly members: readonly LintMember[];
  readonly certificates: readonly Value[];
}

/** The HTTPS listeners that were built. */
function httpsListeners({ stack, members }: LintGroup): readonly HttpsListener[] {
  return Object.values(stack?.resources ?? {}).flatMap((resource) => {
    if (resource.kind !== "listener" || resource.spec.protocol !== "HTTPS") return [];
    const { port, certificates: arns = [] } = resource.spec;
    const sharing = members.filter(({ ports }) => ports.some((own) => own.port === port));
    return { port, members: sharing, certificates: arns };
  });
}

/** LBC: certificates are discovered for HTTPS ports; a tls section alone brings none about, the default port stays 80. */
function withoutHttps({ id: stack, members, sslRedirect }: LintGroup): readonly Diagnostic[] {
  return members.flatMap((member) => {
    const { ingress, ports } = member;
    if ((ingress.spec?.tls ?? []).length === 0 || ports.length === 0 || listensOn(member, "HTTPS")) return [];
    const effect = sslRedirect === undefined ? ", so its hosts are served without TLS" : "";
    const message = `there is a tls section, but the Ingress listens on HTTP port ${ports.map(({ port }) => port).join(", ")} only${effect}`;
    return finding("lint.tls-without-https", ingress, "/spec/tls", message, { stack });
  });
}

function withoutCertificate(group: LintGroup): readonly Diagnostic[] {
  return httpsListeners(group).flatMap(({ port, members: [first], certificates: arns }) => {
    if (arns.length > 0 || first === undefined) return [];
    const message = `HTTPS port ${port} has no certificate, which AWS refuses`;
    const field = annotationField("listen-ports");
    return finding("lint.https-without-certificate", first.ingress, field, message, { stack: group.id });
  });
}

/** Only where every certificate of the listener is among the facts: an unknown one may cover any host. */
function uncoveredHosts(group: LintGroup, { byArn }: Known): readonly Diagnostic[] {
  const said = new Set<string>();
  return httpsListeners(group).flatMap(({ port, members, certificates: arns }) => {
    const facts = arns.map((arn) => (typeof arn === "string" ? byArn.get(arn) : undefined));
    if (arns.length === 0 || facts.includes(undefined)) return [];
    const domains = new Set(facts.flatMap((fact) => (fact === undefined ? [] : namesOf(fact))));
    return members.flatMap(({ key, ingress }) =>
      placesOfHosts(ingress).flatMap(({ host, field }) => {
        if (covers(domains, host) || said.has(`${key} ${field}`)) return [];
        said.add(`${key} ${field}`);
        const message = `no certificate of port ${port} covers the host ${host}`;
        return finding("lint.tls-host-without-certificate", ingress, field, message, { stack: group.id });
      }),
    );
  });
}

function namesOf({ domain, sans }: CertificateFact): readonly string[] {
  return [domain, ...sans].map((name) => name.toLowerCase());
}

/** A host with a wildcard is covered by the certificate of the same name only. */
function covers(domains: ReadonlySet<string>, host: string): boolean {
  const name = host.toLowerCase();
  return domains.has(name) || domains.has(`*${name.slice(name.indexOf("."))}`);
}

/** Hosts of the tls section, and those of rules that it doesn't name. */
function placesOfHosts({ spec }: LintMember["ingress"]): readonly { readonly host: string; readonly field: string }[] {
  const places = new Map<string, string>();
  for (const [index, { hosts }] of (spec?.tls ?? []).entries())
    for (const [place, host] of (hosts ?? []).entries())
      if (!places.has(host)) places.set(host, `/spec/tls/${index}/hosts/${place}`);
  for (const [index, { host }] of (spec?.rules ?? []).entries())
    if (host && !places.has(host)) places.set(host, `/spec/rules/${index}/host`);
  return [...places].map(([host, field]) => ({ host, field }));
}

interface Brought {
  readonly arns: readonly string[];
  readonly discovered: boolean;
  readonly field: string;
}

/** The certificates that a member brings along: those it names, or else those discovered. */
function broughtBy(member: LintMember, { index }: Known): Brought {
  const { ingress, params } = member;
  const fromClass = params.certificateArn ?? [];
  const named = fromClass.length > 0 ? fromClass : (annotationValue(ingress, "certificate-arn") ?? []);
  if (named.length > 0) {
    const field = fromClass.length > 0 ? "/spec/ingressClassName" : annotationField("certificate-arn");
    return { arns: named, discovered: false, field };
  }
  const created = annotationValue(ingress, "create-acm-cert") === true;
  const { arns } = discoverCertificates(index, created ? [] : hostsOf(member.member));
  return { arns, discovered: true, field: (ingress.spec?.tls ?? []).length > 0 ? "/spec/tls" : "/spec/rules" };
}

/** What exactly one of several members on HTTPS brings along. */
function addedForAll({ id: stack, members }: LintGroup, known: Known): readonly Diagnostic[] {
  const https = members.filter((member) => listensOn(member, "HTTPS"));
  if (https.length < 2) return [];
  const brought = https.map((member) => ({ member, ...broughtBy(member, known) }));
  const bringers = new Map<string, number>();
  for (const { arns } of brought) for (const arn of new Set(arns)) bringers.set(arn, (bringers.get(arn) ?? 0) + 1);
  return brought.flatMap(({ member, arns, field, discovered }) =>
    [...new Set(arns)].flatMap((arn) => {
      const shares = https.some((other) => other !== member && other.ports.some((port) => sharesHttps(member, port)));
      if (bringers.get(arn) !== 1 || !shares) return [];
      const fact = known.byArn.get(arn);
      const secret = fact !== undefined && (fact.type === "PRIVATE" || fact.caArn !== undefined);
      const how = discovered ? "discovered for its hosts" : "named by it alone";
      const message = `${secret ? "the private certificate" : "the certificate"} ${arn}, ${how}, is added to a listener that other members of group ${stack} share`;
      const severity = secret ? ({ severity: "warning" } as const) : {};
      return finding("lint.certificate-for-all", member.ingress, field, message, { stack, ...severity });
    }),
  );
}

function sharesHttps({ ports }: LintMember, { port, protocol }: LintMember["ports"][number]): boolean {
  return protocol === "HTTPS" && ports.some((own) => own.protocol === "HTTPS" && own.port === port);
}

/** The default certificate is that of the first member with any; discovered ones come by ARN. */
function defaultsByArn(input: LintInput, { id: stack, members }: LintGroup, known: Known): readonly Diagnostic[] {
  if (input.settings.compat.bestMatchDefaultCertificate) return [];
  const ports = new Set(
    members.flatMap((member) => member.ports.filter(({ protocol }) => protocol === "HTTPS")).map(({ port }) => port),
  );
  const said = new Set<LintMember>();
  for (const port of ports) {
    const bringer = members.find(
      (member) => member.ports.some((own) => own.port === port) && broughtBy(member, known).arns.length > 0,
    );
    if (bringer !== undefined) said.add(bringer);
  }
  return [...said].flatMap((member) => {
    const { arns, discovered, field } = broughtBy(member, known);
    const [lowest] = arns;
    const hosts = hostsOf(member.member);
    const [best] = discoverCertificates(known.index, hosts, true).arns;
    if (!discovered || lowest === undefined || best === undefined || best === lowest) return [];
    const served = hosts.filter((host) => certificatesForHost(known.index, host).includes(lowest)).length;
    const message = `the default certificate is ${lowest}, the lowest of ${arns.length} ARNs, which serves ${served} of ${hosts.length} hosts; ${best} matches best`;
    return finding("lint.default-certificate-by-arn", member.ingress, field, message, { stack });
  });
}
