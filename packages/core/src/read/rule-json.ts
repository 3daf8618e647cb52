import { type Decoder, list, object, string } from "./json.ts";

interface PatternsJson {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

/** One item of a `conditions.<name>` annotation; unchecked beyond types. */
export interface ConditionJson {
  readonly field?: string;
  readonly hostHeaderConfig?: PatternsJson;
  readonly pathPatternConfig?: PatternsJson;
  readonly httpHeaderConfig?: PatternsJson & { readonly httpHeaderName?: string };
  readonly httpRequestMethodConfig?: { readonly values?: readonly string[] };
  readonly queryStringConfig?: { readonly values?: readonly { readonly key?: string; readonly value?: string }[] };
  readonly sourceIPConfig?: { readonly values?: readonly string[] };
}

interface RewritesJson {
  readonly rewrites?: readonly { readonly regex?: string; readonly replace?: string }[];
}

/** One item of a `transforms.<name>` annotation; unchecked beyond types. */
export interface TransformJson {
  readonly type?: string;
  readonly urlRewriteConfig?: RewritesJson;
  readonly hostHeaderRewriteConfig?: RewritesJson;
}

const patterns = { values: list(string), regexValues: list(string) };

export const conditions: Decoder<readonly ConditionJson[]> = list(
  object({
    field: string,
    hostHeaderConfig: object(patterns),
    pathPatternConfig: object(patterns),
    httpHeaderConfig: object({ ...patterns, httpHeaderName: string }),
    httpRequestMethodConfig: object({ values: list(string) }),
    queryStringConfig: object({ values: list(object({ key: string, value: string })) }),
    sourceIPConfig: object({ values: list(string) }),
  }),
);

const rewrites = object({ rewrites: list(object({ regex: string, replace: string })) });

export const transforms: Decoder<readonly TransformJson[]> = list(
  object({ type: string, urlRewriteConfig: rewrites, hostHeaderRewriteConfig: rewrites }),
);
