import { callFor } from "@elbplan/core";
import { describe, expect, it } from "vitest";
import type { AwsCall } from "../../src/aws-api.ts";
import { awsExecutor } from "../../src/executor/aws-executor.ts";
import { TRY_AGAIN, tryAgainFor } from "../../src/run/try-again.ts";
import { type Answers, fakeApi } from "../fake-api.ts";
import { action } from "../run/plan-of.ts";

const ZONES = [
  { Id: "/hostedzone/Z1", Name: "example.com." },
  { Id: "/hostedzone/Z2", Name: "shop.example.com." },
  { Id: "/hostedzone/Z3", Name: "a.shop.example.com.", Config: { PrivateZone: true } },
  { Id: "/hostedzone/Z4", Name: "op.example.com." },
];
const option = (DomainName: string) => ({
  DomainName,
  ResourceRecord: { Name: `_x.${DomainName.replace("*.", "")}.`, Type: "CNAME", Value: "_y.acm.aws." },
});
const ANSWERS: Answers = {
  ListHostedZones: ({ Marker }: AwsCall["input"]) =>
    Marker === undefined
      ? { HostedZones: ZONES.slice(0, 2), IsTruncated: true, NextMarker: "more" }
      : { HostedZones: ZONES.slice(2), IsTruncated: false },
  DescribeCertificate: {
    Certificate: { DomainValidationOptions: [option("*.shop.example.com"), option("a.example.com")] },
  },
  ChangeResourceRecordSets: {},
};

async function send(domainName: string, answers: Answers = {}) {
  const { api, asked } = fakeApi({ ...ANSWERS, ...answers });
  const step = action("upsertValidationRecord", { certificateArn: "arn:cert", domainName });
  const call = callFor(step);
  if (call === null) throw new Error("no call");
  const outcome = await awsExecutor(api)
    .send({ action: step, call })
    .catch((error: unknown) => error);
  return { outcome, step, call, sent: asked.find(({ operation }) => operation === "ChangeResourceRecordSets")?.input };
}

const change = (name: string) => ({
  ChangeBatch: {
    Changes: [
      {
        Action: "UPSERT",
        ResourceRecordSet: { Name: name, Type: "CNAME", TTL: 60, ResourceRecords: [{ Value: "_y.acm.aws." }] },
      },
    ],
  },
});

describe("a validation record", () => {
  it.each([
    ["a.example.com", "Z1"],
    ["shop.example.com", "Z2"],
  ])("of %s goes as ACM tells it into the longest public zone, %s", async (domainName, HostedZoneId) => {
    const { outcome, sent } = await send(domainName);
    expect(outcome).toBeUndefined();
    expect(sent).toEqual({ HostedZoneId, ...change(`_x.${domainName}.`) });
  });

  it("without a zone is refused, and nothing is sent", async () => {
    const { outcome, sent } = await send("example.org");
    expect(outcome).toMatchObject({
      code: "HostedZoneMissing",
      outcome: "refused",
      message: "the account has no public hosted zone that holds example.org",
    });
    expect(sent).toBeUndefined();
  });

  it("that ACM hasn't told yet is asked for again", async () => {
    const untold = {
      DescribeCertificate: { Certificate: { DomainValidationOptions: [{ DomainName: "a.example.com" }] } },
    };
    const { outcome, step, call, sent } = await send("a.example.com", untold);
    expect(sent).toBeUndefined();
    const error = outcome as { code: string; message: string; outcome: "refused" };
    expect(tryAgainFor(TRY_AGAIN, step, call, error)).toMatchObject({ everySeconds: 5, forSeconds: 60 });
  });
});
