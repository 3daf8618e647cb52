import equal from "fast-deep-equal";
import { castDraft, type Draft } from "immer";
import type { ActionDetails } from "../../model/action.ts";
import type { Account, ExistingTargetGroup } from "../../model/inventory.ts";
import { quotasOf } from "../../model/quotas.ts";
import type { HealthCheck, TargetGroupSpec } from "../../model/target-group.ts";
import { type Answer, type Refused, refuse, unchanged } from "./answer.ts";
import { newTargetGroupArn } from "./arn.ts";
import { targetGroupsOf, usesOfTargetGroups } from "./association.ts";
import { checkAttributes, initialAttributes, targetGroupAttributes } from "./attributes.ts";
import type { Resolved } from "./outputs.ts";
import { checkTags } from "./tags.ts";

type Details<K extends keyof ActionDetails> = Resolved<ActionDetails[K]>;
type Spec = Resolved<TargetGroupSpec>;
type Check = Resolved<HealthCheck>;

/** CreateTargetGroup. Attributes are no part of the call and are not taken from the spec. */
export function createTargetGroup(account: Account, { vpcId, spec }: Details<"createTargetGroup">): Answer {
  const asked = withDefaults(spec);
  const twin = Object.values(account.targetGroups).find((other) => other.spec.name === spec.name);
  if (twin !== undefined) return answerTwin(twin, vpcId, asked);
  const refusal =
    checkName(spec.name) ??
    checkCount(account) ??
    checkProtocol(spec) ??
    checkPort(spec.port) ??
    checkHealthCheck(asked.healthCheck) ??
    checkTags(account, "elbv2", spec.tags);
  if (refusal !== undefined) return refusal;

  const arn = newTargetGroupArn(account, spec.name);
  const created: ExistingTargetGroup = { arn, vpcId, loadBalancerArns: [], spec: asked };
  return {
    output: { arn, id: arn },
    change: (draft) => {
      draft.targetGroups[arn] = castDraft(created);
      draft.targets[arn] = [];
      draft.sequence = account.sequence + 1;
    },
  };
}

/** What AWS fills in (ELB API Reference: CreateTargetGroup). */
function withDefaults(spec: Spec): Spec {
  const isHttp = spec.protocol === "HTTP" || spec.protocol === "HTTPS";
  const protocolVersion = spec.protocolVersion ?? (isHttp ? "HTTP1" : undefined);
  const isGrpc = protocolVersion === "GRPC";
  const checksHttp = spec.healthCheck.protocol === "HTTP" || spec.healthCheck.protocol === "HTTPS";
  const defaults = isGrpc
    ? { path: "/AWS.ALB/healthcheck", matcher: { grpcCode: "12" } }
    : { path: "/", matcher: { httpCode: isHttp ? "200" : "200-399" } };
  return {
    ...spec,
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    ipAddressType: spec.ipAddressType ?? "ipv4",
    healthCheck: { ...(checksHttp ? defaults : {}), ...withPortText(spec.healthCheck) },
    attributes: initialAttributes(targetGroupAttributes(spec.protocol, protocolVersion)),
    tags: spec.tags ?? {},
  };
}

/** AWS returns the port as text, whatever it was sent as. */
function withPortText<C extends { readonly port?: string | number }>(check: C): C {
  return check.port === undefined ? check : { ...check, port: String(check.port) };
}

/** A create with equal settings returns what exists (ELB API Reference: CreateTargetGroup is idempotent). */
function answerTwin(twin: ExistingTargetGroup, vpcId: string, asked: Spec): Answer {
  const { attributes: _, ...existing } = twin.spec;
  const { attributes: __, ...wanted } = asked;
  if (twin.vpcId === vpcId && equal(existing, wanted)) {
    const note = `a target group ${asked.name} with the same settings exists already`;
    return unchanged(note, { arn: twin.arn, id: twin.arn });
  }
  const message = `a target group named ${asked.name} exists already with other settings: ${twin.arn}`;
  return refuse("account.name-in-use", "DuplicateTargetGroupName", message);
}

function checkName(name: string): Refused | undefined {
  if (/^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name)) return undefined;
  const message = `the target group name "${name}" isn't 1 to 32 letters, digits and inner hyphens`;
  return refuse("account.invalid-value", "ValidationError", message);
}

function checkCount(account: Account): Refused | undefined {
  const limit = quotasOf(account).targetGroupsPerRegion;
  const count = Object.keys(account.targetGroups).length;
  if (count < limit) return undefined;
  const message = `the account has ${count} target groups and may have ${limit}`;
  return refuse("account.quota-exceeded", "TooManyTargetGroups", message);
}

