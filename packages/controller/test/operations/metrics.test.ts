import { readFileSync } from "node:fs";
import { type AwsApi, AwsError } from "@elbplan/aws-executor";
import { describe, expect, it } from "vitest";
import { createMetrics, type Metrics } from "../../src/operations/metrics.ts";
import { someEvents } from "../some-events.ts";

function fresh(): Metrics & { readonly pass: (milliseconds: number) => void; readonly lines: () => Promise<string[]> } {
  let now = 0;
  const metrics = createMetrics({ lease: "elbplan-leader", concurrency: 3, now: () => now });
  return {
    ...metrics,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    lines: async () => (await metrics.page()).body.split("\n").filter((line) => !/^(#|$)/.test(line)),
  };
}

describe("metrics", () => {
  it("begin at zero, in Prometheus's format", async () => {
    const { page, lines } = fresh();
    expect((await page()).type).toMatch(/^text\/plain; version=0\.0\.4/);
    const begin = await lines();
    expect(begin).toContain('leader_election_master_status{name="elbplan-leader"} 0');
    expect(begin).toContain('controller_runtime_max_concurrent_reconciles{controller="ingress"} 3');
    expect(begin).toContain('controller_runtime_reconcile_errors_total{controller="ingress"} 0');
  });

  it("count events", async () => {
    const { onEvent, lines, leads } = fresh();
    leads(true);
    for (const event of someEvents()) onEvent(event);
    const told = await lines();
    for (const line of [
      'leader_election_master_status{name="elbplan-leader"} 1',
      'elbplan_watch_current{kind="Ingress",namespace=""} 1',
      'elbplan_watch_current{kind="Ingress",namespace="shop"} 0',
      'elbplan_watch_failures{kind="Ingress",namespace="shop"} 2',
      'elbplan_aws_read_duration_seconds_sum{why="start"} 2',
      'elbplan_aws_read_duration_seconds_count{why="unsure"} 1',
      'awslbc_controller_cache_object_total{resource="ingress"} 12',
      'elbplan_actions_total{kind="modifyRule",state="refused"} 1',
      'elbplan_actions_total{kind="modifyRule",state="done"} 1',
      'controller_runtime_reconcile_total{controller="ingress",result="error"} 1',
      'controller_runtime_reconcile_total{controller="ingress",result="requeue_after"} 1',
      'controller_runtime_reconcile_total{controller="ingress",result="success"} 2',
      'controller_runtime_reconcile_errors_total{controller="ingress"} 1',
      'controller_runtime_reconcile_time_seconds_count{controller="ingress"} 4',
      'awslbc_controller_reconcile_errors_total{controller="ingress",error_category="backend.service-missing"} 1',
      'elbplan_events_total{reason="FailedDeployModel"} 1',
      'awslbc_readiness_gate_ready_seconds_bucket{le="60",namespace="shop",name="k8s-shop-web"} 1',
      'awslbc_readiness_gate_ready_seconds_sum{namespace="shop",name="k8s-shop-web"} 42',
      "elbplan_failures_total 3",
      'workqueue_depth{name="ingress"} 3',
      'controller_runtime_active_workers{controller="ingress"} 2',
    ]) {
      expect(told).toContain(line);
    }
    // Names of Secrets aren't told.
    expect(told.join("\n")).not.toContain('kind="Secret"');
  });

  it("time the stages of a turn", async () => {
    const { onEvent, pass, lines } = fresh();
    const events = someEvents();
    for (const event of events) {
      if (event.type === "built" || event.type === "planned") onEvent(event);
    }
    pass(7000);
    for (const event of events) if (event.type === "reconciled") onEvent(event);
    const name = "awslbc_controller_reconcile_stage_duration";
    const told = await lines();
    expect(told).toContain(`${name}_sum{controller="ingress",reconcile_stage="build_model"} 0.04`);
    expect(told).toContain(`${name}_sum{controller="ingress",reconcile_stage="plan"} 0.004`);
    expect(told).toContain(`${name}_sum{controller="ingress",reconcile_stage="deploy_model"} 7`);
    expect(told).toContain(`${name}_count{controller="ingress",reconcile_stage="deploy_model"} 1`);
  });

  it.each([
    { code: "Throttling", kind: "throttled" },
    { code: "RequestLimitExceeded", kind: "throttled" },
    { code: "AccessDenied", kind: "permission" },
    { code: "UnauthorizedOperation", kind: "permission" },
    { code: "CredentialsProviderError", kind: "permission" },
    { code: "TooManyRules", kind: "service_limit_exceeded" },
    { code: "SecurityGroupLimitExceeded", kind: "service_limit_exceeded" },
    { code: "TargetGroupAssociationLimit", kind: "service_limit_exceeded" },
    { code: "ValidationError", kind: "validation" },
    { code: "InvalidConfigurationRequest", kind: "validation" },
    { code: "ECONNRESET", kind: undefined },
    { code: "PriorityInUse", kind: undefined },
  ])("count calls to AWS: $code is $kind", async ({ code, kind }) => {
    const { measuredAws, lines, pass } = fresh();
    const failing: AwsApi = async ({ operation }) => {
      pass(500);
      throw new AwsError({ code, message: "no", operation, outcome: "refused" });
    };
    const call = { service: "elasticloadbalancingv2", operation: "CreateRule", input: {} } as const;
    await expect(measuredAws(failing)(call)).rejects.toMatchObject({ code });
    await measuredAws(async () => ({ Rules: [] }))(call);
    const told = await lines();
    const labels = 'service="elasticloadbalancingv2",operation="CreateRule"';
    expect(told).toContain(`aws_api_calls_total{${labels},error_code=""} 1`);
    expect(told).toContain(`aws_api_calls_total{${labels},error_code="${code}"} 1`);
    expect(told).toContain(`aws_api_call_duration_seconds_sum{${labels}} 0.5`);
    const errors = told.filter((line) => /^aws_api_call_\w+_errors_total/.test(line));
    expect(errors).toEqual(
      kind === undefined ? [] : [`aws_api_call_${kind}_errors_total{${labels},error_code="${code}"} 1`],
    );
  });

  it("don't grow with the number of groups", async () => {
    const { onEvent, lines } = fresh();
    const turn = { type: "reconciled", outcome: "done", diagnostics: [], milliseconds: 1 } as const;
    onEvent({ ...turn, group: "first" });
    const before = (await lines()).length;
    for (let n = 0; n < 500; n++) onEvent({ ...turn, group: `group-${n}` });
    expect(await lines()).toHaveLength(before);
  });
});

/** What prom-client keeps and its types don't say. */
interface Described {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

describe("docs/controller.md", () => {
  it("lists every metric with its type and labels", () => {
    const doc = readFileSync(new URL("../../../../docs/controller.md", import.meta.url), "utf8");
    const documented = [...doc.matchAll(/^\| `([a-z_]+)` \| (counter|gauge|histogram) \|([^|]*)\| ([^|]*) \|$/gm)].map(
      ([, name, type, labels = "", help]) => ({ name, type, labels: labels.trim(), help }),
    );
    const real = fresh()
      .registry.getMetricsAsArray()
      .map((metric) => {
        const { name, type, help, labelNames } = metric as unknown as Described;
        return { name, type, labels: labelNames.join(", "), help };
      });
    expect(documented).toEqual(real);
  });
});
