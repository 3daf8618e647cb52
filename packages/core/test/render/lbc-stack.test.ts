import { describe, expect, it } from "vitest";
import type { Resource } from "../../src/model/resource.ts";
import { renderLbcPlanAnnotation, renderLbcStack } from "../../src/render/lbc-stack.ts";
import { graph, listener80, listener443, loadBalancer, rule, stack, targetGroup } from "./stacks.ts";

const LOAD_BALANCER = {
  $ref: "#/resources/AWS::ElasticLoadBalancingV2::LoadBalancer/LoadBalancer/status/loadBalancerARN",
};

/** What the graph of one stack with these resources is for LBC, without the resource that is always there. */
function resourcesOf(...resources: readonly Resource[]): unknown {
  const [group] = renderLbcStack(graph([stack("shop/web", resources)])).groups;
  return (group?.stack as { resources: unknown } | null)?.resources;
}

describe("renderLbcStack", () => {
  it("writes a load balancer with references, the shared security group, sorted attributes and no empty tags", () => {
    expect(resourcesOf(loadBalancer)).toEqual({
      FrontendNLBTargetGroup: { FrontendNLBTargetGroup: { TargetGroups: {} } },
      "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        LoadBalancer: {
          spec: {
            name: "k8s-shop-web-0123456789",
            type: "application",
            scheme: "internet-facing",
            ipAddressType: "ipv4",
            subnetMapping: [{ subnetID: "subnet-a" }, { allocationID: "eipalloc-1", subnetID: "subnet-b" }],
            securityGroups: [
              { $ref: "#/resources/AWS::EC2::SecurityGroup/ManagedLBSecurityGroup/status/groupID" },
              "sg-autobackend",
            ],
            loadBalancerAttributes: [
              { key: "idle_timeout.timeout_seconds", value: "90" },
              { key: "routing.http2.enabled", value: "true" },
            ],
          },
        },
      },
    });
  });

  it("writes listeners with literal and requested certificates and capital attribute names", () => {
    expect(resourcesOf(listener443)).toMatchObject({
      "AWS::ElasticLoadBalancingV2::Listener": {
        "443": {
          spec: {
            loadBalancerARN: LOAD_BALANCER,
            certificates: [
              { certificateARN: "arn:aws:acm:eu-west-1:111122223333:certificate/one" },
              {
                certificateARN: {
                  $ref: "#/resources/AWS::ACM::Certificate/amazon_issued/shop.example-01234567/status/certificateARN",
                },
              },
            ],
            mutualAuthentication: { mode: "off", trustStoreArn: "" },
            listenerAttributes: [
              { Key: "a", Value: "1" },
              { Key: "b", Value: "2" },
            ],
          },
        },
      },
    });
  });

  it("hides OIDC clients", () => {
    const text = JSON.stringify(resourcesOf(rule));
    expect(text).toContain('"clientID":"[REDACTED]","clientSecret":"[REDACTED]"');
    expect(text).not.toContain("00ff");
    expect(text).not.toContain("shop/login");
  });

  it("writes what is known after apply as text", () => {
    expect(resourcesOf(targetGroup)).toMatchObject({
      "AWS::ElasticLoadBalancingV2::TargetGroup": {
        "shop/web-cart:80": { spec: { name: "(known after apply)", port: "(known after apply)" } },
      },
    });
  });

  it("sorts the permissions of a security group by port, then CIDRs, IPv6 CIDRs, prefix lists", () => {
    const permission = { protocol: "tcp", toPort: 443, fromPort: 443 };
    const written = resourcesOf({
      kind: "securityGroup",
      id: "ManagedLBSecurityGroup",
      spec: {
        name: "k8s-shop-web-0",
        description: "d",
        ingress: [
          { ...permission, source: { prefixListId: "pl-1" } },
          { ...permission, source: { cidrIpv6: "::/0" } },
          { ...permission, source: { cidrIp: "10.1.0.0/16" } },
          { ...permission, source: { cidrIp: "10.0.0.0/16" } },
          { ...permission, fromPort: 80, toPort: 80, source: { cidrIpv6: "::/0" } },
        ],
      },
    });
    expect(written).toMatchObject({
      "AWS::EC2::SecurityGroup": {
        ManagedLBSecurityGroup: {
          spec: {
            ingress: [
              { fromPort: 80, ipv6Ranges: [{ cidrIPv6: "::/0" }] },
              { fromPort: 443, ipRanges: [{ cidrIP: "10.0.0.0/16" }] },
              { fromPort: 443, ipRanges: [{ cidrIP: "10.1.0.0/16" }] },
              { fromPort: 443, ipv6Ranges: [{ cidrIPv6: "::/0" }] },
              { fromPort: 443, prefixLists: [{ listID: "pl-1" }] },
            ],
          },
        },
      },
    });
  });

  it("puts the targets of a frontend network load balancer together", () => {
    const written = resourcesOf({
      kind: "frontendNlbTarget",
      id: "k8s-shop-web-31850c9bc6",
      spec: {
        targetGroupName: "k8s-shop-web-31850c9bc6",
        targetGroupArn: { ref: "targetGroup/FrontendNlb-tg-TCP-80", field: "arn" },
        port: 8080,
        targetArn: { ref: "loadBalancer/LoadBalancer", field: "arn" },
        targetPort: 80,
      },
    });
    expect(written).toEqual({
      FrontendNLBTargetGroup: {
        FrontendNLBTargetGroup: {
          TargetGroups: {
            "k8s-shop-web-31850c9bc6": {
              Name: "k8s-shop-web-31850c9bc6",
              ARN: {
                $ref: "#/resources/AWS::ElasticLoadBalancingV2::TargetGroup/FrontendNlb-tg-TCP-80/status/targetGroupARN",
              },
              Port: 8080,
              TargetARN: LOAD_BALANCER,
              TargetPort: 80,
            },
          },
        },
      },
    });
  });

  it("sorts groups and tells what failed", () => {
    const failed = stack("edge", [], { status: "failed", failedAt: "load", members: ["shop/a"] });
    const made = graph([stack("shop/web", []), failed], {
      unmanaged: ["b/x", "a/x"],
      classErrors: [
        { ingress: "b/y", message: "no class" },
        { ingress: "a/y", message: "no params" },
      ],
      diagnostics: [
        { code: "x.y", severity: "warning", message: "W.", stack: "edge" },
        { code: "x.y", severity: "error", message: "E.", stack: "edge" },
      ],
    });
    const refusal = { kind: "Ingress", name: "shop/z", error: "no" };
    expect(renderLbcStack(made, [refusal])).toEqual({
      groups: [
        expect.objectContaining({ group: "edge", explicit: true, stack: null, error: "E.", errorStage: "load" }),
        expect.objectContaining({ group: "shop/web", explicit: false, error: null }),
      ],
      unmanaged: ["a/x", "b/x"],
      classErrors: [
        { ingress: "a/y", error: "no params" },
        { ingress: "b/y", error: "no class" },
      ],
      admission: [refusal],
    });
  });
});

