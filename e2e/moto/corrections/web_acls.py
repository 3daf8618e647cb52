"""Web ACLs: only a load balancer that exists can get one or lose it, and it has one at a time.

AWS WAF API Reference: AssociateWebACL, DisassociateWebACL (WAFNonexistentItemException).
"""

from moto.elbv2.models import elbv2_backends
from moto.wafv2.exceptions import WAFNonexistentItemException
from moto.wafv2.models import WAFV2Backend


def require(backend, arn):
    if ":loadbalancer/" in arn and arn not in elbv2_backends[backend.account_id][backend.region_name].load_balancers:
        raise WAFNonexistentItemException


_associate = WAFV2Backend.associate_web_acl
_disassociate = WAFV2Backend.disassociate_web_acl


def associate_web_acl(self, web_acl_arn, resource_arn):
    require(self, resource_arn)
    if web_acl_arn in self.wacls:
        _disassociate(self, resource_arn)
    return _associate(self, web_acl_arn, resource_arn)


def disassociate_web_acl(self, resource_arn):
    require(self, resource_arn)
    return _disassociate(self, resource_arn)


WAFV2Backend.associate_web_acl = associate_web_acl
WAFV2Backend.disassociate_web_acl = disassociate_web_acl
