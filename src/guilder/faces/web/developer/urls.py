"""Addresses of the developers' pages."""

from django.urls import path

from guilder.faces.web.developer import calls, events, keys, parked, start, webhooks

HOOK = "developers/webhooks/<uuid:endpoint_id>/"

urlpatterns = [
    path("developers/", start.developers, name="developers"),
    path("developers/webhooks/", webhooks.webhooks, name="webhooks"),
    path("developers/webhooks/new/", webhooks.webhook_new, name="webhook_new"),
    path(HOOK, webhooks.webhook, name="webhook"),
    path(f"{HOOK}edit/", webhooks.webhook_edit, name="webhook_edit"),
    path(f"{HOOK}ping/", webhooks.webhook_ping, name="webhook_ping"),
    path(f"{HOOK}replay/", webhooks.webhook_replay, name="webhook_replay"),
    path(f"{HOOK}rotate/", webhooks.webhook_rotate, name="webhook_rotate"),
    path(f"{HOOK}switch/", webhooks.webhook_switch, name="webhook_switch"),
    path(f"{HOOK}delete/", webhooks.webhook_delete, name="webhook_delete"),
    path(
        f"{HOOK}deliveries/<uuid:delivery_id>/",
        webhooks.webhook_delivery,
        name="webhook_delivery",
    ),
    path(
        f"{HOOK}deliveries/<uuid:delivery_id>/retry/",
        webhooks.webhook_retry,
        name="webhook_retry",
    ),
    path("developers/events/", events.events, name="events"),
    path("developers/events/parked/", parked.events_parked, name="events_parked"),
    path(
        "developers/events/parked/<uuid:parked_id>/retry/",
        parked.parked_retry,
        name="parked_retry",
    ),
    path(
        "developers/events/parked/<uuid:parked_id>/give-up/",
        parked.parked_give_up,
        name="parked_give_up",
    ),
    path("developers/events/<uuid:event_id>/", events.event, name="event"),
    path("developers/requests/", calls.calls, name="calls"),
    path("developers/requests/<uuid:call_id>/", calls.call, name="call"),
    path("developer/keys/", keys.keys, name="developer_keys"),
    path("developer/keys/new/", keys.key_new, name="key_new"),
    path("developer/keys/<uuid:key_id>/rotate/", keys.key_rotate, name="key_rotate"),
    path("developer/keys/<uuid:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
]
