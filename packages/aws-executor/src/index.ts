/** The ports to AWS: the one function that everything calls through, what an executor is, what reads facts and inventory. */
export {
  type AwsApi,
  type AwsCall,
  type AwsCallOptions,
  type AwsResponse,
  type AwsService,
  sdkApi,
} from "./aws-api.ts";
export { AwsError, type AwsErrorOutcome, isAwsError, isThrottled } from "./aws-error.ts";
export { type Clock, SYSTEM_CLOCK } from "./clock.ts";
export type { AwsConnection } from "./connection.ts";
export type { ExecutionContext, Executor, FactsSource, InventorySource, Outcome } from "./executor.ts";
export { type RecordedCall, recordedApi } from "./recorded-api.ts";
export { type ThrottleOptions, throttledApi } from "./throttle.ts";
export { type AwsInput, type AwsOperation, type AwsOutput, callAws } from "./typed-call.ts";
