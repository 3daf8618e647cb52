/**
 * One listener in two states of a hundred rules each: what planning the way from one to the other takes, and what proving
 * that plan takes. A tenth of the paths is new, a tenth goes, a tenth gets another backend, and one comes first.
 */
import * as core from "../packages/core/dist/index.js";
import { median } from "./median.mjs";

const RULES = 100;
const SERVICES = ["web", "api", "admin"];

/** One row: rules, actions of the plan, milliseconds of planning and of checking. */
export function measureTwoStates(facts, wantedRuns) {
  const { after, account } = scene(facts);
  const plan = median(() => core.plan(after, account), wantedRuns);
  const check = median(() => core.checkPlan(after, account, plan.value), wantedRuns);
  const { counterexamples } = check.value;
  if (counterexamples.length > 0) throw new Error(`the plan isn't proven: ${JSON.stringify(counterexamples[0])}`);
  return { rules: RULES, actions: plan.value.actions.length, plan_ms: plan.ms, check_ms: check.ms, runs: plan.runs };
}

/** The account in the first state, and the goal that is the second. */
export function scene(facts) {
  const { settings } = core.settingsFromFlags(facts.flags ?? {}, { clusterName: facts.clusterName });
  const place = { region: facts.region, accountId: facts.accountId, vpcId: facts.vpc.id };
  const empty = core.emptyAccount(place);
  const goal = (paths) => core.buildDesired(clusterOf(paths), facts, empty, settings);
  const before = goal(Array.from({ length: RULES }, (_, index) => [`/area-${index}`, index % 3]));
  const kept = Array.from({ length: RULES - 10 }, (_, index) => [
    `/area-${index}`,
    index % 10 === 3 ? (index + 1) % 3 : index % 3,
  ]);
  const added = Array.from({ length: 9 }, (_, index) => [`/new-${index}`, index % 3]);
  const after = goal([["/first", 0], ...kept.slice(0, 50), ...added, ...kept.slice(50)]);
  const account = core.simulate(empty, core.plan(before, empty, { warm: false })).account;
  return { after, account: { ...account, quotas: { ...account.quotas, rulesPerLoadBalancer: 2 * RULES } } };
}

/** An Ingress with these paths, each to the Service of that number. */
function clusterOf(paths) {
  const meta = (name) => ({ name, namespace: "shop" });
  const services = SERVICES.map((name, index) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...meta(name), uid: `service-${index}` },
    spec: { type: "NodePort", ports: [{ name: "http", port: 80, targetPort: 8080, nodePort: 30080 + index }] },
  }));
  const ingress = {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { ...meta("shop"), uid: "ingress-0", annotations: {} },
    spec: {
      ingressClassName: "alb",
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: paths.map(([path, service]) => ({
              path,
              pathType: "Exact",
              backend: { service: { name: SERVICES[service], port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  };
  const ingressClass = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "alb" },
    spec: { controller: "ingress.k8s.aws/alb" },
  };
  return {
    ingresses: [ingress],
    services,
    ingressClasses: [ingressClass],
    ingressClassParams: [],
    namespaces: [],
    secrets: [],
  };
}
