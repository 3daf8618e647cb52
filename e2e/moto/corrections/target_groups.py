"""Target groups: idempotent creation, defaults of gRPC, health check ranges, which load balancer they serve.

API Reference: CreateTargetGroup, ModifyTargetGroup, DescribeTargetGroups, TargetGroupAttribute.
"""

import re

from moto.elbv2.models import FakeTargetGroup, elbv2_backends

from . import attributes, settings
from .correct import correct, elbv2, invalid, refuse
from .paging import paged
from .state import load_balancer, tags_of, target_group, target_groups_in_use
from .tags import check_tags

GRPC = {"HealthCheckPath": "/AWS.ALB/healthcheck", "Matcher": {"GrpcCode": "12"}}
RANGES = {
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}
# What makes two creations the same, as attributes of moto's object.
SETTINGS = (
    "protocol",
    "protocol_version",
    "port",
    "vpc_id",
    "target_type",
    "ip_address_type",
    "health_check_protocol",
    "health_check_port",
    "health_check_path",
    "health_check_interval_seconds",
    "health_check_timeout_seconds",
    "healthy_threshold_count",
    "unhealthy_threshold_count",
    "matcher",
    "target_control_port",
)


def serves(self):
    backend = elbv2_backends[self.account_id][self.region_name]
    return [arn for arn, balancer in backend.load_balancers.items() if self.arn in target_groups_in_use(balancer)]


# moto notes it when an action is made and never forgets it.
FakeTargetGroup.load_balancer_arns = property(serves, lambda self, _: None)


@correct(elbv2, "CreateTargetGroup")
def create_target_group(call, stock):
    asked = call.input
    if asked.get("ProtocolVersion") == "GRPC":
        for key, value in GRPC.items():
            asked.setdefault(key, value)
    twin = next((one for one in call.elbv2.target_groups.values() if one.name == asked["Name"]), None)
    if twin is None and len(call.elbv2.target_groups) >= settings.quota("targetGroupsPerRegion"):
        refuse("TooManyTargetGroups", "The maximum number of target groups has been reached")
    if not 1 <= asked.get("Port", 1) <= 65535:
        invalid(f"The port {asked['Port']} must be between 1 and 65535")
    check_health(asked)
    check_tags(tags_of(asked.get("Tags")))
    if twin is not None:
        return answer_twin(call, twin, stock)
    result = stock()
    complete(result["TargetGroups"][0], asked)
    return result


def complete(made, asked):
    # moto's defaults are texts.
    made.healthy_threshold_count = int(made.healthy_threshold_count)
    made.unhealthy_threshold_count = int(made.unhealthy_threshold_count)
    made.target_control_port = asked.get("TargetControlPort")
    made.attributes = attributes.initial(attributes.target_group(made.protocol, made.protocol_version))


def answer_twin(call, twin, stock):
    """Creation is idempotent. moto makes a second one, under no other name, which shows what the call asks for."""
    del call.elbv2.target_groups[twin.arn]
    try:
        [second] = stock()["TargetGroups"]
        complete(second, call.input)
        del call.elbv2.target_groups[second.arn]
    finally:
        call.elbv2.target_groups[twin.arn] = twin
    differs = any(getattr(twin, name, None) != getattr(second, name, None) for name in SETTINGS)
    if differs or call.elbv2.tagging_service.get_tag_dict_for_resource(twin.arn) != tags_of(call.input.get("Tags")):
        refuse("DuplicateTargetGroupName", f"A target group named '{twin.name}' exists with other settings")
    return {"TargetGroups": [twin]}


def check_health(asked):
    for name, (lowest, highest) in RANGES.items():
        if name in asked and not lowest <= asked[name] <= highest:
            invalid(f"'{name}' {asked[name]} must be between {lowest} and {highest}")
    interval, timeout = asked.get("HealthCheckIntervalSeconds", 30), asked.get("HealthCheckTimeoutSeconds", 5)
    if timeout > interval:
        invalid(f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'")
    path = asked.get("HealthCheckPath", "/")
    if not path.startswith("/") or len(path) > 1024:
        invalid(f"The health check path '{path}' must begin with / and can have at most 1024 characters")
    port = asked.get("HealthCheckPort", "traffic-port")
    if port != "traffic-port" and not (port.isdecimal() and 1 <= int(port) <= 65535):
        invalid(f"The health check port '{port}' must be traffic-port or between 1 and 65535")
    codes = (asked.get("Matcher") or {}).get("HttpCode") or (asked.get("Matcher") or {}).get("GrpcCode")
    if codes and not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", codes):
        invalid(f"The codes '{codes}' are not valid")


FIELDS = {
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckPort": "health_check_port",
    "HealthCheckPath": "health_check_path",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
    "Matcher": "matcher",
}


@correct(elbv2, "ModifyTargetGroup")
def modify_target_group(call, stock):
    found = target_group(call, call.input["TargetGroupArn"])
    present = {name: getattr(found, field) for name, field in FIELDS.items() if getattr(found, field, None) is not None}
    check_health(present | {name: call.input[name] for name in FIELDS if name in call.input})
    for name, field in FIELDS.items():
        if name in call.input:
            setattr(found, field, call.input[name])
    return {"TargetGroups": [found]}


@correct(elbv2, "ModifyTargetGroupAttributes")
def modify_target_group_attributes(call, stock):
    found = target_group(call, call.input["TargetGroupArn"])
    changes = {item["Key"]: item.get("Value", "") for item in call.input["Attributes"]}
    attributes.check(attributes.target_group(found.protocol, found.protocol_version), found.attributes, changes)
    found.attributes.update(changes)
    return {"Attributes": found.attributes}


@correct(elbv2, "DescribeTargetGroups")
def describe_target_groups(call, stock):
    asked = call.input
    arns, names, of = asked.get("TargetGroupArns", []), asked.get("Names", []), asked.get("LoadBalancerArn")
    if sum(map(bool, (arns, names, of))) > 1:
        invalid("Give names, ARNs or a load balancer, not several of them")
    found = sorted(call.elbv2.target_groups.values(), key=lambda one: one.name)
    if of:
        in_use = target_groups_in_use(load_balancer(call, of))
        found = [one for one in found if one.arn in in_use]
    for wanted, key in ((arns, "arn"), (names, "name")):
        if not wanted:
            continue
        found = [one for one in found if getattr(one, key) in wanted]
        if len(found) < len(set(wanted)):
            refuse("TargetGroupNotFound", "One or more target groups not found")
    return paged(call, "TargetGroups", found)


@correct(elbv2, "DeleteTargetGroup")
def delete_target_group(call, stock):
    """Deleting one that isn't there succeeds: the operation has no error for it but ResourceInUse."""
    return stock() if call.input["TargetGroupArn"] in call.elbv2.target_groups else None
