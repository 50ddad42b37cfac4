"""`migrate`, as the owner of the tables, followed by the app role's rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from django.db.migrations.state import ModelState, ProjectState

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
    """While it lasts a new model, index or constraint does not make all models around it anew.

    Django renders the model and all its relatives for each: most of a first migration.
    """
    slow = {name: getattr(ProjectState, name) for name in QUICK}
    for name, quick in QUICK.items():
        setattr(ProjectState, name, quick)
    try:
        yield
    finally:
        for name, method in slow.items():
            setattr(ProjectState, name, method)


def add_model(state: ProjectState, model_state: ModelState) -> None:
    """Note a new model in the state, and make it alone: its relatives learn of it by themselves."""
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if state._relations is not None:  # pyright: ignore[reportAttributeAccessIssue]
        state.resolve_model_relations(key)  # pyright: ignore[reportAttributeAccessIssue]
    if "apps" in state.__dict__:  # the models have been made
        state.apps.render_multiple([model_state])


def append_option(
    state: ProjectState, app_label: str, model_name: str, option_name: str, added: Any
) -> None:
    """Note one more of `indexes` or `constraints` in the state, and in its model as it stands."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in state.__dict__:  # the models have been made
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])


QUICK = {"add_model": add_model, "_append_option": append_option}
