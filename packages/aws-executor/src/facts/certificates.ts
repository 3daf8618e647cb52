/** Certificates that discovery may choose: issued ones, of every type of key. */
import type { CertificateSummary } from "@aws-sdk/client-acm";
import type { CertificateFact } from "@elbplan/core";
import { KEY_TYPES, readCertificateTags } from "../inventory/certificate.ts";
import type { Reader } from "../inventory/reader.ts";

const LIST_MS = 60_000;
/** Names of an imported certificate change when it is imported anew; those of others never. */
const IMPORTED_MS = 5 * 60_000;
const ISSUED_MS = 10 * 3_600_000;

/**
 * Ascending by ARN. The listing tells all there is to know of most; one of a private authority, or with more names than
 * the listing holds, is asked for by itself.
 */
export async function readCertificateFacts(reader: Reader, withTags: boolean): Promise<readonly CertificateFact[]> {
  const summaries = await reader.cache.get("certificates", "", LIST_MS, async () => {
    const pages = await reader.pages("acm", "ListCertificates", {
      CertificateStatuses: ["ISSUED"],
      Includes: { keyTypes: [...KEY_TYPES] },
      MaxItems: 1000,
    });
    return pages.flatMap(({ CertificateSummaryList = [] }) => CertificateSummaryList);
  });
  const facts = await Promise.all(
    summaries.map(async (summary): Promise<readonly CertificateFact[]> => {
      const [names, tags] = await Promise.all([
        namesOf(reader, summary),
        withTags ? readCertificateTags(reader, summary.CertificateArn ?? "") : undefined,
      ]);
      return names === undefined ? [] : [certificateFact(summary, names, tags)];
    }),
  );
  return facts.flat().sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

interface Names {
  readonly sans: readonly string[];
  readonly caArn?: string;
}

/** Undefined for a certificate that is gone. */
async function namesOf(reader: Reader, summary: CertificateSummary): Promise<Names | undefined> {
  const { CertificateArn: arn = "", SubjectAlternativeNameSummaries: sans, Type } = summary;
  const isTold = sans !== undefined && summary.HasAdditionalSubjectAlternativeNames !== true && Type !== "PRIVATE";
  if (isTold) return { sans };
  const lifetime = Type === "IMPORTED" ? IMPORTED_MS : ISSUED_MS;
  return reader.cache.get("certificateNames", arn, lifetime, async () => {
    const answer = await reader.unlessGone("acm", "DescribeCertificate", { CertificateArn: arn });
    if (answer?.Certificate === undefined) return undefined;
    const { SubjectAlternativeNames = [], CertificateAuthorityArn: caArn } = answer.Certificate;
    return { sans: SubjectAlternativeNames, ...(caArn && { caArn }) };
  });
}

function certificateFact(
  { CertificateArn = "", DomainName = "", Status = "ISSUED", Type = "AMAZON_ISSUED", KeyAlgorithm }: CertificateSummary,
  names: Names,
  tags: CertificateFact["tags"] | undefined,
): CertificateFact {
  return {
    arn: CertificateArn,
    domain: DomainName,
    sans: names.sans,
    status: Status,
    type: Type,
    keyAlgorithm: (KeyAlgorithm ?? "RSA_2048").replaceAll("-", "_"),
    ...(names.caArn !== undefined && { caArn: names.caArn }),
    ...(tags && { tags }),
  };
}
