import type { CertificateState } from "./listener-state.ts";

/** The certificate that a client is shown. */
export interface ServedCertificate {
  readonly certificate: string;
  readonly because: "exact-name" | "wildcard-name" | "default";
  /** Others that AWS may as well choose: equal as far as is known, or of unknown names. Empty: the choice is certain. */
  readonly alternatives: readonly string[];
}

/**
 * Chooses by the name of the handshake. AWS, "SSL certificates for your Application Load Balancer": the certificate
 * whose names match, the default one if none does; of several the best that the client supports, preferring ECDSA to
 * RSA, then by expiry, hash, key length and validity. AWS's own demonstration shows that an exact name beats a wildcard.
 * What isn't known here (expiry, hash, validity, what the client supports) leaves alternatives. A wildcard stands for
 * one label (RFC 6125). Undefined without certificates.
 */
export function certificateFor(
  certificates: readonly CertificateState[],
  serverName: string,
): ServedCertificate | undefined {
  const [fallback, ...rest] = certificates;
  if (fallback === undefined) return undefined;
  const name = serverName.toLowerCase();
  const distinct = [fallback, ...rest.filter(({ certificate }) => certificate !== fallback.certificate)];
  const unknown = distinct.filter(({ names }) => names === undefined).map(({ certificate }) => certificate);
  const known = distinct.map((state) => ({ state, grade: gradeOf(state.names ?? [], name) }));
  for (const because of ["exact-name", "wildcard-name"] as const) {
    const matching = known.filter(({ grade }) => grade === because).map(({ state }) => state);
    const best = Math.max(...matching.map(strength));
    const [chosen, ...equal] = matching.filter((state) => strength(state) === best);
    if (chosen === undefined) continue;
    return {
      certificate: chosen.certificate,
      because,
      alternatives: [...equal.map(({ certificate }) => certificate), ...unknown],
    };
  }
  const { certificate } = fallback;
  return { certificate, because: "default", alternatives: unknown.filter((other) => other !== certificate) };
}

function gradeOf(names: readonly string[], name: string): ServedCertificate["because"] | "none" {
  const lower = names.map((one) => one.toLowerCase());
  if (lower.includes(name)) return "exact-name";
  const dot = name.indexOf(".");
  return dot > 0 && lower.includes(`*${name.slice(dot)}`) ? "wildcard-name" : "none";
}

/** ECDSA before RSA, then the longer key; ACM's names of key algorithms end in the key's length or hold it. */
function strength({ keyAlgorithm = "" }: CertificateState): number {
  const bits = Number(/[0-9]{3,4}/.exec(keyAlgorithm)?.[0] ?? 0);
  return keyAlgorithm.startsWith("EC") ? 10_000 + bits : bits;
}
