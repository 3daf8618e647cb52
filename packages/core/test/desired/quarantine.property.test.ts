/** Quarantine on generated groups: carry a good group out, break one member, and see what the next plan does. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { buildDesired, explainDesired } from "../../src/build-desired.ts";
import { emptyAccount } from "../../src/check/account/account.ts";
import { simulate } from "../../src/check/simulate.ts";
import { stableJson } from "../../src/lib/stable-json.ts";
import type { Account, Inventory } from "../../src/model/inventory.ts";
import type { Ingress, IngressBackend } from "../../src/model/kubernetes.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { plan } from "../../src/plan.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import type { Request } from "../../src/route/request.ts";
import { route } from "../../src/route/route.ts";
import { act, backend, ingress, prefix, rule, snapshot } from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { certificate, certificateArn, facts, VPC } from "../fixtures/facts.ts";

const WORLD = deepFreeze(facts({ certificates: [certificate("shop", ["*.example.com"])] }));
const SETTINGS = deepFreeze({
  ...settingsFromFlags({ "cluster-name": "demo" }).settings,
  onBrokenMember: "quarantine" as const,
});
const NOTHING = emptyAccount({ region: WORLD.region, accountId: WORLD.accountId, vpcId: VPC });
const FINALIZER = "group.ingress.k8s.aws/team";

/** Names of which one begins another, where a Service name can make up the rest. */
const NAMES = ["web", "web-api", "web-api-web", "shop", "shop-web"];
const PATHS = ["/a", "/b", "/c", "/d", "/e", "/f"];

interface MemberSketch {
  readonly host: string | undefined;
  readonly paths: readonly { readonly path: string; readonly to: "web" | "api" | "move" | "say" }[];
  readonly ports: unknown;
  readonly order: number;
}

const member: fc.Arbitrary<MemberSketch> = fc.record({
  host: fc.constantFrom(undefined, "a.example.com", "b.example.com"),
  paths: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(...PATHS),
      to: fc.constantFrom("web" as const, "web" as const, "api" as const, "move" as const, "say" as const),
    }),
    { minLength: 1, maxLength: 4, selector: ({ path }) => path },
  ),
  ports: fc.constantFrom(undefined, undefined, [{ HTTP: 80 }, { HTTP: 8080 }], [{ HTTP: 80 }], [{ HTTP: 9090 }]),
  order: fc.integer({ min: -2, max: 2 }),
});

function annotationsOf({ ports, order }: MemberSketch, index: number): { readonly [name: string]: unknown } {
  return {
    "group.name": "team",
    "group.order": String(order),
    ...(ports !== undefined && { "listen-ports": ports }),
    "actions.move": {
      type: "redirect",
      redirectConfig: { host: `to${index}.example.com`, statusCode: "HTTP_302" },
    },
    "actions.say": {
      type: "fixed-response",
      fixedResponseConfig: { contentType: "text/plain", statusCode: "200", messageBody: `member ${index}` },
    },
  };
}

function ingressOf(sketch: MemberSketch, index: number, more: { readonly [name: string]: unknown } = {}): Ingress {
  const paths = sketch.paths.map(({ path, to }) => prefix(path, to === "move" || to === "say" ? act(to) : backend(to)));
  return ingress({
    name: NAMES[index] as string,
    annotations: { ...annotationsOf(sketch, index), ...more },
    rules: [rule(sketch.host, ...paths)],
    metadata: { finalizers: [FINALIZER] },
  });
}

