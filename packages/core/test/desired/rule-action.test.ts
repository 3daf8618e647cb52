import { describe, expect, it } from "vitest";
import { act, backend, ingress, prefix, rule, service } from "../fixtures/cluster.ts";
import { annotated, codes, desired, errorCodes, rulesOf, type Surroundings, specsOf } from "../fixtures/desired.ts";
import { facts } from "../fixtures/facts.ts";

const toAct = [rule(undefined, prefix("/", act("x")))];
const forwardTo = (...targets: readonly object[]) => ({ type: "forward", forwardConfig: { targetGroups: targets } });
const webArn = { ref: "targetGroup/shop/web-web:80", field: "arn" };
const [legacy] = facts().targetGroups;

/** The last action that `actions.x` yields, or the first error. */
function actionOf(action: unknown, around: Surroundings = {}): unknown {
  const graph = annotated({ "actions.x": action }, { rules: toAct }, {}, around);
  const [error] = errorCodes(graph);
  return error ?? rulesOf(graph)[0]?.actions.at(-1);
}

describe("Service port by name or number", () => {
  it("is kept as written", () => {
    const rules = [rule(undefined, prefix("/a"), prefix("/b", backend("web", "http")))];
    expect(specsOf(annotated({}, { rules }), "targetGroupBinding").map(({ serviceRef }) => serviceRef.port)).toEqual([
      80,
      "http",
    ]);
  });
  it.each([
    { port: 8080, code: "backend.port-missing" },
    { port: "grpc", code: "backend.port-missing" },
    { port: "constructor", code: "backend.port-missing" },
    { port: 0, code: "backend.port-missing" },
  ])("a missing port $port is an error, whatever the flags tolerate", ({ port, code }) => {
    expect(errorCodes(annotated({}, { rules: [rule(undefined, prefix("/", backend("web", port)))] }))).toEqual([code]);
  });
  it("a resource backend is an error", () => {
    const rules = [rule(undefined, prefix("/", { resource: { kind: "Bucket" } }))];
    expect(errorCodes(annotated({}, { rules }))).toEqual(["backend.invalid"]);
  });
});

describe("use-annotation actions", () => {
  it("take the annotation of the backend's name, Service or not", () => {
    const fixed = { type: "fixed-response", fixedResponseConfig: { statusCode: "200" } };
    const graph = annotated(
      { "actions.web": fixed },
      { rules: [rule(undefined, prefix("/", act("web")), prefix("/b"))] },
    );
    expect(
      rulesOf(graph)
        .map(({ actions }) => actions[0]?.type)
        .sort(),
    ).toEqual(["fixed-response", "forward"]);
  });
});

describe("fixed-response and redirect actions", () => {
  it.each([
    { type: "fixed-response", fixedResponseConfig: { contentType: "text/plain", messageBody: "", statusCode: "200" } },
    {
      type: "redirect",
      redirectConfig: { host: "a", path: "/b", port: "1", protocol: "HTTPS", query: "", statusCode: "HTTP_302" },
    },
  ])("$type", (action) => {
    expect(actionOf(action)).toEqual(action);
  });
  it.each([
    "null",
    {},
    { type: "" },
    { type: "Redirect" },
    { type: "fixed-response" },
    { type: "fixed-response", fixedResponseConfig: {} },
    { type: "fixed-response", fixedResponseConfig: { statusCode: "" } },
    { type: "redirect" },
    { type: "redirect", redirectConfig: { host: "a" } },
    { type: "redirect", redirectConfig: null },
  ])("%j is refused", (action) => {
    expect(actionOf(action)).toBe("action.invalid");
  });
  it.each(["", "[]", '{"type":1}', '{"type":"fixed-response","fixedResponseConfig":{"statusCode":404}}'])(
    "%s can't be read",
    (action) => {
      expect(actionOf(action)).toBe("annotation.invalid");
    },
  );
});

describe("forward single / weighted with stickiness", () => {
  it("several need weights, one may have one", () => {
    expect(actionOf(forwardTo({ serviceName: "web", servicePort: 80, weight: 0 }))).toEqual({
      type: "forward",
      forwardConfig: { targetGroups: [{ targetGroupArn: webArn, weight: 0 }] },
    });
    const two = [
      { serviceName: "web", servicePort: "80", weight: 20 },
      { serviceName: "api", servicePort: "http", weight: 80 },
    ];
    expect(actionOf(forwardTo(...two))).toEqual({
      type: "forward",
      forwardConfig: {
        targetGroups: [
          { targetGroupArn: webArn, weight: 20 },
          { targetGroupArn: { ref: "targetGroup/shop/web-api:http", field: "arn" }, weight: 80 },
        ],
      },
    });
    expect(
      actionOf(forwardTo({ serviceName: "web", servicePort: 80 }, { serviceName: "api", servicePort: 80, weight: 1 })),
    ).toBe("action.invalid");
  });
  it.each([{ enabled: true, durationSeconds: 10 }, { enabled: false }, {}])("stickiness %j", (stickiness) => {
    const action = {
      type: "forward",
      forwardConfig: { targetGroups: [{ targetGroupARN: "arn:t" }], targetGroupStickinessConfig: stickiness },
    };
    expect(actionOf(action)).toMatchObject({ forwardConfig: { targetGroupStickinessConfig: stickiness } });
  });
  it.each([
    [{ serviceName: "web" }],
    [{ servicePort: 80 }],
    [{}],
    [null],
    [{ serviceName: "web", servicePort: 80, targetGroupARN: "arn:t" }],
    [{ serviceName: "web", servicePort: 80, targetGroupName: "legacy" }],
  ])("the target %j is refused", (target) => {
    expect(actionOf(forwardTo(target as object))).toBe("action.invalid");
  });
});

