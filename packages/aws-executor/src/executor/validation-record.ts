/** Validation records of certificates: what ACM has chosen, and where it belongs, is looked up when it is sent. */
import { isValidationField, type ValidationField } from "@elbplan/core";
import type { AwsApi, AwsCall } from "../aws-api.ts";
import { AwsError } from "../aws-error.ts";
import { allPages } from "../every-page.ts";
import { callAws } from "../typed-call.ts";

/** The code of a refusal of ours: ACM hasn't told the record yet, which takes it some seconds. */
export const RECORD_UNKNOWN = "ValidationRecordUnknown";

/** Puts zone, name and value of the record into a call that asks for them; any other call stays as it is. */
export async function withValidationRecord(api: AwsApi, call: AwsCall): Promise<AwsCall> {
  if (call.service !== "route53") return call;
  const zones = new Map<string, Promise<string>>();
  const records = new Map<string, Promise<Record>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> => {
    const value = known.get(key) ?? load();
    known.set(key, value);
    return value;
  };
  const read = async ({ domainName, certificateArn, part }: ValidationField): Promise<string> => {
    if (part === "hostedZoneId") return once(zones, domainName, () => hostedZoneOf(api, domainName));
    const arn = String(certificateArn);
    const record = await once(records, `${arn} ${domainName}`, () => recordOf(api, arn, domainName));
    return record[part];
  };
  const walk = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (isValidationField(value)) return read(value);
    const entries = Object.entries(value).map(async ([key, item]) => [key, await walk(item)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return { ...call, input: (await walk(call.input)) as AwsCall["input"] };
}

interface Record {
  readonly name: string;
  readonly value: string;
}

async function recordOf(api: AwsApi, CertificateArn: string, domainName: string): Promise<Record> {
  const { Certificate } = await callAws(api, "acm", "DescribeCertificate", { CertificateArn });
  const options = Certificate?.DomainValidationOptions ?? [];
  const isOf = ({ DomainName = "" }: (typeof options)[number]): boolean =>
    DomainName.replace(/^\*\./, "") === domainName;
  const { Name, Value } =
    options.find((option) => isOf(option) && option.ResourceRecord !== undefined)?.ResourceRecord ?? {};
  if (Name !== undefined && Value !== undefined) return { name: Name, value: Value };
  const message = `ACM doesn't tell the validation record of ${domainName} yet`;
  throw new AwsError({ code: RECORD_UNKNOWN, message, operation: "DescribeCertificate", outcome: "refused" });
}

/** The public zone that the domain is in; of several the one with the longest name, as LBC has it. */
async function hostedZoneOf(api: AwsApi, domainName: string): Promise<string> {
  const pages = await allPages(api, "route53", "ListHostedZones", {});
  const zones = pages
    .flatMap(({ HostedZones = [] }) => HostedZones)
    .filter(({ Config, Name = "" }) => Config?.PrivateZone !== true && `.${domainName}.`.endsWith(`.${Name}`))
    .sort((a, b) => (b.Name ?? "").length - (a.Name ?? "").length);
  const id = zones[0]?.Id;
  // Route 53 tells ids with the path of its API, and takes them without.
  if (id !== undefined) return id.replace("/hostedzone/", "");
  const message = `the account has no public hosted zone that holds ${domainName}`;
  throw new AwsError({ code: "HostedZoneMissing", message, operation: "ListHostedZones", outcome: "refused" });
}
