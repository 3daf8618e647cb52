import { diagnose } from "../diagnostics/diagnose.ts";
import type { HealthCheck } from "../model/target-group.ts";
import type { NumberValue } from "../model/value.ts";
import { ANNOTATIONS } from "../read/annotations.ts";
import { parseIntOrString, quote } from "../read/grammar.ts";
import { healthCheckDefaults } from "../read/health-check-defaults.ts";
import { annotationField, objectName, refOf } from "../read/member.ts";
import { findServicePort, nodePortOf } from "../resolve/service-port.ts";
import { holderOf, readBoth, readChoice, type ServiceBackend } from "./service-backend.ts";
import type { StackDraft } from "./stack-draft.ts";

const TRAFFIC_PORT = ANNOTATIONS["healthcheck-port"].defaultValue;

/** The health check of a target group; every field is always set, with LBC's defaults. */
export function buildHealthCheck(
  draft: StackDraft,
  backend: ServiceBackend,
  protocol: string,
  protocolVersion: string,
): HealthCheck {
  const grpc = protocolVersion === "GRPC";
  const fallback = healthCheckDefaults(protocolVersion);
  const codes = readBoth(draft, backend, "success-codes") ?? fallback.successCodes;
  return {
    port: healthCheckPort(draft, backend),
    protocol: readChoice(draft, backend, "healthcheck-protocol", protocol),
    path: readBoth(draft, backend, "healthcheck-path") ?? fallback.path,
    matcher: grpc ? { grpcCode: codes } : { httpCode: codes },
    intervalSeconds:
      readBoth(draft, backend, "healthcheck-interval-seconds") ??
      ANNOTATIONS["healthcheck-interval-seconds"].defaultValue,
    timeoutSeconds:
      readBoth(draft, backend, "healthcheck-timeout-seconds") ??
      ANNOTATIONS["healthcheck-timeout-seconds"].defaultValue,
    healthyThresholdCount:
      readBoth(draft, backend, "healthy-threshold-count") ?? ANNOTATIONS["healthy-threshold-count"].defaultValue,
    unhealthyThresholdCount:
      readBoth(draft, backend, "unhealthy-threshold-count") ?? ANNOTATIONS["unhealthy-threshold-count"].defaultValue,
  };
}

function healthCheckPort(draft: StackDraft, backend: ServiceBackend): string | NumberValue {
  const text = readBoth(draft, backend, "healthcheck-port") ?? TRAFFIC_PORT;
  if (text === TRAFFIC_PORT) return text;
  const reference = parseIntOrString(text);
  if (typeof reference === "number") return reference;
  const { service, targetType } = backend;
  const serviceText = `Service ${service.metadata.namespace}/${service.metadata.name}`;
  const refuse = (message: string): string => {
    const holder = holderOf(backend, "healthcheck-port");
    const rest = { object: refOf(holder), field: annotationField("healthcheck-port") };
    draft.group.report(diagnose("target-group.health-check-port", `${objectName(holder)}: ${message}`, rest));
    return TRAFFIC_PORT;
  };
  const port = findServicePort(service, reference);
  if (port === undefined)
    return refuse(`healthcheck-port is ${quote(text)}, but ${serviceText} has no port of that name`);
  if (targetType === "instance")
    return nodePortOf(service, port) ?? refuse(`${serviceText} has no node port for healthcheck-port ${quote(text)}`);
  if (typeof port.targetPort === "number") return port.targetPort;
  return refuse(
    `healthcheck-port is ${quote(text)}, whose target port in ${serviceText} is a name; ip targets need a number`,
  );
}
