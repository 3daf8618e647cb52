/** What was asked of AWS and what it said, kept. */
import type { AwsApi, AwsCall, AwsResponse } from "./aws-api.ts";
import { type AwsErrorOutcome, awsErrorOf } from "./aws-error.ts";

export type RecordedCall = AwsCall & {
  /** Milliseconds from asking to the answer. */
  readonly milliseconds: number;
} & (
    | { readonly response: AwsResponse }
    | {
        readonly error: {
          readonly code: string;
          readonly message: string;
          readonly outcome: AwsErrorOutcome;
          readonly requestId?: string;
        };
      }
  );

/** Hands each call to `record` once it was answered, in the order of the answers. Inputs are handed on as they are. */
export function recordedApi(api: AwsApi, record: (call: RecordedCall) => void, now: () => number): AwsApi {
  return async (call, options) => {
    const start = now();
    const asked = (): AwsCall & { readonly milliseconds: number } => ({ ...call, milliseconds: now() - start });
    try {
      const response = await api(call, options);
      record({ ...asked(), response });
      return response;
    } catch (thrown) {
      const { code, message, outcome, requestId } = awsErrorOf(thrown, call.operation);
      record({ ...asked(), error: { code, message, outcome, ...(requestId === undefined ? {} : { requestId }) } });
      throw thrown;
    }
  };
}
