"""AWS Shield: whether there is a subscription, which moto can't tell. API Reference: GetSubscriptionState."""

import json

from moto.shield.responses import ShieldResponse


def get_subscription_state(self):
    return json.dumps({"SubscriptionState": "ACTIVE" if self.shield_backend.subscription else "INACTIVE"})


ShieldResponse.get_subscription_state = get_subscription_state
