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

it.each([
  { subnets: {}, selectors: [{}] },
  { subnets: { ids: [] }, selectors: [{}] },
  { subnets: { tags: { tier: ["web"] } }, selectors: [{ tier: ["web"] }] },
  { subnets: { ids: ["subnet-1"] }, selectors: [] },
])("asks for what class params select: $subnets", ({ subnets, selectors }) => {
  const snapshot = snapshotOf({ "kubernetes.io/ingress.class": "" });
  const [ingress] = snapshot.ingresses;
  if (ingress?.spec === undefined) throw new Error("there is no Ingress");
  const needed = factsNeeded(
    {
      ...snapshot,
      ingresses: [
        {
          ...ingress,
          metadata: { ...ingress.metadata, annotations: {} },
          spec: { ...ingress.spec, ingressClassName: "alb" },
        },
      ],
      ingressClasses: [
        {
          ...{ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "alb" } },
          spec: {
            controller: "ingress.k8s.aws/alb",
            parameters: { apiGroup: "elbv2.k8s.aws", kind: "IngressClassParams", name: "params" },
          },
        },
      ],
      ingressClassParams: [
        {
          ...{ apiVersion: "elbv2.k8s.aws/v1beta1", kind: "IngressClassParams", metadata: { name: "params" } },
          spec: { subnets },
        },
      ],
    },
    DEFAULT_SETTINGS,
  );
  expect(needed.subnets).toMatchObject({ selectors, roles: [] });
});
