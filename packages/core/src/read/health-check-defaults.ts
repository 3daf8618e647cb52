/** The defaults of health checks that depend on the backend's protocol version (LBC: the target group builder). */

export interface HealthCheckDefaults {
  readonly path: string;
  /** HTTP or gRPC codes that count as healthy. */
  readonly successCodes: string;
}

/** What holds for a target group whose annotations say nothing. */
export function healthCheckDefaults(protocolVersion: string): HealthCheckDefaults {
  return protocolVersion === "GRPC"
    ? { path: "/AWS.ALB/healthcheck", successCodes: "12" }
    : { path: "/", successCodes: "200" };
}