function checkProtocol({ targetType, protocol, protocolVersion }: Spec): Refused | undefined {
  if (!["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"].includes(protocol)) {
    return refuse("account.invalid-value", "ValidationError", `"${protocol}" is no protocol of a target group`);
  }
  if (targetType === "alb" && protocol !== "TCP") {
    const message = `a target group of type alb speaks TCP, not ${protocol}`;
    return refuse("account.invalid-value", "InvalidConfigurationRequest", message);
  }
  if (protocolVersion !== undefined && !["HTTP1", "HTTP2", "GRPC"].includes(protocolVersion)) {
    return refuse("account.invalid-value", "ValidationError", `"${protocolVersion}" is no protocol version`);
  }
  return undefined;
}

function checkPort(port: number): Refused | undefined {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return undefined;
  return refuse("account.invalid-value", "ValidationError", `the port ${port} isn't 1 to 65535`);
}

/** ELB API Reference: CreateTargetGroup, ranges of the health check. */
function checkHealthCheck(check: Check): Refused | undefined {
  const problem = healthCheckProblem(check);
  return problem === undefined ? undefined : refuse("account.invalid-value", "ValidationError", problem);
}

function healthCheckProblem(check: Check): string | undefined {
  const { intervalSeconds, timeoutSeconds, healthyThresholdCount, unhealthyThresholdCount, path, port } = check;
  const within = (value: number, from: number, to: number): boolean =>
    Number.isInteger(value) && value >= from && value <= to;
  if (!within(intervalSeconds, 5, 300)) return `the health check interval ${intervalSeconds} isn't 5 to 300 seconds`;
  if (!within(timeoutSeconds, 2, 120)) return `the health check timeout ${timeoutSeconds} isn't 2 to 120 seconds`;
  if (timeoutSeconds > intervalSeconds) {
    return `the health check timeout ${timeoutSeconds} is longer than the interval ${intervalSeconds}`;
  }
  if (!within(healthyThresholdCount, 2, 10)) return `the healthy threshold ${healthyThresholdCount} isn't 2 to 10`;
  if (!within(unhealthyThresholdCount, 2, 10))
    return `the unhealthy threshold ${unhealthyThresholdCount} isn't 2 to 10`;
  if (path !== undefined && (!path.startsWith("/") || path.length > 1024)) {
    return `the health check path "${path}" doesn't begin with / or has more than 1024 characters`;
  }
  if (port !== "traffic-port" && !within(Number(port), 1, 65535)) return `the health check port ${port} is invalid`;
  return undefined;
}

function modify(
  account: Account,
  arn: string,
  check: (existing: ExistingTargetGroup) => Refused | undefined,
  write: (spec: Draft<TargetGroupSpec>) => void,
): Answer {
  const existing = account.targetGroups[arn];
  if (existing === undefined) return noSuchTargetGroup(arn);
  return (
    check(existing) ?? {
      change: (draft) => {
        const found = draft.targetGroups[arn];
        if (found !== undefined) write(found.spec);
      },
    }
  );
}

/** ModifyTargetGroup: the health check. A new matcher replaces the old one whole. */
export function modifyTargetGroup(
  account: Account,
  { targetGroupArn, healthCheck }: Details<"modifyTargetGroup">,
): Answer {
  return modify(
    account,
    targetGroupArn,
    ({ spec }) => checkHealthCheck({ ...spec.healthCheck, ...healthCheck } as Check),
    (spec) => {
      spec.healthCheck = castDraft({ ...spec.healthCheck, ...withPortText(healthCheck) });
    },
  );
}

export function modifyTargetGroupAttributes(
  account: Account,
  { targetGroupArn, attributes }: Details<"modifyTargetGroupAttributes">,
): Answer {
  return modify(
    account,
    targetGroupArn,
    ({ spec }) =>
      checkAttributes(targetGroupAttributes(spec.protocol, spec.protocolVersion), spec.attributes ?? {}, attributes),
    (spec) => {
      spec.attributes = { ...spec.attributes, ...attributes };
    },
  );
}

/** Refused while a rule or a default action names the group; its targets go with it. */
export function deleteTargetGroup(account: Account, { targetGroupArn }: Details<"deleteTargetGroup">): Answer {
  if (account.targetGroups[targetGroupArn] === undefined) return unchanged(`${targetGroupArn} doesn't exist`);
  for (const { arn, actions } of usesOfTargetGroups(account)) {
    if (targetGroupsOf(actions).includes(targetGroupArn)) {
      return refuse("account.in-use", "ResourceInUse", `${targetGroupArn} is in use by ${arn}`);
    }
  }
  return {
    change: (draft) => {
      delete draft.targetGroups[targetGroupArn];
      delete draft.targets[targetGroupArn];
    },
  };
}

/** The refusal for a target group that isn't there. */
export function noSuchTargetGroup(arn: string): Refused {
  return refuse("account.not-found", "TargetGroupNotFound", `the account holds no target group ${arn}`);
}
