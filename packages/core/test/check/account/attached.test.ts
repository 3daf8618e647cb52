import { describe, expect, it } from "vitest";
import { applyAction } from "../../../src/check/account/apply-action.ts";
import type { Action, ActionDetails } from "../../../src/model/action.ts";
import type { CertificateSpec } from "../../../src/model/certificate.ts";
import type { Account } from "../../../src/model/inventory.ts";
import type { TargetGroupBindingSpec } from "../../../src/model/target-group-binding.ts";
import { action, build, outcome } from "./call.ts";
import { ARN, FOREIGN, SHOP, withQuotas } from "./shop.ts";

const binding = (name: string, more: Partial<TargetGroupBindingSpec> = {}): TargetGroupBindingSpec => ({
  namespace: "shop",
  name,
  labels: {},
  targetGroupArn: ARN.web,
  targetType: "ip",
  serviceRef: { name: "web", port: 80 },
  ipAddressType: "ipv4",
  vpcId: "vpc-1",
  targetGroupProtocol: "HTTP",
  ...more,
});
const bound: Account = build(SHOP, [action("createTargetGroupBinding", { spec: binding("web") })]).account;

const certificate: CertificateSpec = {
  type: "AMAZON_ISSUED",
  domainName: "shop.example.com",
  subjectAlternativeNames: ["shop.example.com"],
  validationMethod: "DNS",
};
const request = (idempotencyToken: string): Action =>
  action("requestCertificate", { spec: certificate, idempotencyToken });
const issued = build(SHOP, [request("one")]);
const issuedArn = issued.outputs["shop"]?.["requestCertificate/x"]?.arn ?? "";
const attachedCertificate: Account = build(issued.account, [
  action("addListenerCertificates", { listenerArn: ARN.https, certificateArn: issuedArn }),
]).account;

const shield = (resourceArn: string): Action => action("createShieldProtection", { name: "ours", resourceArn });
const shielded: Account = build(SHOP, [shield(ARN.loadBalancer)]).account;
const tag = (resourceArn: string, tags: Record<string, string>): Action => action("addTags", { resourceArn, tags });
const wait = (until: ActionDetails["wait"]["until"], subject: string): Action =>
  action("wait", { until, subject, deadlineSeconds: 60, onDeadline: "stop" });

