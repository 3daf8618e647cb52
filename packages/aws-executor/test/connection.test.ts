import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sdkApi } from "../src/aws-api.ts";
import { awsDiagnostic } from "../src/aws-diagnostic.ts";
import { AwsError, isAwsError } from "../src/aws-error.ts";
import { type AwsConnection, clientOptions, endpointsOfFlag } from "../src/connection.ts";

/** Secrets that must never show: of the environment, of a role's session, and as a server would repeat them. */
const CANARIES = ["SECRETCANARY", "TOKENCANARY", "ROLESECRETCANARY", "ROLETOKENCANARY", "PASSWORDCANARY"];

interface Asked {
  readonly authorization: string;
  readonly token: string;
  readonly body: string;
}

const asked: Asked[] = [];
let refuse: { readonly status: number; readonly xml: string } | undefined;

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { authorization = "", "x-amz-security-token": token = "" } = request.headers;
    asked.push({ authorization, token: String(token), body });
    response.setHeader("content-type", "text/xml");
    if (body.includes("Action=AssumeRole")) response.end(ASSUMED);
    else if (refuse !== undefined) response.writeHead(refuse.status).end(refuse.xml.replace("TOKEN", String(token)));
    else response.end("<DescribeLoadBalancersResponse><DescribeLoadBalancersResult/></DescribeLoadBalancersResponse>");
  });
});

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>ROLESECRETCANARY</SecretAccessKey>
  <SessionToken>ROLETOKENCANARY</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const env = { ...process.env };
let endpoint = "";
beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  process.env["AWS_SECRET_ACCESS_KEY"] = "SECRETCANARY";
  process.env["AWS_SESSION_TOKEN"] = "TOKENCANARY";
  process.env["AWS_EC2_METADATA_DISABLED"] = "true";
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  process.env = env;
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  asked.length = 0;
  refuse = undefined;
});

const look = { service: "elasticloadbalancingv2", operation: "DescribeLoadBalancers", input: {} } as const;
const here = (more: AwsConnection = {}): AwsConnection => ({
  region: "eu-central-1",
  endpoint,
  maxAttempts: 1,
  ...more,
});

describe("a connection", () => {
  it.each<{ name: string; connection: AwsConnection; expected: object }>([
    { name: "nothing said", connection: {}, expected: { maxAttempts: 10, retryMode: "standard" } },
    {
      name: "all said",
      connection: {
        region: "r",
        profile: "p",
        endpoint: "http://all",
        useFips: true,
        useDualstack: false,
        maxAttempts: 3,
      },
      expected: {
        ...{ region: "r", profile: "p", endpoint: "http://all", maxAttempts: 3, retryMode: "standard" },
        ...{ useFipsEndpoint: true, useDualstackEndpoint: false },
      },
    },
    {
      name: "an address of the service wins",
      connection: { endpoint: "http://all", endpoints: { ec2: "http://ec2" } },
      expected: { endpoint: "http://ec2", maxAttempts: 10, retryMode: "standard" },
    },
  ])("makes the client's options: $name", ({ connection, expected }) => {
    const requestHandler = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true };
    expect(clientOptions("ec2", connection)).toEqual({ ...expected, requestHandler });
  });

  it("takes on a role once for all services, and calls with its session", async () => {
    const api = sdkApi(here({ role: { arn: "arn:aws:iam::1:role/reader", externalId: "x-1" } }));
    await Promise.all([api(look), api({ ...look, operation: "DescribeTargetGroups" })]);
    const [taken, ...others] = asked.filter(({ body }) => body.includes("AssumeRole"));
    expect(others).toEqual([]);
    expect(taken?.authorization).toContain("AKIAENV");
    expect(taken?.body).toContain("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Freader");
    expect(taken?.body).toContain("ExternalId=x-1");
    const calls = asked.filter(({ body }) => !body.includes("AssumeRole"));
    expect(calls.map(({ token }) => token)).toEqual(["ROLETOKENCANARY", "ROLETOKENCANARY"]);
    for (const { authorization } of calls) expect(authorization).toContain("AKIAROLE");
  });

  it.each([{ role: undefined }, { role: { arn: "arn:aws:iam::1:role/reader" } }])(
    "shows no secret when a server repeats the request it refuses (role: $role)",
    async ({ role }) => {
      refuse = {
        status: 403,
        xml: "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The canonical string should have been x-amz-security-token:TOKEN</Message></Error></ErrorResponse>",
      };
      const api = sdkApi(here(role && { role }));
      const error: unknown = await api(look).catch((thrown: unknown) => thrown);
      expect(isAwsError(error, "SignatureDoesNotMatch")).toBe(true);
      const said = [inspect(error, { depth: 9 }), JSON.stringify(error), awsDiagnostic(error as AwsError).message];
      for (const text of said) for (const canary of CANARIES) expect(text).not.toContain(canary);
    },
  );
});

