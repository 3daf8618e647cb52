/** AWS as an executor: calls are sent as they are, and what is in the way is looked at itself. */
import { type Executor, isUnknown, isValidationField, outputOf, type Sender } from "@elbplan/core";
import type { AwsApi, AwsCall, AwsCallOptions } from "../aws-api.ts";
import { AwsError } from "../aws-error.ts";
import { findTwin } from "./find-twin.ts";
import { lookAt } from "./look-at.ts";
import { withValidationRecord } from "./validation-record.ts";

export interface AwsExecutorOptions {
  /** Writes to Kubernetes; without it TargetGroupBindings are refused. */
  readonly kubernetes?: Sender;
  /** Cuts off calls under way, which may or may not have taken effect then. */
  readonly signal?: AbortSignal;
  /** Calls that wait for their turn aren't sent any more; those under way are waited for. */
  readonly stop?: AbortSignal;
}

/**
 * An executor over an `AwsApi`. Clients of OIDC actions stay as `{ secret, key }` in what it hands to the `AwsApi`, which
 * `withSecrets` resolves.
 */
export function awsExecutor(
  api: AwsApi,
  { kubernetes = noKubernetes, signal, stop }: AwsExecutorOptions = {},
): Executor {
  const given: AwsCallOptions = { ...(signal && { signal }), ...(stop && { stop }) };
  const cutOff: AwsApi = (call, options) => api(call, { ...given, ...options });
  const aws: Sender = {
    send: async ({ action, call }) => {
      refuseUnknown(call.input, call.operation);
      return outputOf(action.kind, await cutOff(await withValidationRecord(cutOff, call as AwsCall)));
    },
    find: ({ action }) => findTwin(cutOff, action),
  };
  return {
    send: (step) => (step.call.service === "kubernetes" ? kubernetes : aws).send(step),
    find: (step) => (step.call.service === "kubernetes" ? kubernetes : aws).find(step),
    met: (wait) => lookAt(cutOff, wait),
  };
}

/** A value that only the API server knows can't be sent; clients of OIDC actions and validation records are read later. */
function refuseUnknown(value: unknown, operation: string): void {
  if (typeof value !== "object" || value === null) return;
  if (isUnknown(value)) {
    if (("secret" in value && "key" in value) || isValidationField(value)) return;
    const message = `${value.unknown} isn't known`;
    throw new AwsError({ code: "ValueUnknown", message, operation, outcome: "refused" });
  }
  for (const item of Object.values(value)) refuseUnknown(item, operation);
}

async function refuseKubernetes(): Promise<never> {
  const message = "this run writes nothing to Kubernetes";
  throw new AwsError({ code: "NoCluster", message, operation: "write", outcome: "refused" });
}

const noKubernetes: Sender = { send: refuseKubernetes, find: refuseKubernetes };
