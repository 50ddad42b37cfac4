"""`migrate`, as the owner of the tables, followed by the app role's rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from django.db.migrations.state import ProjectState

from guilder.foundation.tenancy import raising, roles


class Command(DjangoMigrate):
    """Django's migrate on the `owner` connection; then makes and equips the app's role."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Check the models on the owner's connection as well: the app's role may not exist yet."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] == "default":
            options["database"] = "owner"
        app = connections.databases["default"]
        owner = connections.databases["owner"]
        if app["USER"] != owner["USER"]:
            roles.ensure_app_role(name=app["USER"], password=app.get("PASSWORD") or "")
        with quick_states():
            super().handle(*args, **options)
        raising.ensure_triggers()
        if app["USER"] != owner["USER"]:
            roles.grant_rights(to=app["USER"])


@contextmanager
def quick_states() -> Iterator[None]:
    """While it lasts an index or a constraint more does not make all models around it anew.

    Django renders the model and all its relatives for each of them: half of a first migration.
    """
    slow = ProjectState._append_option  # pyright: ignore[reportAttributeAccessIssue]
    ProjectState._append_option = append_option  # pyright: ignore[reportAttributeAccessIssue]
    try:
        yield
    finally:
        ProjectState._append_option = slow  # pyright: ignore[reportAttributeAccessIssue]


def append_option(
    state: ProjectState, app_label: str, model_name: str, option_name: str, added: Any
) -> None:
    """Note one more of `indexes` or `constraints` in the state, and in its model as it stands."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in state.__dict__:  # the models have been made
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])
