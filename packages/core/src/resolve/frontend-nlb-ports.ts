/** Which ports the network load balancer in front of an ALB has, where they lead, and their health checks. */
import type { HealthCheck } from "../model/target-group.ts";
import { ANNOTATIONS, type AnnotationName } from "../read/annotations.ts";
import { parseInt32, quote } from "../read/grammar.ts";
import { annotationProblem, type Member, notAllowed, readAnnotation } from "../read/member.ts";
import { conflict, fromAnnotation } from "./agreement.ts";
import type { GroupContext } from "./context.ts";
import type { ListenConfig } from "./listen-config.ts";

export interface FrontendNlbPort {
  /** Port of the network load balancer. */
  readonly port: number;
  /** Port of the ALB. */
  readonly targetPort: number;
  readonly healthCheck: HealthCheck;
  /** Who wants the port, in group order. */
  readonly members: readonly Member[];
}

const HEALTH = {
  port: "frontend-nlb-healthcheck-port",
  protocol: "frontend-nlb-healthcheck-protocol",
  path: "frontend-nlb-healthcheck-path",
  intervalSeconds: "frontend-nlb-healthcheck-interval-seconds",
  timeoutSeconds: "frontend-nlb-healthcheck-timeout-seconds",
  healthyThresholdCount: "frontend-nlb-healthcheck-healthy-threshold-count",
  unhealthyThresholdCount: "frontend-nlb-healthcheck-unhealthy-threshold-count",
  successCodes: "frontend-nlb-healthcheck-success-codes",
} as const satisfies Record<string, AnnotationName>;

const TRAFFIC_PORT = ANNOTATIONS[HEALTH.port].defaultValue;

type HealthField = keyof typeof HEALTH;
/** Only what a member says explicitly. */
type Wish = { readonly [F in HealthField]?: string | number };

interface PortWish {
  readonly member: Member;
  readonly targetPort: number;
  readonly health: Wish;
}

/** The ports of the network load balancer, ascending, over all members of the group. */
export function resolveFrontendNlbPorts(
  group: GroupContext,
  listens: readonly ListenConfig[],
): readonly FrontendNlbPort[] {
  const wishes = new Map<number, PortWish[]>();
  for (const member of group.members) {
    const own = listens.filter(({ members }) => members.includes(member)).map(({ port }) => port);
    const health = readHealth(group, member);
    for (const [port, targetPort] of readMapping(group, member, own)) {
      // As LBC: a mapping to a port that the Ingress doesn't listen on does nothing.
      if (!own.includes(targetPort)) continue;
      const wish = { member, targetPort, health };
      wishes.set(port, [...(wishes.get(port) ?? []), wish]);
    }
  }
  return [...wishes].sort(([a], [b]) => a - b).map(([port, all]) => mergePort(group, port, all));
}

function readMapping(
  group: GroupContext,
  member: Member,
  own: readonly number[],
): readonly (readonly [number, number])[] {
  const name = "frontend-nlb-listener-port-mapping";
  const mapping = readAnnotation(member.ingress, name, group.report);
  if (mapping === undefined || Object.keys(mapping).length === 0) return own.map((port) => [port, port]);
  const pairs: [number, number][] = [];
  for (const [from, to] of Object.entries(mapping)) {
    const port = parseInt32(from);
    const targetPort = parseInt32(to);
    if ("value" in port && "value" in targetPort) pairs.push([port.value, targetPort.value]);
    else
      group.report(
        annotationProblem(
          "annotation.value-not-allowed",
          member.ingress,
          name,
          `${name}: ${quote(`${from}=${to}`)} doesn't map a port number to another`,
        ),
      );
  }
  return pairs;
}

function readHealth(group: GroupContext, member: Member): Wish {
  const wish: { [F in HealthField]?: string | number } = {};
  for (const field of Object.keys(HEALTH) as HealthField[]) {
    const value = readAnnotation(member.ingress, HEALTH[field], group.report);
    if (value !== undefined) wish[field] = value;
  }
  const protocols = ANNOTATIONS[HEALTH.protocol].allowed;
  if (wish.protocol !== undefined && !protocols.some((protocol) => protocol === wish.protocol)) {
    group.report(notAllowed(member.ingress, HEALTH.protocol, String(wish.protocol), protocols));
  }
  if (wish.port !== undefined && wish.port !== TRAFFIC_PORT && "problem" in parseInt32(String(wish.port))) {
    group.report(
      annotationProblem(
        "annotation.value-not-allowed",
        member.ingress,
        HEALTH.port,
        `${HEALTH.port} is ${quote(String(wish.port))}, allowed are ${TRAFFIC_PORT} and port numbers`,
      ),
    );
  }
  return wish;
}

function mergePort(group: GroupContext, port: number, wishes: readonly PortWish[]): FrontendNlbPort {
  const [first] = wishes as [PortWish, ...PortWish[]];
  const merged: { [F in HealthField]?: { readonly value: string | number; readonly member: Member } } = {};
  const clash = (name: AnnotationName, one: Member, wanted: string, other: Member, found: string): void =>
    group.report(
      conflict(
        `${name} for port ${port}`,
        fromAnnotation(one, name, wanted),
        wanted,
        fromAnnotation(other, name, found),
        found,
      ),
    );
  for (const { member, targetPort, health } of wishes) {
    if (targetPort !== first.targetPort)
      clash("frontend-nlb-listener-port-mapping", first.member, String(first.targetPort), member, String(targetPort));
    for (const [field, value] of Object.entries(health) as [HealthField, string | number][]) {
      const known = merged[field];
      if (known === undefined) merged[field] = { value, member };
      // LBC compares pointers here, so that two members which set it always conflict; the setting makes equal values agree.
      else if (
        known.value !== value ||
        (field === "successCodes" && !group.settings.compat.equalFrontendNlbSuccessCodesAgree)
      ) {
        clash(HEALTH[field], known.member, String(known.value), member, String(value));
      }
    }
  }
  const value = (field: HealthField): string | number =>
    merged[field]?.value ?? ANNOTATIONS[HEALTH[field]].defaultValue;
  return {
    port,
    targetPort: first.targetPort,
    members: wishes.map(({ member }) => member),
    healthCheck: {
      port: healthCheckPort(String(value("port"))),
      protocol: String(value("protocol")),
      path: String(value("path")),
      matcher: { httpCode: String(value("successCodes")) },
      intervalSeconds: Number(value("intervalSeconds")),
      timeoutSeconds: Number(value("timeoutSeconds")),
      healthyThresholdCount: Number(value("healthyThresholdCount")),
      unhealthyThresholdCount: Number(value("unhealthyThresholdCount")),
    },
  };
}

function healthCheckPort(text: string): string | number {
  const port = parseInt32(text);
  return "value" in port ? port.value : text;
}
