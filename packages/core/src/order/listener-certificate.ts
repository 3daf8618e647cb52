/** Actions on the certificates of listeners; AWS takes one certificate a call. */
import type { Change } from "../model/change.ts";
import type { Value } from "../model/value.ts";
import type { ActionList } from "./action-list.ts";

/** Adds a certificate and returns the action's id. `index` tells certificates apart whose ARN isn't known yet. */
export function addCertificate(
  list: ActionList,
  { stack, resource }: Change,
  listenerArn: Value,
  certificateArn: Value,
  index: number,
  after: readonly string[],
): string {
  return list.add({
    kind: "addListenerCertificates",
    stack,
    resource,
    details: { listenerArn, certificateArn },
    reason: "the listener lacks this certificate",
    field: "/certificates",
    after,
    part: typeof certificateArn === "string" ? certificateArn : `${index + 1}`,
  });
}

/** Removes a certificate, which is let go of then, and returns the action's id. */
export function removeCertificate(
  list: ActionList,
  { stack, resource }: Change,
  listenerArn: Value,
  certificateArn: Value,
  index: number,
  after: readonly string[],
): string {
  const id = list.add({
    kind: "removeListenerCertificates",
    stack,
    resource,
    details: { listenerArn, certificateArn },
    reason: "no Ingress asks for this certificate",
    field: "/certificates",
    after,
    part: typeof certificateArn === "string" ? certificateArn : `${index + 1}`,
  });
  if (typeof certificateArn === "string") list.release(certificateArn, id);
  return id;
}
