import { describe, expect, it } from "vitest";
import type { CertificateFact } from "../../src/model/facts.ts";
import { ingress, prefix, rule } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, listener } from "../fixtures/desired.ts";
import { certificate, certificateArn } from "../fixtures/facts.ts";

const HTTPS = { "listen-ports": [{ HTTPS: 443 }] };

/** The certificates on port 443 by name, or the first error. */
function discovered(
  certificates: readonly CertificateFact[],
  hosts: readonly string[],
  flags: Record<string, string> = {},
): unknown {
  const rules = hosts.map((host) => rule(host, prefix("/")));
  const graph = annotated(HTTPS, { rules }, {}, { facts: { certificates }, flags });
  const [error] = errorCodes(graph);
  return error ?? listener(graph, 443).certificates?.map((arn) => String(arn).replace(/.*\//, ""));
}

const NONE = "certificate.not-found";

describe("certificate discovery from hosts", () => {
  it.each([
    { name: "exact", sans: ["a.io"], host: "a.io", serves: true },
    { name: "another host", sans: ["b.io"], host: "a.io", serves: false },
    { name: "one of several", sans: ["b.io", "a.io"], host: "a.io", serves: true },
    { name: "letters compare with case", sans: ["A.io"], host: "a.io", serves: false },
    { name: "wildcard", sans: ["*.a.io"], host: "x.a.io", serves: true },
    { name: "wildcard and the apex", sans: ["*.a.io"], host: "a.io", serves: false },
    { name: "wildcard and two labels", sans: ["*.a.io"], host: "y.x.a.io", serves: false },
    { name: "wildcard and a wildcard host", sans: ["*.a.io"], host: "*.a.io", serves: true },
    { name: "exact and a wildcard host", sans: ["x.a.io"], host: "*.a.io", serves: false },
    { name: "a bare star", sans: ["*"], host: "localhost", serves: false },
    { name: "a host called like a property", sans: ["a.io"], host: "constructor", serves: false },
  ])("$name: $sans for $host", ({ sans, host, serves }) => {
    expect(discovered([certificate("1", sans)], [host])).toEqual(serves ? ["1"] : NONE);
  });
  it("takes every certificate that serves a host, sorted by ARN: the first is the default", () => {
    const certificates = [
      certificate("3", ["a.io"]),
      certificate("1", ["*.io"]),
      certificate("2", ["b.io"]),
      certificate("0", ["c.io"]),
    ];
    expect(discovered(certificates, ["a.io", "b.io"])).toEqual(["1", "2", "3"]);
  });
  it.each(["PENDING_VALIDATION", "EXPIRED", "REVOKED", "FAILED", "INACTIVE"])(
    "a certificate that is %s isn't one",
    (status) => {
      expect(discovered([certificate("1", ["a.io"], { status })], ["a.io"])).toBe(NONE);
    },
  );
  it("hosts are those of rules and of the tls section", () => {
    const certificates = [certificate("1", ["a.io"]), certificate("2", ["b.io"])];
    const graph = annotated(
      HTTPS,
      { rules: [rule("b.io", prefix("/"))], tlsHosts: ["a.io"] },
      {},
      { facts: { certificates } },
    );
    expect(listener(graph, 443).certificates).toEqual([certificateArn("1"), certificateArn("2")]);
  });
  it("without any host there are no certificates and no error", () => {
    const graph = annotated(HTTPS);
    expect(errorCodes(graph)).toEqual([]);
    expect(listener(graph, 443).certificates).toBeUndefined();
  });
  it("is left alone on HTTP, and where explicit certificates are given", () => {
    const rules = [rule("nowhere.io", prefix("/"))];
    expect(errorCodes(annotated({}, { rules }))).toEqual([]);
    expect(errorCodes(annotated({ ...HTTPS, "certificate-arn": "arn:x" }, { rules }))).toEqual([]);
    expect(errorCodes(annotated({ ...HTTPS, "certificate-arn": " , " }, { rules }))).toEqual([NONE]);
  });
  it("certificates of our own stacks are left out with certificate management", () => {
    const tags = { "elbv2.k8s.aws/cluster": "other", "ingress.k8s.aws/stack": "x" };
    const own = [
      certificate("1", ["a.io"], { tags }),
      certificate("2", ["a.io"], { tags: { "ingress.k8s.aws/stack": "x" } }),
    ];
    expect(discovered(own, ["a.io"])).toEqual(["1", "2"]);
    expect(discovered(own, ["a.io"], { "feature-gates": "EnableCertificateManagement=true" })).toEqual(["2"]);
  });
});

describe("CA filter (allowed-certificate-authority-arns)", () => {
  it("leaves Amazon's and other authorities' certificates out", () => {
    const certificates = [
      certificate("1", ["a.io"]),
      certificate("2", ["a.io"], { caArn: "arn:ca/2" }),
      certificate("3", ["a.io"], { caArn: "arn:ca/3" }),
      certificate("4", ["a.io"], { caArn: "" }),
    ];
    expect(discovered(certificates, ["a.io"], { "allowed-certificate-authority-arns": "arn:ca/3,arn:ca/9" })).toEqual([
      "3",
    ]);
    expect(discovered(certificates, ["a.io"], { "allowed-certificate-authority-arns": "arn:ca/9" })).toBe(NONE);
    expect(discovered(certificates, ["a.io"])).toEqual(["1", "2", "3", "4"]);
  });
});

describe("explicit certificates, ordering, default cert", () => {
  it("keep the annotation's order; the first is the default; they make HTTPS:443 the default port", () => {
    expect(listener(annotated({ "certificate-arn": "arn:c, arn:a ,arn:b" }), 443).certificates).toEqual([
      "arn:c",
      "arn:a",
      "arn:b",
    ]);
  });
});

describe("certificate dedup and SNI set incl. default quirk", () => {
  const member = (name: string, arns: string | undefined, host = "a.io") =>
    ingress({
      name,
      annotations: { "group.name": "team", ...HTTPS, ...(arns !== undefined && { "certificate-arn": arns }) },
      rules: [rule(host, prefix("/"))],
    });
  const certificates = [certificate("1", ["a.io"])];
  it.each([
    { members: ["arn:a,arn:b", "arn:b,arn:c"], expected: ["arn:a", "arn:b", "arn:c"] },
    { members: ["arn:a", "arn:a"], expected: ["arn:a", "arn:a"] },
    { members: ["arn:a,arn:a,arn:a", "arn:a"], expected: ["arn:a", "arn:a"] },
    { members: ["arn:b,arn:b", "arn:a,arn:b"], expected: ["arn:b", "arn:b", "arn:a"] },
    { members: [undefined, "arn:a"], expected: [certificateArn("1"), "arn:a"] },
  ])("$members", ({ members, expected }) => {
    const graph = desired(
      { ingresses: members.map((arns, index) => member(`m${index}`, arns)) },
      { facts: { certificates } },
    );
    expect(listener(graph, 443).certificates).toEqual(expected);
  });
  it("the default is the first of the first member that has any", () => {
    const hostless = ingress({ name: "m0", annotations: { "group.name": "team", ...HTTPS } });
    const graph = desired({ ingresses: [hostless, member("m1", "arn:b")] });
    expect(listener(graph, 443).certificates).toEqual(["arn:b"]);
  });
});
