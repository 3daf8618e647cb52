"""The limits that Elastic Load Balancing tells: those that hold here, which a test may set.

API Reference: DescribeAccountLimits, Limit.
"""

from . import settings
from .correct import correct, elbv2

NAMES = {
    "application-load-balancers": "loadBalancersPerRegion",
    "listeners-per-application-load-balancer": "listenersPerLoadBalancer",
    "rules-per-application-load-balancer": "rulesPerLoadBalancer",
    "certificates-per-application-load-balancer": "certificatesPerLoadBalancer",
    "target-groups-per-application-load-balancer": "targetGroupsPerLoadBalancer",
    "target-groups": "targetGroupsPerRegion",
    "target-groups-per-action-on-application-load-balancer": "targetGroupsPerAction",
    "targets-per-target-group": "targetsPerTargetGroup",
    "targets-per-application-load-balancer": "targetsPerLoadBalancer",
    "condition-values-per-alb-rule": "conditionValuesPerRule",
    "condition-wildcards-per-alb-rule": "conditionWildcardsPerRule",
}


@correct(elbv2, "DescribeAccountLimits")
def describe_account_limits(call, stock):
    return {"Limits": [{"Name": name, "Max": str(settings.quota(quota))} for name, quota in NAMES.items()]}
