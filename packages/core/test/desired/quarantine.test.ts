/** A broken member in quarantine, case by case: who is blamed, what stays, what fails as before. */
import { describe, expect, it } from "vitest";
import { type BuildOptions, buildDesired, explainDesired } from "../../src/build-desired.ts";
import { emptyAccount } from "../../src/check/account/account.ts";
import { simulate } from "../../src/check/simulate.ts";
import type { DesiredGraph, Stack } from "../../src/model/graph.ts";
import type { Account, Inventory } from "../../src/model/inventory.ts";
import type { Ingress } from "../../src/model/kubernetes.ts";
import type { Settings } from "../../src/model/settings.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { plan } from "../../src/plan.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import {
  act,
  backend,
  classWithParams,
  type IngressSketch,
  ingress,
  prefix,
  rule,
  secret,
  service,
  snapshot,
} from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { certificateArn, facts, subnet, VPC } from "../fixtures/facts.ts";

const WORLD = deepFreeze(
  facts({
    subnets: [...facts().subnets.map((one) => ({ ...one, ipv6Cidrs: ["2001:db8::/64"] })), subnet("subnet-9", "c")],
  }),
);
const NOTHING = emptyAccount({ region: WORLD.region, accountId: WORLD.accountId, vpcId: VPC });
const SETTINGS: Settings = {
  ...settingsFromFlags({ "cluster-name": "demo" }).settings,
  onBrokenMember: "quarantine",
};

/** A member of group team. */
function member(name: string, annotations: IngressSketch["annotations"] = {}, sketch: IngressSketch = {}): Ingress {
  return ingress({
    name,
    rules: [rule(`${name}.example.com`, prefix("/"))],
    metadata: { finalizers: ["group.ingress.k8s.aws/team"] },
    ...sketch,
    annotations: { "group.name": "team", ...annotations },
  });
}

const members = (...ingresses: readonly Ingress[]): ClusterSnapshot => snapshot({ ingresses });

function build(
  cluster: ClusterSnapshot,
  inventory: Inventory | undefined = NOTHING,
  settings: Settings = SETTINGS,
  options: BuildOptions = {},
): DesiredGraph {
  return buildDesired(deepFreeze(cluster), WORLD, inventory, deepFreeze(settings), options);
}

function carriedOut(cluster: ClusterSnapshot, settings: Settings = SETTINGS): Account {
  const { account, diagnostics } = simulate(NOTHING, plan(build(cluster, NOTHING, settings), NOTHING));
  expect(diagnostics).toEqual([]);
  return deepFreeze(account);
}

const team = (graph: DesiredGraph): Stack => graph.stacks["team"] as Stack;
const calls = (graph: DesiredGraph, inventory: Inventory): readonly string[] =>
  plan(graph, inventory, { allowDelete: true }).actions.map(({ kind, resource }) => `${kind} ${resource}`);
const errors = (graph: DesiredGraph): readonly string[] =>
  graph.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, object, field }) => `${code} ${object?.kind} ${object?.name} ${field ?? ""}`);
const warning = (graph: DesiredGraph, name: string): string | undefined =>
  graph.diagnostics.find(({ code, object }) => code === "group.quarantined" && object?.name === name)?.message;

const BAD = { "listen-ports": "none" };

