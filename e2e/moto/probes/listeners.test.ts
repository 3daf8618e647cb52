import { describe, expect, it } from "vitest";
import { forward, httpsListener, listener, loadBalancer, refusal, targetGroup, useAccount } from "./account.ts";

const account = useAccount();

const certificate = (domain: string) => ({ CertificateArn: account().seed.certificates[domain] });
const UNKNOWN = {
  CertificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/00000000-0000-0000-0000-000000000000",
};

const certificatesOf = async (ListenerArn: string) => {
  const { Certificates } = await account().elbv2("DescribeListenerCertificates", { ListenerArn });
  const domains = Object.entries(account().seed.certificates);
  return Certificates.map(({ CertificateArn, IsDefault }: { CertificateArn: string; IsDefault: boolean }) => {
    const [domain] = domains.find(([, arn]) => arn === CertificateArn) ?? [];
    return IsDefault ? `${domain} (default)` : domain;
  });
};

describe("listeners", () => {
  it("answer the same creation again with the same one, and refuse the port for another", async () => {
    const balancer = await loadBalancer(account());
    const first = await listener(account(), balancer);
    expect(await listener(account(), balancer)).toBe(first);
    const other = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }];
    expect(await refusal(listener(account(), balancer, { DefaultActions: other }))).toBe("DuplicateListener");
  });

  it.each([
    ["HTTPS without a certificate", "ValidationError", () => ({ Protocol: "HTTPS" })],
    ["an unknown certificate", "CertificateNotFound", () => ({ Protocol: "HTTPS", Certificates: [UNKNOWN] })],
    [
      "two certificates",
      "TooManyCertificates",
      () => ({ Protocol: "HTTPS", Certificates: [certificate("a.example.com"), certificate("b.example.com")] }),
    ],
    [
      "an unknown policy",
      "SSLPolicyNotFound",
      () => ({ Protocol: "HTTPS", Certificates: [certificate("a.example.com")], SslPolicy: "nope" }),
    ],
    ["a protocol of network load balancers", "UnsupportedProtocol", () => ({ Protocol: "TCP" })],
    ["port 0", "ValidationError", () => ({ Port: 0 })],
    ["a missing target group", "TargetGroupNotFound", () => ({ DefaultActions: forward({ TargetGroupArn: "arn" }) })],
  ])("refuse %s", async (_, code, wrong) => {
    const balancer = await loadBalancer(account());
    expect(await refusal(listener(account(), balancer, wrong()))).toBe(code);
  });

  it("have a policy with HTTPS only", async () => {
    const { elbv2 } = account();
    const LoadBalancerArn = await loadBalancer(account());
    await listener(account(), LoadBalancerArn);
    await httpsListener(account(), LoadBalancerArn);
    const { Listeners } = await elbv2("DescribeListeners", { LoadBalancerArn });
    expect(Listeners.map(({ SslPolicy }: { SslPolicy?: string }) => SslPolicy)).toEqual([
      undefined,
      "ELBSecurityPolicy-2016-08",
    ]);
  });

  it("change what is given and keep the rest", async () => {
    const { elbv2 } = account();
    const ListenerArn = await httpsListener(account(), await loadBalancer(account()));
    await elbv2("AddListenerCertificates", { ListenerArn, Certificates: [certificate("b.example.com")] });
    const TargetGroupArn = await targetGroup(account());
    await elbv2("ModifyListener", {
      ListenerArn,
      DefaultActions: forward({ TargetGroupArn }),
      Certificates: [certificate("c.example.com")],
      SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    });
    const { Listeners } = await elbv2("DescribeListeners", { ListenerArns: [ListenerArn] });
    expect(Listeners[0]).toMatchObject({
      Port: 443,
      Protocol: "HTTPS",
      SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      Certificates: [certificate("c.example.com")],
    });
    expect(Listeners[0].DefaultActions[0].TargetGroupArn).toBe(TargetGroupArn);
    expect(await certificatesOf(ListenerArn)).toEqual(["c.example.com (default)", "b.example.com"]);
  });

  it("don't take another's port, and lose what belongs to TLS with it", async () => {
    const { elbv2 } = account();
    const LoadBalancerArn = await loadBalancer(account());
    await listener(account(), LoadBalancerArn);
    const ListenerArn = await httpsListener(account(), LoadBalancerArn);
    expect(await refusal(elbv2("ModifyListener", { ListenerArn, Port: 80 }))).toBe("DuplicateListener");
    await elbv2("ModifyListener", { ListenerArn, Port: 8080, Protocol: "HTTP" });
    const { Listeners } = await elbv2("DescribeListeners", { ListenerArns: [ListenerArn] });
    expect(Listeners[0]).toMatchObject({ Port: 8080, Protocol: "HTTP" });
    expect(Listeners[0].SslPolicy).toBeUndefined();
    expect(Listeners[0].Certificates ?? []).toEqual([]);
  });

  it("have AWS's attributes by protocol, check and keep changes", async () => {
    const { elbv2 } = account();
    const ListenerArn = await listener(account(), await loadBalancer(account()));
    const attributes = async () => (await elbv2("DescribeListenerAttributes", { ListenerArn })).Attributes;
    const Server = "routing.http.response.server.enabled";
    expect(await attributes()).toContainEqual({ Key: Server, Value: "true" });
    expect(JSON.stringify(await attributes())).not.toContain("tcp.idle_timeout");
    const modify = (Key: string) =>
      elbv2("ModifyListenerAttributes", { ListenerArn, Attributes: [{ Key, Value: "false" }] });
    await modify(Server);
    expect(await attributes()).toContainEqual({ Key: Server, Value: "false" });
    expect(await refusal(modify("routing.http.request.x_amzn_tls_version.header_name"))).toBe(
      "InvalidConfigurationRequest",
    );
  });

  it("keep their quota", async () => {
    await account().set({ quotas: { listenersPerLoadBalancer: 1 } });
    const balancer = await loadBalancer(account());
    await listener(account(), balancer);
    expect(await refusal(listener(account(), balancer, { Port: 81 }))).toBe("TooManyListeners");
  });

  it("say which of several isn't there", async () => {
    const { elbv2 } = account();
    const known = await listener(account(), await loadBalancer(account()));
    expect(await refusal(elbv2("DescribeListeners", { ListenerArns: [known, `${known}0`] }))).toBe("ListenerNotFound");
    expect(await refusal(elbv2("DeleteListener", { ListenerArn: `${known}0` }))).toBe("ListenerNotFound");
  });
});

