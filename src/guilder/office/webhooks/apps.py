"""The webhooks room as a Django app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Tables of the webhooks room."""

    name = "guilder.office.webhooks"
    label = "webhooks"
