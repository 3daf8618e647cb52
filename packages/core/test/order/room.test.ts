/** Quotas that are exactly used up: what is new waits until there is room for it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyAccount } from "../../src/check/account/account.ts";
import { reaches } from "../../src/check/reaches.ts";
import { simulate } from "../../src/check/simulate.ts";
import type { Account } from "../../src/model/inventory.ts";
import type { Quotas } from "../../src/model/quotas.ts";
import { plan } from "../../src/plan.ts";
import { desiredGraph } from "../arbitraries/graph.ts";
import { tightQuotas } from "../arbitraries/transition.ts";
import { calls, carryOut } from "../fixtures/carry-out.ts";
import { drawn, FUZZ_RUNS } from "../fixtures/drawn.ts";
import { graphOf, type ListenerSketch, NOT_FOUND, path, redirectToPort, resource } from "../fixtures/graph.ts";
import { anyAllowedOrder } from "../fixtures/shuffle.ts";

const [A = "", B = "", C = ""] = ["a", "b", "c"].map((id) => `arn:aws:acm:eu-central-1:111122223333:certificate/${id}`);
const rule = { conditions: [path("/a")], actions: [NOT_FOUND] };
const https = (...certificates: readonly string[]): ListenerSketch => ({
  protocol: "HTTPS",
  certificates,
  sslPolicy: "ELBSecurityPolicy-2016-08",
});

type Listeners = { readonly [port: number]: ListenerSketch };

function between(before: Listeners, after: Listeners, quotas: Partial<Quotas>) {
  const { account } = carryOut(graphOf([{ listeners: before }]));
  const { plan: made } = carryOut(graphOf([{ listeners: after }]), {
    ...account,
    quotas: { ...account.quotas, ...quotas },
  });
  return { calls: calls(made), codes: made.diagnostics.map(({ code }) => code) };
}

describe("with all rules of the quota in use", () => {
  const quotas = { rulesPerLoadBalancer: 1 };

  it.each<{ name: string; before: Listeners; after: Listeners; calls: readonly string[]; codes: readonly string[] }>([
    {
      name: "a rule moves from one listener to another",
      before: { 80: { rules: [rule] } },
      after: { 80: {}, 443: { rules: [rule] } },
      calls: ["deleteRule listenerRule/80:1", "createListener listener/443", "createRule listenerRule/443:1"],
      codes: [],
    },
    {
      name: "a listener goes before another one gets its rules",
      before: { 80: { rules: [rule] } },
      after: { 443: { rules: [rule] } },
      calls: ["deleteListener listener/80", "createListener listener/443", "createRule listenerRule/443:1"],
      codes: [],
    },
    {
      name: "a redirect can't wait for what it points to",
      before: { 80: { rules: [rule] } },
      after: { 80: { defaultActions: [redirectToPort(443)] }, 443: { rules: [rule] } },
      calls: [
        "modifyListener listener/80",
        "deleteRule listenerRule/80:1",
        "createListener listener/443",
        "createRule listenerRule/443:1",
      ],
      codes: ["redirects.gap"],
    },
    {
      name: "a listener can't wait for the redirects to it",
      before: { 80: { defaultActions: [redirectToPort(443)] }, 443: { rules: [rule] } },
      after: { 80: { rules: [rule] } },
      calls: ["deleteListener listener/443", "createRule listenerRule/80:1", "modifyListener listener/80"],
      codes: ["redirects.gap"],
    },
  ])("$name", ({ before, after, calls: expected, codes }) => {
    expect(between(before, after, quotas)).toEqual({ calls: expected, codes });
  });
});

describe("with all certificates of the quota in use", () => {
  it.each<{
    name: string;
    quota: number;
    before: Listeners;
    after: Listeners;
    calls: readonly string[];
    codes: readonly string[];
  }>([
    {
      name: "a listener goes before another one gets its certificates",
      quota: 1,
      before: { 443: https(A, B) },
      after: { 8443: https(A, B) },
      calls: [
        "deleteListener listener/443",
        "createListener listener/8443",
        "addListenerCertificates listener/8443",
        "addListenerCertificates listener/8443",
      ],
      codes: [],
    },
    {
      name: "one listener lets go before another one gets more",
      quota: 2,
      before: { 443: https(A, B, C), 8443: https(A) },
      after: { 443: https(A, B), 8443: https(A, C) },
      calls: ["removeListenerCertificates listener/443", "addListenerCertificates listener/8443"],
      codes: [],
    },
    {
      name: "a certificate takes the place of another one",
      quota: 1,
      before: { 443: https(A, B) },
      after: { 443: https(A, C) },
      calls: ["removeListenerCertificates listener/443", "addListenerCertificates listener/443"],
      codes: ["certificates.gap"],
    },
    {
      name: "a new default comes when there is room for the old one beside it",
      quota: 1,
      before: { 80: https(A), 443: https(A, B) },
      after: { 80: https(B, A), 443: { protocol: "HTTP" } },
      calls: ["modifyListener listener/443", "addListenerCertificates listener/80", "modifyListener listener/80"],
      codes: [],
    },
  ])("$name", ({ quota, before, after, calls: expected, codes }) => {
    expect(between(before, after, { certificatesPerLoadBalancer: quota })).toEqual({ calls: expected, codes });
  });

  it("switches default actions before there is room for a new default certificate", () => {
    const { account } = carryOut(graphOf([{ listeners: { 80: { ...https(A), rules: [rule] }, 443: https(A, B) } }]));
    const after: Listeners = {
      80: { ...https(B, A), defaultActions: [redirectToPort(8443)] },
      443: { protocol: "HTTP", rules: [rule] },
    };
    const tight = { ...account.quotas, rulesPerLoadBalancer: 1, certificatesPerLoadBalancer: 1 };
    const { plan: made } = carryOut(graphOf([{ listeners: after }]), { ...account, quotas: tight });
    expect(calls(made)).toEqual([
      "modifyListener listener/80",
      "deleteRule listenerRule/80:1",
      "modifyListener listener/443",
      "modifyListener listener/80",
      "addListenerCertificates listener/80",
      "createRule listenerRule/443:1",
    ]);
    const [early, , , late] = made.actions;
    expect(Object.keys(early?.details ?? {})).toEqual(["listenerArn", "defaultActions"]);
    expect(Object.keys(late?.details ?? {})).toEqual(["listenerArn", "defaultCertificate"]);
  });

  it("says that a default goes before others have room", () => {
    const { account } = carryOut(graphOf([{ listeners: { 443: https(A), 8443: https(A, B) } }]));
    const alone = (listener: Account["listeners"][string]) =>
      listener.spec.port === 443 ? { ...listener, spec: { ...listener.spec, certificates: [A] } } : listener;
    const listeners = Object.entries(account.listeners).map(([arn, listener]) => [arn, alone(listener)] as const);
    const tight = {
      ...account,
      listeners: Object.fromEntries(listeners),
      quotas: { ...account.quotas, certificatesPerLoadBalancer: 2 },
    };
    const { plan: made } = carryOut(graphOf([{ listeners: { 443: https(B, C), 8443: https(A, B) } }]), tight);
    expect(calls(made)[0]).toBe("modifyListener listener/443");
    expect(made.diagnostics).toMatchObject([
      { code: "certificates.gap", message: expect.stringContaining(`no room for 1 new ones`) },
    ]);
  });

  it("names the hosts of a certificate that makes room", () => {
    const certificate = (host: string) =>
      resource("certificate", host, {
        type: "AMAZON_ISSUED",
        domainName: host,
        subjectAlternativeNames: [host, `www.${host}`],
        validationMethod: "DNS",
      });
    const goal = (...hosts: readonly string[]) =>
      graphOf(
        [
          {
            listeners: {
              443: {
                ...https(),
                certificates: [A, ...hosts.map((host) => ({ ref: `certificate/${host}`, field: "arn" as const }))],
              },
            },
            more: hosts.map(certificate),
          },
        ],
        { settings: managed },
      );
    const { account } = carryOut(goal("old.io"));
    const tight = { ...account, quotas: { ...account.quotas, certificatesPerLoadBalancer: 1 } };
    const [found] = carryOut(goal("new.io"), tight).plan.diagnostics;
    expect(found?.code).toBe("certificates.gap");
    expect(found?.message).toContain("clients of old.io, www.old.io may meet another certificate");
  });
});

const managed = (() => {
  const { settings } = graphOf([]);
  return { ...settings, featureGates: { ...settings.featureGates, EnableCertificateManagement: true } };
})();

describe("with quotas that either goal just meets", () => {
  it(
    "no call is refused, in any order that the dependencies allow",
    () => {
      const EMPTY = emptyAccount({ region: "us-west-2", accountId: "123456789012", vpcId: "vpc-1" });
      const consent = { allowDelete: true, allowReplace: true };
      fc.assert(
        fc.property(desiredGraph, desiredGraph, fc.nat(), (before, after, seed) => {
          const start = simulate(EMPTY, plan(before, EMPTY)).account;
          const account = { ...start, quotas: tightQuotas(start, simulate(EMPTY, plan(after, EMPTY)).account) };
          const { actions } = plan(after, account, consent);
          for (const order of [actions, anyAllowedOrder(actions, seed)]) {
            const { diagnostics, account: end } = simulate(account, { actions: order });
            expect(diagnostics.map(({ message }) => message)).toEqual([]);
            expect(reaches(after, end)).toEqual([]);
          }
        }),
        drawn("quotas just met", Math.ceil(FUZZ_RUNS / 20)),
      );
    },
    120_000 + FUZZ_RUNS * 100,
  );
});
