/** Values of resources as one line of words. Whatever has no words of its own is shown as `key=value, …`. */
import { compareStrings } from "../lib/compare.ts";
import type { RuleCondition, RuleTransform } from "../model/listener-rule.ts";
import type { RuleAction } from "../model/rule-action.ts";
import type { Permission } from "../model/security-group.ts";
import { isReference, isUnknown } from "../model/value.ts";
import { KNOWN_AFTER_APPLY } from "./lbc-reference.ts";
import { resourceName } from "./names.ts";

/** One line for any value of a graph or inventory; `none` for what is absent or empty. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "string") return value === "" ? '""' : arnName(value);
  if (typeof value !== "object") return String(value);
  if (isUnknown(value)) return KNOWN_AFTER_APPLY;
  if (isReference(value))
    return value.field === "dnsName" ? `DNS name of ${resourceName(value.ref)}` : resourceName(value.ref);
  if (Array.isArray(value)) return describeList(value);
  if (isAction(value)) return describeAction(value);
  if (isCondition(value)) return describeCondition(value);
  if (isTransform(value)) return describeTransform(value);
  if (isPermission(value)) return describePermission(value);
  if ("subnetId" in value) {
    const allocation = "allocationId" in value ? ` (${describe(value.allocationId)})` : "";
    return `${describe(value.subnetId)}${allocation}`;
  }
  if ("id" in value && "port" in value) return `${describe(value.id)}:${describe(value.port)}`;
  const entries = Object.entries(value).sort(([a], [b]) => compareStrings(a, b));
  return entries.length === 0 ? "none" : entries.map(([key, item]) => `${key}=${describe(item)}`).join(", ");
}

/** Actions happen one after another, conditions hold together, everything else is a list. */
function describeList(list: readonly unknown[]): string {
  if (list.length === 0) return "none";
  const separator = list.every(isAction) ? ", then " : list.every(isCondition) ? "; " : ", ";
  return list.map(describe).join(separator);
}

/** What an ARN names: partition, service, region and account say little to who reads one account's plan. */
function arnName(text: string): string {
  if (!text.startsWith("arn:")) return text;
  const name = text.split(":").slice(5).join(":");
  return name === "" ? text : name;
}

function describeAction(action: RuleAction): string {
  switch (action.type) {
    case "forward": {
      const { targetGroups, targetGroupStickinessConfig: stickiness } = action.forwardConfig;
      const shares = targetGroups.map(
        ({ targetGroupArn, weight }) =>
          `${describe(targetGroupArn)}${targetGroups.length > 1 ? ` (${weight ?? 1})` : ""}`,
      );
      const sticky = stickiness?.enabled === true ? `, sticky${seconds(stickiness.durationSeconds, " for")}` : "";
      return `forward to ${shares.join(" and ") || "nothing"}${sticky}`;
    }
    case "redirect": {
      const { statusCode, protocol, host, port, path, query } = action.redirectConfig;
      const address = `${(protocol ?? "#{protocol}").toLowerCase()}://${host ?? "#{host}"}:${port ?? "#{port}"}`;
      const rest = `${path ?? "/#{path}"}${query === undefined ? "" : `?${query}`}`;
      return `redirect ${statusCode.replace("HTTP_", "")} to ${address}${rest}`;
    }
    case "fixed-response": {
      const { statusCode, contentType, messageBody } = action.fixedResponseConfig;
      const body =
        messageBody === undefined || messageBody === "" ? "" : ` ${JSON.stringify(shorten(messageBody, 40))}`;
      return `answer ${statusCode}${contentType === undefined ? "" : ` ${contentType}`}${body}`;
    }
    case "authenticate-cognito":
      return `authenticate with Cognito (${action.authenticateCognitoConfig.userPoolDomain})`;
    case "authenticate-oidc":
      return `authenticate with OIDC (${action.authenticateOidcConfig.issuer})`;
    case "jwt-validation":
      return `require a JWT of ${action.jwtValidationConfig.issuer}`;
  }
}

function describeCondition(condition: RuleCondition): string {
  switch (condition.field) {
    case "host-header":
      return `host ${patterns(condition.hostHeaderConfig)}`;
    case "path-pattern":
      return `path ${patterns(condition.pathPatternConfig)}`;
    case "http-header":
      return `header ${condition.httpHeaderConfig.httpHeaderName} ${patterns(condition.httpHeaderConfig)}`;
    case "http-request-method":
      return `method ${condition.httpRequestMethodConfig.values.join(" or ")}`;
    case "query-string":
      return `query ${condition.queryStringConfig.values
        .map(({ key, value }) => (key === undefined ? value : `${key}=${value}`))
        .join(" or ")}`;
    case "source-ip":
      return `source ${condition.sourceIpConfig.values.join(" or ")}`;
  }
}

function patterns({
  values,
  regexValues,
}: {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}): string {
  return [...(values ?? []).map(describe), ...(regexValues ?? []).map((regex) => `/${regex}/`)].join(" or ");
}

function describeTransform(transform: RuleTransform): string {
  const [what, config] =
    transform.type === "url-rewrite"
      ? ["rewrite path", transform.urlRewriteConfig]
      : ["rewrite host", transform.hostHeaderRewriteConfig];
  return `${what} ${config.rewrites.map(({ regex, replace }) => `/${regex}/ to ${describe(replace)}`).join(", ")}`;
}

function describePermission({ protocol, fromPort, toPort, source }: Permission): string {
  const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
  return `${protocol} ${ports} from ${describe(Object.values(source)[0])}`;
}

/** Cuts a long text in the middle, where ARNs and names differ least. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}

function seconds(value: number | undefined, before: string): string {
  return value === undefined ? "" : `${before} ${value} s`;
}

const ACTION_TYPES: ReadonlySet<unknown> = new Set<RuleAction["type"]>([
  "forward",
  "redirect",
  "fixed-response",
  "authenticate-cognito",
  "authenticate-oidc",
  "jwt-validation",
]);

function isAction(value: unknown): value is RuleAction {
  return typeof value === "object" && value !== null && "type" in value && ACTION_TYPES.has(value.type);
}

const CONDITION_FIELDS: ReadonlySet<unknown> = new Set<RuleCondition["field"]>([
  "host-header",
  "path-pattern",
  "http-header",
  "http-request-method",
  "query-string",
  "source-ip",
]);

function isCondition(value: unknown): value is RuleCondition {
  return typeof value === "object" && value !== null && "field" in value && CONDITION_FIELDS.has(value.field);
}

function isTransform(value: object): value is RuleTransform {
  return "urlRewriteConfig" in value || "hostHeaderRewriteConfig" in value;
}

function isPermission(value: object): value is Permission {
  return "protocol" in value && "fromPort" in value && "toPort" in value && "source" in value;
}
