import { expect, it } from "vitest";
import { explainDesired } from "../../src/build-desired.ts";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { settingsFromFlags } from "../../src/read/settings.ts";
import * as given from "../fixtures/cluster.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";
import { certificate, facts } from "../fixtures/facts.ts";

const { act, backend, ingress, prefix, rule, service } = given;

interface Case {
  readonly name: string;
  readonly objects: Partial<ClusterSnapshot>;
  /** Place → kind, name and field; annotations by their names in angle brackets. */
  readonly sources: { readonly [place: string]: string };
}

const grouped = (name: string, annotations: object = {}) =>
  ingress({ name, annotations: { "group.name": "g", ...annotations } });

const cases: readonly Case[] = [
  {
    name: "attributes of listeners: the map that holds the key",
    objects: {
      ingresses: [
        ingress({
          className: "c",
          annotations: { "listener-attributes.HTTP-80": "k=9,j=1", "load-balancer-attributes": "idle=1,other=2" },
        }),
      ],
      ...given.classWithParams("c", {
        listeners: [
          { protocol: "HTTP", port: 81, listenerAttributes: [{ key: "j", value: "3" }] },
          { protocol: "HTTP", port: 80, listenerAttributes: [{ key: "k", value: "1" }] },
        ],
        loadBalancerAttributes: [{ key: "idle", value: "60" }],
      }),
    },
    sources: {
      "listener/80#/attributes/k": "IngressClassParams c /spec/listeners/1/listenerAttributes/0",
      "listener/80#/attributes/j": "Ingress web <listener-attributes.HTTP-80>",
      "loadBalancer/LoadBalancer#/attributes/idle": "IngressClassParams c /spec/loadBalancerAttributes/0",
      "loadBalancer/LoadBalancer#/attributes/other": "Ingress web <load-balancer-attributes>",
    },
  },
  {
    name: "ports of the network load balancer: the member and the annotation that asked",
    objects: {
      ingresses: [
        grouped("a", { "enable-frontend-nlb": true, "listen-ports": [{ HTTP: 80 }, { HTTP: 81 }] }),
        grouped("b", { "frontend-nlb-listener-port-mapping": "8080=80", "frontend-nlb-healthcheck-path": "/b" }),
      ],
    },
    sources: {
      "listener/FrontendNlb-ls-TCP-81#/port": "Ingress a <listen-ports>",
      "listener/FrontendNlb-ls-TCP-8080#/port": "Ingress b <frontend-nlb-listener-port-mapping>",
      "targetGroup/FrontendNlb-tg-TCP-8080#/healthCheck/path": "Ingress b <frontend-nlb-healthcheck-path>",
      "targetGroup/FrontendNlb-tg-TCP-81#/healthCheck/path": "default: /",
      "frontendNlbTarget/FrontendNlb-tg-TCP-8080#/targetPort": "Ingress b <frontend-nlb-listener-port-mapping>",
    },
  },
  {
    name: "permissions one by one: who asked for each",
    objects: {
      ingresses: [
        grouped("a", { "security-group-prefix-lists": "pl-1", "listen-ports": [{ HTTP: 80 }, { HTTP: 81 }] }),
        grouped("b", { "inbound-cidrs": "10.0.0.0/8" }),
        grouped("c", { "listen-ports": [{ HTTP: 82 }] }),
      ],
    },
    sources: {
      "securityGroup/ManagedLBSecurityGroup#/ingress/0": "Ingress b <inbound-cidrs>",
      "securityGroup/ManagedLBSecurityGroup#/ingress/1": "Ingress a <security-group-prefix-lists>",
      "securityGroup/ManagedLBSecurityGroup#/ingress/2": "Ingress a <security-group-prefix-lists>",
      "securityGroup/ManagedLBSecurityGroup#/ingress/3": "default: 0.0.0.0/0, ::/0",
      "securityGroup/ManagedLBSecurityGroup#/name": "generated",
    },
  },
  {
    name: "conditions, actions, transforms, tags and priority of a rule",
    objects: {
      ingresses: [
        ingress({
          annotations: {
            "group.name": "g",
            "group.order": "7",
            tags: "team=a",
            "conditions.mix": [
              { field: "host-header", hostHeaderConfig: { values: ["extra.example"] } },
              { field: "http-request-method", httpRequestMethodConfig: { Values: ["GET"] } },
            ],
            "actions.mix": { type: "fixed-response", fixedResponseConfig: { statusCode: "200" } },
            "transforms.mix": [{ type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } }],
          },
          rules: [rule("own.example", prefix("/x", act("mix")), prefix("/", backend()))],
        }),
      ],
    },
    sources: {
      "listenerRule/80:1#/priority": "Ingress web <group.order>",
      "listenerRule/80:1#/conditions/0": "Ingress web <conditions.mix>",
      "listenerRule/80:1#/conditions/1": "Ingress web /spec/rules/0/host",
      "listenerRule/80:1#/conditions/1/hostHeaderConfig/values/1": "Ingress web <conditions.mix>",
      "listenerRule/80:1#/conditions/2": "Ingress web /spec/rules/0/http/paths/0/path",
      "listenerRule/80:1#/actions/0": "Ingress web <actions.mix>",
      "listenerRule/80:1#/transforms": "Ingress web <transforms.mix>",
      "listenerRule/80:1#/tags/team": "Ingress web <tags>",
      "listenerRule/80:2#/actions/0": "Ingress web /spec/rules/0/http/paths/1/backend",
    },
  },
  {
    name: "authentication, certificates and the default action of an HTTPS listener",
    objects: {
      ingresses: [
        ingress({
          annotations: { "listen-ports": [{ HTTPS: 443 }], "auth-scope": "email" },
          rules: [rule("one.example", prefix("/")), rule("two.example", prefix("/"))],
          tlsHosts: ["one.example", "three.example"],
          defaultBackend: backend("api"),
        }),
      ],
      services: [
        service("web", {
          annotations: {
            "auth-type": "cognito",
            "auth-idp-cognito": { userPoolARN: "arn", userPoolClientID: "id", userPoolDomain: "d" },
          },
        }),
        service("api", { ipFamilies: ["IPv4"] }),
      ],
    },
    sources: {
      "listenerRule/443:1#/actions/0": "Service web <auth-type>",
      "listenerRule/443:1#/actions/0/authenticateCognitoConfig": "Service web <auth-idp-cognito>",
      "listenerRule/443:1#/actions/0/authenticateCognitoConfig/scope": "Ingress web <auth-scope>",
      "listenerRule/443:1#/actions/0/authenticateCognitoConfig/sessionTimeout": "default: 604800",
      "listener/443#/defaultActions": "Ingress web /spec/defaultBackend",
      "listener/443#/certificates/0": "Ingress web /spec/rules/1/host",
      "listener/443#/certificates/1": "Ingress web /spec/tls/0/hosts/1",
      "targetGroup/shop/web-api:80#/ipAddressType": "Service api /spec/ipFamilies",
      "targetGroup/shop/web-web:80#/ipAddressType": "default: ipv4",
      "targetGroup/shop/web-web:80#/port": "Service web /spec/ports/0/nodePort",
      "targetGroupBinding/shop/web-web:80#/vpcId": "discovery",
    },
  },
  {
    name: "the default action of a redirecting listener, and without a default backend",
    objects: {
      ingresses: [
        ingress({
          annotations: { "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "ssl-redirect": 443 },
          rules: [rule("one.example", prefix("/")), rule("two.example", prefix("/")), rule("three.example")],
        }),
      ],
    },
    sources: {
      "listener/80#/defaultActions": "Ingress web <ssl-redirect>",
      "listener/443#/defaultActions": "default: 404 without a defaultBackend",
    },
  },
];

it.each(cases)("$name", ({ objects, sources }) => {
  const { settings } = settingsFromFlags({ "cluster-name": "demo" });
  const world = facts({
    certificates: [
      certificate("a", ["two.example"]),
      certificate("b", ["three.example"]),
      certificate("c", ["one.example"]),
    ],
  });
  const [stack] = Object.values(explainDesired(deepFreeze(given.snapshot(objects)), world, undefined, settings));
  const found = Object.keys(sources).map((place) => {
    const { object, field = "nothing" } = stack?.[place] ?? {};
    const short = field.replace(/^\/metadata\/annotations\/alb.ingress.kubernetes.io~1(.*)$/, "<$1>");
    return [place, object === undefined ? short : `${object.kind} ${object.name} ${short}`];
  });
  expect(Object.fromEntries(found)).toEqual(sources);
});
