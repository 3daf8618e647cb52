import { expect, it } from "vitest";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { factsNeeded } from "../../src/resolve/facts-needed.ts";

const PREFIX = "alb.ingress.kubernetes.io/";

function snapshotOf(annotations: Record<string, string>): ClusterSnapshot {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([name, value]) => [PREFIX + name, value]));
  return {
    ingresses: [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: {
          name: "web",
          namespace: "shop",
          annotations: { "kubernetes.io/ingress.class": "alb", ...prefixed },
        },
        spec: {
          rules: [
            {
              host: "shop.example.com",
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: { service: { name: "go", port: { name: "use-annotation" } } },
                  },
                ],
              },
            },
          ],
        },
      },
    ],
    ingressClasses: [],
    ingressClassParams: [],
    services: [],
    namespaces: [],
    secrets: [],
  };
}

const NOTHING = {
  stacks: ["shop/web"],
  subnets: { ids: [], names: [], selectors: [], roles: ["kubernetes.io/role/internal-elb"] },
  securityGroups: { ids: [], names: [], backend: true },
  certificateHosts: [],
  trustStoreNames: [],
  webAclNames: [],
  targetGroupNames: [],
};

it.each([
  { name: "discovery and the backend security group by default", annotations: {}, expected: {} },
  {
    name: "named subnets need no discovery",
    annotations: { subnets: "subnet-1, private-a" },
    expected: { subnets: { ids: ["subnet-1"], names: ["private-a"], selectors: [], roles: [] } },
  },
  {
    name: "the role follows the scheme",
    annotations: { scheme: "internet-facing" },
    expected: { subnets: { ...NOTHING.subnets, roles: ["kubernetes.io/role/elb"] } },
  },
  {
    name: "hosts only with HTTPS and no certificate",
    annotations: { "listen-ports": '[{"HTTPS":443}]' },
    expected: { certificateHosts: ["shop.example.com"] },
  },
  {
    name: "no hosts with a certificate",
    annotations: { "listen-ports": '[{"HTTPS":443}]', "certificate-arn": "arn:aws:acm:eu-central-1:1:certificate/1" },
    expected: {},
  },
  {
    name: "names of web ACLs, trust stores, security groups and target groups",
    annotations: {
      "wafv2-acl-name": "edge",
      "security-groups": "sg-1,office",
      "mutual-authentication": '[{"port":443,"mode":"verify","trustStore":"partners"}]',
      "actions.go": '{"type":"forward","targetGroupName":"legacy"}',
    },
    expected: {
      webAclNames: ["edge"],
      securityGroups: { ids: ["sg-1"], names: ["office"], backend: true },
      trustStoreNames: ["partners"],
      targetGroupNames: ["legacy"],
    },
  },
])("names the look-ups: $name", ({ annotations, expected }) => {
  expect(factsNeeded(snapshotOf(annotations as Record<string, string>), DEFAULT_SETTINGS)).toEqual({
    ...NOTHING,
    ...expected,
  });
});
