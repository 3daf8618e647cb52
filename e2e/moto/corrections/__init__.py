"""moto corrected where it differs from what AWS documents, as far as a load balancer's controller notices.

One file an area; each registers its corrections when it is imported. What AWS does is taken from the Elastic Load
Balancing API Reference (version 2015-12-01), the EC2, ACM and Shield references and the User Guide for Application Load
Balancers. Nothing of moto is copied: its methods are wrapped or replaced in memory.
"""

from . import (  # noqa: F401  imported for what they register
    account_limits,
    capacity,
    certificates,
    listener_certificates,
    listeners,
    load_balancers,
    network_interfaces,
    paging,
    rules,
    security_groups,
    settings,
    shield,
    tags,
    target_groups,
    targets,
    trust_stores,
    web_acls,
)


def reset():
    """Forgets what the corrections keep outside of moto's own state."""
    settings.reset()
    security_groups.reset()
    trust_stores.reset()
