"""Targets: known by id and port, with a life of their own: unused, initial, healthy, draining.

API Reference: RegisterTargets, DeregisterTargets, DescribeTargetHealth, TargetDescription, TargetHealth.
"""

import ipaddress

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

from . import settings
from .correct import correct, elbv2, invalid, refuse
from .state import target_group

# Beside the VPC itself, from which targets may come (Target groups for your Application Load Balancers: target type).
PRIVATE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")]


def key_of(target, group):
    return f"{target['Id']}:{target.get('Port', group.port)}"


@correct(elbv2, "RegisterTargets")
def register_targets(call, stock):
    group = target_group(call, call.input["TargetGroupArn"])
    forget_drained(group)
    wanted = {key_of(target, group): target for target in call.input["Targets"]}
    for target in wanted.values():
        check_target(call, group, target)
    fresh = [key for key in wanted if key not in group.targets]
    if len(group.targets) + len(fresh) > settings.quota("targetsPerTargetGroup"):
        refuse("TooManyTargets", "The target group has its maximum of targets")
    for key, target in wanted.items():
        present = group.targets.get(key)
        if present and "leaves" not in present:
            continue
        zone = target.get("AvailabilityZone") or zone_of(call, group, target["Id"])
        group.targets[key] = {
            "Id": target["Id"],
            "Port": target.get("Port", group.port),
            "AvailabilityZone": zone,
            "since": settings.now(),
        }


def check_target(call, group, target):
    id, port = target["Id"], target.get("Port", group.port)
    if not 1 <= port <= 65535:
        invalid(f"The port {port} of a target must be between 1 and 65535")
    if group.target_type == "instance":
        instance = call.ec2.get_instance_by_id(id)
        if instance is None or instance.state != "running":
            refuse("InvalidTarget", f"The instance '{id}' does not exist or is not running")
    if group.target_type == "ip":
        check_address(call, group, target)
    if group.target_type == "alb":
        balancer = call.elbv2.load_balancers.get(id)
        if balancer is None or all(one.port != port for one in balancer.listeners.values()):
            refuse("InvalidTarget", f"'{id}' is no Application Load Balancer with a listener on port {port}")


def check_address(call, group, target):
    try:
        address = ipaddress.ip_address(target["Id"])
    except ValueError:
        return refuse("InvalidTarget", f"'{target['Id']}' is not a valid IP address")
    vpc = call.ec2.get_vpc(group.vpc_id)
    if any(address in ipaddress.ip_network(one["cidr_block"]) for one in vpc.get_cidr_block_association_set()):
        return None
    if address.version == 4 and not any(address in network for network in PRIVATE):
        refuse("InvalidTarget", f"'{address}' is neither in the VPC nor a private address")
    if address.version == 4 and not target.get("AvailabilityZone"):
        invalid(f"'{address}' is not in the VPC: an Availability Zone must be specified")


def zone_of(call, group, id):
    """Detected for an IP address in a subnet of the VPC."""
    if group.target_type != "ip":
        return None
    for subnet in call.ec2.describe_subnets():
        if subnet.vpc_id == group.vpc_id and ipaddress.ip_address(id) in ipaddress.ip_network(subnet.cidr_block):
            return subnet.availability_zone
    return None


@correct(elbv2, "DeregisterTargets")
def deregister_targets(call, stock):
    """One that isn't registered is no error; one in use drains for the group's deregistration delay."""
    group = target_group(call, call.input["TargetGroupArn"])
    for target in call.input["Targets"]:
        present = group.targets.get(key_of(target, group))
        if present and "leaves" not in present:
            present["leaves"] = settings.now()
    if not group.load_balancer_arns:
        group.targets = {key: target for key, target in group.targets.items() if "leaves" not in target}
    forget_drained(group)


def forget_drained(group):
    delay = int(group.attributes["deregistration_delay.timeout_seconds"])
    for key, target in list(group.targets.items()):
        if "leaves" in target and settings.has_passed(target["leaves"], delay):
            del group.targets[key]


@correct(elbv2, "DescribeTargetHealth")
def describe_target_health(call, stock):
    group = target_group(call, call.input["TargetGroupArn"])
    forget_drained(group)
    used = bool(group.load_balancer_arns)
    asked = [key_of(target, group) for target in call.input.get("Targets") or []] or list(group.targets)
    return {"TargetHealthDescriptions": [description(group, key, used) for key in asked]}


def description(group, key, used):
    target = group.targets.get(key)
    if target is None:
        id, _, port = key.rpartition(":")
        return health(group, id, int(port), None, "unused", "Target.NotRegistered")
    return health(group, target["Id"], target["Port"], target["AvailabilityZone"], *state_of(group, target, used))


def state_of(group, target, used):
    if "leaves" in target:
        return "draining", "Target.DeregistrationInProgress"
    if not used:
        return "unused", "Target.NotInUse"
    checks = int(group.health_check_interval_seconds) * int(group.healthy_threshold_count)
    if not settings.has_passed(target["since"], checks):
        return "initial", "Elb.InitialHealthChecking"
    state = settings.health_of(target["Id"])
    return state, None if state == "healthy" else "Target.FailedHealthChecks"


def health(group, id, port, zone, state, reason):
    status = FakeHealthStatus(id, port, group.health_check_port, state, reason, reason)
    status.availability_zone = zone
    return status


# The zone is shown where it is known.
FakeHealthStatus.target = property(
    lambda self: {
        "Id": self.instance_id,
        "Port": self.port,
        **({"AvailabilityZone": self.availability_zone} if self.availability_zone else {}),
    }
)


def forget_terminated(self, instance_ids):
    self.targets = {key: target for key, target in self.targets.items() if target["Id"] not in instance_ids}


FakeTargetGroup.deregister_terminated_instances = forget_terminated
