"""Actions of rules and listeners: which lists of them AWS takes, and the form in which it returns them.

API Reference: Rule, Action and the …Config of each type; User Guide: Action types for listener rules.
"""

from . import settings
from .correct import invalid, refuse
from .state import load_balancer, target_group, target_groups_in_use, target_groups_of

FINAL = ("forward", "redirect", "fixed-response")
AUTHENTICATING = {
    "authenticate-oidc": "AuthenticateOidcConfig",
    "authenticate-cognito": "AuthenticateCognitoConfig",
    "jwt-validation": "JwtValidationConfig",
}
SESSION = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": 604800,
}
REDIRECT = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}


def check_actions(call, listener, actions):
    """Exactly one final action and that last; authentication before it on HTTPS only; room for the target groups."""
    final = [action for action in actions if action["Type"] in FINAL]
    if len(final) != 1 or actions[-1] is not final[0]:
        refuse("InvalidLoadBalancerAction", "The last action, and only that, must be one of " + ", ".join(FINAL))
    if len(actions) > 2:
        refuse("TooManyActions", "The maximum number of actions per rule has been reached")
    for action in actions[:-1]:
        if action["Type"] not in AUTHENTICATING:
            invalid(f"'{action['Type']}' is not an action")
        if listener["Protocol"] != "HTTPS":
            refuse("InvalidLoadBalancerAction", f"{action['Type']} needs an HTTPS listener")
        if AUTHENTICATING[action["Type"]] not in action:
            invalid(f"{action['Type']} needs its configuration")
    check_final(final[0], listener["Protocol"])
    check_target_groups(call, listener, target_groups_of(actions))


def check_final(action, protocol):
    kind = action["Type"]
    if kind == "forward":
        check_forward(action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]})
    elif protocol not in ("HTTP", "HTTPS"):
        refuse("InvalidLoadBalancerAction", f"A {protocol} listener can only forward")
    elif kind == "redirect":
        check_redirect(REDIRECT | action["RedirectConfig"], protocol)
    else:
        check_fixed_response(action["FixedResponseConfig"])


def check_forward(config):
    groups = config.get("TargetGroups") or []
    arns = [group["TargetGroupArn"] for group in groups]
    if not groups or len(set(arns)) < len(arns):
        invalid("A forward action names one or more target groups, each once")
    if len(groups) > settings.quota("targetGroupsPerAction"):
        refuse("TooManyTargetGroups", "The maximum number of target groups per action has been reached")
    if any(not 0 <= int(group.get("Weight", 1)) <= 999 for group in groups):
        invalid("The weight of a target group must be between 0 and 999")
    stickiness = config.get("TargetGroupStickinessConfig") or {}
    duration = stickiness.get("DurationSeconds")
    if stickiness.get("Enabled") and duration is None:
        invalid("Target group stickiness needs a duration")
    if duration is not None and not 1 <= int(duration) <= 604800:
        invalid("The stickiness duration must be between 1 and 604800 seconds")


def check_redirect(config, protocol):
    if config.get("StatusCode") not in ("HTTP_301", "HTTP_302"):
        invalid("The status code of a redirect must be HTTP_301 or HTTP_302")
    if config["Protocol"] not in ("HTTP", "HTTPS", REDIRECT["Protocol"]):
        invalid(f"A redirect can't go to protocol {config['Protocol']}")
    port = config["Port"]
    if port != REDIRECT["Port"] and not (port.isdecimal() and 1 <= int(port) <= 65535):
        invalid(f"A redirect can't go to port {port}")
    if not config["Path"].startswith("/") or max(len(config[key]) for key in ("Host", "Path", "Query")) > 128:
        invalid("The path of a redirect begins with /, and host, path and query have at most 128 characters")
    if protocol == "HTTPS" and config["Protocol"] == "HTTP":
        refuse("InvalidLoadBalancerAction", "HTTPS can't be redirected to HTTP")
    if all(config[key] == REDIRECT[key] for key in ("Protocol", "Port", "Host", "Path")):
        refuse("InvalidLoadBalancerAction", "The redirect would lead to itself")


def check_fixed_response(config):
    code = config.get("StatusCode", "")
    if not (len(code) == 3 and code.isdecimal() and code[0] in "245"):
        invalid(f"The status code '{code}' of a fixed response must be 2XX, 4XX or 5XX")
    kinds = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
    if config.get("ContentType") and config["ContentType"] not in kinds:
        invalid(f"The content type must be one of {', '.join(kinds)}")
    if len(config.get("MessageBody", "")) > 1024:
        invalid("The body of a fixed response can have at most 1024 characters")


def check_target_groups(call, listener, arns):
    """Each exists, serves no other load balancer, and the load balancer has room for it and its targets."""
    balancer = load_balancer(call, listener["LoadBalancerArn"])
    in_use = target_groups_in_use(balancer)
    for arn in arns:
        group = target_group(call, arn)
        if any(other != balancer.arn for other in group.load_balancer_arns):
            refuse("TargetGroupAssociationLimit", f"Target group {arn} is associated with another load balancer")
        if (group.protocol in ("HTTP", "HTTPS")) != (listener["Protocol"] in ("HTTP", "HTTPS")):
            refuse("IncompatibleProtocols", f"A {listener['Protocol']} listener can't forward to {group.protocol}")
    after = in_use | set(arns)
    if len(after) > max(settings.quota("targetGroupsPerLoadBalancer"), len(in_use)):
        refuse("TooManyUniqueTargetGroupsPerLoadBalancer", "The load balancer has its maximum of target groups")
    targets = sum(len(call.elbv2.target_groups[arn].targets) for arn in after)
    if after != in_use and targets > settings.quota("targetsPerLoadBalancer"):
        refuse("TooManyTargets", "The load balancer has its maximum of targets")


def as_returned(actions):
    """What AWS adds to what it was given, and the secret that it never shows."""
    return [returned(dict(action)) for action in actions]


def returned(action):
    kind = action["Type"]
    if kind == "forward":
        config = action.get("ForwardConfig") or {}
        groups = config.get("TargetGroups") or [{"TargetGroupArn": action["TargetGroupArn"]}]
        stickiness = config.get("TargetGroupStickinessConfig") or {}
        action["ForwardConfig"] = {
            "TargetGroups": [{"Weight": 1, **group} for group in groups],
            "TargetGroupStickinessConfig": {"Enabled": False, **stickiness},
        }
        if len(groups) == 1:
            action["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    elif kind == "redirect":
        action["RedirectConfig"] = REDIRECT | action["RedirectConfig"]
    elif kind in ("authenticate-oidc", "authenticate-cognito"):
        config = SESSION | action[AUTHENTICATING[kind]]
        hidden = ("ClientSecret", "UseExistingClientSecret")
        action[AUTHENTICATING[kind]] = {key: value for key, value in config.items() if key not in hidden}
    return action
