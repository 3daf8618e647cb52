/** Certificates that are requested from ACM: a certificate's host names can't be changed. */
import { compareStrings } from "../lib/compare.ts";
import { diffByResourceId } from "./by-resource-id.ts";
import type { DiffContext } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffSet } from "./fields.ts";

/** Replaced when the set of host names differs; nothing else is compared, as in LBC. */
export function diffCertificates(context: DiffContext): readonly Difference<"certificate">[] {
  if (!context.settings.featureGates.EnableCertificateManagement) return [];
  const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort(compareStrings);
  return diffByResourceId(context, {
    kind: "certificate",
    owned: context.mine.certificates,
    twins: "last, update all",
    replacing: (desired, { spec }) =>
      diffSet(
        "/subjectAlternativeNames",
        sorted(spec.subjectAlternativeNames),
        sorted(desired.subjectAlternativeNames),
      ),
    updating: () => [],
  });
}
