/** Amazon Route 53 (API version 2013-04-01). */
import type { ActionDetails, ActionKind } from "../model/action.ts";
import type { Call } from "../model/plan.ts";
import type { Value } from "../model/value.ts";

type Route53Kind = Extract<ActionKind, "upsertValidationRecord">;

/** A value that AWS chooses when a certificate is requested; who sends the call asks for it first. */
export interface ValidationField {
  readonly unknown: string;
  readonly certificateArn: Value;
  readonly domainName: string;
  readonly part: "hostedZoneId" | "name" | "value";
}

/** LBC's, in seconds. */
const TIME_TO_LIVE = 60;

export const route53Calls: { readonly [K in Route53Kind]: (details: ActionDetails[K]) => Call } = {
  upsertValidationRecord: (details) => ({
    service: "route53",
    operation: "ChangeResourceRecordSets",
    input: {
      HostedZoneId: field(details, "hostedZoneId", "hosted zone"),
      ChangeBatch: {
        Changes: [
          {
            // Certificates of one domain share the record: another one may have made it.
            Action: "UPSERT",
            ResourceRecordSet: {
              Name: field(details, "name", "name of the validation record"),
              Type: "CNAME",
              TTL: TIME_TO_LIVE,
              ResourceRecords: [{ Value: field(details, "value", "value of the validation record") }],
            },
          },
        ],
      },
    },
  }),
};

function field(
  { certificateArn, domainName }: ActionDetails["upsertValidationRecord"],
  part: ValidationField["part"],
  what: string,
): ValidationField {
  return { unknown: `${what} of ${domainName}`, certificateArn, domainName, part };
}

/** Tells such a value. */
export function isValidationField(value: object): value is ValidationField {
  return "unknown" in value && "certificateArn" in value && "domainName" in value && "part" in value;
}
