"""Pages of lists. moto pages a few of them, by 50; AWS by 400, and by what PageSize or MaxResults says.

API Reference: PageSize 1 to 400, NextMarker; EC2 API Reference: MaxResults, NextToken. A test may set a smaller page.
"""

from . import settings
from .correct import correct, ec2, elbv2, invalid, refuse
from .state import load_balancer

LARGEST = 400


def paged(call, name, items):
    """A page of ELBv2 items. A marker is the position where the next page begins."""
    asked = int(call.input.get("PageSize", LARGEST))
    if not 1 <= asked <= LARGEST:
        invalid(f"PageSize {asked} is not 1 to {LARGEST}")
    marker = call.input.get("Marker", "0")
    if not marker.isdecimal() or int(marker) > len(items):
        invalid(f"Invalid marker: {marker}")
    start = int(marker)
    end = start + min(asked, settings.page_size() or LARGEST)
    return {name: items[start:end], "NextMarker": str(end) if end < len(items) else None}


@correct(elbv2, "DescribeListeners")
def describe_listeners(call, stock):
    balancer, arns = call.input.get("LoadBalancerArn"), call.input.get("ListenerArns", [])
    if balancer:
        found = list(load_balancer(call, balancer).listeners.values())
    else:
        # moto is silent about some missing ones if it finds others.
        found = [one for arn in dict.fromkeys(arns) for one in call.elbv2.describe_listeners(None, [arn])]
        if not arns:
            invalid("You must specify either listener ARNs or a load balancer ARN")
    return paged(call, "Listeners", found)


def page_ec2(operation, name, ids):
    @correct(ec2, operation)
    def describe(call, stock):
        asked = int(call.input.get("MaxResults") or 1000)
        if call.input.get("MaxResults") and call.input.get(ids):
            refuse("InvalidParameterCombination", f"The parameter {ids} cannot be used with the parameter MaxResults")
        items = list(stock()[name])
        token = call.input.get("NextToken") or "0"
        if not token.isdecimal():
            refuse("InvalidParameterValue", "Unable to parse the next token")
        start = int(token)
        size = min(asked, settings.page_size() or 1000)
        # Named things come in one page.
        end = len(items) if call.input.get(ids) else start + size
        return {name: items[start:end], "NextToken": str(end) if end < len(items) else None}


page_ec2("DescribeSecurityGroups", "SecurityGroups", "GroupIds")
page_ec2("DescribeSubnets", "Subnets", "SubnetIds")
page_ec2("DescribeNetworkInterfaces", "NetworkInterfaces", "NetworkInterfaceIds")
page_ec2("DescribeRouteTables", "RouteTables", "RouteTableIds")
page_ec2("DescribeVpcs", "Vpcs", "VpcIds")
