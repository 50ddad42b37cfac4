"""The app, and the check of the role at each process's first connection."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class TenancyConfig(AppConfig):
    """Refuses to work as a database role that row level security does not bind."""

    name = "guilder.foundation.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from guilder.foundation.tenancy.roles import check_new_connection

        connection_created.connect(check_new_connection, dispatch_uid="guilder.tenancy.role")
