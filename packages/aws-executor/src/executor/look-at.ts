/** One look at what a wait waits for. */
import {
  type ActionOf,
  certificateWaitState,
  type ExistingLoadBalancer,
  loadBalancerWaitState,
  targetsWaitState,
  type WaitState,
} from "@elbplan/core";
import type { AwsApi } from "../aws-api.ts";
import { isAwsError } from "../aws-error.ts";
import { targetRecord } from "../records/target.ts";
import { callAws } from "../typed-call.ts";

/** Looks at the thing itself, not at a tag index; rejects with an `AwsError`, also if it doesn't exist. */
export async function lookAt(api: AwsApi, { details }: ActionOf<"wait">): Promise<WaitState> {
  const subject = String(details.subject);
  switch (details.until) {
    case "load-balancer-active": {
      const input = { LoadBalancerArns: [subject] };
      const { LoadBalancers } = await callAws(api, "elasticloadbalancingv2", "DescribeLoadBalancers", input);
      const { Code = "provisioning", Reason } = LoadBalancers?.[0]?.State ?? {};
      const state = loadBalancerWaitState(Code as ExistingLoadBalancer["state"]);
      return state.state === "failed" && Reason !== undefined ? { ...state, note: Reason } : state;
    }
    case "certificate-issued": {
      const { Certificate } = await callAws(api, "acm", "DescribeCertificate", { CertificateArn: subject });
      const state = certificateWaitState(Certificate?.Status ?? "PENDING_VALIDATION");
      const reason = Certificate?.FailureReason;
      return state.state === "failed" && reason !== undefined ? { ...state, note: `${state.note}: ${reason}` } : state;
    }
    case "targets-healthy":
    case "targets-drained":
      return lookAtTargets(api, details.until, subject);
  }
}

async function lookAtTargets(
  api: AwsApi,
  until: "targets-healthy" | "targets-drained",
  targetGroupArn: string,
): Promise<WaitState> {
  try {
    const input = { TargetGroupArn: targetGroupArn };
    const { TargetHealthDescriptions = [] } = await callAws(
      api,
      "elasticloadbalancingv2",
      "DescribeTargetHealth",
      input,
    );
    return targetsWaitState(until, TargetHealthDescriptions.map(targetRecord));
  } catch (thrown) {
    // Nothing drains in what is gone.
    if (until === "targets-drained" && isAwsError(thrown, "TargetGroupNotFound")) return { state: "met" };
    throw thrown;
  }
}
