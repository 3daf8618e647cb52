import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { type AwsCall, sdkApi } from "../src/aws-api.ts";
import { AwsError, isAwsError, isThrottled } from "../src/aws-error.ts";
import { recordedApi } from "../src/recorded-api.ts";
import { callAws } from "../src/typed-call.ts";

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

/** Answers of the server, one a request; the last one stays. */
let answers: Answer[] = [];
const asked: { readonly target: string; readonly body: string; readonly authorization: string }[] = [];

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { "x-amz-target": target = "", authorization = "" } = request.headers;
    asked.push({ target: String(target), body, authorization });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(response, request, body);
  });
});

const xml =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": "id-of-request" }).end(body);
const json =
  (status: number, body: object): Answer =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "id-of-request" })
      .end(JSON.stringify(body));
const reset: Answer = (_, request) => void request.socket.destroy();
const elbError = (status: number, code: string): Answer =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no such thing</Message></Error><RequestId>id-of-body</RequestId></ErrorResponse>`,
  );
const ec2Error = (status: number, code: string): Answer =>
  xml(
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>in use</Message></Error></Errors><RequestID>id-of-body</RequestID></Response>`,
  );

const env = { ...process.env };
let endpoint = "";
beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "AKIDCANARY";
  process.env["AWS_SECRET_ACCESS_KEY"] = "SECRETCANARY";
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
  answers = [];
  asked.length = 0;
});

const api = (maxAttempts = 1) => sdkApi({ region: "eu-central-1", endpoint, maxAttempts });
const deleteRule = {
  service: "elasticloadbalancingv2",
  operation: "DeleteRule",
  input: { RuleArn: "arn:rule" },
} as const;

async function errorOf(promise: Promise<unknown>): Promise<AwsError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isAwsError(error)) throw new Error(`no AwsError: ${error}`);
  return error;
}

const SERVICES_ASKED: readonly (AwsCall & { readonly answer: Answer })[] = [
  {
    ...deleteRule,
    answer: xml(200, "<DeleteRuleResponse><DeleteRuleResult/></DeleteRuleResponse>"),
  },
  {
    ...{ service: "ec2", operation: "DeleteSecurityGroup", input: { GroupId: "sg-1" } },
    answer: xml(200, "<DeleteSecurityGroupResponse><return>true</return></DeleteSecurityGroupResponse>"),
  },
  {
    ...{ service: "wafv2", operation: "DisassociateWebACL", input: { ResourceArn: "arn:lb" } },
    answer: json(200, {}),
  },
];

describe("a server that never answers", () => {
  it("is waited for no longer than was said; nobody knows what became of the call", async () => {
    answers = [() => {}];
    const patient = sdkApi({ region: "eu-central-1", endpoint, maxAttempts: 1, timeoutMs: 150 });
    const error = await errorOf(patient(deleteRule));
    expect(error).toMatchObject({ outcome: "unknown", operation: "DeleteRule" });
    expect(asked).toHaveLength(1);
  });
});

describe("who is asked before sending", () => {
  it.each(SERVICES_ASKED)("is asked each time that $service sends, at the last moment", async (call) => {
    answers = [call.service === "ec2" ? ec2Error(503, "Unavailable") : xml(500, "<x/>"), call.answer];
    const seen: number[] = [];
    await api(3)(call, { beforeSending: () => void seen.push(asked.length) });
    expect(seen).toEqual([0, 1]);
    expect(asked).toHaveLength(2);
  });

  it("ends the call by throwing, and nothing more is sent", async () => {
    answers = [reset, elbError(404, "RuleNotFound")];
    const refusal = new AwsError({ code: "LeaseLost", message: "no", operation: "DeleteRule", outcome: "unknown" });
    const beforeSending = (): void => {
      if (asked.length > 0) throw refusal;
    };
    expect(await errorOf(api(5)(deleteRule, { beforeSending }))).toBe(refusal);
    expect(asked).toHaveLength(1);
  });
});

