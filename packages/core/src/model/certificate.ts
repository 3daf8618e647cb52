import type { StringMap } from "./value.ts";

/** A certificate that elbplan requests from ACM (behaviour.md §3.16). */
export interface CertificateSpec {
  readonly type: "AMAZON_ISSUED" | "PRIVATE";
  readonly certificateAuthorityArn?: string;
  readonly domainName: string;
  /** All host names, the domain name included; compared as a set. */
  readonly subjectAlternativeNames: readonly string[];
  readonly validationMethod: "DNS";
  readonly keyAlgorithm?: string;
  readonly tags?: StringMap;
}
