/** The way to AWS. The SDK is loaded only here. */

import type { AwsApi, ReadSecret } from "@elbplan/aws-executor";
import { bucketsOfFlag, type RateBucket } from "@elbplan/core";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** Opens the way: as whom and where by the SDK's rules and LBC's flags, no faster than AWS's rates. */
export async function openAws({ profile, lbcFlags = {} }: InputOptions, io: Io, secrets?: ReadSecret): Promise<AwsApi> {
  const { sdkApi, throttledApi, withSecrets } = await import("@elbplan/aws-executor");
  const region = lbcFlags["aws-region"];
  const maxAttempts = attemptsOf(lbcFlags["aws-max-retries"]);
  const connection = {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(maxAttempts !== undefined && { maxAttempts }),
  };
  const aws = io.aws ?? sdkApi(connection);
  return throttledApi(withSecrets(aws, secrets), { buckets: bucketsOf(lbcFlags["aws-api-throttle"]) });
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
