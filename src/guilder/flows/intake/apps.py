"""The intake room as a Django app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "guilder.flows.intake"
    label = "intake"
    verbose_name = "Intake"
