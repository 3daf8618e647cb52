import { type Decoder, list, object, record, string } from "./json.ts";

export interface AuthCognitoJson {
  readonly userPoolARN?: string;
  readonly userPoolClientID?: string;
  readonly userPoolDomain?: string;
  readonly authenticationRequestExtraParams?: Readonly<Record<string, string>>;
}

export interface AuthOidcJson {
  readonly issuer?: string;
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly userInfoEndpoint?: string;
  /** Name of a Secret in the Ingress's namespace. */
  readonly secretName?: string;
  readonly authenticationRequestExtraParams?: Readonly<Record<string, string>>;
}

export interface JwtValidationJson {
  readonly jwksEndpoint?: string;
  readonly issuer?: string;
  readonly additionalClaims?: readonly {
    readonly format?: string;
    readonly name?: string;
    readonly values?: readonly string[];
  }[];
}

export const authCognito: Decoder<AuthCognitoJson> = object({
  userPoolARN: string,
  userPoolClientID: string,
  userPoolDomain: string,
  authenticationRequestExtraParams: record(string),
});

export const authOidc: Decoder<AuthOidcJson> = object({
  issuer: string,
  authorizationEndpoint: string,
  tokenEndpoint: string,
  userInfoEndpoint: string,
  secretName: string,
  authenticationRequestExtraParams: record(string),
});

export const jwtValidation: Decoder<JwtValidationJson> = object({
  jwksEndpoint: string,
  issuer: string,
  additionalClaims: list(object({ format: string, name: string, values: list(string) })),
});
