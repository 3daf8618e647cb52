import { describe, expect, it } from "vitest";
import { recordingExecutor, type WouldSend } from "../../src/executor/recording-executor.ts";
import { runPlan } from "../../src/run/run-plan.ts";
import { action, listener, loadBalancer, planOf, rule } from "../run/plan-of.ts";

describe("recording", () => {
  it("notes what would be sent, with stand-ins for what AWS would tell", async () => {
    const sent: WouldSend[] = [];
    const wait = action(
      "wait",
      {
        until: "load-balancer-active",
        subject: { ref: "loadBalancer/LoadBalancer", field: "arn" },
        deadlineSeconds: 1,
        onDeadline: "stop",
      },
      { dependsOn: ["createLoadBalancer"] },
    );
    const result = await runPlan(
      planOf(loadBalancer(), wait, listener(), rule(1)),
      recordingExecutor((it) => sent.push(it)),
    );
    expect(result.state).toBe("done");
    expect(sent.map(({ action: id, call }) => `${id}: ${call.operation}`)).toEqual([
      "createLoadBalancer: CreateLoadBalancer",
      "createListener: CreateListener",
      "createRule 1: CreateRule",
    ]);
    expect(sent[1]?.call.input["LoadBalancerArn"]).toBe("<shop/web loadBalancer/LoadBalancer>");
    expect(sent[2]?.call.input["ListenerArn"]).toBe("<shop/web listener/80>");
  });
});
