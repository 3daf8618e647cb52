import { expect, it } from "vitest";
import { httpsListener, loadBalancer, refusal, useAccount } from "./account.ts";

const account = useAccount();

const described = async (CertificateArn: string | undefined) =>
  (await account().acm("DescribeCertificate", { CertificateArn })).Certificate;

it("are issued when their validation records exist", async () => {
  const { acm, route53, seed } = account();
  const { CertificateArn } = await acm("RequestCertificate", {
    DomainName: "shop.example.com",
    SubjectAlternativeNames: ["www.example.com"],
    ValidationMethod: "DNS",
    Tags: [{ Key: "a", Value: "1" }],
  });
  const { Status, DomainValidationOptions } = await described(CertificateArn);
  expect(Status).toBe("PENDING_VALIDATION");
  const balancer = await loadBalancer(account());
  const tooEarly = httpsListener(account(), balancer, { Certificates: [{ CertificateArn }] });
  expect(await refusal(tooEarly)).toBe("UnsupportedCertificate");
  for (const { ResourceRecord } of DomainValidationOptions) {
    const { Name, Type, Value } = ResourceRecord;
    const ResourceRecordSet = { Name, Type, TTL: 300, ResourceRecords: [{ Value }] };
    await route53("ChangeResourceRecordSets", {
      HostedZoneId: seed.hostedZone,
      ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet }] },
    });
  }
  expect((await described(CertificateArn)).Status).toBe("ISSUED");
  await httpsListener(account(), balancer, { Certificates: [{ CertificateArn }] });
});

it("are the same for the same token", async () => {
  const { acm } = account();
  const input = { DomainName: "shop.example.com", ValidationMethod: "DNS", IdempotencyToken: "token" };
  const first = await acm("RequestCertificate", input);
  expect((await acm("RequestCertificate", input)).CertificateArn).toBe(first.CertificateArn);
});

it("have names, and are found by them", async () => {
  const { acm, seed } = account();
  const arn = seed.certificates["a.example.com"];
  expect(await described(arn)).toMatchObject({ Status: "ISSUED", DomainName: "a.example.com" });
  expect((await described(arn)).SubjectAlternativeNames).toContain("*.a.example.com");
  const { CertificateSummaryList } = await acm("ListCertificates", { CertificateStatuses: ["ISSUED"] });
  expect(CertificateSummaryList).toHaveLength(3);
});

it("are listed with RSA keys unless others are asked for, and in pages", async () => {
  const { acm } = account();
  const list = async (input: object) => (await acm("ListCertificates", input)).CertificateSummaryList.length;
  expect(await list({ Includes: { keyTypes: ["EC_prime256v1"] } })).toBe(0);
  expect(await list({ Includes: { keyTypes: ["RSA_2048", "EC_prime256v1"] } })).toBe(3);
  const page = await acm("ListCertificates", { MaxItems: 2 });
  expect(page.CertificateSummaryList).toHaveLength(2);
  expect(
    (await acm("ListCertificates", { MaxItems: 2, NextToken: page.NextToken })).CertificateSummaryList,
  ).toHaveLength(1);
});

it("can't be deleted while a listener bears them", async () => {
  const { acm, elbv2, seed } = account();
  const [CertificateArn, extra] = [seed.certificates["a.example.com"], seed.certificates["b.example.com"]];
  const LoadBalancerArn = await loadBalancer(account());
  const ListenerArn = await httpsListener(account(), LoadBalancerArn);
  await elbv2("AddListenerCertificates", { ListenerArn, Certificates: [{ CertificateArn: extra }] });
  expect((await described(extra)).InUseBy).toEqual([LoadBalancerArn]);
  for (const arn of [CertificateArn, extra]) {
    expect(await refusal(acm("DeleteCertificate", { CertificateArn: arn }))).toBe("ResourceInUse");
  }
  await elbv2("DeleteLoadBalancer", { LoadBalancerArn });
  expect((await described(extra)).InUseBy).toEqual([]);
  await acm("DeleteCertificate", { CertificateArn });
  expect(await refusal(described(CertificateArn))).toBe("ResourceNotFound");
});
