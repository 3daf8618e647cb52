/** What a plan costs. */
import type { Call } from "../../model/plan.ts";
import type { RateBucket } from "./buckets.ts";

export interface CostOptions {
  /** AWS's documented buckets by default. */
  readonly buckets?: readonly RateBucket[];
  /** From sending a call to its answer, in seconds; 0.25 by default. */
  readonly latencySeconds?: number;
}

export interface PlanCost {
  /** AWS calls that change something. */
  readonly calls: number;
  readonly kubernetesWrites: number;
  /** Writes to Kubernetes too; sorted by service and operation. */
  readonly operations: readonly {
    readonly service: Call["service"];
    readonly operation: string;
    readonly calls: number;
  }[];
  /** Buckets of which the plan takes tokens, in the order given. */
  readonly buckets: readonly {
    readonly bucket: RateBucket;
    readonly calls: number;
    /** Seconds until the bucket has given all these tokens, if it is full and nobody else takes any. */
    readonly atLeastSeconds: number;
  }[];
  /** Calls that must follow one another. */
  readonly depth: number;
  /** From the first call to the last answer, waits taking no time; rounded to milliseconds. */
  readonly seconds: number;
  /** The same if every wait lasts until its deadline. */
  readonly secondsAtMost: number;
  /** IAM actions needed, sorted, for instance `elasticloadbalancing:CreateRule`. */
  readonly iamActions: readonly string[];
}
