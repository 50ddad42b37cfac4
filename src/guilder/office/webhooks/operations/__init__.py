"""What can be done with webhooks: keep endpoints, tell events, deliver, tell again, forget."""

from guilder.office.webhooks.bodies import CURRENT
from guilder.office.webhooks.calc import new_secret, wants
from guilder.office.webhooks.operations.delivering import (
    Taken,
    deliver,
    signed_headers,
    take_due,
)
from guilder.office.webhooks.operations.endpoints import (
    TooManyEndpoints,
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)
from guilder.office.webhooks.operations.replaying import (
    EndpointOff,
    StillWaiting,
    ask_replay,
    ping,
    replay_range,
    retry_delivery,
)
from guilder.office.webhooks.operations.telling import body_for_listener, tell_event
from guilder.office.webhooks.operations.tidying import forget_old

__all__ = (
    "CURRENT",
    "EndpointOff",
    "StillWaiting",
    "Taken",
    "TooManyEndpoints",
    "ask_replay",
    "body_for_listener",
    "create_endpoint",
    "delete_endpoint",
    "deliver",
    "forget_old",
    "new_secret",
    "ping",
    "replay_range",
    "retry_delivery",
    "rotate_secret",
    "signed_headers",
    "take_due",
    "tell_event",
    "update_endpoint",
    "wants",
)
