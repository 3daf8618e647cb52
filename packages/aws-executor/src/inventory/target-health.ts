/** Who is in a target group, and how they are. */
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Target } from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { isAwsError } from "../aws-error.ts";
import { targetRecord } from "../records/target.ts";
import { callAws } from "../typed-call.ts";

/** The targets by id and port ascending; undefined if there is no such group. Rejects with an `AwsError`. */
export async function readTargetHealth(api: AwsApi, targetGroupArn: string): Promise<readonly Target[] | undefined> {
  try {
    const input = { TargetGroupArn: targetGroupArn };
    const { TargetHealthDescriptions } = await callAws(api, "elasticloadbalancingv2", "DescribeTargetHealth", input);
    return targetsOf(TargetHealthDescriptions);
  } catch (error) {
    if (isAwsError(error) && error.code === "TargetGroupNotFound") return undefined;
    throw error;
  }
}

/** The records of an answer, by id and port ascending. */
export function targetsOf(descriptions: readonly TargetHealthDescription[] = []): readonly Target[] {
  return descriptions.map(targetRecord).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.port - b.port));
}
