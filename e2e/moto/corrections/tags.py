"""Tags: 50 a resource (moto: 10), at most 20 resources a DescribeTags, listeners and rules in the tagging API."""

from moto.core.resource_tagging import TaggedResource
from moto.elbv2.models import ELBv2Backend

from . import settings
from .correct import correct, elbv2, invalid, refuse
from .state import listener, load_balancer, rule, tags_of, target_group

KINDS = (
    (":loadbalancer/", load_balancer),
    (":targetgroup/", target_group),
    (":listener-rule/", rule),
    (":listener/", listener),
)


def check_tags(added, before=None):
    """Tag restrictions: 50 a resource, keys of 1 to 128 and values of up to 256 characters, none begins with aws:."""
    for key, value in added.items():
        if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
            invalid(f"The tag '{key}' is not valid")
    if len({**(before or {}), **added}) > settings.quota("tagsPerResource"):
        refuse("TooManyTags", "The quota for the number of tags has been reached")


def require(call, arn):
    for part, find in KINDS:
        if part in arn:
            return find(call, arn)
    return refuse("LoadBalancerNotFound", f"'{arn}' is not found")


@correct(elbv2, "AddTags")
def add_tags(call, stock):
    tags = call.input["Tags"]
    if len({tag["Key"] for tag in tags}) < len(tags):
        refuse("DuplicateTagKeys", "A tag key was specified more than once")
    for arn in call.input["ResourceArns"]:
        require(call, arn)
        check_tags(tags_of(tags), call.elbv2.tagging_service.get_tag_dict_for_resource(arn))
    for arn in call.input["ResourceArns"]:
        call.elbv2.tagging_service.tag_resource(arn, tags)


@correct(elbv2, "RemoveTags")
def remove_tags(call, stock):
    for arn in call.input["ResourceArns"]:
        require(call, arn)
        call.elbv2.tagging_service.untag_resource_using_names(arn, call.input["TagKeys"])


@correct(elbv2, "DescribeTags")
def describe_tags(call, stock):
    arns = call.input["ResourceArns"]
    if len(arns) > 20:
        invalid(f"{len(arns)} resources are more than the 20 that a call may name")
    for arn in arns:
        require(call, arn)
    return stock()


_stock_resources = ELBv2Backend.iter_tagged_resources


def iter_tagged_resources(self):
    yield from _stock_resources(self)
    for balancer in self.load_balancers.values():
        for found in balancer.listeners.values():
            yield tagged(self, found.arn, "elasticloadbalancing:listener")
            for one in found.rules.values():
                yield tagged(self, one.arn, "elasticloadbalancing:listener-rule")


def tagged(backend, arn, kind):
    return TaggedResource(arn=arn, tags=backend.tagging_service.get_tag_dict_for_resource(arn), resource_type=kind)


ELBv2Backend.iter_tagged_resources = iter_tagged_resources