/** Annotations of one member that decide for the whole group. */
const shared: fc.Arbitrary<{ readonly [name: string]: unknown }> = fc.constantFrom(
  {},
  { scheme: "internal", tags: "team=shop" },
  { "inbound-cidrs": "10.0.0.0/8" },
  { "ip-address-type": "ipv4", "load-balancer-name": "ours" },
  { "security-groups": "sg-0a" },
  { "security-groups": "sg-0a,sg-0b", "manage-backend-security-group-rules": "true" },
  { "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "ssl-redirect": "443", "certificate-arn": certificateArn("own") },
  {
    "listen-ports": [{ HTTPS: 443 }],
    "certificate-arn": certificateArn("own"),
    "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
  },
  { "load-balancer-attributes": "idle_timeout.timeout_seconds=30", "wafv2-acl-arn": "none" },
);

type Break = (ingress: Ingress) => Ingress;
const annotate =
  (name: string, value: string): Break =>
  (good) => ({
    ...good,
    metadata: {
      ...good.metadata,
      annotations: { ...good.metadata.annotations, [`alb.ingress.kubernetes.io/${name}`]: value },
    },
  });
const withPath = (good: Ingress, to: IngressBackend): Ingress => ({
  ...good,
  spec: { ...good.spec, rules: [...(good.spec?.rules ?? []), rule("x.example.com", prefix("/x", to))] },
});
const BREAKS: { readonly [name: string]: Break } = {
  "ports that can't be read": annotate("listen-ports", "[{]"),
  "a scheme that doesn't exist": annotate("scheme", "public"),
  "a range that is none": annotate("inbound-cidrs", "10.0.0.0/99"),
  "an order that is no number": annotate("group.order", "first"),
  "an order out of range": annotate("group.order", "5000"),
  "hosts that no certificate serves": (good) => ({
    ...annotate("listen-ports", '[{"HTTPS":8443}]')(good),
    spec: { ...good.spec, tls: [{ hosts: ["nobody.org"] }] },
  }),
  "a port that the Service lacks": (good) => withPath(good, backend("web", 81)),
  "a class that doesn't exist": (good) => ({ ...good, spec: { ...good.spec, ingressClassName: "gone" } }),
  "an action without a type": (good) => annotate("actions.oops", "{}")(withPath(good, act("oops"))),
  "conditions that can't be read": (good) => annotate("conditions.api", "{")(withPath(good, backend("api"))),
};

interface Case {
  readonly members: readonly MemberSketch[];
  readonly decides: number;
  readonly shared: { readonly [name: string]: unknown };
  readonly broken: number;
  readonly how: string;
}

const groups: fc.Arbitrary<Case> = fc
  .record({
    members: fc.array(member, { minLength: 2, maxLength: NAMES.length }),
    decides: fc.nat(),
    shared,
    broken: fc.nat(),
    how: fc.constantFrom(...Object.keys(BREAKS)),
  })
  .map((found) => ({
    ...found,
    decides: found.decides % found.members.length,
    broken: found.broken % found.members.length,
  }));

const good = ({ members, decides, shared: more }: Case): ClusterSnapshot =>
  deepFreeze(
    snapshot({ ingresses: members.map((sketch, index) => ingressOf(sketch, index, index === decides ? more : {})) }),
  );

const breakOne = (cluster: ClusterSnapshot, { broken, how }: Case): ClusterSnapshot => ({
  ...cluster,
  ingresses: cluster.ingresses.map((one, index) => (index === broken ? (BREAKS[how] as Break)(one) : one)),
});

function carriedOut(cluster: ClusterSnapshot): Account {
  const graph = buildDesired(cluster, WORLD, NOTHING, SETTINGS);
  expect(graph.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const made = plan(graph, NOTHING);
  const { account, diagnostics } = simulate(NOTHING, made);
  expect(diagnostics).toEqual([]);
  return deepFreeze(account);
}

/** A wrong backend is no error where its only listener redirects. */
const isBroken = (cluster: ClusterSnapshot): boolean =>
  buildDesired(cluster, WORLD, NOTHING, { ...SETTINGS, onBrokenMember: "fail-group" }).stacks["team"]?.status ===
  "failed";

const planOf = (cluster: ClusterSnapshot, inventory: Inventory): Plan =>
  plan(buildDesired(cluster, WORLD, inventory, SETTINGS), inventory);

/** What each request gets on each port; targets by ARN. */
function answers(inventory: Inventory, paths: readonly string[]): readonly string[] {
  return Object.values(inventory.listeners)
    .sort((a, b) => a.spec.port - b.spec.port)
    .flatMap(({ arn, spec }) => {
      const rules = Object.values(inventory.listenerRules)
        .filter((one) => one.spec.listenerArn === arn)
        .sort((a, b) => a.spec.priority - b.spec.priority)
        .map((one) => ({ key: one.arn, ...one.spec }));
      const protocol = spec.protocol === "HTTPS" ? ("HTTPS" as const) : ("HTTP" as const);
      const state = {
        key: arn,
        port: spec.port,
        protocol,
        defaultActions: spec.defaultActions,
        certificates: [],
        rules,
      };
      return ["a.example.com", "b.example.com", "c.example.com"].flatMap((host) =>
        paths.map((path) => {
          const scheme = protocol === "HTTPS" ? "https" : "http";
          const request: Request = { method: "GET", scheme, host, port: spec.port, path, query: "", headers: {} };
          const { actions, served } = route([state], request);
          return `${spec.port} ${host}${path} ${served} ${stableJson(actions)}`;
        }),
      );
    });
}

describe("a broken member in quarantine", () => {
  test.prop([groups], { numRuns: 60 })("nothing else changed: nothing to do", (one) => {
    const cluster = good(one);
    const account = carriedOut(cluster);
    const broken = deepFreeze(breakOne(cluster, one));
    fc.pre(isBroken(broken));
    const graph = buildDesired(broken, WORLD, account, SETTINGS);
    const name = `shop/${NAMES[one.broken]}`;
    expect(graph.stacks["team"]).toMatchObject({ status: "built", quarantined: [name] });
    expect(graph.stacks["team"]?.members).toHaveLength(one.members.length);
    const errors = graph.diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ object }) => `${object?.namespace}/${object?.name}`)).toEqual(errors.map(() => name));
    const warnings = graph.diagnostics.filter(({ code }) => code === "group.quarantined");
    expect(warnings.map(({ object }) => object?.name)).toEqual([NAMES[one.broken]]);
    const made = plan(graph, account);
    expect(made.actions.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual([]);
    expect(made.diagnostics.filter(({ code }) => code === "group.incomplete")).toEqual([]);
  });

  test.prop([groups], { numRuns: 40 })("the same with the last goal to tell whose the rules are", (one) => {
    const cluster = good(one);
    const account = carriedOut(cluster);
    const lastGoal = buildDesired(cluster, WORLD, NOTHING, SETTINGS);
    const lastProvenance = explainDesired(cluster, WORLD, NOTHING, SETTINGS);
    const broken = deepFreeze(breakOne(cluster, one));
    fc.pre(isBroken(broken));
    const graph = buildDesired(broken, WORLD, account, SETTINGS, { lastGoal, lastProvenance });
    const warning = graph.diagnostics.find(({ code }) => code === "group.quarantined");
    expect(warning?.message).not.toContain("nothing explains");
    expect(plan(graph, account).actions).toEqual([]);
  });

  test.prop([groups, fc.nat()], { numRuns: 60 })(
    "a healthy member adds a path: that rule comes, nothing goes",
    (one, at) => {
      const cluster = good(one);
      const account = carriedOut(cluster);
      const healthy = one.members.map((_, index) => index).filter((index) => index !== one.broken);
      const editor = healthy[at % healthy.length] as number;
      const edited: ClusterSnapshot = {
        ...cluster,
        ingresses: cluster.ingresses.map((each, index) =>
          index === editor
            ? { ...each, spec: { ...each.spec, rules: [...(each.spec?.rules ?? []), rule(undefined, prefix("/new"))] } }
            : each,
        ),
      };
      const broken = deepFreeze(breakOne(edited, one));
      fc.pre(isBroken(broken));
      const made = planOf(broken, account);
      const kinds = new Set(made.actions.map(({ kind }) => kind));
      expect([...kinds].filter((kind) => !/^(createRule|createTargetGroup|setRulePriorities)$/.test(kind))).toEqual([]);
      const { account: after, diagnostics } = simulate(account, made);
      expect(diagnostics).toEqual([]);
      expect(answers(after, PATHS)).toEqual(answers(account, PATHS));
      // Mending the member leads to where the group would be had it never been broken.
      const mended = simulate(after, planOf(edited, after)).account;
      const { account: never } = simulate(account, planOf(edited, account));
      expect(answers(mended, [...PATHS, "/new"])).toEqual(answers(never, [...PATHS, "/new"]));
      expect(planOf(edited, mended).actions).toEqual([]);
    },
  );
});
