/** What each member wants of each listener port, and how the wishes of a group go together. */

import { diagnose } from "../diagnostics/diagnose.ts";
import { isCidr } from "../lib/cidr.ts";
import { compareStrings } from "../lib/compare.ts";
import type { MutualAuthentication } from "../model/listener.ts";
import type { Value } from "../model/value.ts";
import { quote } from "../read/grammar.ts";
import type { ListenPort } from "../read/listener-json.ts";
import { annotationName, type Member, paramsOf, readAnnotation } from "../read/member.ts";
import { conflict, fromAnnotation, fromParams, type Setting } from "./agreement.ts";
import type { GroupContext } from "./context.ts";
import { certificatesOf, type MemberCertificates } from "./member-certificates.ts";
import { mutualAuthenticationOf } from "./mutual-authentication.ts";

/** One listener of the group. */
export interface ListenConfig {
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Members that listen on the port, in group order. */
  readonly members: readonly Member[];
  /** Sorted. */
  readonly cidrs: readonly string[];
  /** Sorted. */
  readonly prefixLists: readonly string[];
  /** First the default certificate. HTTPS only. */
  readonly certificates: readonly Setting<Value>[];
  readonly sslPolicy?: string;
  readonly mutualAuthentication?: MutualAuthentication;
}

interface MemberListen {
  readonly member: Member;
  readonly ports: readonly ListenPort[];
  readonly cidrs: Setting<readonly string[]> | undefined;
  readonly prefixLists: Setting<readonly string[]> | undefined;
  readonly certificates: MemberCertificates;
  readonly sslPolicy: Setting<string> | undefined;
  readonly mutualAuthentication: ReadonlyMap<number, Setting<MutualAuthentication>>;
}

/** The listeners of a group, by ascending port. `created` holds the certificates that members have made for them. */
export function resolveListenConfigs(
  group: GroupContext,
  created: ReadonlyMap<Member, Value>,
): readonly ListenConfig[] {
  const wishes = group.members.map((member) => memberListen(group, member, created.get(member)));
  const byPort = new Map<number, { protocol: "HTTP" | "HTTPS"; wishes: MemberListen[] }>();
  for (const wish of wishes) {
    for (const { port, protocol } of wish.ports) {
      const found = byPort.get(port);
      if (found === undefined) byPort.set(port, { protocol, wishes: [wish] });
      else if (found.protocol === protocol) found.wishes.push(wish);
      else reportProtocol(group, port, found.wishes[0] as MemberListen, found.protocol, wish, protocol);
    }
  }
  return [...byPort]
    .sort(([a], [b]) => a - b)
    .map(([port, { protocol, wishes: all }]) => merge(group, port, protocol, all));
}

function memberListen(group: GroupContext, member: Member, created: Value | undefined): MemberListen {
  const params = paramsOf(member);
  const explicit = explicitCertificates(group, member, created);
  const fallback: ListenPort = explicit.length > 0 ? { port: 443, protocol: "HTTPS" } : { port: 80, protocol: "HTTP" };
  const ports = readAnnotation(member.ingress, "listen-ports", group.report) ?? [fallback];
  const https = ports.some(({ protocol }) => protocol === "HTTPS");
  const policy = readAnnotation(member.ingress, "ssl-policy", group.report);
  const prefixLists = params.prefixListsIDs ?? params.PrefixListsIDs ?? [];
  return {
    member,
    ports,
    cidrs: readCidrs(group, member),
    prefixLists: listSetting(
      group,
      member,
      "security-group-prefix-lists",
      params.prefixListsIDs ? "prefixListsIDs" : "PrefixListsIDs",
      prefixLists,
    ),
    certificates: https ? certificatesOf(group, member, explicit) : [],
    sslPolicy: params.sslPolicy
      ? fromParams(member, "sslPolicy", params.sslPolicy)
      : policy === undefined
        ? undefined
        : fromAnnotation(member, "ssl-policy", policy),
    mutualAuthentication: mutualAuthenticationOf(group, member),
  };
}

function explicitCertificates(group: GroupContext, member: Member, created: Value | undefined): MemberCertificates {
  const fromClass = paramsOf(member).certificateArn ?? [];
  if (fromClass.length > 0) return fromClass.map((arn, index) => fromParams(member, `certificateArn/${index}`, arn));
  const listed = readAnnotation(member.ingress, "certificate-arn", group.report) ?? [];
  if (listed.length > 0) return listed.map((arn) => fromAnnotation(member, "certificate-arn", arn));
  return created === undefined ? [] : [fromAnnotation(member, "create-acm-cert", created)];
}