describe("who is blamed", () => {
  it("the Ingress that the error is about, once, with its field; the others are planned", () => {
    const graph = build(members(member("a"), member("b", BAD), member("c")));
    expect(errors(graph)).toEqual([
      "annotation.invalid Ingress b /metadata/annotations/alb.ingress.kubernetes.io~1listen-ports",
    ]);
    expect(team(graph)).toMatchObject({
      status: "built",
      members: ["shop/a", "shop/b", "shop/c"],
      quarantined: ["shop/b"],
    });
    expect(Object.keys(team(graph).resources).filter((key) => key.startsWith("listenerRule/"))).toHaveLength(2);
  });

  it("the member that uses a Service, a Secret or class params that are wrong", () => {
    const services = [service("web"), service("api", { annotations: { "healthcheck-port": "none" } })];
    const uses = member("b", {}, { rules: [rule("b.example.com", prefix("/", backend("api")))] });
    const byService = build({ ...members(member("a"), uses, member("c")), services });
    expect(errors(byService)).toEqual([
      "target-group.health-check-port Service api /metadata/annotations/alb.ingress.kubernetes.io~1healthcheck-port",
    ]);
    expect(team(byService).quarantined).toEqual(["shop/b"]);

    const oidc = {
      "listen-ports": [{ HTTPS: 443 }],
      "certificate-arn": certificateArn("a"),
      "auth-type": "oidc",
      "auth-idp-oidc": {
        issuer: "i",
        authorizationEndpoint: "a",
        tokenEndpoint: "t",
        userInfoEndpoint: "u",
        secretName: "s",
      },
    };
    const bySecret = build({ ...members(member("a"), member("b", oidc)), secrets: [secret("s")] });
    expect(team(bySecret).quarantined).toEqual(["shop/b"]);

    const params = classWithParams("params", { group: { name: "team" }, inboundCIDRs: ["nothing"] });
    const inClass = (name: string): Ingress => member(name, {}, { className: "params" });
    const byParams = build({ ...members(member("a"), inClass("b"), inClass("c")), ...params });
    expect(team(byParams).quarantined).toEqual(["shop/b", "shop/c"]);
  });

  it.each([
    {
      name: "of two that disagree the later one in group order",
      ingresses: [member("b", { scheme: "internal" }), member("a", { scheme: "internet-facing", "group.order": "1" })],
      quarantined: ["shop/a"],
    },
    {
      name: "of two default backends the later one",
      ingresses: [member("a", {}, { defaultBackend: backend() }), member("b", {}, { defaultBackend: backend() })],
      quarantined: ["shop/b"],
    },
    {
      name: "not whoever disagrees with a member that is broken itself",
      ingresses: [
        member("a", { scheme: "public" }),
        member("b", { scheme: "internal" }),
        member("c", { scheme: "internal" }),
      ],
      quarantined: ["shop/a"],
    },
    {
      name: "not whoever disagrees with one that goes for another disagreement",
      ingresses: [
        member("a", { scheme: "internal" }),
        member("b", { scheme: "internet-facing", tags: "team=b" }),
        member("c", { tags: "team=c" }),
      ],
      quarantined: ["shop/b"],
    },
    {
      name: "an order that can't be read",
      ingresses: [member("a"), member("b", { "group.order": "2000" })],
      quarantined: ["shop/b"],
    },
  ])("$name", ({ ingresses, quarantined }) => {
    const graph = build(members(...ingresses));
    expect(team(graph)).toMatchObject({ status: "built", quarantined });
    expect(graph.diagnostics.filter(({ code }) => code === "group.quarantined")).toHaveLength(quarantined.length);
  });

  it("an Ingress whose class is gone, as long as it holds the group's finalizer; its error is told once", () => {
    const gone = member("b", {}, { className: "gone" });
    const graph = build(members(member("a"), gone));
    expect(team(graph)).toMatchObject({ members: ["shop/a", "shop/b"], quarantined: ["shop/b"] });
    expect(errors(graph)).toHaveLength(1);
  });
});

