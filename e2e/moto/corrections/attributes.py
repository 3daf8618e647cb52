"""Attributes of load balancers, target groups and listeners: defaults and allowed values.

API Reference: LoadBalancerAttribute, TargetGroupAttribute, ListenerAttribute. A value that the tables show as a pair of
numbers is a range; as a list, one of these; None, any text. The first item is the default.
"""

from .correct import invalid, refuse

FLAG_ON = ("true", ["true", "false"])
FLAG_OFF = ("false", ["true", "false"])
TEXT = ("", None)

LOAD_BALANCER = {
    "access_logs.s3.enabled": FLAG_OFF,
    "access_logs.s3.bucket": TEXT,
    "access_logs.s3.prefix": TEXT,
    "deletion_protection.enabled": FLAG_OFF,
    "ipv6.deny_all_igw_traffic": FLAG_OFF,
    "zonal_shift.config.enabled": FLAG_OFF,
}
APPLICATION = LOAD_BALANCER | {
    "client_keep_alive.seconds": ("3600", (60, 604800)),
    "connection_logs.s3.enabled": FLAG_OFF,
    "connection_logs.s3.bucket": TEXT,
    "connection_logs.s3.prefix": TEXT,
    "health_check_logs.s3.enabled": FLAG_OFF,
    "health_check_logs.s3.bucket": TEXT,
    "health_check_logs.s3.prefix": TEXT,
    "idle_timeout.timeout_seconds": ("60", (1, 4000)),
    "load_balancing.cross_zone.enabled": ("true", ["true"]),
    "routing.http.desync_mitigation_mode": ("defensive", ["monitor", "defensive", "strictest"]),
    "routing.http.drop_invalid_header_fields.enabled": FLAG_OFF,
    "routing.http.preserve_host_header.enabled": FLAG_OFF,
    "routing.http.x_amzn_tls_kx.enabled": FLAG_OFF,
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": FLAG_OFF,
    "routing.http.xff_client_port.enabled": FLAG_OFF,
    "routing.http.xff_header_processing.mode": ("append", ["append", "preserve", "remove"]),
    "routing.http2.enabled": FLAG_ON,
    "waf.fail_open.enabled": FLAG_OFF,
}
ROUTING_POLICIES = ["any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"]
NETWORK = LOAD_BALANCER | {
    "dns_record.client_routing_policy": ("any_availability_zone", ROUTING_POLICIES),
    "load_balancing.cross_zone.enabled": FLAG_OFF,
    "secondary_ips.auto_assigned.per_subnet": ("0", (0, 7)),
}

HEALTH = "target_group_health.{}.minimum_healthy_targets.{}".format
TARGET_GROUP = {
    "deregistration_delay.timeout_seconds": ("300", (0, 3600)),
    "load_balancing.cross_zone.enabled": (
        "use_load_balancer_configuration",
        ["true", "false", "use_load_balancer_configuration"],
    ),
    "stickiness.enabled": FLAG_OFF,
    HEALTH("dns_failover", "count"): ("1", (1, 1000, "off")),
    HEALTH("dns_failover", "percentage"): ("off", (1, 100, "off")),
    HEALTH("unhealthy_state_routing", "count"): ("1", (1, 1000)),
    HEALTH("unhealthy_state_routing", "percentage"): ("off", (1, 100, "off")),
}
HTTP_TARGET_GROUP = TARGET_GROUP | {
    "load_balancing.algorithm.anomaly_mitigation": ("off", ["on", "off"]),
    "load_balancing.algorithm.type": (
        "round_robin",
        ["round_robin", "least_outstanding_requests", "weighted_random"],
    ),
    "slow_start.duration_seconds": ("0", (30, 900, "0")),
    "stickiness.app_cookie.cookie_name": TEXT,
    "stickiness.app_cookie.duration_seconds": ("86400", (1, 604800)),
    "stickiness.lb_cookie.duration_seconds": ("86400", (1, 604800)),
    "stickiness.type": ("lb_cookie", ["lb_cookie", "app_cookie"]),
}
HTTP2_TARGET_GROUP = HTTP_TARGET_GROUP | {"routing.http2.rst_stream_error_forwarding.enabled": FLAG_OFF}
INSPECTION = "waf.http2.traffic_inspection_behavior"
INSPECTIONS = ["inspect_immediately", "inspect_after_sufficient_data"]
TCP_TARGET_GROUP = TARGET_GROUP | {
    "deregistration_delay.connection_termination.enabled": FLAG_OFF,
    "preserve_client_ip.enabled": FLAG_ON,
    "proxy_protocol_v2.enabled": FLAG_OFF,
    "stickiness.type": ("source_ip", ["source_ip"]),
    "target_health_state.unhealthy.connection_termination.enabled": FLAG_ON,
    "target_health_state.unhealthy.draining_interval_seconds": ("0", (0, 360000)),
}

RESPONSE_HEADERS = (
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
)
HTTP_LISTENER = {f"routing.http.response.{name}.header_value": TEXT for name in RESPONSE_HEADERS} | {
    "routing.http.response.server.enabled": FLAG_ON,
}
REQUEST_HEADERS = (
    "X-Amzn-Mtls-Clientcert",
    "X-Amzn-Mtls-Clientcert-Issuer",
    "X-Amzn-Mtls-Clientcert-Leaf",
    "X-Amzn-Mtls-Clientcert-Serial-Number",
    "X-Amzn-Mtls-Clientcert-Subject",
    "X-Amzn-Mtls-Clientcert-Validity",
    "X-Amzn-Tls-Cipher-Suite",
    "X-Amzn-Tls-Version",
)
HTTPS_LISTENER = HTTP_LISTENER | {
    f"routing.http.request.{name.lower().replace('-', '_')}.header_name": (name, None) for name in REQUEST_HEADERS
}
TCP_LISTENER = {"tcp.idle_timeout.seconds": ("350", (60, 6000))}


def load_balancer(kind):
    return APPLICATION if kind == "application" else NETWORK


def target_group(protocol, version):
    if protocol not in ("HTTP", "HTTPS"):
        return TCP_TARGET_GROUP
    if version == "HTTP2":
        return HTTP2_TARGET_GROUP | {INSPECTION: ("inspect_immediately", INSPECTIONS)}
    return HTTP2_TARGET_GROUP if version == "GRPC" else HTTP_TARGET_GROUP


def listener(protocol):
    return {"HTTP": HTTP_LISTENER, "HTTPS": HTTPS_LISTENER}.get(protocol, TCP_LISTENER)


def initial(table):
    return {key: default for key, (default, _) in table.items()}


def check(table, before, changes):
    """Refuses unknown keys, values out of range, and logs that are switched on without a bucket."""
    for key, value in changes.items():
        if key not in table:
            refuse("InvalidConfigurationRequest", f"Attribute key '{key}' is not recognized")
        if not takes(table[key][1], value):
            invalid(f"'{key}' value '{value}' is not valid")
    after = {**before, **changes}
    for log in ("access_logs", "connection_logs", "health_check_logs"):
        if after.get(f"{log}.s3.enabled") == "true" and not after.get(f"{log}.s3.bucket"):
            refuse("InvalidConfigurationRequest", f"'{log}.s3.bucket' must be given when the logs are enabled")


def takes(allowed, value):
    if allowed is None:
        return True
    if isinstance(allowed, list):
        return value in allowed
    lowest, highest, *words = allowed
    return value in words or (value.isdecimal() and lowest <= int(value) <= highest)
