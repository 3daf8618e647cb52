/** Certificates that elbplan requested: those of ACM that carry the cluster's tags. */

import type { CertificateDetail } from "@aws-sdk/client-acm";
import type { CertificateSpec, ExistingCertificate, StringMap } from "@elbplan/core";
import { tagsOf } from "../records/tags.ts";
import type { Reader } from "./reader.ts";

const TAGS_MS = 60_000;

/** All key types; by default ACM lists RSA 2048 alone (ACM API Reference: ListCertificates). */
export const KEY_TYPES = [
  "RSA_1024",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
] as const;

/** Tags and details of every certificate whose tags are wanted. */
export async function readCertificates(
  reader: Reader,
  wanted: (tags: StringMap) => boolean,
): Promise<readonly ExistingCertificate[]> {
  const lists = await reader.pages("acm", "ListCertificates", {
    Includes: { keyTypes: [...KEY_TYPES] },
    MaxItems: 1000,
  });
  const arns = lists.flatMap(({ CertificateSummaryList = [] }) =>
    CertificateSummaryList.flatMap(({ CertificateArn }) => CertificateArn ?? []),
  );
  const found = await Promise.all(
    arns.map(async (arn): Promise<readonly ExistingCertificate[]> => {
      const tags = await readCertificateTags(reader, arn);
      if (!wanted(tags)) return [];
      const answer = await reader.unlessGone("acm", "DescribeCertificate", { CertificateArn: arn });
      return answer?.Certificate === undefined ? [] : [existingCertificate(arn, answer.Certificate, tags)];
    }),
  );
  return found.flat();
}

/** No tags of one that is gone. */
export function readCertificateTags({ cache, unlessGone }: Reader, arn: string): Promise<StringMap> {
  return cache.get("certificateTags", arn, TAGS_MS, async () => {
    const answer = await unlessGone("acm", "ListTagsForCertificate", { CertificateArn: arn });
    return tagsOf(answer?.Tags);
  });
}

/** A certificate as DescribeCertificate tells it. */
function existingCertificate(arn: string, detail: CertificateDetail, tags: StringMap): ExistingCertificate {
  const { DomainName: domainName = "", SubjectAlternativeNames = [], CertificateAuthorityArn, KeyAlgorithm } = detail;
  const spec: CertificateSpec = {
    type: detail.Type === "PRIVATE" ? "PRIVATE" : "AMAZON_ISSUED",
    ...(CertificateAuthorityArn && { certificateAuthorityArn: CertificateAuthorityArn }),
    domainName,
    subjectAlternativeNames: SubjectAlternativeNames,
    validationMethod: "DNS",
    // Requests say RSA_2048, answers RSA-2048.
    ...(KeyAlgorithm && { keyAlgorithm: KeyAlgorithm.replaceAll("-", "_") }),
    tags,
  };
  return { arn, status: detail.Status ?? "", spec };
}
