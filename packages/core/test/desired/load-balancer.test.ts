import { describe, expect, it } from "vitest";
import { ingress } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, loadBalancer } from "../fixtures/desired.ts";
import { PRIVATE, subnet } from "../fixtures/facts.ts";

describe("scheme resolve and conflict", () => {
  it.each([
    { value: undefined, flag: "internal", expected: "internal" },
    { value: undefined, flag: "internet-facing", expected: "internet-facing" },
    { value: "internal", flag: "internet-facing", expected: "internal" },
    { value: "internet-facing", flag: "internal", expected: "internet-facing" },
  ])("$value with flag $flag", ({ value, flag, expected }) => {
    const annotations = value === undefined ? {} : { scheme: value };
    const graph = annotated(annotations, {}, {}, { flags: { "default-load-balancer-scheme": flag } });
    expect(loadBalancer(graph).scheme).toBe(expected);
  });
  it.each(["", "Internal", "public", " internal"])("%j is refused", (scheme) => {
    expect(errorCodes(annotated({ scheme }))).toEqual(["annotation.value-not-allowed"]);
  });
  it("members must agree; one that says nothing agrees", () => {
    const member = (name: string, scheme?: string) =>
      ingress({ name, annotations: { "group.name": "team", ...(scheme && { scheme }) } });
    const split = desired({ ingresses: [member("a", "internal"), member("b", "internet-facing")] });
    expect(errorCodes(split)).toEqual(["group.conflict"]);
    expect(loadBalancer(desired({ ingresses: [member("a"), member("b", "internet-facing")] })).scheme).toBe(
      "internet-facing",
    );
  });
});

describe("ip address type incl. dualstack-without-public-ipv4", () => {
  const v6 = { ipv6Cidrs: ["2001:db8::/64"], tags: PRIVATE };
  const subnets = [subnet("subnet-1", "a", v6), subnet("subnet-2", "b", v6)];
  it.each(["ipv4", "dualstack", "dualstack-without-public-ipv4"])("%s", (type) => {
    expect(loadBalancer(annotated({ "ip-address-type": type }, {}, {}, { facts: { subnets } })).ipAddressType).toBe(
      type,
    );
  });
  it.each(["", "ipv6", "Dualstack"])("%j is refused", (type) => {
    expect(errorCodes(annotated({ "ip-address-type": type }))).toContain("annotation.value-not-allowed");
  });
});

describe("customer-owned IPv4 pool", () => {
  it("is taken over, an empty one refused", () => {
    expect(loadBalancer(annotated({ "customer-owned-ipv4-pool": "ipv4pool-coip-1" })).customerOwnedIpv4Pool).toBe(
      "ipv4pool-coip-1",
    );
    expect(errorCodes(annotated({ "customer-owned-ipv4-pool": "" }))).toEqual(["annotation.value-not-allowed"]);
  });
});

describe("IPAM pool id", () => {
  it("is taken over, an empty one ignored", () => {
    expect(loadBalancer(annotated({ "ipam-ipv4-pool-id": "ipam-1" })).ipv4IpamPoolId).toBe("ipam-1");
    expect(loadBalancer(annotated({ "ipam-ipv4-pool-id": "" })).ipv4IpamPoolId).toBeUndefined();
  });
});

describe("capacity reservation", () => {
  it.each([
    { text: "CapacityUnits=1000", units: 1000 },
    { text: "CapacityUnits=0", units: 0 },
    { text: "", units: undefined },
  ])("$text", ({ text, units }) => {
    expect(loadBalancer(annotated({ "minimum-load-balancer-capacity": text })).minimumCapacityUnits).toBe(units);
  });
  it.each(["CapacityUnits=many", "CapacityUnits=1.5", "capacityUnits=1", "CapacityUnits=1,More=2", "constructor=1"])(
    "%s is refused",
    (text) => {
      expect(errorCodes(annotated({ "minimum-load-balancer-capacity": text }))).toEqual([
        "annotation.value-not-allowed",
      ]);
    },
  );
  it("the gate leaves capacity alone, whatever the annotation says", () => {
    const flags = { "feature-gates": "LBCapacityReservation=false" };
    const graph = annotated({ "minimum-load-balancer-capacity": "nonsense" }, {}, {}, { flags });
    expect(loadBalancer(graph).minimumCapacityUnits).toBeUndefined();
  });
});

describe("load balancer attributes merge", () => {
  const member = (name: string, attributes: string) =>
    ingress({ name, annotations: { "group.name": "team", "load-balancer-attributes": attributes } });
  it("joins the members' and sets nothing else", () => {
    const graph = desired({ ingresses: [member("a", "x=1,__proto__=2"), member("b", "y=a\\,b,x=1")] });
    expect(Object.entries(loadBalancer(graph).attributes ?? {}).sort()).toEqual([
      ["__proto__", "2"],
      ["x", "1"],
      ["y", "a,b"],
    ]);
    expect(loadBalancer(desired()).attributes).toBeUndefined();
  });
  it("one key with two values is a conflict", () => {
    expect(errorCodes(desired({ ingresses: [member("a", "x=1"), member("b", "x=2")] }))).toEqual(["group.conflict"]);
  });
});
