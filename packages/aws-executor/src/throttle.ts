/** Holds calls back so that AWS need not refuse them. */
import { DEFAULT_BUCKETS, type RateBucket, takesToken } from "@elbplan/core";
import { linearRegex } from "@elbplan/core/linear-regex";
import type { AwsApi, AwsCall, AwsCallOptions } from "./aws-api.ts";
import { stoppedError } from "./aws-error.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";

export interface ThrottleOptions {
  /** AWS's documented rates by default; `bucketsOfFlag` of the core reads LBC's `aws-api-throttle`. */
  readonly buckets?: readonly RateBucket[];
  readonly clock?: Clock;
}

/** Tokens at a time; below zero when calls have been promised tokens that are still to come. */
interface Level {
  readonly bucket: RateBucket;
  tokens: number;
  at: number;
}

/**
 * Lets a call go when every bucket that counts it has given a token; calls that wait are served in the order in which
 * they came. One such wrapper is shared by all who call in one account and Region.
 */
export function throttledApi(
  api: AwsApi,
  { buckets = DEFAULT_BUCKETS, clock = SYSTEM_CLOCK }: ThrottleOptions = {},
): AwsApi {
  const regex = linearRegex();
  const start = clock.now();
  const levels = buckets.map((bucket): Level => ({ bucket, tokens: bucket.capacity, at: start }));
  return async (call, options) => {
    const now = clock.now();
    const delays = levels.filter(({ bucket }) => takesToken(bucket, call, regex)).map((level) => take(level, now));
    const delay = Math.max(0, ...delays);
    if (delay > 0) await turn(clock, delay, call, options);
    return api(call, options);
  };
}

/** Waits for the tokens, unless the caller gives up before. */
async function turn(
  clock: Clock,
  milliseconds: number,
  { operation }: AwsCall,
  { signal, stop }: AwsCallOptions = {},
): Promise<void> {
  const signals = [signal, stop].filter((one) => one !== undefined);
  const ended = signals.length < 2 ? signals[0] : AbortSignal.any(signals);
  try {
    await clock.sleep(milliseconds, ended);
  } catch (thrown) {
    throw ended?.aborted === true ? stoppedError(operation, ended.reason) : thrown;
  }
}

/** Takes a token and tells how many milliseconds it is until that token is there. */
function take(level: Level, now: number): number {
  const { capacity, refillPerSecond } = level.bucket;
  level.tokens = Math.min(capacity, level.tokens + ((now - level.at) / 1000) * refillPerSecond) - 1;
  level.at = now;
  return level.tokens >= 0 ? 0 : (-level.tokens / refillPerSecond) * 1000;
}
