import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backendSecurityGroupName,
  frontendNlbName,
  frontendNlbTargetGroupName,
  loadBalancerName,
  managedSecurityGroupName,
  type TargetGroupName,
  targetGroupName,
} from "../../src/desired/names.ts";
import { sha256Hex } from "../../src/lib/sha256.ts";
import { ingress, service } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, loadBalancer, specsOf, stackOf } from "../fixtures/desired.ts";

const one = { clusterName: "cluster-dummy", stack: "ns-1/ing-1", explicit: false };

describe("ALB name hash, implicit and explicit", () => {
  it.each([
    { group: one, scheme: "internal", name: "k8s-ns1-ing1-b7e914000d" },
    { group: one, scheme: "internet-facing", name: "k8s-ns1-ing1-159dd7a143" },
    {
      group: { clusterName: "", stack: "explicit-group", explicit: true },
      scheme: "internal",
      name: "k8s-explicitgroup-5bf9e53c23",
    },
    {
      group: { clusterName: "", stack: "awesome-ns/ing-1", explicit: false },
      scheme: "internet-facing",
      name: "k8s-awesomen-ing1-43b698093c",
    },
  ])("$name", ({ group, scheme, name }) => {
    expect(loadBalancerName(group, scheme)).toBe(name);
  });
});

describe("managed SG name hash", () => {
  it("has no scheme in it", () => {
    expect(managedSecurityGroupName(one)).toBe("k8s-ns1-ing1-bd83176788");
  });
});

describe("TG name hash (11 inputs)", () => {
  const base: TargetGroupName = {
    clusterName: "cluster-dummy",
    stack: "ns-1/ing-1",
    ingressNamespace: "ns-1",
    ingressName: "ing-1",
    serviceNamespace: "ns-1",
    serviceName: "svc-1",
    serviceUid: "",
    portReference: "http",
    port: 32768,
    targetType: "instance",
    protocol: "HTTP",
    protocolVersion: "HTTP1",
    targetControlPort: undefined,
  };
  it("is LBC's", () => {
    expect(targetGroupName(base)).toBe("k8s-ns1-svc1-9889425938");
    const https = { ...base, portReference: "https", port: 8443, targetType: "ip", protocol: "HTTPS" };
    expect(targetGroupName(https)).toBe("k8s-ns1-svc1-bf42870fba");
  });
  it.each([
    { clusterName: "x" },
    { stack: "x" },
    { ingressNamespace: "x" },
    { ingressName: "x" },
    { serviceUid: "x" },
    { portReference: 80 },
    { port: 1 },
    { targetType: "ip" },
    { protocol: "HTTPS" },
    { protocolVersion: "GRPC" },
    { targetControlPort: 3000 },
  ])("depends on %o", (other) => {
    expect(targetGroupName({ ...base, ...other })).not.toBe(targetGroupName(base));
  });
});

describe("shared backend SG name", () => {
  it("is of the cluster", () => {
    expect(backendSecurityGroupName("testCluster")).toBe("k8s-traffic-testCluster-411a1bcdb1");
    expect(backendSecurityGroupName("c".repeat(400))).toHaveLength(12 + 232 + 11);
  });
});

describe("frontend NLB and its TG names", () => {
  it("the load balancer's is the ALB's with a suffix, cut by characters", () => {
    expect(frontendNlbName("k8s-ns1-ing1-b7e914000d")).toBe("k8s-ns1-ing1-b7e914000d-nlb");
    expect(frontendNlbName("a".repeat(32))).toBe(`${"a".repeat(28)}-nlb`);
    expect(frontendNlbName("😀".repeat(30))).toBe(`${"😀".repeat(28)}-nlb`);
  });
  it("the target group's follow the formula", () => {
    const digits = sha256Hex("cluster-dummyns-1/ing-180albTCPtraffic-portHTTP").slice(0, 10);
    expect(frontendNlbTargetGroupName(one, 80, "traffic-port", "HTTP")).toBe(`k8s-ns1-ing1-${digits}`);
  });
});

describe("explicit load-balancer-name, ≤ 32", () => {
  it.each([
    { name: "a".repeat(32), errors: [] },
    { name: "a".repeat(33), errors: ["load-balancer.name-too-long"] },
    { name: "é".repeat(17), errors: ["load-balancer.name-too-long"] },
  ])("$name", ({ name, errors }) => {
    expect(errorCodes(annotated({ "load-balancer-name": name }))).toEqual(errors);
  });
  it("is used verbatim, even when it is empty", () => {
    expect(loadBalancer(annotated({ "load-balancer-name": " my lb " })).name).toBe(" my lb ");
    expect(loadBalancer(annotated({ "load-balancer-name": "" })).name).toBe("");
  });
});

describe("resource IDs for every resource type", () => {
  it("are LBC's", () => {
    const graph = annotated(
      {
        "wafv2-acl-arn": "arn:a",
        "waf-acl-id": "b",
        "shield-advanced-protection": "true",
        "enable-frontend-nlb": "true",
        "create-acm-cert": "true",
        "listen-ports": [{ HTTP: 80 }],
      },
      { tlsHosts: ["*.example.com"] },
      {},
      { flags: { "feature-gates": "EnableCertificateManagement=true" } },
    );
    expect(Object.keys(stackOf(graph).resources).sort()).toEqual([
      `certificate/amazon_issued/wildcard.example.com-${sha256Hex("shop/web").slice(0, 8)}`,
      "frontendNlbTarget/FrontendNlb-tg-TCP-80",
      "listener/80",
      "listener/FrontendNlb-ls-TCP-80",
      "listenerRule/80:1",
      "loadBalancer/FrontendNlb",
      "loadBalancer/LoadBalancer",
      "securityGroup/ManagedLBSecurityGroup",
      "shieldProtection/LoadBalancer",
      "targetGroup/FrontendNlb-tg-TCP-80",
      "targetGroup/shop/web-web:80",
      "targetGroupBinding/shop/web-web:80",
      "wafRegionalAssociation/LoadBalancer",
      "webAclAssociation/LoadBalancer",
    ]);
    expect(Object.keys(graph.clusterStack.resources)).toEqual(["securityGroup/backend-sg"]);
  });
});

describe("every generated name", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "Z", "0", "-", ".", "é", "😀"), minLength: 1, maxLength: 70 });
  it("has at most 32 characters of A-Z, a-z, 0-9 and -", () => {
    fc.assert(
      fc.property(word, word, word, fc.boolean(), (clusterName, first, second, explicit) => {
        const group = { clusterName, stack: explicit ? first : `${first}/${second}`, explicit };
        for (const name of [
          loadBalancerName(group, "internal"),
          managedSecurityGroupName(group),
          frontendNlbName(loadBalancerName(group, "internal")),
          frontendNlbTargetGroupName(group, 80, "80", "HTTP"),
        ]) {
          expect(name).toMatch(/^k8s-[0-9A-Za-z-]{1,28}$/);
        }
      }),
    );
  });
  it("a Service that was never stored has a name that isn't known yet", () => {
    const services = [service("web", { uid: undefined })];
    const [group] = specsOf(desired({ ingresses: [ingress()], services }), "targetGroup");
    expect(group?.name).toMatchObject({
      unknown: expect.stringContaining("shop/web"),
      lbc: expect.stringMatching(/^k8s-/),
    });
  });
});
