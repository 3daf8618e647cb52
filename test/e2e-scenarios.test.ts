/**
 * Calls that change something, ours against those recorded of LBC. Each step begins where our own plan of the step before has led to. ELBPLAN_TABLES=1 prints the table.
 */
import {
  type Account,
  type Action,
  buildDesired,
  type ClusterSnapshot,
  checkPlan,
  emptyAccount,
  type Ingress,
  plan,
  reaches,
  settingsFromFlags,
  simulate,
} from "@elbplan/core";
import { afterAll, describe, expect, it } from "vitest";
import { LBC_CALLS } from "../e2e/scenarios/lbc-calls.ts";
import { accountState } from "./recorded-state.ts";
import { RECORDED_FACTS, RECORDED_STATES, recordedCluster as read } from "./recordings.ts";

/** What happens in a step: files applied, or Ingresses of a file deleted. Nothing: the Ingress is touched. */
interface Step {
  readonly name: string;
  readonly applies?: string;
  readonly deletes?: string;
  /** A file with all EndpointSlices from now on. */
  readonly endpoints?: string;
}

const SCENARIOS: readonly (readonly Step[])[] = [
  [
    { name: "single-create", applies: "10-single" },
    { name: "single-noop" },
    { name: "single-backend", applies: "11-single-backend" },
    { name: "single-backend-undo", applies: "10-single" },
    { name: "single-insert-top", applies: "12-single-top" },
    { name: "single-remove-top", applies: "10-single" },
    { name: "single-hc", applies: "13-single-hc" },
    { name: "single-cert", applies: "14-single-cert" },
    { name: "single-cert2", applies: "15-single-cert2" },
    { name: "single-noop-https" },
    { name: "single-cert2-remove", applies: "14-single-cert" },
    { name: "single-cert-remove", applies: "10-single" },
    { name: "single-delete", deletes: "10-single" },
  ],
  [
    { name: "group-create", applies: "20-group" },
    { name: "group-noop" },
    { name: "group-update", applies: "21-group-update" },
    { name: "group-reorder", applies: "22-group-order" },
    { name: "group-drop-member", deletes: "21-group-update" },
    { name: "group-delete", deletes: "20-group" },
  ],
  [
    { name: "ip-create", applies: "30-ip", endpoints: "03-endpointslice-2" },
    { name: "ip-noop" },
    { name: "ip-scale-up", endpoints: "03-endpointslice-4" },
    { name: "ip-scale-down", endpoints: "03-endpointslice-2" },
    { name: "ip-delete", deletes: "30-ip" },
  ],
  [{ name: "ssl-create", applies: "40-ssl" }, { name: "ssl-noop" }, { name: "ssl-delete", deletes: "40-ssl" }],
  [
    { name: "weighted-create", applies: "50-weighted" },
    { name: "weighted-noop" },
    { name: "weighted-shift", applies: "51-weighted-shift" },
    { name: "weighted-delete", deletes: "50-weighted" },
  ],
  [
    { name: "waf-create", applies: "60-waf" },
    { name: "waf-noop" },
    { name: "waf-attrs", applies: "61-waf-attrs" },
    { name: "waf-delete", deletes: "60-waf" },
  ],
  [
    { name: "fifty-create", applies: "70-fifty" },
    { name: "fifty-noop" },
    { name: "fifty-insert-top", applies: "71-fifty-top" },
    { name: "fifty-delete", deletes: "70-fifty" },
  ],
];

/** Steps whose calls are known to be as few as can be. */
const EXPECTED: { readonly [step: string]: string } = {
  "single-backend": "modifyRule, deleteTargetGroup",
  "single-backend-undo": "createTargetGroup, registerTargets, modifyRule",
  "single-insert-top": "createRule, setRulePriorities",
  "single-remove-top": "setRulePriorities, deleteRule",
  "single-delete":
    "deleteLoadBalancer, deleteTargetGroup x3, deleteSecurityGroup, revokeSecurityGroupIngress, deleteSecurityGroup",
  "group-reorder": "setRulePriorities",
  "ip-scale-up": "registerTargets",
  "ip-scale-down": "deregisterTargets",
  "fifty-insert-top": "createRule, setRulePriorities",
};

/** Calls of ours by step, where a number was set as the goal. */
const GOALS: { readonly [step: string]: number } = { "single-create": 15, "single-delete": 7, "fifty-insert-top": 2 };

function countOf(actions: readonly Action[]): number {
  return actions.filter(({ kind }) => kind !== "wait" && !kind.endsWith("TargetGroupBinding")).length;
}

