/**
 * What happens to a cluster, step by step. LBC went through the same steps, against the same emulator; the calls that it
 * made are in lbc-calls.ts, under the same names.
 */
import type { Seed } from "../moto/seed.ts";
import type { Manifest } from "./cluster.ts";
import { ingress, type Path } from "./ingress.ts";

export interface Step {
  readonly name: string;
  /** Ingresses that are created or changed. Neither these nor `deletes`: nothing happened, and is looked at again. */
  readonly applies?: readonly Manifest[];
  /** `namespace/name` of Ingresses that are deleted. */
  readonly deletes?: readonly string[];
  /** Pods that are ready behind `default/web`; as before if absent. */
  readonly pods?: number;
}

const PATHS: readonly Path[] = ["/api* api", "/admin admin", "/* web"];
const HTTP_AND_HTTPS = '[{"HTTP":80},{"HTTPS":443}]';

/** One Ingress: another backend, a rule at the top, health checks, certificates. */
function single({ certificates }: Seed): readonly Step[] {
  const plain = ingress("single", PATHS);
  const withCertificates = (...domains: readonly string[]): Manifest => {
    const arns = domains.map((domain) => certificates[domain]).join();
    return ingress("single", PATHS, { annotations: { "listen-ports": HTTP_AND_HTTPS, "certificate-arn": arns } });
  };
  const checks = { "healthcheck-path": "/healthz", "healthcheck-interval-seconds": "20" };
  return [
    { name: "single-create", applies: [plain] },
    { name: "single-noop" },
    { name: "single-backend", applies: [ingress("single", ["/api* web", "/admin admin", "/* web"])] },
    { name: "single-backend-undo", applies: [plain] },
    { name: "single-insert-top", applies: [ingress("single", ["/brandnew admin", ...PATHS])] },
    { name: "single-remove-top", applies: [plain] },
    { name: "single-hc", applies: [ingress("single", PATHS, { annotations: checks })] },
    { name: "single-cert", applies: [withCertificates("a.example.com")] },
    { name: "single-cert2", applies: [withCertificates("a.example.com", "b.example.com")] },
    { name: "single-noop-https" },
    { name: "single-cert2-remove", applies: [withCertificates("a.example.com")] },
    { name: "single-cert-remove", applies: [plain] },
    { name: "single-delete", deletes: ["default/single"] },
  ];
}

/** Three Ingresses of three namespaces behind one load balancer. */
function group(): readonly Step[] {
  const member = (namespace: string, name: string, order: number, ...paths: readonly Path[]): Manifest =>
    ingress(name, paths, { namespace, annotations: { "group.name": "g1", "group.order": String(order) } });
  const blog = (order: number, ...more: readonly Path[]): Manifest =>
    member("blog", "g-blog", order, "/blog* web", ...more);
  return [
    {
      name: "group-create",
      applies: [
        member("default", "g-front", 30, "/* web"),
        member("shop", "g-shop", 10, "/shop* web", "/cart* api"),
        blog(20),
      ],
    },
    { name: "group-noop" },
    { name: "group-update", applies: [blog(20, "/feed api")] },
    { name: "group-reorder", applies: [blog(5, "/feed api")] },
    { name: "group-drop-member", deletes: ["blog/g-blog"] },
    { name: "group-delete", deletes: ["default/g-front", "shop/g-shop"] },
  ];
}

/** Pods as targets, more of them and fewer. */
function ip(): readonly Step[] {
  return [
    { name: "ip-create", applies: [ingress("ipmode", ["/* web"], { annotations: { "target-type": "ip" } })] },
    { name: "ip-noop" },
    { name: "ip-scale-up", pods: 4 },
    { name: "ip-scale-down", pods: 2 },
    { name: "ip-delete", deletes: ["default/ipmode"] },
  ];
}

