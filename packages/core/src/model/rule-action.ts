/**
 * Actions of listeners and rules. Field names are those of the ELBv2 API with a lower-case first letter, so that
 * `callFor` turns one into the other without a table.
 */
import type { StringMap, Value } from "./value.ts";

export type RuleAction<V = Value> =
  | ForwardAction<V>
  | RedirectAction
  | FixedResponseAction
  | AuthenticateCognitoAction
  | AuthenticateOidcAction
  | JwtValidationAction;

export interface ForwardAction<V = Value> {
  readonly type: "forward";
  readonly forwardConfig: {
    readonly targetGroups: readonly { readonly targetGroupArn: V; readonly weight?: number }[];
    readonly targetGroupStickinessConfig?: { readonly enabled?: boolean; readonly durationSeconds?: number };
  };
}

/** Absent fields keep the request's part: `#{host}`, `/#{path}`, `#{port}`, `#{protocol}`, `#{query}`. */
export interface RedirectAction {
  readonly type: "redirect";
  readonly redirectConfig: {
    readonly host?: string;
    readonly path?: string;
    readonly port?: string;
    readonly protocol?: string;
    readonly query?: string;
    readonly statusCode: string;
  };
}

export interface FixedResponseAction {
  readonly type: "fixed-response";
  readonly fixedResponseConfig: {
    readonly contentType?: string;
    readonly messageBody?: string;
    readonly statusCode: string;
  };
}

interface AuthenticateCommon {
  readonly authenticationRequestExtraParams?: StringMap;
  readonly onUnauthenticatedRequest?: string;
  readonly scope?: string;
  readonly sessionCookieName?: string;
  /** Seconds. */
  readonly sessionTimeout?: number;
}

export interface AuthenticateCognitoAction {
  readonly type: "authenticate-cognito";
  readonly authenticateCognitoConfig: AuthenticateCommon & {
    readonly userPoolArn: string;
    readonly userPoolClientId: string;
    readonly userPoolDomain: string;
  };
}

export interface AuthenticateOidcAction {
  readonly type: "authenticate-oidc";
  readonly authenticateOidcConfig: AuthenticateCommon & {
    readonly issuer: string;
    readonly authorizationEndpoint: string;
    readonly tokenEndpoint: string;
    readonly userInfoEndpoint: string;
    /** Where an executor finds client id and secret; absent in an inventory. */
    readonly client?: SecretClient;
    /** The client id as AWS returns it; only in an inventory. AWS never returns the secret. */
    readonly clientId?: string;
  };
}

/** A Kubernetes Secret that holds an OIDC client. The secret itself never enters a graph. */
export interface SecretClient {
  /** `namespace/name`. */
  readonly secret: string;
  /** SHA-256 over client id and client secret, lower-case hex. */
  readonly digest: string;
}

export interface JwtValidationAction {
  readonly type: "jwt-validation";
  readonly jwtValidationConfig: {
    readonly jwksEndpoint: string;
    readonly issuer: string;
    readonly additionalClaims?: readonly {
      readonly format: string;
      readonly name: string;
      readonly values: readonly string[];
    }[];
  };
}
