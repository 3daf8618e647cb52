/** Each switch of settings.compat: LBC's way without it, the other way with it. */
import { describe, expect, it } from "vitest";
import { buildDesired } from "../../src/build-desired.ts";
import type { Facts } from "../../src/model/facts.ts";
import type { DesiredGraph } from "../../src/model/graph.ts";
import type { Compat } from "../../src/model/settings.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import {
  act,
  backend,
  classWithParams,
  type IngressSketch,
  ingress,
  prefix,
  rule,
  snapshot,
} from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { codes, errorCodes, listener, rulesOf, specsOf } from "../fixtures/desired.ts";
import { certificate, certificateArn, facts } from "../fixtures/facts.ts";

const member = (
  name: string,
  annotations: IngressSketch["annotations"],
  sketch: IngressSketch = {},
): ReturnType<typeof ingress> => ingress({ ...sketch, name, annotations: { "group.name": "g", ...annotations } });

const NLB = { "enable-frontend-nlb": "true" };
const CODES = "frontend-nlb-healthcheck-success-codes";
const ATTRIBUTES = { "frontend-nlb-attributes": "a=b" };
const ACL = "arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/edge/1";
const acls = (graph: DesiredGraph): readonly string[] =>
  specsOf(graph, "webAclAssociation").map(({ webAclArn }) => webAclArn);
const certificates = (graph: DesiredGraph): unknown => [listener(graph, 443).certificates, errorCodes(graph)];

interface Row {
  readonly compat: keyof Compat;
  readonly objects: Partial<ClusterSnapshot>;
  readonly facts?: Partial<Facts>;
  readonly look: (graph: DesiredGraph) => unknown;
  readonly asLbc: unknown;
  readonly switched: unknown;
}

const rows: readonly Row[] = [
  {
    compat: "strictSslRedirectPort",
    objects: {
      ...classWithParams("team", { sslRedirectPort: "https" }),
      ingresses: [ingress({ className: "team" })],
    },
    look: (graph) => [errorCodes(graph), codes(graph, "warning")],
    asLbc: [[], ["class.ssl-redirect-port-ignored"]],
    switched: [["class.ssl-redirect-port-invalid"], []],
  },
  {
    compat: "equalFrontendNlbSuccessCodesAgree",
    objects: { ingresses: [member("a", { ...NLB, [CODES]: "204" }), member("b", { ...NLB, [CODES]: "204" })] },
    look: errorCodes,
    asLbc: ["group.conflict"],
    switched: [],
  },
  {
    compat: "absentFrontendNlbAttributesAgree",
    objects: { ingresses: [member("a", { ...NLB, ...ATTRIBUTES }), member("b", {})] },
    look: errorCodes,
    asLbc: ["group.conflict"],
    switched: [],
  },
  {
    compat: "bestMatchDefaultCertificate",
    objects: {
      ingresses: [
        ingress({ annotations: { "listen-ports": [{ HTTPS: 443 }] }, rules: [rule("x.a.example", prefix("/"))] }),
      ],
    },
    facts: { certificates: [certificate("1", ["*.a.example"]), certificate("2", ["x.a.example"])] },
    look: certificates,
    asLbc: [[certificateArn("1"), certificateArn("2")], []],
    switched: [[certificateArn("2"), certificateArn("1")], []],
  },
  {
    compat: "discoverPublicCertificatesOnly",
    objects: {
      ingresses: [
        ingress({ annotations: { "listen-ports": [{ HTTPS: 443 }] }, rules: [rule("x.a.example", prefix("/"))] }),
      ],
    },
    facts: {
      certificates: [
        certificate("1", ["x.a.example"], { type: "PRIVATE", caArn: "arn:ca" }),
        certificate("2", ["x.a.example"]),
      ],
    },
    look: certificates,
    asLbc: [[certificateArn("1"), certificateArn("2")], []],
    switched: [[certificateArn("2")], []],
  },
  {
    compat: "hostRegexesDontCover",
    objects: {
      ingresses: [
        ingress({
          annotations: {
            "actions.x": { type: "redirect", redirectConfig: { host: "new.example", statusCode: "HTTP_301" } },
            "conditions.x": [{ field: "host-header", hostHeaderConfig: { regexValues: ["^old.*"] } }],
          },
          rules: [rule(undefined, prefix("/", act("x"))), rule("shop.example", prefix("/", backend("api")))],
        }),
      ],
    },
    look: (graph) => [rulesOf(graph).length, codes(graph, "warning")],
    asLbc: [1, ["rule.covered-by-host-regex"]],
    switched: [2, []],
  },
  {
    compat: "webAclNameNoneIsAbsent",
    objects: { ingresses: [member("a", { "wafv2-acl-name": "none" }), member("b", { "wafv2-acl-arn": ACL })] },
    look: acls,
    asLbc: [""],
    switched: [ACL],
  },
  {
    compat: "emptyWebAclArnIsAbsent",
    objects: { ingresses: [ingress({ annotations: { "wafv2-acl-arn": "" } })] },
    look: acls,
    asLbc: [""],
    switched: [],
  },
];

describe("settings.compat", () => {
  const { settings } = settingsFromFlags({ "cluster-name": "demo" });

  it.each(rows)("$compat", ({ compat, objects, facts: some, look, asLbc, switched }) => {
    const build = (on: boolean): unknown =>
      look(
        buildDesired(
          deepFreeze(snapshot(objects)),
          deepFreeze(facts(some)),
          undefined,
          deepFreeze({ ...settings, compat: { ...settings.compat, [compat]: on } }),
        ),
      );
    expect(build(false)).toEqual(asLbc);
    expect(build(true)).toEqual(switched);
  });

  it("has a row for each switch, and all are off by default", () => {
    expect(rows.map(({ compat }) => compat).sort()).toEqual(Object.keys(settings.compat).sort());
    expect(new Set(Object.values(settings.compat))).toEqual(new Set([false]));
  });
});
