/** Where the ports of the network load balancer in front of an ALB come from. */
import { type ResourceKind, resourceKey } from "../model/resource.ts";
import { readAnnotation } from "../read/member.ts";
import type { FrontendNlbPort } from "../resolve/frontend-nlb-ports.ts";
import { defaultOf, type Fields, GENERATED, sourceOf, traceAll, traceFields } from "./field-source.ts";
import { portSource, traceFrontendNlbTags } from "./provenance.ts";
import { type StackDraft, trace } from "./stack-draft.ts";

const HEALTH_CHECK_FIELDS: Fields = {
  "/healthCheck/port": "frontend-nlb-healthcheck-port",
  "/healthCheck/protocol": "frontend-nlb-healthcheck-protocol",
  "/healthCheck/path": "frontend-nlb-healthcheck-path",
  "/healthCheck/matcher": "frontend-nlb-healthcheck-success-codes",
  "/healthCheck/intervalSeconds": "frontend-nlb-healthcheck-interval-seconds",
  "/healthCheck/timeoutSeconds": "frontend-nlb-healthcheck-timeout-seconds",
  "/healthCheck/healthyThresholdCount": "frontend-nlb-healthcheck-healthy-threshold-count",
  "/healthCheck/unhealthyThresholdCount": "frontend-nlb-healthcheck-unhealthy-threshold-count",
};

const MADE_UP = ["/name", "/loadBalancerArn", "/defaultActions", "/targetGroupName", "/targetGroupArn", "/targetArn"];

/** Takes down the sources of a port's resources: the first member that wants the port, and how it asks for it. */
export function traceFrontendNlbPort(draft: StackDraft, { members }: FrontendNlbPort, ids: Ids): void {
  if (draft.group.trace === undefined) return;
  const [first] = members;
  if (first === undefined) return;
  const name = "frontend-nlb-listener-port-mapping";
  const mapped = Object.keys(readAnnotation(first.ingress, name, () => {}) ?? {}).length > 0;
  const asked = mapped ? sourceOf(name, [first], undefined) : portSource([first]);
  for (const [kind, id] of Object.entries(ids) as [ResourceKind, string][]) {
    const resource = draft.resources.get(resourceKey(kind, id));
    if (resource === undefined) continue;
    trace(draft, kind, id, "", asked.object === undefined ? defaultOf(name) : asked);
    traceAll(draft, resource, ["/port", "/targetPort"], asked);
    traceAll(draft, resource, MADE_UP, GENERATED);
    traceAll(draft, resource, ["/protocol"], { field: "default: TCP" });
    traceAll(draft, resource, ["/targetType"], { field: "default: alb" });
    traceAll(draft, resource, ["/ipAddressType"], { field: "default: ipv4" });
    traceFields(draft, resource, HEALTH_CHECK_FIELDS, members, undefined);
    traceFrontendNlbTags(draft, resource);
  }
}

/** Resource ids of a port, by kind. */
type Ids = { readonly [K in "targetGroup" | "listener" | "frontendNlbTarget"]: string };
