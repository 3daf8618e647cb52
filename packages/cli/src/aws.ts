/** The way to AWS. The SDK is loaded only here, and only when it is first called. */
import type { AwsApi, AwsConnection, ReadSecret } from "@elbplan/aws-executor";
import { bucketsOfFlag, type RateBucket } from "@elbplan/core";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** By connection: whoever goes the same way in one command waits for the same tokens, and signs in once. */
const WAYS: WeakMap<Io, Map<string, AwsApi>> = new WeakMap();

/** Opens the way: as whom and where by the SDK's rules and LBC's flags, no faster than AWS's rates. */
export async function openAws(options: InputOptions, io: Io, secrets?: ReadSecret): Promise<AwsApi> {
  const { sdkApi, throttledApi, withSecrets } = await import("@elbplan/aws-executor");
  const connection = await connectionOf(options);
  const flag = options.lbcFlags?.["aws-api-throttle"];
  const buckets = bucketsOf(flag);
  const ways = WAYS.get(io) ?? new Map<string, AwsApi>();
  WAYS.set(io, ways);
  const key = JSON.stringify([connection, flag]);
  const api = ways.get(key) ?? throttledApi(io.aws ?? sdkApi(connection), { buckets });
  ways.set(key, api);
  return withSecrets(api, secrets);
}

/** A way of one's own. `around` what sends, within the throttles, stands what counts or guards calls. */
export async function openOwnAws(options: InputOptions, io: Io, around: (api: AwsApi) => AwsApi): Promise<AwsApi> {
  const { sdkApi, throttledApi } = await import("@elbplan/aws-executor");
  const connection = await connectionOf(options);
  const buckets = bucketsOf(options.lbcFlags?.["aws-api-throttle"]);
  return throttledApi(around(io.aws ?? sdkApi(connection)), { buckets });
}

async function connectionOf(options: InputOptions): Promise<AwsConnection> {
  const { endpointsOfFlag } = await import("@elbplan/aws-executor");
  const { profile, assumeRole, externalId, fips, dualstack, lbcFlags = {} } = options;
  if (externalId !== undefined && assumeRole === undefined) {
    throw new Refusal("--external-id belongs to --assume-role; say which role.");
  }
  const endpoints = endpointsOfFlag(lbcFlags["aws-api-endpoints"] ?? "");
  if ("problem" in endpoints) throw new Refusal(`flag --aws-api-endpoints: ${endpoints.problem}.`);
  const region = lbcFlags["aws-region"];
  const maxAttempts = attemptsOf(lbcFlags["aws-max-retries"]);
  return {
    ...(region && { region }),
    ...(profile !== undefined && { profile }),
    ...(assumeRole !== undefined && { role: { arn: assumeRole, ...(externalId !== undefined && { externalId }) } }),
    ...(fips === true && { useFips: true }),
    ...(dualstack === true && { useDualstack: true }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    endpoints: endpoints.value,
  };
}

/** The same, but an error of AWS is a refusal that names what was missing. */
export async function askAws<T>(asked: Promise<T>, outcome = "nothing was planned."): Promise<T> {
  const { awsDiagnostic, isAwsError } = await import("@elbplan/aws-executor");
  try {
    return await asked;
  } catch (error) {
    if (isAwsError(error)) throw new Refusal(outcome, [awsDiagnostic(error)]);
    throw error;
  }
}

function bucketsOf(flag = ""): readonly RateBucket[] {
  const parsed = bucketsOfFlag(flag);
  if ("problem" in parsed) throw new Refusal(`flag --aws-api-throttle: ${parsed.problem}.`);
  return parsed.value;
}

function attemptsOf(flag: string | undefined): number | undefined {
  if (flag === undefined) return undefined;
  if (!/^[1-9][0-9]{0,2}$/.test(flag))
    throw new Refusal(`flag --aws-max-retries: ${JSON.stringify(flag)} is no number above 0.`);
  return Number(flag);
}
