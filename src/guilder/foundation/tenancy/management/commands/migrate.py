"""`migrate`, as the owner of the tables, followed by the app role's rights."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

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
        super().handle(*args, **options)
        raising.ensure_triggers()
        if app["USER"] != owner["USER"]:
            roles.grant_rights(to=app["USER"])
