import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { act, prefix, rule, secret, service } from "../fixtures/cluster.ts";
import { annotated, errorCodes, rulesOf, type Surroundings, stackOf } from "../fixtures/desired.ts";

const toAct = [rule(undefined, prefix("/", act("x")))];
const forwardTo = (...targets: readonly object[]) => ({ type: "forward", forwardConfig: { targetGroups: targets } });
const webArn = { ref: "targetGroup/shop/web-web:80", field: "arn" };

/** The actions of the only rule on 443, or the first error. */
function onHttps(annotations: object, objects: Partial<ClusterSnapshot> = {}, around: Surroundings = {}): unknown {
  const graph = annotated({ "certificate-arn": "arn:a", ...annotations }, {}, objects, around);
  const [error] = errorCodes(graph);
  return error ?? rulesOf(graph, 443)[0]?.actions;
}

const cognito = {
  "auth-type": "cognito",
  "auth-idp-cognito": { userPoolARN: "arn:p", userPoolClientID: "c", userPoolDomain: "d" },
};
const defaults = {
  onUnauthenticatedRequest: "authenticate",
  scope: "openid",
  sessionCookieName: "AWSELBAuthSessionCookie",
  sessionTimeout: 604800,
};
const forward = { type: "forward", forwardConfig: { targetGroups: [{ targetGroupArn: webArn }] } };

describe("auth Cognito", () => {
  it("comes before the backend's action, with all defaults written out", () => {
    expect(onHttps(cognito)).toEqual([
      {
        type: "authenticate-cognito",
        authenticateCognitoConfig: { ...defaults, userPoolArn: "arn:p", userPoolClientId: "c", userPoolDomain: "d" },
      },
      forward,
    ]);
  });
  it("takes what the annotations say, empty texts included", () => {
    const annotations = {
      ...cognito,
      "auth-idp-cognito": { userpoolarn: "arn:p", AuthenticationRequestExtraParams: { a: "1", b: null } },
      "auth-on-unauthenticated-request": "whatever",
      "auth-scope": "",
      "auth-session-cookie": "",
      "auth-session-timeout": "9007199254740991",
    };
    expect(onHttps(annotations)).toMatchObject([
      {
        authenticateCognitoConfig: {
          authenticationRequestExtraParams: { a: "1", b: "" },
          onUnauthenticatedRequest: "whatever",
          scope: "",
          sessionCookieName: "",
          sessionTimeout: 9007199254740991,
          userPoolDomain: "",
        },
      },
      {},
    ]);
  });
  it.each([
    { name: "unknown type", annotations: { "auth-type": "saml" }, code: "annotation.value-not-allowed" },
    { name: "no pool", annotations: { "auth-type": "cognito" }, code: "auth.provider-missing" },
    { name: "no provider", annotations: { "auth-type": "oidc" }, code: "auth.provider-missing" },
    { name: "unreadable timeout", annotations: { "auth-session-timeout": "1h" }, code: "annotation.invalid" },
    { name: "unreadable provider of another type", annotations: { "auth-idp-oidc": "[]" }, code: "annotation.invalid" },
  ])("$name is an error", ({ annotations, code }) => {
    expect(onHttps(annotations)).toBe(code);
  });
  it("HTTP listeners leave it out; a missing pool is no error there", () => {
    expect(rulesOf(annotated(cognito))[0]?.actions).toEqual([forward]);
    expect(errorCodes(annotated({ "auth-type": "cognito" }))).toEqual([]);
    expect(errorCodes(annotated({ "auth-type": "saml" }))).toEqual(["annotation.value-not-allowed"]);
  });
  it("a Service's annotations win key by key, where it is the only backend", () => {
    const services = [service("web", { annotations: { "auth-scope": "service" } }), service("api")];
    expect(onHttps(cognito, { services })).toMatchObject([{ authenticateCognitoConfig: { scope: "service" } }, {}]);
    const both = forwardTo(
      { serviceName: "web", servicePort: 80, weight: 1 },
      { serviceName: "api", servicePort: 80, weight: 1 },
    );
    const graph = annotated(
      { "certificate-arn": "arn:a", ...cognito, "actions.x": both },
      { rules: toAct },
      { services },
    );
    expect(rulesOf(graph, 443)[0]?.actions[0]).toMatchObject({ authenticateCognitoConfig: { scope: "openid" } });
  });
});