describe("renderLbcPlanAnnotation", () => {
  it("keeps LBC's order of fields, sorts maps by bytes and escapes as Go does", () => {
    const text = renderLbcPlanAnnotation(stack("shop/web", [listener80, listener443, rule, targetGroup]));
    expect(
      text.startsWith('{"id":"shop/web","resources":{"AWS::ElasticLoadBalancingV2::Listener":{"443":{"spec":'),
    ).toBe(true);
    expect(text.indexOf('"443":{')).toBeLessThan(text.indexOf('"80":{'));
    expect(text).toContain('"tags":{"10":"ten","9":"nine","__proto__x":"safe"}');
    expect(text).toContain('{"field":"path-pattern","pathPatternConfig":{"values":["/a\\u0026b/\\u003c*\\u003e"]}}');
    expect(text).toContain('"certificates":[{"certificateARN":{"$ref":"#/resources///status/certificateARN"}},');
    expect(text).toContain('"mode":"off","trustStoreArn":""');
  });

  it("escapes the line separators of JavaScript", () => {
    const tagged: Resource = {
      ...loadBalancer,
      spec: { ...loadBalancer.spec, tags: { a: "\u2028\u2029é" } },
    } as Resource;
    expect(renderLbcPlanAnnotation(stack("shop/web", [tagged]))).toContain('"tags":{"a":"\\u2028\\u2029é"}');
  });

  it("writes the shared security group's id when it is known", () => {
    const text = renderLbcPlanAnnotation(stack("shop/web", [loadBalancer]), "sg-0123");
    expect(text).toContain('/status/groupID"},"sg-0123"]');
  });
});