describe("certificates, add-ons, bindings, tags and waits", () => {
  it.each<{ name: string; call: Action; expected: string; account?: Account }>([
    { name: "a certificate", call: request("one"), expected: "done" },
    {
      name: "deleting a certificate",
      call: action("deleteCertificate", { certificateArn: issuedArn }),
      expected: "done",
      account: issued.account,
    },
    {
      name: "deleting an attached one",
      call: action("deleteCertificate", { certificateArn: issuedArn }),
      expected: "ResourceInUse",
      account: attachedCertificate,
    },
    {
      name: "deleting none",
      call: action("deleteCertificate", { certificateArn: "arn:gone" }),
      expected: "ResourceNotFound",
    },
    {
      name: "a web ACL",
      call: action("associateWebAcl", { webAclArn: "arn:acl", resourceArn: ARN.loadBalancer }),
      expected: "done",
    },
    {
      name: "an empty web ACL",
      call: action("associateWebAcl", { webAclArn: "", resourceArn: ARN.loadBalancer }),
      expected: "WAFInvalidParameter",
    },
    {
      name: "a web ACL for nothing",
      call: action("associateWebAcl", { webAclArn: "arn:acl", resourceArn: "arn:gone" }),
      expected: "WAFNonexistentItem",
    },
    { name: "no web ACL", call: action("disassociateWebAcl", { resourceArn: ARN.loadBalancer }), expected: "done" },
    {
      name: "a classic web ACL",
      call: action("associateWafRegional", { webAclId: "acl", resourceArn: ARN.loadBalancer }),
      expected: "done",
    },
    {
      name: "no classic web ACL for nothing",
      call: action("disassociateWafRegional", { resourceArn: "arn:gone" }),
      expected: "WAFNonexistentItem",
    },
    { name: "protection", call: shield(ARN.loadBalancer), expected: "done" },
    { name: "protection twice", call: shield(ARN.loadBalancer), expected: "ResourceAlreadyExists", account: shielded },
    { name: "protection of nothing", call: shield("arn:gone"), expected: "ResourceNotFound" },
    {
      name: "ending no protection",
      call: action("deleteShieldProtection", { protectionId: "gone", resourceArn: ARN.loadBalancer }),
      expected: "ResourceNotFound",
    },
    { name: "a binding", call: action("createTargetGroupBinding", { spec: binding("web") }), expected: "done" },
    {
      name: "a binding twice",
      call: action("createTargetGroupBinding", { spec: binding("web") }),
      expected: "AlreadyExists",
      account: bound,
    },
    {
      name: "changing a binding",
      call: action("patchTargetGroupBinding", { spec: binding("web", { labels: { a: "b" } }) }),
      expected: "done",
      account: bound,
    },
    {
      name: "changing none",
      call: action("patchTargetGroupBinding", { spec: binding("gone") }),
      expected: "NotFound",
      account: bound,
    },
    {
      name: "deleting a binding",
      call: action("deleteTargetGroupBinding", { namespace: "shop", name: "web" }),
      expected: "done",
      account: bound,
    },
    {
      name: "deleting no binding",
      call: action("deleteTargetGroupBinding", { namespace: "shop", name: "gone" }),
      expected: "NotFound",
      account: bound,
    },
    { name: "tags of a load balancer", call: tag(ARN.loadBalancer, { a: "1" }), expected: "done" },
    { name: "tags of a rule", call: tag(ARN.rule1, { a: "1" }), expected: "done" },
    { name: "tags of no rule", call: tag(`${ARN.rule1}x`, { a: "1" }), expected: "RuleNotFound" },
    { name: "tags of no listener", call: tag(`${ARN.http}x`, { a: "1" }), expected: "ListenerNotFound" },
    { name: "tags of no target group", call: tag(`${ARN.web}x`, { a: "1" }), expected: "TargetGroupNotFound" },
    {
      name: "too many tags",
      call: tag(ARN.web, { a: "", b: "" }),
      expected: "TooManyTags",
      account: withQuotas({ tagsPerResource: 1 }),
    },
    { name: "a key of 129 characters", call: tag(ARN.web, { ["x".repeat(129)]: "" }), expected: "ValidationError" },
    { name: "a value of 257 characters", call: tag(ARN.web, { x: "x".repeat(257) }), expected: "ValidationError" },
    {
      name: "removing a tag that isn't there",
      call: action("removeTags", { resourceArn: ARN.web, keys: ["a"] }),
      expected: "done",
    },
    {
      name: "tags of a security group",
      call: action("createTags", { resourceId: ARN.group, tags: { a: "1" } }),
      expected: "done",
    },
    {
      name: "too many of them",
      call: action("createTags", { resourceId: ARN.group, tags: { a: "", b: "" } }),
      expected: "TagLimitExceeded",
      account: withQuotas({ tagsPerResource: 1 }),
    },
    {
      name: "tags of a foreign group",
      call: action("createTags", { resourceId: "sg-nodes", tags: { a: "1" } }),
      expected: "done",
    },
    {
      name: "tags of no group",
      call: action("deleteTags", { resourceId: "sg-gone", keys: ["a"] }),
      expected: "InvalidID",
    },
    { name: "a wait for nothing", call: wait("targets-healthy", "arn:gone"), expected: "NotFound" },
  ])("$name: $expected", ({ call, expected, account = SHOP }) => {
    expect(outcome(applyAction(account, call, {}, { foreign: FOREIGN }))).toBe(expected);
  });

  it("answers a repeated request with the first certificate", () => {
    const again = build(issued.account, [request("one")]);
    expect(again.account).toBe(issued.account);
    expect(again.outputs).toEqual(issued.outputs);
    expect(build(issued.account, [request("two")]).outputs).not.toEqual(issued.outputs);
  });

  it("writes and removes tags, whatever their names", () => {
    const strange = JSON.parse('{"__proto__":"x","ref":"y","field":"arn","unknown":"z","kept":"1"}') as Record<
      string,
      string
    >;
    const tagged = build(SHOP, [tag(ARN.web, strange)]).account;
    expect(Object.entries(tagged.targetGroups[ARN.web]?.spec.tags ?? {})).toEqual(Object.entries(strange));
    const removed = build(tagged, [
      action("removeTags", { resourceArn: ARN.web, keys: ["__proto__", "ref", "field", "unknown"] }),
    ]).account;
    expect(removed.targetGroups[ARN.web]?.spec.tags).toEqual({ kept: "1" });
  });

  it("lets things become ready only at a wait, if so asked", () => {
    const register = action("registerTargets", { targetGroupArn: ARN.web, targets: [{ id: "10.0.0.2", port: 80 }] });
    const deregister = action("deregisterTargets", {
      targetGroupArn: ARN.web,
      targets: [{ id: "10.0.0.1", port: 8080 }],
    });
    const states = (account: Account) => account.targets[ARN.web]?.map(({ id, state }) => `${id} ${state}`);
    const options = { pace: "waits" } as const;
    const first = build(SHOP, [register, deregister], options).account;
    expect(states(first)).toEqual(["10.0.0.1 draining", "10.0.0.2 initial"]);
    const healthy = build(first, [wait("targets-healthy", ARN.web)], options).account;
    expect(states(healthy)).toEqual(["10.0.0.1 draining", "10.0.0.2 healthy"]);
    expect(states(build(healthy, [wait("targets-drained", ARN.web)], options).account)).toEqual(["10.0.0.2 healthy"]);
    expect(states(build(SHOP, [register, deregister]).account)).toEqual(["10.0.0.2 healthy"]);
  });

  it("waits for a certificate and for a load balancer", () => {
    const pending = build(SHOP, [request("slow")], { pace: "waits" });
    const arn = pending.outputs["shop"]?.["requestCertificate/x"]?.arn ?? "";
    expect(pending.account.certificates[arn]?.status).toBe("PENDING_VALIDATION");
    expect(build(pending.account, [wait("certificate-issued", arn)]).account.certificates[arn]?.status).toBe("ISSUED");
    const applied = applyAction(SHOP, wait("load-balancer-active", ARN.loadBalancer), {});
    expect("note" in applied && applied.note).toContain("takes no time");
  });
});
