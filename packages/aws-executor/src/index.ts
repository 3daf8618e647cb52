/** Reads AWS and carries plans out: the one function that everything calls through, and the runner of plans. */
export {
  type AwsApi,
  type AwsCall,
  type AwsCallOptions,
  type AwsResponse,
  type AwsService,
  sdkApi,
} from "./aws-api.ts";
export { awsDiagnostic } from "./aws-diagnostic.ts";
export { AwsError, type AwsErrorOutcome, isAwsError, isThrottled } from "./aws-error.ts";
export { type Cache, createCache } from "./cache.ts";
export { type Clock, SYSTEM_CLOCK } from "./clock.ts";
export { type AwsConnection, type AwsRole, endpointsOfFlag, type ServiceEndpoints } from "./connection.ts";
export { type AwsExecutorOptions, awsExecutor } from "./executor/aws-executor.ts";
export { recordingExecutor, type WouldSend } from "./executor/recording-executor.ts";
export { findPlace, type Place, type PlaceHint } from "./facts/find-place.ts";
export { readQuotas } from "./facts/quotas.ts";
export { type FactsOptions, readFacts } from "./facts/read-facts.ts";
export { forgetResources, forgettingApi } from "./forgetting-api.ts";
export { type InventoryCounts, inventoryCalls } from "./inventory/inventory-calls.ts";
export { type InventoryScope, readInventory } from "./inventory/read-inventory.ts";
export type { ReaderOptions } from "./inventory/reader.ts";
export { readTargetHealth } from "./inventory/target-health.ts";
export { onePass } from "./one-pass.ts";
export { type AwsReading, type ReadAwsOptions, readAws } from "./read-aws.ts";
export { readPolicy } from "./reads.ts";
export { type RecordedCall, recordedApi } from "./recorded-api.ts";
export type { Journal, JournalEntry } from "./run/journal.ts";
export {
  type FileJournal,
  type JournalLine,
  type JournalMemory,
  type JournalWait,
  openJournal,
  pendingWaits,
  readJournal,
} from "./run/journal-file.ts";
export { isDone, type PendingWait, type RunEvent, type RunResult, type RunStep, type StepState } from "./run/result.ts";
export { type RunOptions, runPlan } from "./run/run-plan.ts";
export { TRY_AGAIN, type TryAgain } from "./run/try-again.ts";
export { WAIT_INTERVALS, type WaitIntervals } from "./run/wait.ts";
export { type ReadSecret, type SecretField, secretsFrom, withSecrets } from "./secrets.ts";
export { type ThrottleOptions, throttledApi } from "./throttle.ts";
export { type AwsInput, type AwsOperation, type AwsOutput, callAws } from "./typed-call.ts";
