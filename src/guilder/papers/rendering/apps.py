"""The rendering room as a Django app."""

from django.apps import AppConfig


class RenderingConfig(AppConfig):
    """Tables of the rendering room."""

    name = "guilder.papers.rendering"
    label = "rendering"
