import { describe, expect, it } from "vitest";
import { certificateFor } from "../../src/route/certificate.ts";
import type { CertificateState } from "../../src/route/listener-state.ts";

const cert = (certificate: string, names?: string[], keyAlgorithm?: string): CertificateState => ({
  certificate,
  ...(names && { names }),
  ...(keyAlgorithm && { keyAlgorithm }),
});
const fallback = cert("default", ["default.example.org"]);
const wildcard = cert("wildcard", ["*.example.com"]);
const exact = cert("exact", ["shop.example.com"]);

describe("certificateFor", () => {
  it.each([
    { name: "no name matches", certificates: [fallback, exact], sni: "other.example.com", as: ["default", "default"] },
    { name: "the exact name", certificates: [fallback, exact], sni: "shop.example.com", as: ["exact", "exact-name"] },
    { name: "case", certificates: [fallback, exact], sni: "Shop.Example.COM", as: ["exact", "exact-name"] },
    { name: "a wildcard", certificates: [fallback, wildcard], sni: "a.example.com", as: ["wildcard", "wildcard-name"] },
    {
      name: "a wildcard is one label",
      certificates: [fallback, wildcard],
      sni: "a.b.example.com",
      as: ["default", "default"],
    },
    {
      name: "a wildcard is at least one",
      certificates: [fallback, wildcard],
      sni: "example.com",
      as: ["default", "default"],
    },
    {
      name: "exact beats wildcard",
      certificates: [fallback, wildcard, exact],
      sni: "shop.example.com",
      as: ["exact", "exact-name"],
    },
    {
      name: "the default by its name",
      certificates: [fallback, exact],
      sni: "default.example.org",
      as: ["default", "exact-name"],
    },
    { name: "the default again", certificates: [fallback, fallback, exact], sni: "x", as: ["default", "default"] },
    {
      name: "ECDSA beats RSA",
      certificates: [cert("r", ["a.b"], "RSA_4096"), cert("e", ["a.b"], "EC_prime256v1")],
      sni: "a.b",
      as: ["e", "exact-name"],
    },
    {
      name: "the longer key",
      certificates: [cert("r2", ["a.b"], "RSA_2048"), cert("r4", ["a.b"], "RSA_4096")],
      sni: "a.b",
      as: ["r4", "exact-name"],
    },
  ])("$name", ({ certificates, sni, as: [certificate, because] }) => {
    expect(certificateFor(certificates, sni)).toEqual({ certificate, because, alternatives: [] });
  });

  it("names what AWS may choose as well", () => {
    const certificates = [fallback, cert("a", ["a.b"], "RSA_2048"), cert("b", ["a.b"], "RSA_2048"), cert("unread")];
    expect(certificateFor(certificates, "a.b")).toEqual({
      certificate: "a",
      because: "exact-name",
      alternatives: ["b", "unread"],
    });
  });

  it("has nothing to show on a listener without certificates", () => expect(certificateFor([], "a.b")).toBeUndefined());
});
