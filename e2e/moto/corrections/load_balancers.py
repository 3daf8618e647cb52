"""Load balancers: what CreateLoadBalancer and the Set… calls take, idempotent creation, state, deletion protection.

API Reference: CreateLoadBalancer, SetSubnets, SetSecurityGroups, SetIpAddressType, DeleteLoadBalancer.
"""

import re

from moto.elbv2 import models
from moto.moto_api._internal import mock_random
from moto.wafv2.models import wafv2_backends

from . import attributes, security_groups, settings
from .correct import correct, elbv2, invalid, refuse
from .paging import paged
from .state import load_balancer, tags_of
from .tags import check_tags

IP_ADDRESS_TYPES = ("ipv4", "dualstack", "dualstack-without-public-ipv4")

# "It takes a few minutes": about as long as an Application Load Balancer needs to become active.
PROVISIONING_SECONDS = 150


@correct(elbv2, "CreateLoadBalancer")
def create_load_balancer(call, stock):
    asked = call.input
    name = asked["Name"]
    application = asked.get("Type", "application") == "application"
    asked.setdefault("Scheme", "internet-facing")
    twin = next((found for found in call.elbv2.load_balancers.values() if found.name == name), None)
    if twin:
        return answer_twin(call, twin, asked)
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?", name) or name.startswith("internal-"):
        invalid(f"The load balancer name '{name}' is too long or malformed, or begins with internal-")
    if len(call.elbv2.load_balancers) >= settings.quota("loadBalancersPerRegion"):
        refuse("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
    address_type = asked.get("IpAddressType", "ipv4")
    check_address_type(address_type, asked["Scheme"])
    found = check_subnets(call, subnets_of(asked), application)
    groups = asked.get("SecurityGroups") or []
    if not groups and application:
        groups = [call.ec2.get_security_group_from_name("default", found[0].vpc_id).id]
        asked["SecurityGroups"] = groups
    check_security_groups(call, groups)
    check_tags(tags_of(asked.get("Tags")))
    # moto knows two types only.
    asked["IpAddressType"] = "dualstack" if address_type != "ipv4" else "ipv4"
    result = stock()
    [created] = result["LoadBalancers"]
    prefix = "internal-" if created.scheme == "internal" else ""
    created.dns_name = f"{prefix}{name}-{mock_random.randrange(10**9)}.{call.region}.elb.amazonaws.com"
    created.ip_address_type = address_type
    created.ipam_pools = asked.get("IpamPools")
    created.customer_owned_ipv4_pool = asked.get("CustomerOwnedIpv4Pool")
    created.since = settings.now()
    created.attrs = attributes.initial(attributes.load_balancer(created.type))
    created.attrs["ipv6.deny_all_igw_traffic"] = "true" if created.scheme == "internal" else "false"
    return result


def answer_twin(call, twin, asked):
    """Creation is idempotent: the same settings again are answered with what exists, others refused."""
    same = (
        twin.scheme == asked["Scheme"]
        and twin.ip_address_type == asked.get("IpAddressType", "ipv4")
        and {subnet.id for subnet in twin.subnets} == set(subnets_of(asked))
        and set(twin.security_groups) == set(asked.get("SecurityGroups") or twin.security_groups)
        and call.elbv2.tagging_service.get_tag_dict_for_resource(twin.arn) == tags_of(asked.get("Tags"))
    )
    if not same:
        refuse("DuplicateLoadBalancerName", f"A load balancer named '{twin.name}' exists with other settings")
    return {"LoadBalancers": [twin]}


def subnets_of(asked):
    return [*asked.get("Subnets", []), *(mapping["SubnetId"] for mapping in asked.get("SubnetMappings", []))]


def check_address_type(address_type, scheme):
    if address_type not in IP_ADDRESS_TYPES:
        invalid(f"Value '{address_type}' at 'ipAddressType' must be one of {', '.join(IP_ADDRESS_TYPES)}")
    if address_type == "dualstack-without-public-ipv4" and scheme == "internal":
        refuse("InvalidConfigurationRequest", f"Internal load balancers can't be {address_type}")


def check_subnets(call, ids, application):
    """One subnet a zone, and for an Application Load Balancer at least two zones."""
    found = [subnet for id in ids for subnet in call.ec2.describe_subnets() if subnet.id == id]
    if not ids or len(found) < len(ids):
        refuse("SubnetNotFound", f"The subnet ID '{', '.join(ids)}' is not valid")
    zones = {subnet.availability_zone for subnet in found}
    if len(zones) < len(found):
        refuse("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in one zone")
    if application and len(zones) < 2:
        invalid("At least two subnets in two different Availability Zones must be specified")
    return found


def check_security_groups(call, ids):
    if len(ids) > settings.quota("securityGroupsPerLoadBalancer"):
        refuse("InvalidConfigurationRequest", f"{len(ids)} security groups are too many for a load balancer")
    for id in ids:
        if call.ec2.get_security_group_from_id(id) is None:
            refuse("InvalidSecurityGroup", f"The security group '{id}' does not exist")


@correct(elbv2, "DescribeLoadBalancers")
def describe_load_balancers(call, stock):
    arns, names = call.input.get("LoadBalancerArns", []), call.input.get("Names", [])
    if max(len(arns), len(names)) > 20:
        invalid("Up to 20 load balancers can be described in one call")
    found = list(call.elbv2.load_balancers.values())
    for wanted, key in ((arns, "arn"), (names, "name")):
        if not wanted:
            continue
        found = [balancer for balancer in found if getattr(balancer, key) in wanted]
        if len(found) < len(set(wanted)):
            refuse("LoadBalancerNotFound", "One or more load balancers not found")
    for balancer in found:
        if settings.has_passed(balancer.since, PROVISIONING_SECONDS):
            balancer.state = "active"
    return paged(call, "LoadBalancers", found)


# Active when its time has come, not when somebody looks.
models.FakeLoadBalancer.activate = lambda self: None


@correct(elbv2, "SetSubnets")
def set_subnets(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    balancer.subnets = check_subnets(call, subnets_of(call.input), balancer.type == "application")
    return {"AvailabilityZones": balancer.availability_zones, "IpAddressType": balancer.ip_address_type}


@correct(elbv2, "SetSecurityGroups")
def set_security_groups(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    groups = call.input.get("SecurityGroups", [])
    if not groups and balancer.type == "application":
        invalid("An Application Load Balancer needs at least one security group")
    check_security_groups(call, groups)
    balancer.security_groups = groups
    return {"SecurityGroupIds": groups}


@correct(elbv2, "SetIpAddressType")
def set_ip_address_type(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    check_address_type(call.input["IpAddressType"], balancer.scheme)
    balancer.ip_address_type = call.input["IpAddressType"]
    return {"IpAddressType": balancer.ip_address_type}


@correct(elbv2, "ModifyLoadBalancerAttributes")
def modify_load_balancer_attributes(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    changes = {item["Key"]: item.get("Value", "") for item in call.input["Attributes"]}
    attributes.check(attributes.load_balancer(balancer.type), balancer.attrs, changes)
    balancer.attrs.update(changes)
    return {"Attributes": balancer.attrs}


@correct(elbv2, "DeleteLoadBalancer")
def delete_load_balancer(call, stock):
    """Succeeds where there is nothing to delete; takes the web ACL association along; its interfaces go later."""
    balancer = call.elbv2.load_balancers.get(call.input["LoadBalancerArn"])
    if balancer is None:
        return None
    if balancer.attrs.get("deletion_protection.enabled") == "true":
        refuse("OperationNotPermitted", f"Load balancer '{balancer.arn}' is protected from deletion")
    security_groups.linger(balancer.security_groups)
    wafv2_backends[call.account][call.region].disassociate_web_acl(balancer.arn)
    return stock()