function listSetting(
  group: GroupContext,
  member: Member,
  name: "inbound-cidrs" | "security-group-prefix-lists",
  field: string,
  fromClass: readonly string[],
): Setting<readonly string[]> | undefined {
  if (fromClass.length > 0) return fromParams(member, field, sorted(fromClass));
  const listed = readAnnotation(member.ingress, name, group.report) ?? [];
  return listed.length === 0 ? undefined : fromAnnotation(member, name, sorted(listed));
}

function readCidrs(group: GroupContext, member: Member): Setting<readonly string[]> | undefined {
  const setting = listSetting(group, member, "inbound-cidrs", "inboundCIDRs", paramsOf(member).inboundCIDRs ?? []);
  for (const cidr of setting?.value ?? []) {
    if (isCidr(cidr)) continue;
    const message = `Ingress ${member.key}: ${quote(cidr)} is not a CIDR`;
    group.report(diagnose("listener.cidr-invalid", message, setting?.source as Partial<{ field: string }>));
  }
  return setting;
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compareStrings);
}

function merge(
  group: GroupContext,
  port: number,
  protocol: "HTTP" | "HTTPS",
  wishes: readonly MemberListen[],
): ListenConfig {
  const cidrs = firstAgreed(
    group,
    port,
    "inbound-cidrs",
    wishes.map((wish) => wish.cidrs),
    (value) => value.join(","),
  );
  const prefixLists = firstAgreed(
    group,
    port,
    "security-group-prefix-lists",
    wishes.map((wish) => wish.prefixLists),
    (value) => value.join(","),
  );
  const standing = group.standing?.listeners.get(port);
  const open = cidrs === undefined && prefixLists === undefined;
  const base = {
    port,
    protocol,
    members: wishes.map(({ member }) => member),
    cidrs: cidrs ?? standing?.access?.cidrs ?? (open ? ["0.0.0.0/0", "::/0"] : []),
    prefixLists: prefixLists ?? standing?.access?.prefixLists ?? [],
  };
  if (protocol === "HTTP") return { ...base, certificates: [] };
  const mutual =
    firstAgreed(
      group,
      port,
      "mutual-authentication",
      wishes.map((wish) => wish.mutualAuthentication.get(port)),
      (value) => JSON.stringify(value),
    ) ?? standing?.mutualAuthentication;
  return {
    ...base,
    certificates: mergeCertificates(wishes),
    sslPolicy:
      firstAgreed(
        group,
        port,
        "ssl-policy",
        wishes.map((wish) => wish.sslPolicy),
        (value) => value,
      ) ??
      standing?.sslPolicy ??
      group.settings.defaultSslPolicy,
    ...(mutual && { mutualAuthentication: mutual }),
  };
}

function firstAgreed<T>(
  group: GroupContext,
  port: number,
  name: Parameters<typeof annotationName>[0],
  settings: readonly (Setting<T> | undefined)[],
  text: (value: T) => string,
): T | undefined {
  let first: Setting<T> | undefined;
  for (const setting of settings) {
    if (setting === undefined) continue;
    if (first === undefined) first = setting;
    else if (text(setting.value) !== text(first.value)) {
      group.report(
        conflict(`${annotationName(name)} on port ${port}`, first, text(first.value), setting, text(setting.value)),
        setting.member,
      );
    }
  }
  return first?.value;
}

/** The first one is the default; it may stand once more among the others, as LBC has it. */
function mergeCertificates(wishes: readonly MemberListen[]): MemberCertificates {
  const [first, ...others] = wishes.flatMap(({ certificates }) => certificates);
  if (first === undefined) return [];
  const seen = new Set<string>();
  const rest = others.filter(({ value }) => {
    const identity = typeof value === "string" ? value : JSON.stringify(value);
    return !seen.has(identity) && seen.add(identity);
  });
  return [first, ...rest];
}

function reportProtocol(
  group: GroupContext,
  port: number,
  first: MemberListen,
  wanted: string,
  other: MemberListen,
  found: string,
): void {
  const setting = (wish: MemberListen): Setting<unknown> => fromAnnotation(wish.member, "listen-ports", undefined);
  group.report(conflict(`the protocol of port ${port}`, setting(first), wanted, setting(other), found));
}