describe("fails as before", () => {
  const before = (cluster: ClusterSnapshot, world = WORLD) => {
    const given = [deepFreeze(cluster), world, NOTHING] as const;
    const graph = buildDesired(...given, SETTINGS);
    const usual = buildDesired(...given, { ...SETTINGS, onBrokenMember: "fail-group" });
    expect(graph.stacks).toEqual(usual.stacks);
    expect(graph.diagnostics).toEqual(usual.diagnostics);
    expect(team(graph)).toMatchObject({ status: "failed" });
    expect(team(graph)).not.toHaveProperty("quarantined");
  };
  it("when no member is left", () => before(members(member("a", BAD), member("b", BAD))));
  it("when nobody is to blame: no subnets", () =>
    before(members(member("a"), member("b")), deepFreeze({ ...WORLD, subnets: [] })));
  it("when nobody is to blame and somebody is broken, too", () =>
    before(members(member("a"), member("b", BAD)), deepFreeze({ ...WORLD, subnets: [] })));
  it("when an Ingress that is being deleted protects the load balancer", () => {
    const metadata = { finalizers: ["group.ingress.k8s.aws/team"], deletionTimestamp: "2026-01-01T00:00:00Z" };
    const leaving = member("z", {}, { metadata: { ...metadata, annotations: {} } });
    const annotations = {
      ...leaving.metadata.annotations,
      "alb.ingress.kubernetes.io/load-balancer-attributes": "deletion_protection.enabled=true",
    };
    before(members(member("a"), { ...leaving, metadata: { ...leaving.metadata, annotations } }));
  });

  it("when the load balancer would be replaced, and a diagnostic says so", () => {
    const good = members(member("a"), member("b", { scheme: "internet-facing" }));
    const account = carriedOut(good);
    const graph = build(members(member("a"), member("b", { scheme: "public" })), account);
    expect(team(graph).status).toBe("failed");
    expect(errors(graph)).toContainEqual(expect.stringMatching(/^group.quarantine-refused/));
    expect(calls(graph, account)).toEqual([]);
  });
});

