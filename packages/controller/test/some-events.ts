/** Events as a controller tells them; `word` stands in every text of them. */
import { AwsError, type RunEvent, type RunStep } from "@elbplan/aws-executor";
import type { Action, Diagnostic, Plan } from "@elbplan/core";
import { clusterKind, KubernetesError } from "@elbplan/k8s-source/cluster";
import type { ControllerEvent } from "../src/events.ts";

/** An authenticating rule, whose call names a Secret. */
function someAction(word = "shop"): Action {
  return {
    kind: "modifyRule",
    id: `modifyRule/${word}`,
    stack: word,
    resource: "listenerRule/80:1",
    reason: `because of ${word}`,
    dependsOn: [],
    disruption: "none",
    details: { ruleArn: "arn:rule" },
  } as unknown as Action;
}

function somePlan(word = "shop", actions: readonly Action[] = [someAction(word)]): Plan {
  return {
    formatVersion: 1,
    inputs: { digests: { desired: "d".repeat(64), inventory: "e".repeat(64) } },
    stacks: [],
    actions,
    diagnostics: [someDiagnostic(word)],
    summary: { create: 0, update: 1, replace: 0, delete: 0, writes: actions.length, kubernetesWrites: 0 },
  };
}

function someDiagnostic(word = "shop"): Diagnostic {
  return {
    code: "backend.service-missing",
    severity: "error",
    message: `There is no Service ${word}.`,
    hint: `Create ${word}.`,
    object: { kind: "Ingress", namespace: "shop", name: "web" },
    field: "/spec/rules/0",
    stack: "shop",
  };
}

export function someEvents(word = "shop"): readonly ControllerEvent[] {
  const kubernetes = new KubernetesError(`GET /apis: ${word}`, { outcome: "unknown", cause: new Error(word) });
  const aws = new AwsError({
    ...{ code: "AccessDenied", message: `no ${word}`, operation: "ModifyRule", requestId: "r-1" },
    outcome: "refused",
  });
  const kind = clusterKind("Ingress");
  const action = someAction(word);
  const call = {
    service: "elasticloadbalancingv2",
    operation: "ModifyRule",
    input: { Actions: [{ AuthenticateOidcConfig: { ClientSecret: word, ClientId: { unknown: word } } }] },
  } as const;
  const step: RunStep = {
    ...{ action: action.id, state: "refused", calls: 1, note: word },
    error: aws,
    diagnostic: someDiagnostic(word),
  };
  const runs: readonly RunEvent[] = [
    { type: "sent", action, call, attempt: 1 },
    { type: "again", action, error: aws, inMilliseconds: 2000 },
    { type: "waiting", action, note: word },
    { type: "ended", action, step },
    { type: "ended", action, step: { action: action.id, state: "done", calls: 1 } },
  ];
  const turn = { type: "reconciled", group: "shop", milliseconds: 1234.5, diagnostics: [] } as const;
  return [
    { type: "reflector", of: { kind }, state: { is: "current", failures: 0 } },
    { type: "reflector", of: { kind, namespace: "shop" }, state: { is: "behind", failures: 2, error: kubernetes } },
    {
      type: "reflector",
      of: { kind: clusterKind("Secret"), namespace: "shop", name: "oidc" },
      state: { is: "forbidden", failures: 1, error: new Error(word) },
    },
    { type: "read", why: "start", milliseconds: 2000 },
    { type: "read", why: "unsure", group: "shop", milliseconds: 30 },
    { type: "built", objects: 12, changed: ["shop"], milliseconds: 20 },
    { type: "built", objects: 12, changed: [], milliseconds: 20 },
    { type: "planned", group: "shop", plan: somePlan(word), milliseconds: 4 },
    ...runs.map((event) => ({ type: "run", group: "shop", event }) as const),
    { ...turn, outcome: "failed", summary: somePlan().summary, diagnostics: [someDiagnostic(word)] },
    { ...turn, outcome: "waiting", againInMilliseconds: 15_000 },
    { ...turn, outcome: "done", summary: somePlan().summary },
    { ...turn, outcome: "done", summary: somePlan("shop", []).summary },
    { type: "told", reason: "FailedDeployModel", message: word, ingresses: ["shop/web"] },
    { type: "gate", namespace: "shop", name: "k8s-shop-web", pod: "web-1", milliseconds: 42_000 },
    { type: "failed", what: "event", error: aws },
    { type: "failed", what: "look at AWS", error: Object.assign(new Error(word), { cause: kubernetes }) },
    { type: "failed", what: "something", error: { thrown: word } },
    { type: "queue", waiting: 3, active: 2 },
  ];
}
