import type { NumberValue, StringMap, Value } from "./value.ts";

export interface TargetGroupSpec {
  /** Unknown until the Service has a uid: the name holds a hash of it. */
  readonly name: Value;
  readonly targetType: "instance" | "ip" | "alb";
  /** The node port of a Service is unknown until the API server has chosen it. */
  readonly port: NumberValue;
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly ipAddressType?: "ipv4" | "ipv6";
  readonly healthCheck: HealthCheck;
  /** Only the attributes that are specified; others are left as they are. */
  readonly attributes?: StringMap;
  readonly targetControlPort?: number;
  readonly tags?: StringMap;
}

export interface HealthCheck {
  /** `traffic-port` or a number. */
  readonly port: string | NumberValue;
  readonly protocol: string;
  readonly path?: string;
  readonly matcher?: { readonly httpCode?: string; readonly grpcCode?: string };
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
}
