/** Generated targets of target groups. */
import fc from "fast-check";
import type { Resource } from "../../src/model/resource.ts";
import type { TargetsSpec } from "../../src/model/target.ts";

const NUMBERS = [1, 2, 3, 4, 5];

/** Targets by number; which become instances or addresses when the type of the target group is known. */
export interface TargetsSeed {
  readonly numbers: readonly number[];
  readonly port: number;
  readonly limit: number | undefined;
  readonly multiCluster: boolean;
  readonly partial: boolean;
  readonly securityGroups: readonly string[];
}

/** Undefined: nothing is known of the targets. */
export const someTargets: fc.Arbitrary<TargetsSeed | undefined> = fc.option(
  fc.record({
    numbers: fc.subarray(NUMBERS),
    port: fc.constantFrom(30080, 30080, 30081, 8080),
    limit: fc.constantFrom(undefined, undefined, undefined, 1, 3),
    multiCluster: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    partial: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    securityGroups: fc.subarray(["sg-nodes", "sg-pods"]),
  }),
  { nil: undefined, freq: 6 },
);

/** The targets of a target group as a resource of its stack. */
export function targetsResource(id: string, targetType: "instance" | "ip", seed: TargetsSeed): Resource {
  const { numbers, port, limit, multiCluster, partial, securityGroups } = seed;
  const spec: TargetsSpec = {
    targetGroupArn: { ref: `targetGroup/${id}`, field: "arn" },
    targets: numbers.map((number) => ({ id: targetType === "instance" ? `i-${number}` : `10.0.0.${number}`, port })),
    ...(limit !== undefined && { limit }),
    ...(multiCluster && { multiCluster }),
    ...(partial && { partial }),
    ...(numbers.length > 0 && securityGroups.length > 0 && { securityGroups }),
  };
  return { kind: "targets", id, spec };
}
