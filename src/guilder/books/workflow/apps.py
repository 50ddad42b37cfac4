"""The workflow room as a Django app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "guilder.books.workflow"
    label = "workflow"
    verbose_name = "Workflow"
