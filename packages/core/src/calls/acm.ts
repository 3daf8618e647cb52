/** AWS Certificate Manager (API version 2015-12-08). */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import { tagsField } from "./tags.ts";

type AcmKind = Extract<ActionKind, "requestCertificate" | "deleteCertificate">;

export const acmCalls: { readonly [K in AcmKind]: (details: ActionDetails[K]) => Call } = {
  requestCertificate: ({ spec, idempotencyToken }) => ({
    service: "acm",
    operation: "RequestCertificate",
    input: {
      DomainName: spec.domainName,
      SubjectAlternativeNames: spec.subjectAlternativeNames,
      // A private certificate authority validates nothing.
      ...(spec.type === "PRIVATE" ? {} : { ValidationMethod: spec.validationMethod }),
      ...(spec.certificateAuthorityArn === undefined || spec.certificateAuthorityArn === ""
        ? {}
        : { CertificateAuthorityArn: spec.certificateAuthorityArn }),
      ...(spec.keyAlgorithm === undefined ? {} : { KeyAlgorithm: spec.keyAlgorithm }),
      IdempotencyToken: idempotencyToken,
      ...tagsField(spec.tags),
    },
  }),
  deleteCertificate: ({ certificateArn }) => ({
    service: "acm",
    operation: "DeleteCertificate",
    input: { CertificateArn: certificateArn },
  }),
};
