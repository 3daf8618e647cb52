"""Security groups: what keeps one from being deleted, and permissions that are changed all or none.

EC2 API Reference: DeleteSecurityGroup (DependencyViolation), AuthorizeSecurityGroupIngress,
RevokeSecurityGroupIngress. A deleted load balancer's network interfaces hold its groups for some minutes more.
"""

import copy

from . import settings
from .correct import correct, ec2, refuse

LINGERING_SECONDS = 120

# Group id → when its last load balancer was deleted.
_lingering = {}


def reset():
    _lingering.clear()


def linger(group_ids):
    for id in group_ids or []:
        _lingering[id] = settings.now()


@correct(ec2, "DeleteSecurityGroup")
def delete_security_group(call, stock):
    id = call.input.get("GroupId")
    if id is not None and is_needed(call, id):
        refuse("DependencyViolation", f"resource {id} has a dependent object")
    return stock()


def is_needed(call, id):
    if id in _lingering and not settings.has_passed(_lingering[id], LINGERING_SECONDS):
        return True
    if any(id in (balancer.security_groups or []) for balancer in call.elbv2.load_balancers.values()):
        return True
    if any(id in [group.id for group in interface.group_set] for interface in call.ec2.get_all_network_interfaces()):
        return True
    return any(
        rule.source_group and rule.source_group.get("GroupId") == id
        for group in call.ec2.describe_security_groups()
        if group.id != id
        for rule in group.ingress_rules
    )


def all_or_none(operation):
    @correct(ec2, operation)
    def change(call, stock):
        group = call.ec2.get_security_group_from_id(call.input["GroupId"])
        before = copy.copy(group.ingress_rules) if group else None
        try:
            for permission in call.input.get("IpPermissions", []):
                for pair in permission.get("UserIdGroupPairs", []):
                    if call.ec2.get_security_group_from_id(pair["GroupId"]) is None:
                        refuse("InvalidGroup.NotFound", f"The security group '{pair['GroupId']}' does not exist")
            result = stock()
            if count(group.ingress_rules) > settings.quota("permissionsPerSecurityGroup"):
                refuse("RulesPerSecurityGroupLimitExceeded", "The security group has its maximum of rules")
            return result
        except Exception:
            if group:
                group.ingress_rules = before
            raise


def count(rules):
    """The quota holds for IPv4 and IPv6 apart; other sources count in both."""
    v4 = sum("CidrIpv6" not in rule.ip_range for rule in rules)
    v6 = sum("CidrIp" not in rule.ip_range for rule in rules)
    return max(v4, v6)


all_or_none("AuthorizeSecurityGroupIngress")
all_or_none("RevokeSecurityGroupIngress")
