/** What exists in AWS, in short: ids are names, and what only differs by a hash is left out. */
import type { Account, Facts, RuleAction } from "@elbplan/core";

interface Json {
  readonly [field: string]: unknown;
}

/** The recordings hold one page of rules. */
const RECORDED_RULES = 50;

/** Describes a simulated account as `recordings/states.json` does LBC's. */
export function accountState(account: Account, facts: Facts): object {
  const { loadBalancers, listeners, listenerRules, targetGroups, targets, securityGroups } = account;
  const groups = new Map(Object.values(securityGroups).map(({ arn, spec }) => [arn, spec.name]));
  const certificates = new Map(facts.certificates.map(({ arn, domain }) => [arn, domain]));
  const nodes = new Map(facts.networkInterfaces?.map(({ instanceId = "" }, at) => [instanceId, `node${at}`]));
  const nameOf = new Map(Object.values(targetGroups).map(({ arn, spec }) => [arn, String(spec.name)]));
  const actions = (list: readonly RuleAction<string>[]): readonly string[] =>
    list.map((action) => actionText(named(action, nameOf)));
  const endpoints = Object.entries(account.endpointSecurityGroups ?? {}).filter(([, ingress]) => ingress.length > 0);
  const ingressText = (ingress: Account["securityGroups"][string]["spec"]["ingress"]): readonly string[] =>
    ingress
      .map(({ protocol, fromPort, toPort, source, description }) => {
        const [from = ""] = Object.values(source);
        const name = groups.has(from) ? `sg:${groups.get(from)}` : from;
        return [`${protocol} ${fromPort}-${toPort}`, name, description ?? []].flat().join(" ");
      })
      .sort();
  return {
    loadBalancers: Object.values(loadBalancers).map(({ arn, spec }) => ({
      ...pick(spec as unknown as Json, ["name", "type", "scheme", "ipAddressType", "tags"]),
      securityGroups: spec.securityGroups?.map((id) => groups.get(id)),
      listeners: Object.values(listeners)
        .filter((listener) => listener.spec.loadBalancerArn === arn)
        .sort((a, b) => a.spec.port - b.spec.port)
        .map((listener) => ({
          ...pick(listener.spec as unknown as Json, ["port", "protocol", "sslPolicy", "tags"]),
          certificates: certificateNames(
            listener.spec.certificates?.map((one) => `cert:${certificates.get(one)}`) ?? [],
          ),
          defaultActions: actions(listener.spec.defaultActions),
          rules: Object.values(listenerRules)
            .filter((rule) => rule.spec.listenerArn === listener.arn)
            .sort((a, b) => a.spec.priority - b.spec.priority)
            .slice(0, RECORDED_RULES)
            .map((rule) => ({
              priority: rule.spec.priority,
              conditions: rule.spec.conditions,
              actions: actions(rule.spec.actions),
              tags: withoutPosition(rule.spec.tags as unknown as Json),
            })),
        })),
    })),
    targetGroups: Object.values(targetGroups)
      .map(({ arn, spec }) => ({
        ...pick(spec as unknown as Json, ["port", "protocol", "protocolVersion", "targetType", "tags"]),
        healthCheckProtocol: spec.healthCheck.protocol,
        healthCheckPort: spec.healthCheck.port,
        healthCheckPath: spec.healthCheck.path,
        healthCheckIntervalSeconds: spec.healthCheck.intervalSeconds,
        name: withoutHash(String(spec.name)),
        targets: (targets[arn] ?? []).map(({ id, port }) => `${nodes.get(id) ?? id}:${port}`).sort(),
      }))
      .sort(byText),
    securityGroups: [
      ...Object.values(securityGroups)
        .map(({ spec }) => ({ name: spec.name, ingress: ingressText(spec.ingress), tags: spec.tags }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...endpoints.map(([id, ingress]) => ({
        name: facts.securityGroups.find((group) => group.id === id)?.name,
        ingress: ingressText(ingress),
        tags: {},
      })),
    ],
  };
}

function pick(object: Json, fields: readonly string[]): Json {
  return Object.fromEntries(fields.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])));
}

/** The readable part of a target group's name; the rest hashes a uid that differs between runs. */
function withoutHash(name: string): string {
  return name.slice(0, name.lastIndexOf("-"));
}

/** A tag that only repeats a rule's place isn't kept up alone. */
function withoutPosition(tags: Json): Json {
  const { "ingress.k8s.aws/resource": _, ...rest } = tags;
  return rest;
}

function certificateNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.replace(/ \(default\)$/, "")))].sort();
}

function named(action: RuleAction<string>, nameOf: ReadonlyMap<string, string>): RuleAction {
  if (action.type !== "forward") return action;
  const targetGroups = action.forwardConfig.targetGroups.map((one) => ({
    ...one,
    targetGroupArn: `tg:${nameOf.get(one.targetGroupArn)}`,
  }));
  return { ...action, forwardConfig: { ...action.forwardConfig, targetGroups } };
}

function actionText(action: RuleAction): string {
  switch (action.type) {
    case "forward": {
      const { targetGroups, targetGroupStickinessConfig: stickiness } = action.forwardConfig;
      const shares = targetGroups.map(
        ({ targetGroupArn, weight }) => `${withoutHash(String(targetGroupArn))} ${weight}`,
      );
      return `forward ${shares.sort().join(", ")}${stickiness?.enabled === true ? ` for ${stickiness.durationSeconds} s` : ""}`;
    }
    case "redirect": {
      const { protocol, host, port, path, query, statusCode } = action.redirectConfig;
      return `redirect ${protocol}://${host}:${port}${path}?${query} ${statusCode}`;
    }
    case "fixed-response": {
      const { statusCode, contentType, messageBody = "" } = action.fixedResponseConfig;
      return `answer ${statusCode} ${contentType} ${messageBody}`.trim();
    }
    default:
      return JSON.stringify(action);
  }
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
