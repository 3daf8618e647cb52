/** Compares strings by UTF-16 code units: the same everywhere, whatever the locale; byte order for all that AWS and Kubernetes name things with. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
