"""Looking up and counting in moto's state of Elastic Load Balancing."""

from .correct import refuse


def load_balancer(call, arn):
    return call.elbv2.load_balancers.get(arn) or refuse("LoadBalancerNotFound", "One or more load balancers not found")


def listener(call, arn):
    for found in listeners(call):
        if found.arn == arn:
            return found
    return refuse("ListenerNotFound", f"One or more listeners not found: {arn}")


def rule(call, arn):
    for found in listeners(call):
        for candidate in found.rules.values():
            if candidate.arn == arn:
                return candidate
    return refuse("RuleNotFound", f"One or more rules not found: {arn}")


def target_group(call, arn):
    return call.elbv2.target_groups.get(arn) or refuse("TargetGroupNotFound", "One or more target groups not found")


def listeners(call):
    return [found for balancer in call.elbv2.load_balancers.values() for found in balancer.listeners.values()]


def own_rules(balancer):
    """Rules of a load balancer without the default ones."""
    return [rule for found in balancer.listeners.values() for rule in found.rules.values() if not rule.is_default]


def target_groups_of(actions):
    """ARNs that actions, as the API has them, forward to."""
    arns = []
    for action in actions:
        if action.get("Type") != "forward":
            continue
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        arns += [group["TargetGroupArn"] for group in groups] or [action["TargetGroupArn"]]
    return list(dict.fromkeys(arns))


def target_groups_in_use(balancer):
    """ARNs that any rule of the load balancer, default ones included, forwards to."""
    rules = [rule for found in balancer.listeners.values() for rule in found.rules.values()]
    return set(target_groups_of([action.data for rule in rules for action in rule.actions]))


def tags_of(given):
    return {tag["Key"]: tag.get("Value", "") for tag in given or []}