describe("AWS over the SDK", () => {
  it("sends what it is told and gives the answer without the SDK's metadata", async () => {
    answers = [
      xml(
        200,
        "<DescribeRulesResponse><DescribeRulesResult><Rules><member><RuleArn>arn:rule</RuleArn><Priority>7</Priority></member></Rules></DescribeRulesResult></DescribeRulesResponse>",
      ),
    ];
    const response = await callAws(api(), "elasticloadbalancingv2", "DescribeRules", { ListenerArn: "arn:listener" });
    expectTypeOf(response.Rules?.[0]?.Priority).toEqualTypeOf<string | undefined>();
    expect(response).toEqual({ Rules: [{ RuleArn: "arn:rule", Priority: "7" }] });
    expect(asked[0]?.body).toContain("ListenerArn=arn%3Alistener");
  });

  it("reaches every service", async () => {
    answers = [json(200, {})];
    await api()({ service: "acm", operation: "ListCertificates", input: {} });
    await api()({ service: "wafv2", operation: "ListWebACLs", input: { Scope: "REGIONAL" } });
    await api()({ service: "waf-regional", operation: "ListWebACLs", input: {} });
    await api()({ service: "shield", operation: "GetSubscriptionState", input: {} });
    await api()({ service: "resourcegroupstaggingapi", operation: "GetResources", input: {} });
    answers = [xml(200, "<R/>")];
    await api()({ service: "route53", operation: "ListHostedZones", input: {} });
    await api()({ service: "sts", operation: "GetCallerIdentity", input: {} });
    await api()({ service: "ec2", operation: "DescribeVpcs", input: {} });
    expect(asked.map(({ authorization }) => authorization.split("/")[3])).toEqual([
      "acm",
      "wafv2",
      "waf-regional",
      "shield",
      "tagging",
      "route53",
      "sts",
      "ec2",
    ]);
  });

  it("has no operation that AWS doesn't have", async () => {
    await expect(api()({ service: "ec2", operation: "MakeCoffee", input: {} })).rejects.toThrow(
      "ec2 has no operation MakeCoffee",
    );
  });

  it.each([
    {
      name: "an error of the service",
      answer: elbError(400, "RuleNotFound"),
      code: "RuleNotFound",
      outcome: "refused",
      requestId: "id-of-request",
    },
    {
      name: "a code that ends in Exception",
      answer: elbError(400, "ThrottlingException"),
      code: "Throttling",
      outcome: "refused",
      requestId: "id-of-request",
    },
    {
      name: "an error of the server",
      answer: elbError(500, "InternalFailure"),
      code: "InternalFailure",
      outcome: "unknown",
      requestId: "id-of-request",
    },
    {
      name: "a proxy's error page",
      answer: xml(502, "<html>"),
      code: "Error",
      outcome: "unknown",
      requestId: "id-of-request",
    },
    { name: "a connection that breaks", answer: reset, code: "ECONNRESET", outcome: "unknown", requestId: undefined },
  ])("tells of $name", async ({ answer, code, outcome, requestId }) => {
    answers = [answer];
    const error = await errorOf(api()(deleteRule));
    expect({ ...error }).toMatchObject({ name: "AwsError", code, outcome, operation: "DeleteRule" });
    expect(error.requestId).toBe(requestId);
  });

  it("tells of errors of EC2, and of throttling that comes with a status of the server", async () => {
    answers = [ec2Error(400, "DependencyViolation")];
    const deletion = { service: "ec2", operation: "DeleteSecurityGroup", input: { GroupId: "sg-1" } } as const;
    expect(await errorOf(api()(deletion))).toMatchObject({
      code: "DependencyViolation",
      outcome: "refused",
      requestId: "id-of-request",
    });
    answers = [ec2Error(503, "RequestLimitExceeded")];
    const error = await errorOf(api()(deletion));
    expect(error).toMatchObject({ code: "RequestLimitExceeded", outcome: "refused" });
    expect(isThrottled(error)).toBe(true);
  });

  it("knows the codes of services that answer in JSON", async () => {
    answers = [json(400, { __type: "com.amazonaws.wafv2#WAFUnavailableEntityException", message: "not yet" })];
    const association = {
      service: "wafv2",
      operation: "AssociateWebACL",
      input: { WebACLArn: "arn:acl", ResourceArn: "arn:lb" },
    } as const;
    expect(await errorOf(api()(association))).toMatchObject({
      code: "WAFUnavailableEntity",
      outcome: "refused",
      requestId: "id-of-request",
    });
  });

  it("sends again what was throttled, and what got no answer", async () => {
    const done = xml(200, "<DeleteRuleResponse><DeleteRuleResult/></DeleteRuleResponse>");
    answers = [elbError(400, "Throttling"), reset, elbError(500, "InternalFailure"), done];
    await expect(api(4)(deleteRule)).resolves.toEqual({});
    expect(asked).toHaveLength(4);
  });

  it("knows that nothing was sent when nobody listens, and doubts it after an attempt", async () => {
    const nobody = { region: "eu-central-1", endpoint: "http://127.0.0.1:9" };
    expect(await errorOf(sdkApi({ ...nobody, maxAttempts: 1 })(deleteRule))).toMatchObject({
      code: "ECONNREFUSED",
      outcome: "refused",
    });
    expect(await errorOf(sdkApi({ ...nobody, maxAttempts: 2 })(deleteRule))).toMatchObject({
      code: "ECONNREFUSED",
      outcome: "unknown",
    });
  });

  it("stops at the signal, not knowing what became of the call", async () => {
    const stop = new AbortController();
    answers = [() => stop.abort()];
    expect(await errorOf(api()(deleteRule, { signal: stop.signal }))).toMatchObject({
      code: "AbortError",
      outcome: "unknown",
    });
  });

  it("records calls with their answers and errors, and no credentials", async () => {
    const records: unknown[] = [];
    let time = 0;
    const recorded = recordedApi(
      api(),
      (call) => records.push(call),
      () => time++,
    );
    answers = [xml(200, "<DeleteRuleResponse><DeleteRuleResult/></DeleteRuleResponse>"), elbError(400, "RuleNotFound")];
    await recorded(deleteRule);
    await errorOf(recorded(deleteRule));
    expect(records).toEqual([
      { ...deleteRule, milliseconds: 1, response: {} },
      {
        ...deleteRule,
        milliseconds: 1,
        error: { code: "RuleNotFound", message: "no such thing", outcome: "refused", requestId: "id-of-request" },
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/CANARY/);
  });
});
