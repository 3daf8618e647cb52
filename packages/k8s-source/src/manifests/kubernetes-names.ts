/** The forms of names that the API server demands (Kubernetes documentation, "Object Names and IDs"). */

/** What is wrong with an RFC 1123 label (at most 63 lower-case letters, digits and hyphens), as a clause. */
export function dnsLabelProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.length > 63) return "is longer than 63 characters";
  return isDnsLabel(name) ? undefined : "has other characters than a-z, 0-9 and hyphens between them";
}

/** What is wrong with an RFC 1123 subdomain (labels of any length joined by dots, at most 253 characters). */
export function dnsSubdomainProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (name.length > 253) return "is longer than 253 characters";
  return name.split(".").every(isDnsLabel)
    ? undefined
    : "has other characters than a-z, 0-9, and hyphens and dots between them";
}

/** What is wrong with the key of an annotation or label: an optional subdomain and a slash, then a name. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) return "has more than one slash";
  if (parts.length === 2 && dnsSubdomainProblem(parts[0] ?? "") !== undefined)
    return "has a prefix that is no DNS name";
  if (name === "") return "has no name";
  if (name.length > 63) return `has a name of ${name.length} characters, and 63 is the limit`;
  return /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)
    ? undefined
    : "has other characters than letters, digits, and - _ . between them";
}

/** What is wrong with the name of a port (RFC 6335 service name: at most 15 characters, one letter at least). */
export function portNameProblem(name: string): string | undefined {
  if (name.length > 15) return "is longer than 15 characters";
  if (!isDnsLabel(name) || name.includes("--"))
    return "has other characters than a-z, 0-9 and single hyphens between them";
  return /[a-z]/.test(name) ? undefined : "has no letter; write a port number as `number`";
}

function isDnsLabel(label: string): boolean {
  return /^[a-z0-9-]+$/.test(label) && !label.startsWith("-") && !label.endsWith("-");
}
