import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Target } from "@elbplan/core";

/** A target as DescribeTargetHealth tells it. */
export function targetRecord({ Target: target, TargetHealth }: TargetHealthDescription): Target {
  const { Id = "", Port = 0, AvailabilityZone } = target ?? {};
  return {
    id: Id,
    port: Port,
    ...(AvailabilityZone === undefined ? {} : { availabilityZone: AvailabilityZone }),
    state: stateOf(TargetHealth?.State),
  };
}

/** A target that is found unhealthy while it drains is going all the same. */
function stateOf(state: string | undefined): Target["state"] {
  if (state === "unhealthy.draining") return "draining";
  return (state ?? "unavailable") as Target["state"];
}
