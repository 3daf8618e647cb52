import type { MutualAuthentication } from "../model/listener.ts";
import { quote } from "../read/grammar.ts";
import type { MutualAuthenticationJson } from "../read/listener-json.ts";
import { annotationProblem, annotationText, type Member, readAnnotation } from "../read/member.ts";
import { fromAnnotation, type Setting } from "./agreement.ts";
import type { GroupContext } from "./context.ts";

const MODES = ["off", "passthrough", "verify"] as const;

/** Mutual TLS of a member by port. Trust stores may be given by name; ports that are no HTTPS listeners do nothing. */
export function mutualAuthenticationOf(
  group: GroupContext,
  member: Member,
): ReadonlyMap<number, Setting<MutualAuthentication>> {
  const byPort = new Map<number, Setting<MutualAuthentication>>();
  const entries = readAnnotation(member.ingress, "mutual-authentication", group.report);
  if (entries === undefined) return byPort;
  const refuse = (message: string): void =>
    group.report(
      annotationProblem("listener.mutual-authentication-invalid", member.ingress, "mutual-authentication", message),
    );
  if (entries.length === 0)
    refuse(`mutual-authentication is empty: ${quote(annotationText(member.ingress, "mutual-authentication") ?? "")}`);
  for (const entry of entries) {
    const port = entry.port ?? 0;
    if (port < 1 || port > 65535) {
      refuse(`mutual-authentication: port ${port} is not within 1 to 65535`);
      continue;
    }
    const problem = entryProblem(entry);
    if (problem !== undefined) refuse(`mutual-authentication of port ${port}: ${problem}`);
    else byPort.set(port, fromAnnotation(member, "mutual-authentication", resolved(group, entry, refuse)));
  }
  return byPort;
}

function entryProblem({
  mode = "",
  trustStore,
  ignoreClientCertificateExpiry,
  advertiseTrustStoreCaNames: advertise,
}: MutualAuthenticationJson): string | undefined {
  if (mode === "") return "the mode is missing";
  if (!(MODES as readonly string[]).includes(mode)) return `mode is ${quote(mode)}, allowed are ${MODES.join(", ")}`;
  if (mode === "verify" && (trustStore ?? "") === "") return "mode verify needs a trustStore";
  if (mode !== "verify" && (trustStore ?? "") !== "") return `mode ${mode} takes no trustStore`;
  if (mode !== "verify" && ignoreClientCertificateExpiry !== undefined)
    return `mode ${mode} takes no ignoreClientCertificateExpiry`;
  if (mode !== "verify" && advertise !== undefined) return `mode ${mode} takes no advertiseTrustStoreCaNames`;
  if (advertise !== undefined && advertise !== "on" && advertise !== "off")
    return `advertiseTrustStoreCaNames is ${quote(advertise)}, allowed are on, off`;
  return undefined;
}

function resolved(
  group: GroupContext,
  entry: MutualAuthenticationJson,
  refuse: (message: string) => void,
): MutualAuthentication {
  const mode = entry.mode as MutualAuthentication["mode"];
  if (mode !== "verify") return { mode, trustStoreArn: "" };
  const name = entry.trustStore as string;
  const arn = name.startsWith("arn:") ? name : group.facts.trustStores.find((store) => store.name === name)?.arn;
  if (arn === undefined) refuse(`no trust store is named ${quote(name)}`);
  const advertise = entry.advertiseTrustStoreCaNames as "on" | "off" | undefined;
  return {
    mode,
    trustStoreArn: arn ?? "",
    ignoreClientCertificateExpiry: entry.ignoreClientCertificateExpiry ?? false,
    ...(advertise && { advertiseTrustStoreCaNames: advertise }),
  };
}
