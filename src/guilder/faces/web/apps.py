"""The web face as a Django app: its templates, filters and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people."""

    name = "guilder.faces.web"
    label = "web"
