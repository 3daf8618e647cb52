/** The grammars of annotation values, by the name that the annotation table uses. */

import { type ActionJson, action } from "./action-json.ts";
import {
  type AuthCognitoJson,
  type AuthOidcJson,
  authCognito,
  authOidc,
  type JwtValidationJson,
  jwtValidation,
} from "./auth-json.ts";
import { type Parsed, parseBool, parseInt32, parseInt64, parseStringList, parseStringMap } from "./grammar.ts";
import { type Decoder, decodeJson } from "./json.ts";
import {
  type ListenPort,
  type MutualAuthenticationJson,
  mutualAuthentication,
  parseListenPorts,
} from "./listener-json.ts";
import { type ConditionJson, conditions, type TransformJson, transforms } from "./rule-json.ts";

/** What a value of each grammar becomes. */
export interface GrammarValues {
  readonly string: string;
  readonly bool: boolean;
  /** A boolean whose unreadable spellings count as absent. */
  readonly lenientBool: boolean | undefined;
  readonly int32: number;
  readonly int64: number;
  readonly stringList: readonly string[];
  readonly stringMap: Readonly<Record<string, string>>;
  readonly listenPorts: readonly ListenPort[];
  readonly mutualAuthentication: readonly MutualAuthenticationJson[];
  readonly authCognito: AuthCognitoJson;
  readonly authOidc: AuthOidcJson;
  readonly jwtValidation: JwtValidationJson;
  readonly action: ActionJson;
  readonly conditions: readonly ConditionJson[];
  readonly transforms: readonly TransformJson[];
}

export type GrammarName = keyof GrammarValues;

function json<T>(decoder: Decoder<T>, empty: T): (text: string) => Parsed<T> {
  return (text) => {
    const decoded = decodeJson(text, decoder);
    return "problem" in decoded ? decoded : { value: decoded.value ?? empty };
  };
}

/** One parser a grammar. */
export const GRAMMARS: { readonly [G in GrammarName]: (text: string) => Parsed<GrammarValues[G]> } = {
  string: (text) => ({ value: text }),
  bool: parseBool,
  lenientBool: (text) => {
    const parsed = parseBool(text);
    return { value: "value" in parsed ? parsed.value : undefined };
  },
  int32: parseInt32,
  int64: parseInt64,
  stringList: (text) => ({ value: parseStringList(text) }),
  stringMap: parseStringMap,
  listenPorts: parseListenPorts,
  mutualAuthentication: json(mutualAuthentication, []),
  authCognito: json(authCognito, {}),
  authOidc: json(authOidc, {}),
  jwtValidation: json(jwtValidation, {}),
  action: json(action, {}),
  conditions: json(conditions, []),
  transforms: json(transforms, []),
};
