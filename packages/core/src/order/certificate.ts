/** Actions on certificates: requested before a listener names them, deleted after the last listener let go. */
import type { StackDiff } from "../diff/difference.ts";
import { sha256Hex } from "../lib/sha256.ts";
import { stableJson } from "../lib/stable-json.ts";
import type { ActionList } from "./action-list.ts";
import { partOf } from "./part.ts";

/** ACM takes at most 32 characters. */
const TOKEN_LENGTH = 32;

/** Requests what is missing or replaced. */
export function requestCertificates(list: ActionList, { certificates }: StackDiff): void {
  for (const { change, desired } of certificates) {
    if (desired === undefined || (change.kind !== "create" && change.kind !== "replace")) continue;
    const { stack, resource, reason } = change;
    // The same request gives the same token, so that ACM answers a repeated one with the certificate it made before.
    const idempotencyToken = sha256Hex(stableJson([stack, resource, desired])).slice(0, TOKEN_LENGTH);
    list.add({ kind: "requestCertificate", stack, resource, details: { spec: desired, idempotencyToken }, reason });
  }
}

/** Deletes what nobody asks for or what was replaced. */
export function deleteCertificates(list: ActionList, { certificates }: StackDiff): void {
  for (const { change, existing } of certificates) {
    if (existing === undefined || (change.kind !== "delete" && change.kind !== "replace")) continue;
    list.add({
      kind: "deleteCertificate",
      stack: change.stack,
      resource: change.resource,
      details: { certificateArn: existing.arn },
      reason: change.reason,
      afterRelease: [existing.arn],
      ...partOf(certificates, change),
    });
  }
}
