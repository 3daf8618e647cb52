/** Addresses to listen on, as Go and LBC's flags write them. */

export interface ListenAddress {
  /** All of them, if absent. */
  readonly host?: string;
  readonly port: number;
}

/**
 * Reads `:8080`, `127.0.0.1:8080` or `[::1]:8080`; `0` means that nothing is to listen, as in controller-runtime. The
 * problem is an end of a sentence that begins with the flag.
 */
export function listenAddress(
  text: string,
): { readonly value: ListenAddress | undefined } | { readonly problem: string } {
  if (text === "0") return { value: undefined };
  const [, bracketed, plain, digits = ""] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = digits === "" ? Number.NaN : Number(digits);
  if (!(port <= 65_535)) return { problem: `${JSON.stringify(text)} is no address such as :8080 or 127.0.0.1:8080` };
  const host = bracketed ?? plain;
  return { value: { ...(host && { host }), port } };
}
