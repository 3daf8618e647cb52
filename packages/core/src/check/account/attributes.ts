/**
 * The attributes of load balancers, target groups and listeners: which keys AWS knows, what it sets them to and which
 * values it takes (Elastic Load Balancing API Reference: LoadBalancerAttribute, TargetGroupAttribute,
 * ListenerAttribute).
 */
import type { StringMap } from "../../model/value.ts";
import { type Refused, refuse } from "./answer.ts";

interface Attribute {
  /** What AWS sets; absent: the attribute doesn't show before it was set. */
  readonly initial?: string;
  /** Absent: any text. */
  readonly takes?: Values;
}

type Values = readonly string[] | Range;

interface Range {
  readonly from: number;
  readonly to: number;
  /** One word that is allowed beside the numbers. */
  readonly or?: string;
}

type Attributes = { readonly [key: string]: Attribute };

const flag = (initial: "true" | "false"): Attribute => ({ initial, takes: ["true", "false"] });
const number = (initial: string, from: number, to: number, or?: string): Attribute => ({
  initial,
  takes: { from, to, ...(or === undefined ? {} : { or }) },
});
const oneOf = (...values: readonly [string, ...string[]]): Attribute => ({ initial: values[0], takes: values });
const text = (initial = ""): Attribute => ({ initial });

const EVERY_LOAD_BALANCER: Attributes = {
  "access_logs.s3.bucket": text(),
  "access_logs.s3.enabled": flag("false"),
  "access_logs.s3.prefix": text(),
  "deletion_protection.enabled": flag("false"),
  "ipv6.deny_all_igw_traffic": flag("false"),
  "zonal_shift.config.enabled": flag("false"),
};

const APPLICATION: Attributes = {
  ...EVERY_LOAD_BALANCER,
  "client_keep_alive.seconds": number("3600", 60, 604_800),
  "connection_logs.s3.bucket": text(),
  "connection_logs.s3.enabled": flag("false"),
  "connection_logs.s3.prefix": text(),
  "health_check_logs.s3.bucket": text(),
  "health_check_logs.s3.enabled": flag("false"),
  "health_check_logs.s3.prefix": text(),
  "idle_timeout.timeout_seconds": number("60", 1, 4000),
  "load_balancing.cross_zone.enabled": { initial: "true", takes: ["true"] },
  "routing.http.desync_mitigation_mode": oneOf("defensive", "monitor", "strictest"),
  "routing.http.drop_invalid_header_fields.enabled": flag("false"),
  "routing.http.preserve_host_header.enabled": flag("false"),
  "routing.http.x_amzn_tls_kx.enabled": flag("false"),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag("false"),
  "routing.http.xff_client_port.enabled": flag("false"),
  "routing.http.xff_header_processing.mode": oneOf("append", "preserve", "remove"),
  "routing.http2.enabled": flag("true"),
  "waf.fail_open.enabled": flag("false"),
};

const NETWORK: Attributes = {
  ...EVERY_LOAD_BALANCER,
  "dns_record.client_routing_policy": oneOf(
    "any_availability_zone",
    "availability_zone_affinity",
    "partial_availability_zone_affinity",
  ),
  "load_balancing.cross_zone.enabled": flag("false"),
  "secondary_ips.auto_assigned.per_subnet": number("0", 0, 7),
};

