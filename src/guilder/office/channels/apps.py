"""The channels room as a Django app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Tables of the channels room."""

    name = "guilder.office.channels"
    label = "channels"