describe("a program that a profile names for credentials", () => {
  const folder = mkdtempSync(join(tmpdir(), "elbplan-profile-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["fails", "sh -c 'echo SECRETCANARY >&2; exit 3' PASSWORDCANARY"],
    ["isn't there", "/nowhere/PASSWORDCANARY SECRETCANARY"],
    ["prints no JSON", "echo SECRETCANARY PASSWORDCANARY"],
    ["prints something else", `echo '{"Version": 7, "SecretAccessKey": "SECRETCANARY"}'`],
  ])("tells nothing of itself or its output when it %s", async (_, program) => {
    const file = join(folder, "config");
    writeFileSync(file, `[profile canary]\ncredential_process = ${program}\n`);
    process.env["AWS_CONFIG_FILE"] = file;
    const error: unknown = await sdkApi(here({ profile: "canary" }))(look).catch((thrown: unknown) => thrown);
    delete process.env["AWS_CONFIG_FILE"];
    expect(error).toMatchObject({ name: "AwsError", outcome: "refused" });
    const said = [inspect(error, { depth: 9 }), JSON.stringify(error), awsDiagnostic(error as AwsError).message];
    for (const text of said) for (const canary of CANARIES) expect(text).not.toContain(canary);
  });
});

describe("aws-api-endpoints", () => {
  it.each([
    { flag: "", expected: { value: {} } },
    {
      flag: "EC2=https://ec2.example.com,Elastic Load Balancing v2=http://localhost:5000/,Global Accelerator=http://x",
      expected: { value: { ec2: "https://ec2.example.com", elasticloadbalancingv2: "http://localhost:5000/" } },
    },
    {
      flag: "ec2=https://e:443,elasticloadbalancing=https://l",
      expected: { value: { ec2: "https://e:443", elasticloadbalancingv2: "https://l" } },
    },
    { flag: "https://ec2", expected: { problem: expect.any(String) } },
    { flag: "EC2=ftp://PASSWORDCANARY@ec2", expected: { problem: expect.stringContaining('"EC2"') } },
    { flag: "EC2=PASSWORDCANARY", expected: { problem: expect.stringContaining('"EC2"') } },
  ])("$flag", ({ flag, expected }) => {
    const read = endpointsOfFlag(flag);
    expect(read).toEqual(expected);
    expect(JSON.stringify(read)).not.toContain("PASSWORDCANARY");
  });
});

describe("awsDiagnostic", () => {
  const error = (code: string, message = "no", operation = "DescribeRules"): AwsError =>
    new AwsError({ code, message, operation, outcome: "refused", requestId: "r-1" });
  it.each([
    { error: error("CredentialsProviderError", "Could not load credentials"), code: "aws.credentials-missing" },
    { error: error("Error", "Region is missing"), code: "aws.region-missing" },
    { error: error("ExpiredToken"), code: "aws.credentials-invalid" },
    {
      error: error("AccessDenied"),
      code: "aws.access-denied",
      says: "elasticloadbalancing:DescribeRules (request r-1)",
    },
    {
      error: error("UnauthorizedOperation", "no", "DescribeSubnets"),
      code: "aws.access-denied",
      says: "ec2:DescribeSubnets",
    },
    {
      error: error("AccessDenied", "no", "GetWebACLForResource"),
      code: "aws.access-denied",
      says: "wafv2:GetWebACLForResource and wafv2:GetWebACL and waf-regional:GetWebACLForResource",
    },
    { error: error("Throttling"), code: "aws.throttled" },
    { error: error("ENOTFOUND", "getaddrinfo ENOTFOUND"), code: "aws.unreachable" },
    { error: error("TimeoutError"), code: "aws.unreachable" },
    { error: error("InternalFailure", "first line\nsecond"), code: "aws.call-failed", says: "first line." },
  ])("$code: $error.code", ({ error: given, code, says = "" }) => {
    const { code: found, message } = awsDiagnostic(given);
    expect(found).toBe(code);
    expect(message).toContain(says);
    expect(message).not.toContain("second");
  });
});