const EVERY_TARGET_GROUP: Attributes = {
  "deregistration_delay.timeout_seconds": number("300", 0, 3600),
  "load_balancing.cross_zone.enabled": oneOf("use_load_balancer_configuration", "true", "false"),
  "stickiness.enabled": flag("false"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": number("1", 1, 1000, "off"),
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": number("off", 1, 100, "off"),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": number("1", 1, 1000),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": number("off", 1, 100, "off"),
};

const HTTP_TARGET_GROUP: Attributes = {
  ...EVERY_TARGET_GROUP,
  "load_balancing.algorithm.anomaly_mitigation": oneOf("off", "on"),
  "load_balancing.algorithm.type": oneOf("round_robin", "least_outstanding_requests", "weighted_random"),
  "slow_start.duration_seconds": number("0", 30, 900, "0"),
  "stickiness.app_cookie.cookie_name": text(),
  "stickiness.app_cookie.duration_seconds": number("86400", 1, 604_800),
  "stickiness.lb_cookie.duration_seconds": number("86400", 1, 604_800),
  "stickiness.type": oneOf("lb_cookie", "app_cookie"),
};

const GRPC_TARGET_GROUP: Attributes = {
  ...HTTP_TARGET_GROUP,
  "routing.http2.rst_stream_error_forwarding.enabled": flag("false"),
};

const HTTP2_TARGET_GROUP: Attributes = {
  ...GRPC_TARGET_GROUP,
  "waf.http2.traffic_inspection_behavior": oneOf("inspect_immediately", "inspect_after_sufficient_data"),
};

const TCP_TARGET_GROUP: Attributes = {
  ...EVERY_TARGET_GROUP,
  "deregistration_delay.connection_termination.enabled": flag("false"),
  "preserve_client_ip.enabled": flag("true"),
  "proxy_protocol_v2.enabled": flag("false"),
  "stickiness.type": oneOf("source_ip"),
  "target_health_state.unhealthy.connection_termination.enabled": flag("true"),
  "target_health_state.unhealthy.draining_interval_seconds": number("0", 0, 360_000),
};

const RESPONSE_HEADERS = [
  "access_control_allow_credentials",
  "access_control_allow_headers",
  "access_control_allow_methods",
  "access_control_allow_origin",
  "access_control_expose_headers",
  "access_control_max_age",
  "content_security_policy",
  "strict_transport_security",
  "x_content_type_options",
  "x_frame_options",
];

const HTTP_LISTENER: Attributes = {
  ...Object.fromEntries(RESPONSE_HEADERS.map((header) => [`routing.http.response.${header}.header_value`, text()])),
  "routing.http.response.server.enabled": flag("true"),
};

const REQUEST_HEADERS = [
  "X-Amzn-Mtls-Clientcert",
  "X-Amzn-Mtls-Clientcert-Issuer",
  "X-Amzn-Mtls-Clientcert-Leaf",
  "X-Amzn-Mtls-Clientcert-Serial-Number",
  "X-Amzn-Mtls-Clientcert-Subject",
  "X-Amzn-Mtls-Clientcert-Validity",
  "X-Amzn-Tls-Cipher-Suite",
  "X-Amzn-Tls-Version",
];

const HTTPS_LISTENER: Attributes = {
  ...HTTP_LISTENER,
  ...Object.fromEntries(
    REQUEST_HEADERS.map((header) => [
      `routing.http.request.${header.toLowerCase().replaceAll("-", "_")}.header_name`,
      text(header),
    ]),
  ),
};

const TCP_LISTENER: Attributes = { "tcp.idle_timeout.seconds": number("350", 60, 6000) };

/** The attributes that a load balancer of the type has. */
export function loadBalancerAttributes(type: "application" | "network"): Attributes {
  return type === "application" ? APPLICATION : NETWORK;
}

/** The attributes that a target group of the protocol, and version of HTTP, has. */
export function targetGroupAttributes(protocol: string, version: string | undefined): Attributes {
  if (protocol !== "HTTP" && protocol !== "HTTPS") return TCP_TARGET_GROUP;
  if (version === "HTTP2") return HTTP2_TARGET_GROUP;
  return version === "GRPC" ? GRPC_TARGET_GROUP : HTTP_TARGET_GROUP;
}

/** The attributes that a listener of the protocol has. */
export function listenerAttributes(protocol: string): Attributes {
  if (protocol === "HTTP") return HTTP_LISTENER;
  return protocol === "HTTPS" ? HTTPS_LISTENER : TCP_LISTENER;
}

/** What AWS sets on creation. */
export function initialAttributes(known: Attributes): StringMap {
  return Object.fromEntries(
    Object.entries(known).flatMap(([key, { initial }]) => (initial === undefined ? [] : [[key, initial]])),
  );
}

/** Refuses keys that AWS doesn't know, values that it doesn't take, and logs without a bucket. */
export function checkAttributes(known: Attributes, before: StringMap, changes: StringMap): Refused | undefined {
  for (const [key, value] of Object.entries(changes)) {
    const attribute = Object.hasOwn(known, key) ? known[key] : undefined;
    if (attribute === undefined) {
      return refuse("account.invalid-value", "InvalidConfigurationRequest", `the attribute ${key} is unknown`);
    }
    if (attribute.takes !== undefined && !isTaken(attribute.takes, value)) {
      const message = `the attribute ${key} doesn't take the value "${value}"; it takes ${describe(attribute.takes)}`;
      return refuse("account.invalid-value", "ValidationError", message);
    }
  }
  return checkLogs({ ...before, ...changes });
}

function isTaken(takes: Values, value: string): boolean {
  if (!("from" in takes)) return takes.includes(value);
  if (value === takes.or) return true;
  return /^\d{1,9}$/.test(value) && Number(value) >= takes.from && Number(value) <= takes.to;
}

function describe(takes: Values): string {
  if (!("from" in takes)) return takes.join(", ");
  return `${takes.from} to ${takes.to}${takes.or === undefined ? "" : ` or ${takes.or}`}`;
}

function checkLogs(attributes: StringMap): Refused | undefined {
  for (const log of ["access_logs", "connection_logs", "health_check_logs"]) {
    if (attributes[`${log}.s3.enabled`] === "true" && (attributes[`${log}.s3.bucket`] ?? "") === "") {
      const message = `${log}.s3.enabled is true but ${log}.s3.bucket is empty`;
      return refuse("account.invalid-value", "InvalidConfigurationRequest", message);
    }
  }
  return undefined;
}