describe("forward to existing TG by ARN or name", () => {
  it.each([
    { target: { targetGroupARN: "arn:t" }, arn: "arn:t" },
    { target: { targetGroupName: "legacy" }, arn: legacy?.arn },
    { target: { targetGroupARN: "arn:t", targetGroupName: "nobody" }, arn: "arn:t" },
  ])("$target", ({ target, arn }) => {
    expect(actionOf(forwardTo(target))).toMatchObject({ forwardConfig: { targetGroups: [{ targetGroupArn: arn }] } });
    expect(actionOf({ type: "forward", ...target })).toEqual(actionOf(forwardTo(target)));
  });
  it("a name must stand for exactly one", () => {
    const twice = {
      targetGroups: [
        { name: "twin", arn: "arn:1" },
        { name: "twin", arn: "arn:2" },
      ],
    };
    expect(actionOf(forwardTo({ targetGroupName: "nobody" }))).toBe("action.invalid");
    expect(actionOf(forwardTo({ targetGroupName: "twin" }), { facts: twice })).toBe("action.invalid");
  });
});

describe("legacy shorthand and legacy casings of action JSON", () => {
  it("read the same", () => {
    const legacyForm = '{"Type":"forward","TargetGroupArn":"arn:t"}';
    expect(actionOf(legacyForm)).toEqual(actionOf({ type: "forward", targetGroupARN: "arn:t" }));
    const redirect = '{"Type":"redirect","RedirectConfig":{"Protocol":"HTTPS","Port":"443","StatusCode":"HTTP_301"}}';
    expect(actionOf(redirect)).toEqual({
      type: "redirect",
      redirectConfig: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
    });
  });
  it("shorthand and forwardConfig exclude each other; one of them must be", () => {
    expect(actionOf({ ...forwardTo(), targetGroupARN: "arn:t" })).toBe("action.invalid");
    expect(actionOf({ type: "forward" })).toBe("action.invalid");
  });
});

describe("missing Service → 503 (flag) and its limits", () => {
  const unavailable = {
    type: "fixed-response",
    fixedResponseConfig: {
      contentType: "text/plain",
      messageBody: "Backend service does not exist",
      statusCode: "503",
    },
  };
  const flags = { "tolerate-non-existent-backend-service": "false" };
  it("when it is the only target", () => {
    const rules = [rule(undefined, prefix("/", backend("nobody")))];
    const graph = annotated({}, { rules });
    expect(rulesOf(graph)[0]?.actions).toEqual([unavailable]);
    expect(codes(graph, "warning")).toEqual(["backend.service-missing"]);
    expect(actionOf(forwardTo({ serviceName: "nobody", servicePort: 80 }))).toEqual(unavailable);
    expect(errorCodes(annotated({}, { rules }, {}, { flags }))).toEqual(["backend.service-required"]);
  });
  it("never among several", () => {
    const several = forwardTo(
      { serviceName: "web", servicePort: 80, weight: 1 },
      { serviceName: "nobody", servicePort: 80, weight: 0 },
    );
    expect(actionOf(several)).toBe("backend.service-required");
  });
  it.each(["constructor", "__proto__", "toString"])("also when it is called %s, or is in another namespace", (name) => {
    const rules = [rule(undefined, prefix("/", backend(name)))];
    const services = [service(name, { namespace: "pay" })];
    expect(rulesOf(annotated({}, { rules }, { services }))[0]?.actions).toEqual([unavailable]);
    const found = annotated({}, { rules }, { services: [service(name)] });
    expect(rulesOf(found)[0]?.actions[0]?.type).toBe("forward");
  });
});

describe("missing action annotation → 503 (flag)", () => {
  it.each(["x", "constructor"])("actions.%s", (name) => {
    const rules = [rule(undefined, prefix("/", act(name)))];
    expect(rulesOf(annotated({}, { rules }))[0]?.actions).toEqual([
      {
        type: "fixed-response",
        fixedResponseConfig: {
          contentType: "text/plain",
          messageBody: "Backend action does not exist",
          statusCode: "503",
        },
      },
    ]);
    const flags = { "tolerate-non-existent-backend-action": "false" };
    expect(errorCodes(annotated({}, { rules }, {}, { flags }))).toEqual(["backend.action-required"]);
  });
});

it("a weight isn't range-checked, but must be an integer of 32 bits", () => {
  expect(actionOf(forwardTo({ targetGroupARN: "arn:t", weight: -5 }))).toMatchObject({
    forwardConfig: { targetGroups: [{ weight: -5 }] },
  });
  expect(actionOf(forwardTo({ targetGroupARN: "arn:t", weight: 2147483648 }))).toBe("annotation.invalid");
  expect(
    actionOf('{"type":"forward","forwardConfig":{"targetGroups":[{"targetGroupARN":"arn:t","weight":1.0}]}}'),
  ).toBe("annotation.invalid");
});

it("a broken action is told once, however many paths and listeners use it", () => {
  const rules = [rule("a.io", prefix("/", act("x")), prefix("/b", act("x"))), rule("b.io", prefix("/", act("x")))];
  const graph = desired({
    ingresses: [ingress({ rules, annotations: { "actions.x": "{", "listen-ports": [{ HTTP: 80 }, { HTTP: 81 }] } })],
  });
  expect(graph.diagnostics).toHaveLength(1);
});
