/** What is read twice in one pass is asked for once. */
import type { AwsApi, AwsResponse } from "./aws-api.ts";
import { isRead } from "./reads.ts";

/**
 * Gives equal readings the answer of the first of them, for as long as the function is kept: for one look at an account,
 * which then is of one moment. Other calls, and readings that failed, are made each time.
 */
export function onePass(api: AwsApi): AwsApi {
  const known = new Map<string, Promise<AwsResponse>>();
  return (call, options) => {
    if (!isRead(call.service, call.operation)) return api(call, options);
    const key = JSON.stringify([call.service, call.operation, call.input]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = api(call, options);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  };
}
