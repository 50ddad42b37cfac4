"""The app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the room for Django."""

    name = "guilder.foundation.audit"
    label = "audit"
