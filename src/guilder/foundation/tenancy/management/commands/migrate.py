"""`migrate`, as the owner of the tables, followed by the app role's rights."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from guilder.foundation.tenancy import roles


class Command(DjangoMigrate):
    """Django's migrate on the `owner` connection; then makes and equips the app's role."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] == "default":
            options["database"] = "owner"
        app = connections.databases["default"]
        owner = connections.databases["owner"]
        if app["USER"] != owner["USER"]:
            roles.ensure_app_role(name=app["USER"], password=app.get("PASSWORD") or "")
        super().handle(*args, **options)
        if app["USER"] != owner["USER"]:
            roles.grant_rights(to=app["USER"])