describe("what stays", () => {
  it("nothing without an inventory", () => {
    const graph = buildDesired(deepFreeze(members(member("a"), member("b", BAD))), WORLD, undefined, SETTINGS);
    expect(team(graph).quarantined).toEqual(["shop/b"]);
    expect(warning(graph, "b")).toContain("0 rules");
  });

  it("rules, target groups and listeners, all listed; rules keep the member's place", () => {
    const own = { "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] };
    const account = carriedOut(members(member("a"), member("b", own), member("c")));
    const edited = member(
      "a",
      {},
      { rules: [rule("a.example.com", prefix("/")), rule("new.example.com", prefix("/"))] },
    );
    const graph = build(members(edited, member("b", BAD), member("c")), account);
    expect(warning(graph, "b")).toBe(
      "Ingress shop/b is broken: group team is planned without it. What stays of it: " +
        "2 rules (80:2 b.example.com /*; 8080:1 b.example.com /*), 1 target group, the listener on 8080.",
    );
    expect(calls(graph, account).map((call) => call.split(" ")[0])).toEqual(["createRule", "setRulePriorities"]);
    const hosts = [1, 2, 3, 4].map((number) => {
      const found = team(graph).resources[`listenerRule/80:${number}`];
      return found?.kind === "listenerRule" ? JSON.stringify(found.spec.conditions).match(/[a-z]+[.]example/)?.[0] : "";
    });
    expect(hosts).toEqual(["a.example", "new.example", "b.example", "c.example"]);
  });

  it.each([
    { name: "its default backend", annotations: {}, sketch: { defaultBackend: backend("api") } },
    { name: "its certificates", annotations: { "certificate-arn": certificateArn("b") }, sketch: {} },
    { name: "tags of the load balancer", annotations: { tags: "team=b" }, sketch: {} },
    { name: "attributes", annotations: { "load-balancer-attributes": "idle_timeout.timeout_seconds=30" }, sketch: {} },
    { name: "the name", annotations: { "load-balancer-name": "ours" }, sketch: {} },
    { name: "the address type", annotations: { "ip-address-type": "dualstack" }, sketch: {} },
    { name: "given security groups", annotations: { "security-groups": "sg-0a" }, sketch: {} },
    { name: "who may reach a shared port", annotations: { "inbound-cidrs": "10.0.0.0/8" }, sketch: {} },
    { name: "prefix lists", annotations: { "security-group-prefix-lists": "pl-1" }, sketch: {} },
    { name: "subnets", annotations: { subnets: "subnet-1a,subnet-1b" }, sketch: {} },
    { name: "the network load balancer in front", annotations: { "enable-frontend-nlb": "true" }, sketch: {} },
    { name: "a web ACL", annotations: { "wafv2-acl-name": "edge" }, sketch: {} },
    {
      name: "the redirect to HTTPS",
      annotations: {
        "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }],
        "ssl-redirect": "443",
        "certificate-arn": certificateArn("b"),
      },
      sketch: {},
    },
    {
      name: "TLS policy and client certificates of a shared listener",
      annotations: {
        "listen-ports": [{ HTTP: 80 }, { HTTPS: 8443 }],
        "certificate-arn": certificateArn("b"),
        "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "mutual-authentication": [{ port: 8443, mode: "passthrough" }],
      },
      sketch: {},
    },
    {
      name: "a rule with an action of its own",
      annotations: {
        "actions.say": { type: "fixed-response", fixedResponseConfig: { statusCode: "200" } },
        "conditions.say": [{ field: "http-request-method", httpRequestMethodConfig: { values: ["PUT"] } }],
      },
      sketch: { rules: [rule("b.example.com", prefix("/", act("say")))] },
    },
  ])("of what only it asked for: $name", ({ annotations, sketch }) => {
    const others = [
      member("a", { "listen-ports": [{ HTTP: 80 }, { HTTPS: 8443 }], "certificate-arn": certificateArn("a") }),
      member("c"),
    ];
    for (const targetRegistration of ["direct", "binding"] as const) {
      const settings = { ...SETTINGS, targetRegistration };
      const account = carriedOut(members(...others, member("b", annotations, sketch)), settings);
      // What was asked for is gone from the Ingress along with its being broken.
      const graph = build(members(...others, member("b", BAD, { rules: [] })), account, settings);
      expect(team(graph)).toMatchObject({ status: "built", quarantined: ["shop/b"] });
      expect(calls(graph, account)).toEqual([]);
    }
  });

  it("a certificate that was requested for it", () => {
    const settings = {
      ...SETTINGS,
      featureGates: { ...SETTINGS.featureGates, EnableCertificateManagement: true },
    };
    const account = carriedOut(members(member("a"), member("b", { "create-acm-cert": "true" })), settings);
    const graph = build(members(member("a"), member("b", { ...BAD, "create-acm-cert": "true" })), account, settings);
    expect(Object.values(account.certificates)).toHaveLength(1);
    expect(calls(graph, account)).toEqual([]);
  });

  it("of several broken members", () => {
    const one = (name: string) => [member(name), member(name, BAD)] as const;
    const [[a], [b, brokenB], [c], [d, brokenD]] = [one("a"), one("b"), one("c"), one("d")];
    const account = carriedOut(members(a, b, c, d));
    const graph = build(members(a, brokenB, c, brokenD), account);
    expect(team(graph).quarantined).toEqual(["shop/b", "shop/d"]);
    expect(calls(graph, account)).toEqual([]);
  });

  it("a group called like a property of every object has no last goal by accident", () => {
    const named = (name: string, more = {}): Ingress => member(name, { "group.name": "constructor", ...more });
    const account = carriedOut(members(named("a"), named("b")));
    const lastGoal = build(members(member("x")));
    const options = { lastGoal, lastProvenance: {} };
    const graph = build(members(named("a"), named("b", BAD)), account, SETTINGS, options);
    expect(graph.stacks["constructor"]).toMatchObject({ status: "built", quarantined: ["shop/b"] });
    expect(calls(graph, account)).toEqual([]);
  });
});

describe("what goes, and what nothing explains", () => {
  const say = (body: string) => ({
    "actions.say": { type: "fixed-response", fixedResponseConfig: { statusCode: "200", messageBody: body } },
  });
  const saying = (name: string, body: string, ...hosts: readonly string[]): Ingress =>
    member(name, say(body), { rules: hosts.map((host) => rule(host, prefix("/", act("say")))) });

  it("a healthy member's path that it gave up", () => {
    const two = { rules: [rule("a.example.com", prefix("/")), rule("old.example.com", prefix("/"))] };
    const account = carriedOut(members(member("a", {}, two), member("b")));
    const graph = build(members(member("a"), member("b", BAD)), account);
    expect(calls(graph, account).map((call) => call.split(" ")[0])).toContain("deleteRule");
    expect(warning(graph, "b")).not.toContain("nothing explains");
  });

  it("a healthy member's target group that it gave up, even if its name could be the broken one's", () => {
    const both = { rules: [rule("x.example.com", prefix("/"), prefix("/api", backend("api")))] };
    const account = carriedOut(members(member("b"), member("b-x", {}, both)));
    const graph = build(
      members(member("b", BAD), member("b-x", {}, { rules: [rule("x.example.com", prefix("/"))] })),
      account,
    );
    // Service x-api doesn't exist, so that shop/b-x-api:80 is of shop/b-x.
    expect(calls(graph, account)).toContain("deleteTargetGroup targetGroup/shop/b-x-api:80");
  });

  it("an answer that a healthy member changed in place", () => {
    const account = carriedOut(members(saying("a", "old", "a.example.com"), member("b")));
    const graph = build(members(saying("a", "new", "a.example.com"), member("b", BAD)), account);
    expect(calls(graph, account).map((call) => call.split(" ")[0])).toEqual(["modifyRule"]);
  });

  it("an answer that nobody asks for any more stays, is listed, and goes when the last goal tells whose it was", () => {
    const good = members(saying("a", "a", "a.example.com", "old.example.com"), member("b"));
    const account = carriedOut(good);
    const now = members(saying("a", "a", "a.example.com"), member("b", BAD));
    const graph = build(now, account);
    expect(calls(graph, account)).toEqual([]);
    expect(warning(graph, "b")).toContain("1 rule that nothing explains (80:2 old.example.com /*)");
    const lastProvenance = explainDesired(good, WORLD, NOTHING, SETTINGS);
    const known = build(now, account, SETTINGS, { lastGoal: build(good), lastProvenance });
    expect(calls(known, account).map((call) => call.split(" ")[0])).toContain("deleteRule");
    expect(warning(known, "b")).not.toContain("nothing explains");
  });

  it("a listener that healthy members gave up", () => {
    const own = { "listen-ports": [{ HTTP: 80 }, { HTTP: 9090 }] };
    const account = carriedOut(members(member("a", own), member("b")));
    const broken = member("b", { "listen-ports": [{ HTTP: 80 }], scheme: "public" });
    expect(calls(build(members(member("a"), broken), account), account)).toContain("deleteListener listener/9090");
  });
});

describe("provenance", () => {
  it("names the broken Ingress for what stays, and follows rules to their new numbers", () => {
    const account = carriedOut(members(member("a"), member("b"), member("c")));
    const two = { rules: [rule("a.example.com", prefix("/")), rule("new.example.com", prefix("/"))] };
    const cluster = deepFreeze(members(member("a", {}, two), member("b", BAD), member("c")));
    const { team: sources } = explainDesired(cluster, WORLD, account, SETTINGS);
    const owner = (place: string): string | undefined => sources?.[place]?.object?.name;
    expect([1, 2, 3, 4].map((number) => owner(`listenerRule/80:${number}#`))).toEqual(["a", "a", "b", "c"]);
    expect(sources?.["listenerRule/80:2#"]?.field).toBe("/spec/rules/1/http/paths/0");
    expect(owner("targetGroup/shop/b-web:80#")).toBe("b");
  });
});
