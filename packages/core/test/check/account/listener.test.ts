import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action, ActionDetails } from "../../../src/model/action.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { ListenerSpec } from "../../../src/model/listener.ts";
import { action, build, outcome } from "./call.ts";
import {
  ARN,
  CERTIFICATE,
  FOREIGN,
  forward,
  loadBalancer,
  NOT_FOUND,
  OTHER_CERTIFICATE,
  SHOP,
  withQuotas,
} from "./shop.ts";

const create = (port: number, more: Partial<ListenerSpec> = {}): Action =>
  action("createListener", {
    spec: { loadBalancerArn: ARN.loadBalancer, port, protocol: "HTTP", defaultActions: [NOT_FOUND], ...more },
  });
const https = (port: number, more: Partial<ListenerSpec> = {}): Action =>
  create(port, { protocol: "HTTPS", certificates: [CERTIFICATE], ...more });
const modify = (listenerArn: string, changes: Omit<ActionDetails["modifyListener"], "listenerArn">): Action =>
  action("modifyListener", { listenerArn, ...changes });
const add = (certificateArn: string, listenerArn = ARN.https): Action =>
  action("addListenerCertificates", { listenerArn, certificateArn });
const drop = (certificateArn: string): Action =>
  action("removeListenerCertificates", { listenerArn: ARN.https, certificateArn });

const network = build(SHOP, [
  action("createLoadBalancer", { spec: loadBalancer("nlb", { type: "network", securityGroups: [] }) }),
]);
const networkArn = network.outputs["shop"]?.["createLoadBalancer/x"]?.arn ?? "";
const pending = build(
  SHOP,
  [
    action("requestCertificate", {
      idempotencyToken: "t",
      spec: {
        type: "AMAZON_ISSUED",
        domainName: "shop.example.com",
        subjectAlternativeNames: ["shop.example.com"],
        validationMethod: "DNS",
      },
    }),
  ],
  { pace: "waits" },
);
const pendingArn = pending.outputs["shop"]?.["requestCertificate/x"]?.arn ?? "";

