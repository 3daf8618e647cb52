"""Rules: priorities that move at once, quotas, the default rule, transforms.

API Reference: CreateRule, ModifyRule, SetRulePriorities, DeleteRule, DescribeRules.
"""

from collections import OrderedDict

from moto.elbv2.models import FakeAction, FakeListener, FakeListenerRule
from moto.moto_api._internal import mock_random

from . import actions, conditions, settings
from .correct import correct, elbv2, invalid, refuse
from .paging import paged
from .state import listener, load_balancer, own_rules, rule, tags_of
from .tags import check_tags

# Listed by priority, the default rule last.
FakeListener.rules = property(
    lambda self: OrderedDict(
        [*sorted(self._non_default_rules.items(), key=lambda item: item[1].priority), *self._default_rule.items()]
    )
)


@correct(elbv2, "CreateRule")
def create_rule(call, stock):
    asked = call.input
    found = listener(call, asked["ListenerArn"])
    priority, wanted = asked["Priority"], asked["Actions"]
    check_priority(priority)
    if any(other.priority == priority for other in found.rules.values()):
        refuse("PriorityInUse", f"Priority '{priority}' is currently in use")
    conditions.check_conditions(asked["Conditions"])
    conditions.check_transforms(asked.get("Transforms") or [])
    actions.check_actions(call, description(found), wanted)
    check_tags(tags_of(asked.get("Tags")))
    if len(own_rules(load_balancer(call, found.load_balancer_arn))) >= settings.quota("rulesPerLoadBalancer"):
        refuse("TooManyRules", "The maximum number of rules on the load balancer has been reached")
    arn = f"{found.arn.replace(':listener/', ':listener-rule/')}/{mock_random.get_random_hex(16)}"
    made = FakeListenerRule(found.arn, arn, conditions.as_returned(asked["Conditions"]), priority, kept(wanted))
    made.transforms = asked.get("Transforms") or []
    found.register(arn, made)
    call.elbv2.tagging_service.tag_resource(arn, asked.get("Tags"))
    return {"Rules": [made]}


def check_priority(priority):
    if not 1 <= priority <= 50000:
        invalid("Rule priority must be between 1 and 50000")


def description(found):
    return {"Protocol": found.protocol, "LoadBalancerArn": found.load_balancer_arn}


def kept(given):
    return [FakeAction(action) for action in actions.as_returned(given)]


@correct(elbv2, "ModifyRule")
def modify_rule(call, stock):
    """What isn't given stays; the default rule belongs to its listener."""
    asked = call.input
    found = rule(call, asked["RuleArn"])
    if found.is_default:
        refuse("OperationNotPermitted", "Default rules cannot be modified")
    if asked.get("Transforms") and asked.get("ResetTransforms"):
        invalid("Transforms and ResetTransforms cannot be given together")
    if "Conditions" in asked:
        conditions.check_conditions(asked["Conditions"])
    conditions.check_transforms(asked.get("Transforms") or [])
    if asked.get("Actions"):
        actions.check_actions(call, description(listener(call, found.listener_arn)), asked["Actions"])
        found.actions = kept(asked["Actions"])
    if "Conditions" in asked:
        found.conditions = conditions.as_returned(asked["Conditions"])
    if asked.get("Transforms"):
        found.transforms = asked["Transforms"]
    if asked.get("ResetTransforms"):
        found.transforms = []
    return {"Rules": [found]}


@correct(elbv2, "SetRulePriorities")
def set_rule_priorities(call, stock):
    """All rules take their new priorities at once: only rules outside of the call can be in the way."""
    moves = call.input["RulePriorities"]
    wanted = {move["RuleArn"]: move["Priority"] for move in moves}
    if len(wanted) < len(moves):
        invalid("A rule was given twice")
    found = [rule(call, arn) for arn in wanted]
    if any(one.is_default for one in found):
        refuse("OperationNotPermitted", "The priority of a default rule cannot be changed")
    taken = set()
    for one in found:
        priority = wanted[one.arn]
        check_priority(priority)
        if (one.listener_arn, priority) in taken:
            invalid(f"Priority '{priority}' was given twice")
        taken.add((one.listener_arn, priority))
        others = listener(call, one.listener_arn).rules.values()
        if any(other.arn not in wanted and other.priority == priority for other in others):
            refuse("PriorityInUse", f"Priority '{priority}' is currently in use")
    for one in found:
        one.priority = wanted[one.arn]
    return {"Rules": found}


@correct(elbv2, "DeleteRule")
def delete_rule(call, stock):
    if rule(call, call.input["RuleArn"]).is_default:
        refuse("OperationNotPermitted", "Default rules cannot be deleted")
    return stock()


@correct(elbv2, "DescribeRules")
def describe_rules(call, stock):
    arns, of = call.input.get("RuleArns"), call.input.get("ListenerArn")
    if bool(arns) == bool(of):
        invalid("You must specify either listener rule ARNs or a listener ARN")
    found = [rule(call, arn) for arn in arns] if arns else list(listener(call, of).rules.values())
    return paged(call, "Rules", found)