/** A certificate found by host name, HTTP redirected to HTTPS. */
function ssl(): readonly Step[] {
  const annotations = {
    "listen-ports": HTTP_AND_HTTPS,
    "ssl-redirect": "443",
    "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
  };
  const host = "c.example.com";
  return [
    { name: "ssl-create", applies: [ingress("ssl", ["/* web"], { annotations, host, tlsHosts: [host] })] },
    { name: "ssl-noop" },
    { name: "ssl-delete", deletes: ["default/ssl"] },
  ];
}

/** Weighted backends with stickiness, a header condition, a fixed response. */
function weighted(): readonly Step[] {
  const shares = (web: number, api: number): Manifest => {
    const targetGroups = [
      { serviceName: "web", servicePort: "http", weight: web },
      { serviceName: "api", servicePort: "http", weight: api },
    ];
    const targetGroupStickinessConfig = { enabled: true, durationSeconds: 200 };
    const condition = { field: "http-header", httpHeaderConfig: { httpHeaderName: "x-beta", values: ["1"] } };
    const gone = { contentType: "text/plain", statusCode: "410", messageBody: "gone" };
    const annotations = {
      "actions.split": JSON.stringify({
        type: "forward",
        forwardConfig: { targetGroups, targetGroupStickinessConfig },
      }),
      "conditions.split": JSON.stringify([condition]),
      "actions.gone": JSON.stringify({ type: "fixed-response", fixedResponseConfig: gone }),
    };
    return ingress("weighted", ["/canary* split", "/gone gone", "/* web"], { annotations });
  };
  return [
    { name: "weighted-create", applies: [shares(90, 10)] },
    { name: "weighted-noop" },
    { name: "weighted-shift", applies: [shares(50, 50)] },
    { name: "weighted-delete", deletes: ["default/weighted"] },
  ];
}

/** A web ACL, attributes and tags. */
function waf({ webAcl }: Seed): readonly Step[] {
  const sticky = { "target-group-attributes": "stickiness.enabled=true,stickiness.lb_cookie.duration_seconds=60" };
  const before = {
    ...sticky,
    "wafv2-acl-arn": webAcl,
    "load-balancer-attributes": "idle_timeout.timeout_seconds=120,routing.http2.enabled=false",
    tags: "team=a,env=test",
  };
  const after = { ...sticky, "load-balancer-attributes": "idle_timeout.timeout_seconds=90", tags: "team=b" };
  return [
    { name: "waf-create", applies: [ingress("waf", ["/* web"], { annotations: before })] },
    { name: "waf-noop" },
    { name: "waf-attrs", applies: [ingress("waf", ["/* web"], { annotations: after })] },
    { name: "waf-delete", deletes: ["default/waf"] },
  ];
}

/** Fifty rules on one listener, and one more at the top. */
function fifty(): readonly Step[] {
  const services = ["web", "api", "admin"];
  const paths = Array.from(
    { length: 50 },
    (_, index): Path => `/p${String(index).padStart(2, "0")}* ${services[index % services.length]}`,
  );
  return [
    { name: "fifty-create", applies: [ingress("fifty", paths)] },
    { name: "fifty-noop" },
    { name: "fifty-insert-top", applies: [ingress("fifty", ["/pp-new web", ...paths])] },
    { name: "fifty-delete", deletes: ["default/fifty"] },
  ];
}

/** Ten load balancers at once. */
function ten(): readonly Step[] {
  const names = Array.from({ length: 10 }, (_, index) => `many${index}`);
  return [
    { name: "ten-create", applies: names.map((name) => ingress(name, PATHS)) },
    { name: "ten-delete", deletes: names.map((name) => `default/${name}`) },
  ];
}

const SCENARIOS = { single, group, ip, ssl, weighted, waf, fifty, ten };

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];

/** The steps of a scenario, in a seeded account. */
export function scenarioOf(name: ScenarioName, seed: Seed): readonly Step[] {
  return SCENARIOS[name](seed);
}