describe("certificates of a listener", () => {
  it("are added one a call, and once", async () => {
    const { elbv2 } = account();
    const ListenerArn = await httpsListener(account(), await loadBalancer(account()));
    const add = (...domains: string[]) =>
      elbv2("AddListenerCertificates", { ListenerArn, Certificates: domains.map(certificate) });
    expect(await refusal(add("b.example.com", "c.example.com"))).toBe("ValidationError");
    await add("b.example.com");
    await add("b.example.com");
    expect(await certificatesOf(ListenerArn)).toEqual(["a.example.com (default)", "b.example.com"]);
    const { Listeners } = await elbv2("DescribeListeners", { ListenerArns: [ListenerArn] });
    expect(Listeners[0].Certificates).toEqual([certificate("a.example.com")]);
    await elbv2("RemoveListenerCertificates", { ListenerArn, Certificates: [certificate("b.example.com")] });
    expect(await certificatesOf(ListenerArn)).toEqual(["a.example.com (default)"]);
  });

  it("can hold the default one too, which stays when that goes", async () => {
    const { elbv2 } = account();
    const ListenerArn = await httpsListener(account(), await loadBalancer(account()));
    const Certificates = [certificate("a.example.com")];
    expect(await refusal(elbv2("RemoveListenerCertificates", { ListenerArn, Certificates }))).toBe(
      "OperationNotPermitted",
    );
    await elbv2("AddListenerCertificates", { ListenerArn, Certificates });
    expect(await certificatesOf(ListenerArn)).toEqual(["a.example.com (default)", "a.example.com"]);
    await elbv2("RemoveListenerCertificates", { ListenerArn, Certificates });
    expect(await certificatesOf(ListenerArn)).toEqual(["a.example.com (default)"]);
  });

  it("keep their quota over all listeners, and exist", async () => {
    const { elbv2, set } = account();
    await set({ quotas: { certificatesPerLoadBalancer: 1 } });
    const balancer = await loadBalancer(account());
    const one = await httpsListener(account(), balancer);
    const two = await httpsListener(account(), balancer, { Port: 8443 });
    const add = (ListenerArn: string, wanted: object) =>
      elbv2("AddListenerCertificates", { ListenerArn, Certificates: [wanted] });
    await add(one, certificate("b.example.com"));
    expect(await refusal(add(two, certificate("c.example.com")))).toBe("TooManyCertificates");
    expect(await refusal(add(two, UNKNOWN))).toBe("CertificateNotFound");
  });
});

