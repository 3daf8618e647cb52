"""Capacity reservations and IPAM pools of load balancers, which moto doesn't keep.

API Reference: ModifyCapacityReservation, DescribeCapacityReservation, ModifyIpPools.
"""

from . import settings
from .correct import correct, elbv2, invalid, refuse
from .load_balancers import PROVISIONING_SECONDS
from .state import load_balancer

DECREASES_A_DAY = 2


@correct(elbv2, "ModifyCapacityReservation")
def modify_capacity_reservation(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    wanted = call.input.get("MinimumLoadBalancerCapacity")
    if bool(wanted) == bool(call.input.get("ResetCapacityReservation")):
        invalid("Either a capacity or its reset must be given")
    if not settings.has_passed(balancer.since, PROVISIONING_SECONDS):
        refuse("PriorRequestNotComplete", "The load balancer is still being provisioned")
    balancer.minimum_capacity = wanted
    return reservation(balancer)


@correct(elbv2, "DescribeCapacityReservation")
def describe_capacity_reservation(call, stock):
    return reservation(load_balancer(call, call.input["LoadBalancerArn"]))


def reservation(balancer):
    wanted = getattr(balancer, "minimum_capacity", None)
    zones = [subnet.availability_zone for subnet in balancer.subnets] if wanted else []
    return {
        "DecreaseRequestsRemaining": DECREASES_A_DAY,
        "MinimumLoadBalancerCapacity": wanted,
        "CapacityReservationState": [
            {"AvailabilityZone": zone, "State": {"Code": "provisioned"}} for zone in zones
        ],
    }


@correct(elbv2, "ModifyIpPools")
def modify_ip_pools(call, stock):
    balancer = load_balancer(call, call.input["LoadBalancerArn"])
    if call.input.get("RemoveIpamPools"):
        balancer.ipam_pools = None
    if call.input.get("IpamPools"):
        balancer.ipam_pools = call.input["IpamPools"]
    return {"IpamPools": balancer.ipam_pools}