const oidc = {
  "auth-type": "oidc",
  "auth-idp-oidc": {
    issuer: "i",
    authorizationEndpoint: "a",
    tokenEndpoint: "t",
    userInfoEndpoint: "u",
    secretName: "login",
  },
};
const login = secret("login", { stringData: { clientID: "id", clientSecret: "secret" } });

describe("auth OIDC with Secret", () => {
  it("holds the Secret's name and a digest", () => {
    expect(onHttps(oidc, { secrets: [login] })).toEqual([
      {
        type: "authenticate-oidc",
        authenticateOidcConfig: {
          ...defaults,
          issuer: "i",
          authorizationEndpoint: "a",
          tokenEndpoint: "t",
          userInfoEndpoint: "u",
          client: { secret: "shop/login", digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      },
      forward,
    ]);
  });
  it.each([
    { name: "no Secret", secrets: [] },
    { name: "a Secret of another namespace", secrets: [{ ...login, metadata: { name: "login", namespace: "pay" } }] },
    { name: "no client id", secrets: [secret("login", { stringData: { clientid: "x", clientSecret: "x" } })] },
    { name: "no client secret", secrets: [secret("login", { stringData: { clientID: "x" } })] },
  ])("$name is an error on HTTPS only", ({ secrets }) => {
    expect(onHttps(oidc, { secrets })).toBe("auth.secret-unusable");
    expect(errorCodes(annotated(oidc, {}, { secrets }))).toEqual([]);
  });
  it("lists the Secrets read", () => {
    const graph = annotated({ "certificate-arn": "arn:a", ...oidc }, {}, { secrets: [login] });
    expect(stackOf(graph).secrets).toEqual(["shop/login"]);
    expect(stackOf(annotated(oidc, {}, { secrets: [login] })).secrets).toEqual([]);
  });
});

describe("required-secrets-label", () => {
  const flags = { "required-secrets-label": "read=lbc" };
  it.each([
    { labels: { read: "lbc" }, ok: true },
    { labels: { read: "other" }, ok: false },
    { labels: {}, ok: false },
    { labels: undefined, ok: false },
  ])("$labels: $ok", ({ labels, ok }) => {
    const metadata = { name: "login", namespace: "shop", ...(labels && { labels }) };
    const found = onHttps(oidc, { secrets: [{ ...login, metadata }] }, { flags });
    if (ok) expect(found).toHaveLength(2);
    else expect(found).toBe("auth.secret-unusable");
  });
});

describe("JWT validation", () => {
  const claim = { format: "single-string", name: "role", values: ["admin"] };
  const jwt = { jwksEndpoint: "https://a/jwks", issuer: "https://a" };
  it("comes before the backend's action, on HTTPS only", () => {
    const config = { ...jwt, additionalClaims: [claim] };
    expect(onHttps({ "jwt-validation": config })).toEqual([
      { type: "jwt-validation", jwtValidationConfig: config },
      forward,
    ]);
    expect(rulesOf(annotated({ "jwt-validation": config }))[0]?.actions).toEqual([forward]);
  });
  it.each([
    {},
    { issuer: "i" },
    { jwksEndpoint: "e" },
    { ...jwt, issuer: "" },
    { ...jwt, additionalClaims: [{ ...claim, format: "" }] },
    { ...jwt, additionalClaims: [{ ...claim, name: null }] },
    { ...jwt, additionalClaims: [{ ...claim, values: [] }] },
    { ...jwt, additionalClaims: [null] },
  ])("%j is refused, on HTTP too", (config) => {
    expect(onHttps({ "jwt-validation": config })).toBe("auth.jwt-invalid");
    expect(errorCodes(annotated({ "jwt-validation": config }))).toEqual(["auth.jwt-invalid"]);
  });
  it("excludes authentication", () => {
    expect(onHttps({ ...cognito, "jwt-validation": jwt })).toBe("auth.two-kinds");
  });
});

describe("secret redaction in our plan output", () => {
  it("neither client id nor secret enters the graph, nor an error", () => {
    const hidden = secret("login", { stringData: { clientID: "top-id-7", clientSecret: "top-secret-7" } });
    const graph = annotated({ "certificate-arn": "arn:a", ...oidc }, {}, { secrets: [hidden] });
    const broken = annotated(
      { "certificate-arn": "arn:a", ...oidc },
      {},
      { secrets: [{ ...hidden, stringData: { clientID: "top-id-7" } }] },
    );
    expect(JSON.stringify([graph, broken])).not.toMatch(/top-(id|secret)-7/);
  });
});
