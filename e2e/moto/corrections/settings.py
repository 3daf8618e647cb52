"""What tests may set: AWS's quotas, how fast time passes, page sizes, the health of targets."""

import time

# Documented defaults: Quotas for your Application Load Balancers; Amazon VPC quotas.
QUOTAS = {
    "loadBalancersPerRegion": 50,
    "listenersPerLoadBalancer": 50,
    "rulesPerLoadBalancer": 100,
    "certificatesPerLoadBalancer": 25,
    "targetGroupsPerLoadBalancer": 100,
    "targetGroupsPerRegion": 3000,
    "targetGroupsPerAction": 5,
    "targetsPerTargetGroup": 1000,
    "targetsPerLoadBalancer": 1000,
    "conditionValuesPerRule": 5,
    "conditionWildcardsPerRule": 5,
    "permissionsPerSecurityGroup": 60,
    "securityGroupsPerLoadBalancer": 5,
    "tagsPerResource": 50,
}

DEFAULTS = {
    "quotas": QUOTAS,
    # Seconds here for one second at AWS. 0: load balancers are active, targets healthy and drained, at once.
    "pace": 0,
    # The most items a page, whatever is asked for. 0: as AWS has it.
    "pageSize": 0,
    # State of a registered target in use by its id; others are healthy.
    "health": {},
}

_current = {}


def reset():
    _current.update(DEFAULTS, quotas=dict(QUOTAS))


def change(changes):
    """Takes settings over; unknown ones are an error of the test."""
    for key, value in changes.items():
        if key not in DEFAULTS:
            raise KeyError(f"no setting {key}")
        if key != "quotas":
            _current[key] = value
            continue
        unknown = set(value) - set(QUOTAS)
        if unknown:
            raise KeyError(f"no quota {', '.join(sorted(unknown))}")
        _current["quotas"].update(value)


def quota(name):
    return _current["quotas"][name]


def page_size():
    return _current["pageSize"]


def health_of(target_id):
    return _current["health"].get(target_id, "healthy")


def now():
    return time.monotonic()


def has_passed(since, aws_seconds):
    """Whether what takes so many seconds at AWS, and began at `since`, is over."""
    return now() - since >= aws_seconds * _current["pace"]