const keyOf = ({ metadata: { namespace, name } }: Ingress): string => `${namespace}/${name}`;

/** As the API server has an Ingress that was deleted while LBC's finalizer holds it. */
function leaving(ingress: Ingress): Ingress {
  const group = ingress.metadata.annotations?.["alb.ingress.kubernetes.io/group.name"];
  const finalizers = [group === undefined ? "ingress.k8s.aws/resources" : `group.ingress.k8s.aws/${group}`];
  return { ...ingress, metadata: { ...ingress.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers } };
}

interface Row {
  readonly step: string;
  readonly ours: number;
  readonly calls: string;
}

function play(steps: readonly Step[]): readonly Row[] {
  const facts = RECORDED_FACTS;
  const { settings } = settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName ?? "" });
  const base = read("00-base", "01-services", "02-pods");
  const ingresses = new Map<string, Ingress>();
  let account: Account = emptyAccount({ region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id });
  let endpointSlices: NonNullable<ClusterSnapshot["endpointSlices"]> = [];
  return steps.map(({ name, applies, deletes, endpoints }): Row => {
    if (endpoints !== undefined) endpointSlices = read(endpoints).endpointSlices ?? [];
    for (const ingress of applies === undefined ? [] : read(applies).ingresses) ingresses.set(keyOf(ingress), ingress);
    const deleted = deletes === undefined ? [] : read(deletes).ingresses.map(keyOf);
    const held = [...ingresses].map(([key, ingress]) => (deleted.includes(key) ? leaving(ingress) : ingress));
    const graph = buildDesired({ ...base, ingresses: held, endpointSlices }, facts, account, settings);
    const planning = { allowDelete: true, warm: false, drain: false };
    const made = plan(graph, account, planning);
    expect(made.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const check = checkPlan(graph, account, made, { planning, prefixes: 200 });
    expect(check.counterexamples, name).toEqual([]);
    const done = simulate(account, made);
    expect(reaches(graph, done.account), name).toEqual([]);
    account = done.account;
    const theirs = RECORDED_STATES[name];
    if (theirs !== undefined) expect(accountState(account, facts), `${name}: what LBC led to`).toEqual(theirs);
    for (const key of deleted) ingresses.delete(key);
    return { step: name, ours: countOf(made.actions), calls: inShort(made.actions) };
  });
}

function inShort(actions: readonly Action[]): string {
  const runs: [kind: string, count: number][] = [];
  for (const { kind } of actions) {
    const last = runs.at(-1);
    if (last?.[0] === kind) last[1]++;
    else runs.push([kind, 1]);
  }
  return runs.map(([kind, count]) => (count === 1 ? kind : `${kind} x${count}`)).join(", ");
}

describe("calls in the recorded scenarios", () => {
  const rows: string[] = [];
  afterAll(() => {
    if (process.env["ELBPLAN_TABLES"] !== "1") return;
    const head = ["| step | ours | LBC | our calls |", "|---|---|---|---|"];
    console.log([...head, ...rows].join("\n"));
  });

  it("are counted without waits", () => {
    const common = { id: "", stack: "", resource: "", dependsOn: [], reason: "", disruption: "none" } as const;
    const targets = { targetGroupArn: "tg", targets: [] };
    const wait = { until: "targets-healthy", subject: "tg", deadlineSeconds: 1, onDeadline: "stop" } as const;
    expect(
      countOf([
        { ...common, kind: "registerTargets", details: targets },
        { ...common, kind: "wait", details: wait },
        { ...common, kind: "deleteTargetGroup", details: { targetGroupArn: "tg" } },
      ]),
    ).toBe(2);
  });

  it.each(SCENARIOS.map((steps) => ({ name: steps[0]?.name.split("-")[0] ?? "", steps })))(
    "are never more than LBC's: $name",
    ({ steps }) => {
      for (const { step, ours, calls } of play(steps)) {
        const theirs = LBC_CALLS[step]?.writes;
        rows.push(`| ${step} | ${ours} | ${theirs} | ${calls} |`);
        expect(theirs, step).toBeDefined();
        expect(ours, `${step}: ${calls}`).toBeLessThanOrEqual(theirs ?? 0);
        if (EXPECTED[step] !== undefined) expect(calls, step).toBe(EXPECTED[step]);
        if (GOALS[step] !== undefined) expect(ours, step).toBe(GOALS[step]);
      }
    },
  );
});