describe("mutual TLS", () => {
  const store = async () => {
    const bundle = { CaCertificatesBundleS3Bucket: "bucket", CaCertificatesBundleS3Key: "key" };
    const { TrustStores } = await account().elbv2("CreateTrustStore", { Name: "clients", ...bundle });
    return TrustStores[0].TrustStoreArn as string;
  };

  it("is off, passes through or verifies against a trust store", async () => {
    const { elbv2 } = account();
    const ListenerArn = await httpsListener(account(), await loadBalancer(account()));
    const mode = async () =>
      (await elbv2("DescribeListeners", { ListenerArns: [ListenerArn] })).Listeners[0].MutualAuthentication;
    expect(await mode()).toEqual({ Mode: "off" });
    await elbv2("ModifyListener", { ListenerArn, MutualAuthentication: { Mode: "passthrough" } });
    expect(await mode()).toEqual({ Mode: "passthrough" });
    const TrustStoreArn = await store();
    await elbv2("ModifyListener", { ListenerArn, MutualAuthentication: { Mode: "verify", TrustStoreArn } });
    expect(await mode()).toEqual({
      Mode: "verify",
      TrustStoreArn,
      IgnoreClientCertificateExpiry: false,
      AdvertiseTrustStoreCaNames: "off",
    });
    expect(await refusal(elbv2("DeleteTrustStore", { TrustStoreArn }))).toBe("TrustStoreInUse");
    await elbv2("ModifyListener", { ListenerArn, MutualAuthentication: { Mode: "off" } });
    expect(await mode()).toEqual({ Mode: "off" });
    await elbv2("DeleteTrustStore", { TrustStoreArn });
  });

  it("refuses what doesn't fit together", async () => {
    const balancer = await loadBalancer(account());
    const create = (MutualAuthentication: object) => httpsListener(account(), balancer, { MutualAuthentication });
    expect(await refusal(create({ Mode: "verify" }))).toBe("ValidationError");
    expect(await refusal(create({ Mode: "verify", TrustStoreArn: "arn" }))).toBe("TrustStoreNotFound");
    expect(await refusal(create({ Mode: "off", TrustStoreArn: await store() }))).toBe("ValidationError");
  });

  it("finds trust stores by name", async () => {
    const { elbv2 } = account();
    const TrustStoreArn = await store();
    const { TrustStores } = await elbv2("DescribeTrustStores", { Names: ["clients"] });
    expect(TrustStores).toMatchObject([{ Name: "clients", TrustStoreArn, Status: "ACTIVE" }]);
    expect(await refusal(elbv2("DescribeTrustStores", { Names: ["nobody"] }))).toBe("TrustStoreNotFound");
  });
});

it("lists AWS's policies", async () => {
  const { SslPolicies } = await account().elbv2("DescribeSSLPolicies");
  const names = SslPolicies.map(({ Name }: { Name: string }) => Name);
  expect(names).toContain("ELBSecurityPolicy-TLS13-1-2-2021-06");
});
