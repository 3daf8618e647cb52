/** What all readers of the inventory need: typed calls, pages, a limit to how many go at once, and what is known already. */
import pLimit from "p-limit";
import type { AwsApi } from "../aws-api.ts";
import { isAwsError } from "../aws-error.ts";
import type { Cache } from "../cache.ts";
import { allPages } from "../every-page.ts";
import type { ReadOperation, ReadService } from "../reads.ts";
import { type AwsInput, type AwsOperation, type AwsOutput, callAws } from "../typed-call.ts";

export interface Reader {
  readonly call: <S extends ReadService, O extends ReadOperation<S> & AwsOperation<S>>(
    service: S,
    operation: O,
    input: AwsInput<S, O>,
  ) => Promise<AwsOutput<S, O>>;
  /** The same, or undefined for what doesn't exist (any more). */
  readonly unlessGone: <S extends ReadService, O extends ReadOperation<S> & AwsOperation<S>>(
    service: S,
    operation: O,
    input: AwsInput<S, O>,
  ) => Promise<AwsOutput<S, O> | undefined>;
  readonly pages: <S extends ReadService, O extends ReadOperation<S> & AwsOperation<S>>(
    service: S,
    operation: O,
    input: AwsInput<S, O>,
  ) => Promise<readonly AwsOutput<S, O>[]>;
  /** The same, or none for what doesn't exist (any more). */
  readonly pagesUnlessGone: Reader["pages"];
  readonly cache: Cache;
}

/** AWS's codes for what isn't there; it may have been deleted since it was listed. */
const GONE: readonly string[] = [
  "LoadBalancerNotFound",
  "TargetGroupNotFound",
  "ListenerNotFound",
  "RuleNotFound",
  "TrustStoreNotFound",
  "ResourceNotFound",
  "WAFNonexistentItem",
];

export interface ReaderOptions {
  readonly cache: Cache;
  /** Calls under way at a time. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** Calls of one reading: no more than `concurrency` at a time, all ended by the signal. */
export function createReader(api: AwsApi, { cache, concurrency = 16, signal }: ReaderOptions): Reader {
  const limit = pLimit(concurrency);
  const options = signal === undefined ? {} : { signal };
  const limited: AwsApi = (call, given) => limit(() => api(call, given));
  const call: Reader["call"] = (service, operation, input) => callAws(limited, service, operation, input, options);
  const pages: Reader["pages"] = (service, operation, input) => allPages(limited, service, operation, input, options);
  return {
    call,
    unlessGone: (service, operation, input) => unlessGone(call(service, operation, input), undefined),
    pages,
    pagesUnlessGone: (service, operation, input) => unlessGone(pages(service, operation, input), []),
    cache,
  };
}

/** What is answered, or the other if it is that there is no such thing. */
function unlessGone<T, U>(answer: Promise<T>, gone: U): Promise<T | U> {
  return answer.catch((error: unknown) => {
    if (isAwsError(error, ...GONE)) return gone;
    throw error;
  });
}
