/** Actions, conditions and transforms of rules in LBC's stack JSON. Fields stand in LBC's order. */
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { AuthenticateCognitoAction, AuthenticateOidcAction, RuleAction } from "../model/rule-action.ts";
import { type LbcWriting, lbcReference } from "./lbc-reference.ts";
import { type LbcValue, listOrNothing, mapOrNothing, struct } from "./lbc-value.ts";

/** LBC shows neither the id nor the secret of an OIDC client. */
const REDACTED = "[REDACTED]";

export function lbcAction(action: RuleAction, writing: LbcWriting): LbcValue {
  switch (action.type) {
    case "forward": {
      const { targetGroups, targetGroupStickinessConfig: stickiness } = action.forwardConfig;
      return struct({
        type: action.type,
        forwardConfig: struct({
          targetGroups: targetGroups.map(({ targetGroupArn, weight }) =>
            struct({ targetGroupARN: lbcReference(targetGroupArn, writing), weight }),
          ),
          targetGroupStickinessConfig:
            stickiness && struct({ enabled: stickiness.enabled, durationSeconds: stickiness.durationSeconds }),
        }),
      });
    }
    case "redirect": {
      const { host, path, port, protocol, query, statusCode } = action.redirectConfig;
      return struct({ type: action.type, redirectConfig: struct({ host, path, port, protocol, query, statusCode }) });
    }
    case "fixed-response": {
      const { contentType, messageBody, statusCode } = action.fixedResponseConfig;
      return struct({ type: action.type, fixedResponseConfig: struct({ contentType, messageBody, statusCode }) });
    }
    case "authenticate-cognito":
      return struct({ type: action.type, authenticateCognitoConfig: cognito(action.authenticateCognitoConfig) });
    case "authenticate-oidc":
      return struct({ type: action.type, authenticateOIDCConfig: oidc(action.authenticateOidcConfig) });
    case "jwt-validation": {
      const { jwksEndpoint, issuer, additionalClaims } = action.jwtValidationConfig;
      return struct({
        type: action.type,
        jwtValidationConfig: struct({
          jwksEndpoint,
          issuer,
          additionalClaims: listOrNothing(
            additionalClaims?.map(({ format, name, values }) => struct({ format, name, values })),
          ),
        }),
      });
    }
  }
}

function cognito(config: AuthenticateCognitoAction["authenticateCognitoConfig"]): LbcValue {
  return struct({
    ...authentication(config),
    userPoolARN: config.userPoolArn,
    userPoolClientID: config.userPoolClientId,
    userPoolDomain: config.userPoolDomain,
  });
}

function oidc(config: AuthenticateOidcAction["authenticateOidcConfig"]): LbcValue {
  return struct({
    ...authentication(config),
    issuer: config.issuer,
    authorizationEndpoint: config.authorizationEndpoint,
    tokenEndpoint: config.tokenEndpoint,
    userInfoEndpoint: config.userInfoEndpoint,
    clientID: REDACTED,
    clientSecret: REDACTED,
  });
}

function authentication(
  config: AuthenticateCognitoAction["authenticateCognitoConfig"] | AuthenticateOidcAction["authenticateOidcConfig"],
): { readonly [field: string]: LbcValue | undefined } {
  return {
    authenticationRequestExtraParams: mapOrNothing(config.authenticationRequestExtraParams),
    onUnauthenticatedRequest: config.onUnauthenticatedRequest,
    scope: config.scope,
    sessionCookieName: config.sessionCookieName,
    sessionTimeout: config.sessionTimeout,
  };
}

export function lbcCondition(condition: RuleCondition): LbcValue {
  const { field } = condition;
  switch (condition.field) {
    case "host-header":
      return struct({ field, hostHeaderConfig: patterns(condition.hostHeaderConfig) });
    case "path-pattern":
      return struct({ field, pathPatternConfig: patterns(condition.pathPatternConfig) });
    case "http-header": {
      const { httpHeaderName } = condition.httpHeaderConfig;
      return struct({ field, httpHeaderConfig: struct({ httpHeaderName, ...patterns(condition.httpHeaderConfig) }) });
    }
    case "http-request-method":
      return struct({ field, httpRequestMethodConfig: struct({ values: condition.httpRequestMethodConfig.values }) });
    case "query-string": {
      const values = condition.queryStringConfig.values.map(({ key, value }) => struct({ key, value }));
      return struct({ field, queryStringConfig: struct({ values }) });
    }
    case "source-ip":
      return struct({ field, sourceIPConfig: struct({ values: condition.sourceIpConfig.values }) });
  }
}

function patterns({
  regexValues,
  values,
}: {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}): { readonly [field: string]: LbcValue } {
  return struct({ regexValues: listOrNothing(regexValues), values: listOrNothing(values) });
}

export function lbcTransform(transform: RuleTransform): LbcValue {
  switch (transform.type) {
    case "host-header-rewrite":
      return struct({
        type: transform.type,
        hostHeaderRewriteConfig: rewrites(transform.hostHeaderRewriteConfig),
      });
    case "url-rewrite":
      return struct({ type: transform.type, urlRewriteConfig: rewrites(transform.urlRewriteConfig) });
  }
}

function rewrites(config: {
  readonly rewrites: readonly { readonly regex: string; readonly replace: string }[];
}): LbcValue {
  return struct({ rewrites: config.rewrites.map(({ regex, replace }) => struct({ regex, replace })) });
}
