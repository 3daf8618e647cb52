import { describe, expect, it } from "vitest";
import { act, backend, ingress, prefix, rule } from "../fixtures/cluster.ts";
import { annotated, codes, desired, errorCodes, listener, rulesOf, specsOf, stackOf } from "../fixtures/desired.ts";
import { facts } from "../fixtures/facts.ts";

const BOTH = { "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "certificate-arn": "arn:a" };
const member = (name: string, annotations: object) =>
  ingress({ name, annotations: { "group.name": "team", ...annotations } });

describe("listen-ports JSON and default by presence of certs", () => {
  it.each([
    { annotations: {}, ports: [80] },
    { annotations: { "certificate-arn": "arn:a" }, ports: [443] },
    {
      annotations: { "listen-ports": '[{"HTTPS":443,"HTTP":80},{"HTTP":8080}]', "certificate-arn": "arn:a" },
      ports: [80, 443, 8080],
    },
    { annotations: { "listen-ports": "[{}]" }, ports: [] },
    { annotations: { "listen-ports": "[null]" }, ports: [] },
  ])("$annotations", ({ annotations, ports }) => {
    expect(stackOf(annotated(annotations)).listenerPorts).toEqual(ports);
  });
  it.each([
    "",
    "[]",
    "null",
    "{}",
    "[{]",
    '[{"HTTP":"80"}]',
    '[{"HTTP":80.0}]',
    '[{"HTTP":1e2}]',
    '[{"Http":80}]',
    '[{"HTTP":0}]',
    '[{"HTTP":65536}]',
    '[{"HTTP":4294967376}]',
  ])("%s is refused", (ports) => {
    expect(errorCodes(annotated({ "listen-ports": ports }))).toEqual(["annotation.invalid"]);
  });
  it("one port in an Ingress twice: the last protocol holds", () => {
    const graph = annotated({ "listen-ports": [{ HTTPS: 80 }, { HTTP: 80 }], "certificate-arn": "arn:a" });
    expect(listener(graph, 80).protocol).toBe("HTTP");
  });
  it("a create-acm-cert that can't be read counts as no", () => {
    const flags = { "feature-gates": "EnableCertificateManagement=true" };
    const graph = annotated({ "create-acm-cert": "maybe" }, { tlsHosts: ["a.io"] }, {}, { flags });
    expect(stackOf(graph).listenerPorts).toEqual([80]);
  });
});

describe("listen-port merge across members, protocol conflict", () => {
  it("is the union; a listener serves the members on its port in group order", () => {
    const ingresses = [
      member("b", { "group.order": "-1", "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }] }),
      member("a", {}),
    ];
    const graph = desired({ ingresses });
    expect(stackOf(graph).listenerPorts).toEqual([80, 8080]);
    expect([rulesOf(graph, 80).length, rulesOf(graph, 8080).length]).toEqual([2, 1]);
  });
  it("one port with two protocols is a conflict", () => {
    const graph = desired({
      ingresses: [member("a", {}), member("b", { "listen-ports": [{ HTTPS: 80 }], "certificate-arn": "arn:a" })],
    });
    expect(errorCodes(graph)).toEqual(["group.conflict"]);
  });
});

describe("ssl-policy merge and default", () => {
  const https = { "certificate-arn": "arn:a" };
  it("defaults to the flag's, on HTTPS only", () => {
    expect(listener(annotated(https), 443).sslPolicy).toBe("ELBSecurityPolicy-2016-08");
    expect(listener(annotated(https, {}, {}, { flags: { "default-ssl-policy": "P" } }), 443).sslPolicy).toBe("P");
    expect(listener(annotated({ "ssl-policy": "P" }), 80).sslPolicy).toBeUndefined();
  });
  it("one member's holds for the others; an empty one is a value", () => {
    const graph = desired({ ingresses: [member("a", https), member("b", { ...https, "ssl-policy": "P" })] });
    expect(listener(graph, 443).sslPolicy).toBe("P");
    expect(listener(annotated({ ...https, "ssl-policy": "" }), 443).sslPolicy).toBe("");
    const split = [member("a", { ...https, "ssl-policy": "" }), member("b", { ...https, "ssl-policy": "P" })];
    expect(errorCodes(desired({ ingresses: split }))).toEqual(["group.conflict"]);
  });
});

describe("ssl-redirect on HTTP listeners (no rules)", () => {
  it("redirects every HTTP listener of the group, which then has no rules", () => {
    const graph = desired({
      ingresses: [member("a", { ...BOTH, "ssl-redirect": "443" }), member("b", { "listen-ports": [{ HTTP: 8080 }] })],
    });
    for (const port of [80, 8080]) {
      expect(listener(graph, port).defaultActions).toEqual([
        { type: "redirect", redirectConfig: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
      ]);
      expect(rulesOf(graph, port)).toEqual([]);
    }
    expect(rulesOf(graph, 443)).toHaveLength(1);
  });
  it.each([
    {
      name: "a port nobody listens on",
      annotations: { ...BOTH, "ssl-redirect": "8443" },
      code: "listener.ssl-redirect-target",
    },
    { name: "an HTTP port", annotations: { ...BOTH, "ssl-redirect": "80" }, code: "listener.ssl-redirect-target" },
    { name: "no number", annotations: { ...BOTH, "ssl-redirect": "true" }, code: "annotation.invalid" },
  ])("$name is an error", ({ annotations, code }) => {
    expect(errorCodes(annotated(annotations))).toEqual([code]);
  });
  it("what only redirected listeners would need isn't read", () => {
    const broken = { ...BOTH, "listen-ports": [{ HTTP: 80 }, { HTTPS: 443 }], "ssl-redirect": "443" };
    const ingresses = [
      member("a", broken),
      ingress({
        name: "b",
        annotations: { "group.name": "team", "actions.x": "nonsense" },
        rules: [rule(undefined, prefix("/", act("x")))],
        defaultBackend: backend("nobody", "nothing"),
      }),
    ];
    expect(errorCodes(desired({ ingresses }))).toEqual([]);
  });
});

describe("listener attributes merged per PROTO-port", () => {
  it("concern only the listener they name", () => {
    const graph = annotated({
      "listen-ports": [{ HTTP: 80 }, { HTTP: 8080 }],
      "listener-attributes.HTTP-80": "a=1",
      "listener-attributes.HTTPS-8080": "a=2",
      "listener-attributes.http-8080": "nonsense",
    });
    expect([listener(graph, 80).attributes, listener(graph, 8080).attributes]).toEqual([{ a: "1" }, undefined]);
  });
  it("are joined over the members", () => {
    const attributes = (text: string) => ({ "listener-attributes.HTTP-80": text });
    const graph = desired({ ingresses: [member("a", attributes("a=1,b=1")), member("b", attributes("b=1,c=1"))] });
    expect(listener(graph, 80).attributes).toEqual({ a: "1", b: "1", c: "1" });
  });
});

describe("mTLS off / passthrough / verify, trust store by name or ARN", () => {
  const https = { "certificate-arn": "arn:a" };
  const [store] = facts().trustStores;
  it.each([
    { entry: { mode: "off" }, expected: { mode: "off", trustStoreArn: "" } },
    { entry: { mode: "passthrough", trustStore: "" }, expected: { mode: "passthrough", trustStoreArn: "" } },
    {
      entry: { mode: "verify", trustStore: "clients" },
      expected: { mode: "verify", trustStoreArn: store?.arn, ignoreClientCertificateExpiry: false },
    },
    {
      entry: {
        Mode: "verify",
        truststore: "arn:any",
        ignoreClientCertificateExpiry: true,
        advertiseTrustStoreCaNames: "on",
      },
      expected: {
        mode: "verify",
        trustStoreArn: "arn:any",
        ignoreClientCertificateExpiry: true,
        advertiseTrustStoreCaNames: "on",
      },
    },
  ])("$entry", ({ entry, expected }) => {
    const graph = annotated({ ...https, "mutual-authentication": [{ port: 443, ...entry }] });
    expect(listener(graph, 443).mutualAuthentication).toEqual(expected);
  });
  it.each([
    { entry: { mode: "verify" }, why: "no trust store" },
    { entry: { mode: "verify", trustStore: "" }, why: "an empty trust store" },
    { entry: { mode: "verify", trustStore: "nobody" }, why: "an unknown trust store" },
    { entry: { mode: "off", trustStore: "clients" }, why: "a trust store without verify" },
    { entry: { mode: "passthrough", ignoreClientCertificateExpiry: false }, why: "expiry without verify" },
    { entry: { mode: "off", advertiseTrustStoreCaNames: "off" }, why: "CA names without verify" },
    { entry: { mode: "verify", trustStore: "clients", advertiseTrustStoreCaNames: "yes" }, why: "neither on nor off" },
    { entry: { mode: "Verify", trustStore: "clients" }, why: "another case" },
    { entry: { mode: "" }, why: "no mode" },
    { entry: {}, why: "no mode at all" },
    { entry: { port: 0, mode: "off" }, why: "port 0" },
    { entry: { port: 65536, mode: "off" }, why: "port 65536" },
    { entry: { port: null, mode: "off" }, why: "no port" },
  ])("$why is refused", ({ entry }) => {
    const graph = annotated({ ...https, "mutual-authentication": [{ port: 443, ...entry }] });
    expect(errorCodes(graph)).toEqual(["listener.mutual-authentication-invalid"]);
  });
  it.each(["[]", "null", "[null]"])("%s is refused", (text) => {
    expect(errorCodes(annotated({ ...https, "mutual-authentication": text }))).toEqual([
      "listener.mutual-authentication-invalid",
    ]);
  });
  it("entries of ports without HTTPS do nothing, but must be right", () => {
    const other = annotated({
      "mutual-authentication": [
        { port: 80, mode: "off" },
        { port: 9443, mode: "off" },
      ],
    });
    expect(listener(other, 80).mutualAuthentication).toBeUndefined();
    const wrong = annotated({ "mutual-authentication": [{ port: 9443, mode: "verify", trustStore: "nobody" }] });
    expect(errorCodes(wrong)).toEqual(["listener.mutual-authentication-invalid"]);
  });
  it("members must agree in every field", () => {
    const verify = (entry: object) => ({
      ...https,
      "mutual-authentication": [{ port: 443, mode: "verify", trustStore: "clients", ...entry }],
    });
    const agreed = [
      member("a", verify({})),
      member("b", verify({ ignoreClientCertificateExpiry: false })),
      member("c", https),
    ];
    expect(errorCodes(desired({ ingresses: agreed }))).toEqual([]);
    const split = [member("a", verify({})), member("b", verify({ advertiseTrustStoreCaNames: "off" }))];
    expect(errorCodes(desired({ ingresses: split }))).toEqual(["group.conflict"]);
  });
});

describe("creation of ACM certificates (public, private CA)", () => {
  const flags = { "feature-gates": "EnableCertificateManagement=true" };
  const created = (
    annotations: object,
    moreFlags: Record<string, string> = {},
    hosts: readonly string[] = ["b.io", "a.io"],
  ) =>
    annotated(
      { "create-acm-cert": "true", ...annotations },
      { tlsHosts: hosts },
      {},
      { flags: { ...flags, ...moreFlags } },
    );

  it("names all hosts, the first as its domain, and serves HTTPS:443", () => {
    const graph = created({});
    const [spec] = specsOf(graph, "certificate");
    expect(spec).toEqual({
      type: "AMAZON_ISSUED",
      domainName: "a.io",
      subjectAlternativeNames: ["a.io", "b.io"],
      validationMethod: "DNS",
    });
    expect(listener(graph, 443).certificates).toEqual([
      { ref: expect.stringMatching(/^certificate\/amazon_issued\/a\.io-[0-9a-f]{8}$/), field: "arn" },
    ]);
  });
  it.each([
    { annotations: { "acm-pca-arn": "arn:ca" }, flag: "arn:flag", expected: "arn:ca" },
    { annotations: {}, flag: "arn:flag", expected: "arn:flag" },
    { annotations: { "acm-pca-arn": "" }, flag: "arn:flag", expected: undefined },
  ])("authority $annotations with flag $flag: $expected", ({ annotations, flag, expected }) => {
    const [spec] = specsOf(created(annotations, { "default-pca-arn": flag }), "certificate");
    expect([spec?.type, spec?.certificateAuthorityArn]).toEqual(
      expected ? ["PRIVATE", expected] : ["AMAZON_ISSUED", undefined],
    );
  });
  it("needs the gate and hosts, and yields to an annotated certificate", () => {
    expect(specsOf(annotated({ "create-acm-cert": "true" }, { tlsHosts: ["a.io"] }), "certificate")).toEqual([]);
    expect(errorCodes(created({}, {}, []))).toEqual(["certificate.no-hosts"]);
    expect(specsOf(created({ "certificate-arn": "arn:a" }), "certificate")).toEqual([]);
  });
});

describe("default backend and its uniqueness per port", () => {
  const withDefault = (name: string, annotations: object = {}) =>
    ingress({ name, rules: [], defaultBackend: backend(), annotations: { "group.name": "team", ...annotations } });
  it("is the listener's default action; without one it is 404", () => {
    expect(listener(desired({ ingresses: [withDefault("a"), member("b", {})] }), 80).defaultActions).toEqual([
      {
        type: "forward",
        forwardConfig: { targetGroups: [{ targetGroupArn: { ref: "targetGroup/shop/a-web:80", field: "arn" } }] },
      },
    ]);
    expect(listener(desired(), 80).defaultActions).toEqual([
      { type: "fixed-response", fixedResponseConfig: { contentType: "text/plain", statusCode: "404" } },
    ]);
  });
  it("two on one port are an error, on two ports they aren't", () => {
    expect(errorCodes(desired({ ingresses: [withDefault("a"), withDefault("b")] }))).toEqual([
      "listener.two-default-backends",
    ]);
    const apart = [withDefault("a"), withDefault("b", { "listen-ports": [{ HTTP: 8080 }] })];
    expect(errorCodes(desired({ ingresses: apart }))).toEqual([]);
  });
  it("its conditions don't apply, but must be readable", () => {
    const graph = (conditions: string) =>
      annotated({ "conditions.web": conditions }, { rules: [], defaultBackend: backend() });
    const valid = graph('[{"field":"source-ip","sourceIpConfig":{"values":["10.0.0.0/8"]}}]');
    expect([listener(valid, 80).defaultActions.length, rulesOf(valid).length]).toEqual([1, 0]);
    expect(errorCodes(graph("[{]"))).toEqual(["annotation.invalid"]);
    expect(errorCodes(graph('[{"field":"source-ip"}]'))).toEqual(["rule.condition-invalid"]);
  });
  it("a missing Service answers 503 there too", () => {
    const graph = annotated({}, { rules: [], defaultBackend: backend("nobody") });
    expect(listener(graph, 80).defaultActions).toMatchObject([{ fixedResponseConfig: { statusCode: "503" } }]);
    expect(codes(graph, "warning")).toEqual(["backend.service-missing"]);
  });
});
