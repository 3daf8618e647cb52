/** Actions on certificates: requested before a listener names them, deleted after the last listener let go. */
import type { StackDiff } from "../diff/difference.ts";
import { compareStrings } from "../lib/compare.ts";
import { sha256Hex } from "../lib/sha256.ts";
import { stableJson } from "../lib/stable-json.ts";
import type { CertificateSpec } from "../model/certificate.ts";
import type { Change } from "../model/change.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";
import { partsOf } from "./part.ts";

/** ACM takes at most 32 characters. */
const TOKEN_LENGTH = 32;

/** How long LBC waits for a certificate to be issued. */
const ISSUED_SECONDS = 1800;

/** Requests what is missing or replaced, and waits until it is issued: no listener takes a pending certificate. */
export function requestCertificates(list: ActionList, { certificates }: StackDiff): void {
  for (const { change, desired } of certificates) {
    if (desired === undefined || (change.kind !== "create" && change.kind !== "replace")) continue;
    const { stack, resource, reason } = change;
    // The same request gives the same token, so that ACM answers a repeated one with the certificate it made before.
    const idempotencyToken = sha256Hex(stableJson([stack, resource, desired])).slice(0, TOKEN_LENGTH);
    list.add({ kind: "requestCertificate", stack, resource, details: { spec: desired, idempotencyToken }, reason });
    const certificateArn: Value = { ref: resource, field: "arn" };
    proveDomains(list, change, desired, certificateArn);
    list.prepare(stack, resource, waitUntilIssued(list, change, certificateArn));
  }
}

/** What an earlier run requested and nobody has waited for: whoever uses it now waits. Comes after the listeners. */
export function waitForPendingCertificates(
  list: ActionList,
  { certificates }: StackDiff,
  { certificates: existingCertificates }: Inventory,
): void {
  const partOf = partsOf(certificates);
  for (const { change, desired, existing } of certificates) {
    if (desired === undefined || existing === undefined || change.kind === "replace") continue;
    if (existingCertificates[existing.arn]?.status !== "PENDING_VALIDATION") continue;
    const users = list.usersOf(existing.arn);
    if (users.length === 0) continue;
    const part = partOf(change);
    // Whoever requested it may not have come so far.
    proveDomains(list, change, desired, existing.arn, part);
    const id = waitUntilIssued(list, change, existing.arn, part);
    for (const user of users) list.wait(user, [id]);
  }
}

/**
 * Records in the account's DNS, one for each domain: a wildcard's is that of the domain below the star. A private authority
 * asks for none. They stay when the certificate goes, for other certificates of the domain are renewed by the same record.
 */
function proveDomains(
  list: ActionList,
  { stack, resource }: Change,
  { type, subjectAlternativeNames }: CertificateSpec,
  certificateArn: Value,
  { part }: { readonly part?: string } = {},
): void {
  if (type === "PRIVATE") return;
  const domains = new Set(subjectAlternativeNames.map((name) => name.replace(/^\*\./, "")));
  for (const domainName of [...domains].sort(compareStrings)) {
    list.add({
      kind: "upsertValidationRecord",
      stack,
      resource,
      details: { certificateArn, domainName },
      reason: "ACM issues a certificate when its domains prove to be the account's",
      part: part === undefined ? domainName : `${part} ${domainName}`,
    });
  }
}

function waitUntilIssued(
  list: ActionList,
  { stack, resource }: Change,
  subject: Value,
  part: { readonly part?: string } = {},
): string {
  return list.add({
    kind: "wait",
    stack,
    resource,
    details: { until: "certificate-issued", subject, deadlineSeconds: ISSUED_SECONDS, onDeadline: "stop" },
    reason: "a listener takes only certificates that are issued",
    ...part,
  });
}

/** Deletes what nobody asks for or what was replaced. */
export function deleteCertificates(list: ActionList, { certificates }: StackDiff): void {
  const partOf = partsOf(certificates);
  for (const { change, existing } of certificates) {
    if (existing === undefined || (change.kind !== "delete" && change.kind !== "replace")) continue;
    list.add({
      kind: "deleteCertificate",
      stack: change.stack,
      resource: change.resource,
      details: { certificateArn: existing.arn },
      reason: change.reason,
      afterRelease: [existing.arn],
      ...partOf(change),
    });
  }
}
