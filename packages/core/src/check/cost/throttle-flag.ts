/** LBC's flag `aws-api-throttle`. */
import { type Parsed, quote } from "../../read/grammar.ts";
import { DEFAULT_BUCKETS, type RateBucket } from "./buckets.ts";
import { AWS_SERVICE_IDS } from "./service-ids.ts";

/**
 * Buckets from `serviceID:regex=rate:burst,…`. A service that the flag names loses all its default buckets, others keep
 * theirs; every bucket that counts a call must give a token. A service that elbplan never calls is accepted.
 */
export function bucketsOfFlag(text: string): Parsed<readonly RateBucket[]> {
  if (text === "") return { value: DEFAULT_BUCKETS };
  const given: RateBucket[] = [];
  for (const entry of text.split(",")) {
    const bucket = bucketOf(entry);
    if (bucket === undefined) return { problem: `${quote(entry)} is not a serviceID:regex=rate:burst` };
    given.push(bucket);
  }
  const named = new Set(given.flatMap(({ services }) => services));
  const kept = DEFAULT_BUCKETS.flatMap((bucket) => {
    const services = bucket.services.filter((service) => !named.has(service));
    return services.length === 0 ? [] : [{ ...bucket, services }];
  });
  return { value: [...kept, ...given] };
}

const RATE = /^[0-9]+(?:[.][0-9]+)?$/;
const BURST = /^[0-9]+$/;

function bucketOf(entry: string): RateBucket | undefined {
  // The expression may hold both separators; ids hold no colon and numbers no equals sign.
  const colon = entry.indexOf(":");
  const equals = entry.lastIndexOf("=");
  if (colon < 1 || equals < colon + 2) return undefined;
  const id = entry.slice(0, colon);
  const regex = entry.slice(colon + 1, equals);
  const [rate = "", burst = "", ...more] = entry.slice(equals + 1).split(":");
  if (more.length > 0 || !RATE.test(rate) || !BURST.test(burst)) return undefined;
  const [refillPerSecond, capacity] = [Number(rate), Number(burst)];
  // A bucket that never gives a token would hold its calls for ever.
  if (refillPerSecond === 0 || capacity === 0) return undefined;
  const service = AWS_SERVICE_IDS.get(id) ?? id;
  return { name: `${id}:${regex}`, services: [service], operations: { regex }, capacity, refillPerSecond };
}