describe("listeners", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account; code?: string }>([
    { name: "a new port", call: create(8080), expected: "done" },
    { name: "the same again", call: create(80, { loadBalancerArn: ARN.other }), expected: "done" },
    { name: "a used port", call: create(80), expected: "DuplicateListener", code: "account.listener-in-use" },
    { name: "port 0", call: create(0), expected: "ValidationError" },
    {
      name: "a load balancer that isn't there",
      call: create(81, { loadBalancerArn: "arn:gone" }),
      expected: "LoadBalancerNotFound",
    },
    {
      name: "TCP on an application load balancer",
      call: create(81, { protocol: "TCP" }),
      expected: "UnsupportedProtocol",
    },
    {
      name: "HTTP on a network load balancer",
      call: create(81, { loadBalancerArn: networkArn }),
      expected: "UnsupportedProtocol",
      account: network.account,
    },
    {
      name: "TCP that answers itself",
      call: create(81, { loadBalancerArn: networkArn, protocol: "TCP" }),
      expected: "InvalidLoadBalancerAction",
      account: network.account,
    },
    {
      name: "too many listeners",
      call: create(81),
      expected: "TooManyListeners",
      account: withQuotas({ listenersPerLoadBalancer: 2 }),
    },
    { name: "HTTPS", call: https(8443), expected: "done" },
    {
      name: "HTTPS without certificate",
      call: https(8443, { certificates: [] }),
      expected: "ValidationError",
      code: "account.certificate-missing",
    },
    {
      name: "HTTPS with two certificates",
      call: https(8443, { certificates: [CERTIFICATE, OTHER_CERTIFICATE] }),
      expected: "TooManyCertificates",
    },
    {
      name: "an unknown certificate",
      call: https(8443, { certificates: ["arn:gone"] }),
      expected: "CertificateNotFound",
    },
    {
      name: "a certificate that isn't issued",
      call: https(8443, { certificates: [pendingArn] }),
      expected: "UnsupportedCertificate",
      account: pending.account,
    },
    { name: "an unknown policy", call: https(8443, { sslPolicy: "TLS13" }), expected: "SSLPolicyNotFound" },
    {
      name: "verification without a trust store",
      call: https(8443, { mutualAuthentication: { mode: "verify" } }),
      expected: "ValidationError",
    },
    {
      name: "passthrough with an empty trust store, as LBC sends it",
      call: https(8443, { mutualAuthentication: { mode: "passthrough", trustStoreArn: "" } }),
      expected: "done",
    },
    {
      name: "a target group of another load balancer",
      call: create(81, { loadBalancerArn: ARN.other, defaultActions: [forward(ARN.web)] }),
      expected: "TargetGroupAssociationLimit",
    },
    { name: "another default action", call: modify(ARN.http, { defaultActions: [NOT_FOUND] }), expected: "done" },
    { name: "a listener that isn't there", call: modify("arn:gone", {}), expected: "ListenerNotFound" },
    {
      name: "HTTP to HTTPS with a certificate",
      call: modify(ARN.http, { protocol: "HTTPS", defaultCertificate: CERTIFICATE }),
      expected: "done",
    },
    { name: "HTTP to HTTPS without", call: modify(ARN.http, { protocol: "HTTPS" }), expected: "ValidationError" },
    {
      name: "another policy",
      call: modify(ARN.https, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
      expected: "done",
    },
    { name: "another certificate", call: add(OTHER_CERTIFICATE), expected: "done" },
    { name: "a certificate that doesn't exist", call: add("arn:gone"), expected: "CertificateNotFound" },
    { name: "a certificate on HTTP", call: add(OTHER_CERTIFICATE, ARN.http), expected: "ValidationError" },
    {
      name: "too many certificates",
      call: add(OTHER_CERTIFICATE),
      expected: "TooManyCertificates",
      account: withQuotas({ certificatesPerLoadBalancer: 0 }),
    },
    {
      name: "the default once more doesn't count",
      call: add(CERTIFICATE),
      expected: "done",
      account: withQuotas({ certificatesPerLoadBalancer: 0 }),
    },
    {
      name: "another default beside which the old one counts",
      call: modify(ARN.https, { defaultCertificate: OTHER_CERTIFICATE }),
      expected: "TooManyCertificates",
      account: build(withQuotas({ certificatesPerLoadBalancer: 0 }), [add(CERTIFICATE)]).account,
    },
    { name: "removing the default certificate", call: drop(CERTIFICATE), expected: "OperationNotPermitted" },
    { name: "removing what isn't attached", call: drop(OTHER_CERTIFICATE), expected: "done" },
    {
      name: "an attribute",
      call: action("modifyListenerAttributes", {
        listenerArn: ARN.http,
        attributes: { "routing.http.response.server.enabled": "false" },
      }),
      expected: "done",
    },
    {
      name: "an attribute of HTTPS on HTTP",
      call: action("modifyListenerAttributes", {
        listenerArn: ARN.http,
        attributes: { "routing.http.request.x_amzn_tls_version.header_name": "x" },
      }),
      expected: "InvalidConfigurationRequest",
    },
    { name: "deletion", call: action("deleteListener", { listenerArn: ARN.http }), expected: "done" },
    {
      name: "deletion of none",
      call: action("deleteListener", { listenerArn: "arn:gone" }),
      expected: "ListenerNotFound",
    },
  ])("$name: $expected", ({ call, expected, account = SHOP, code }) => {
    const applied = applyAction(account, call, {}, { foreign: FOREIGN });
    expect(outcome(applied)).toBe(expected);
    if (code !== undefined) expect("refused" in applied && applied.refused.code).toBe(code);
  });

  it("keeps the default certificate first and the others once", () => {
    const certificates = (...calls: Action[]) => build(SHOP, calls).account.listeners[ARN.https]?.spec.certificates;
    expect(certificates(add(OTHER_CERTIFICATE), add(OTHER_CERTIFICATE))).toEqual([CERTIFICATE, OTHER_CERTIFICATE]);
    expect(certificates(add(CERTIFICATE))).toEqual([CERTIFICATE, CERTIFICATE]);
    expect(certificates(add(CERTIFICATE), drop(CERTIFICATE))).toEqual([CERTIFICATE]);
    expect(certificates(add(OTHER_CERTIFICATE), modify(ARN.https, { defaultCertificate: OTHER_CERTIFICATE }))).toEqual([
      OTHER_CERTIFICATE,
      OTHER_CERTIFICATE,
    ]);
  });

  it("returns listeners as AWS does", () => {
    expect(SHOP.listeners[ARN.http]?.spec.defaultActions).toEqual([
      {
        type: "forward",
        forwardConfig: {
          targetGroups: [{ targetGroupArn: ARN.web, weight: 1 }],
          targetGroupStickinessConfig: { enabled: false },
        },
      },
    ]);
    expect(SHOP.listeners[ARN.https]?.spec.mutualAuthentication).toEqual({ mode: "off" });
    expect(SHOP.listeners[ARN.http]?.spec).not.toHaveProperty("certificates");
    expect(SHOP.listeners[ARN.http]?.spec.attributes?.["routing.http.response.server.enabled"]).toBe("true");
  });

  it("drops what belongs to TLS when it becomes plain HTTP", () => {
    const { account } = build(SHOP, [modify(ARN.https, { protocol: "HTTP" })]);
    const spec = account.listeners[ARN.https]?.spec;
    expect(spec).not.toHaveProperty("certificates");
    expect(spec).not.toHaveProperty("sslPolicy");
    expect(Object.keys(spec?.attributes ?? {})).not.toContain("routing.http.request.x_amzn_tls_version.header_name");
  });

  it("takes its rules along and lets its target groups go", () => {
    const { account } = build(SHOP, [action("deleteListener", { listenerArn: ARN.http })]);
    expect(account.listenerRules).toEqual({});
    expect(account.targetGroups[ARN.web]?.loadBalancerArns).toEqual([]);
    expect(account.targetGroups[ARN.cart]?.loadBalancerArns).toEqual([]);
  });
});
