/** Checks of the items of `conditions.<name>` and `transforms.<name>` annotations (also those of LBC's admission webhook). */
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import { quote } from "../read/grammar.ts";
import type { ConditionJson, TransformJson } from "../read/rule-json.ts";

/** Conditions apart by how they go together with the Ingress's own host and path: those are OR-ed with them. */
export interface AnnotatedConditions {
  readonly hosts: readonly string[];
  readonly hostRegexes: readonly string[];
  readonly paths: readonly string[];
  readonly pathRegexes: readonly string[];
  /** Headers, methods, queries and source addresses, in the annotation's order. */
  readonly others: readonly RuleCondition[];
}

type Refuse = (message: string) => void;

/** Checks the items of a conditions annotation. An unknown field is left out, as LBC does. */
export function checkConditions(items: readonly ConditionJson[], refuse: Refuse): AnnotatedConditions {
  const hosts: string[] = [];
  const hostRegexes: string[] = [];
  const paths: string[] = [];
  const pathRegexes: string[] = [];
  const others: RuleCondition[] = [];
  for (const item of items) {
    switch (item.field) {
      case "host-header": {
        const patterns = checkPatterns("hostHeaderConfig", item.hostHeaderConfig, refuse);
        hosts.push(...(patterns?.values ?? []));
        hostRegexes.push(...(patterns?.regexValues ?? []));
        break;
      }
      case "path-pattern": {
        const patterns = checkPatterns("pathPatternConfig", item.pathPatternConfig, refuse);
        paths.push(...(patterns?.values ?? []));
        pathRegexes.push(...(patterns?.regexValues ?? []));
        break;
      }
      case "http-header": {
        const patterns = checkPatterns("httpHeaderConfig", item.httpHeaderConfig, refuse);
        const name = item.httpHeaderConfig?.httpHeaderName ?? "";
        if (patterns !== undefined && name === "") refuse("httpHeaderConfig needs a httpHeaderName");
        else if (patterns !== undefined)
          others.push({ field: "http-header", httpHeaderConfig: { httpHeaderName: name, ...patterns } });
        break;
      }
      case "http-request-method": {
        const values = checkValues("httpRequestMethodConfig", item.httpRequestMethodConfig, refuse);
        if (values !== undefined) others.push({ field: "http-request-method", httpRequestMethodConfig: { values } });
        break;
      }
      case "query-string": {
        const values = item.queryStringConfig?.values ?? [];
        if (item.queryStringConfig === undefined) refuse("queryStringConfig is missing");
        else if (values.length === 0) refuse("queryStringConfig needs values");
        else if (values.some(({ value }) => !value)) refuse("queryStringConfig: every item needs a value");
        else
          others.push({
            field: "query-string",
            queryStringConfig: {
              values: values.map(({ key, value = "" }) => ({ ...(key !== undefined && { key }), value })),
            },
          });
        break;
      }
      case "source-ip": {
        const values = checkValues("sourceIpConfig", item.sourceIPConfig, refuse);
        if (values !== undefined) others.push({ field: "source-ip", sourceIpConfig: { values } });
        break;
      }
    }
  }
  return { hosts, hostRegexes, paths, pathRegexes, others };
}

interface PatternLists {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

function checkPatterns(name: string, config: PatternLists | undefined, refuse: Refuse): PatternLists | undefined {
  if (config === undefined) {
    refuse(`${name} is missing`);
    return undefined;
  }
  const { values = [], regexValues = [] } = config;
  if (values.length === 0 && regexValues.length === 0) refuse(`${name} needs values or regexValues`);
  else if (values.length > 0 && regexValues.length > 0) refuse(`${name} takes values or regexValues, not both`);
  else return values.length > 0 ? { values } : { regexValues };
  return undefined;
}

function checkValues(
  name: string,
  config: { readonly values?: readonly string[] } | undefined,
  refuse: Refuse,
): readonly string[] | undefined {
  if (config === undefined) refuse(`${name} is missing`);
  else if (config.values === undefined || config.values.length === 0) refuse(`${name} needs values`);
  else return config.values;
  return undefined;
}

/** Checks the items of a transforms annotation. */
export function checkTransforms(items: readonly TransformJson[], refuse: Refuse): readonly RuleTransform[] {
  const transforms: RuleTransform[] = [];
  for (const item of items) {
    const type = item.type ?? "";
    if (type !== "url-rewrite" && type !== "host-header-rewrite") {
      refuse(`type is ${quote(type)}, allowed are url-rewrite, host-header-rewrite`);
      continue;
    }
    const name = type === "url-rewrite" ? "urlRewriteConfig" : "hostHeaderRewriteConfig";
    const config = item[name];
    if (config === undefined) refuse(`${name} is missing`);
    else if (config.rewrites === undefined || config.rewrites.length === 0) refuse(`${name} needs rewrites`);
    else {
      const rewrites = config.rewrites.map(({ regex = "", replace = "" }) => ({ regex, replace }));
      transforms.push(
        type === "url-rewrite"
          ? { type, urlRewriteConfig: { rewrites } }
          : { type, hostHeaderRewriteConfig: { rewrites } },
      );
    }
  }
  return transforms;
}
