"""The app's database role: made, given its rights, and checked before anything is served as it."""

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
READ_ONLY_TABLES = {"django_migrations": ("SELECT",)}


class UnsafeRole(RuntimeError):
    """The database role would not be bound by row level security."""


def check_new_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Raise UnsafeRole when a connection of the app is made as an unbound role."""
    if connection.alias == "default":
        faults = role_faults(connection)
        if faults:
            connection.close()
            raise UnsafeRole(
                f"The app's database role {faults}, so the wall between organizations would not "
                "hold. Give DATABASE_URL a role that owns nothing and put the owner's address in "
                "GUILDER_OWNER_DATABASE_URL; `guilder migrate` makes such a role."
            )


def role_faults(connection: BaseDatabaseWrapper) -> str:
    """Why the current role is not bound by row level security; empty when it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON "
            "n.oid = c.relnamespace WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND "
            "n.nspname NOT LIKE 'pg\\_%%') OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_class "
            "c ON c.relowner = m.roleid WHERE m.member = r.oid AND c.relkind IN ('r', 'p')) "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        superuser, bypasses, owns = cursor.fetchone() or (True, True, True)
    named = {"is a superuser": superuser, "bypasses row level security": bypasses,
             "owns a table": owns}  # fmt: skip
    return " and ".join(name for name, true in named.items() if true)


def ensure_app_role(*, name: str, password: str = "", using: str = "owner") -> None:
    """Make the app's role (LOGIN, nothing else) unless it exists.

    One that exists was made by somebody who may (an owner need not): it is left as it is, and
    `role_faults` judges it at each connection.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone():
            return
        quoted = connections[using].ops.quote_name(name)
        statement = f"CREATE ROLE {quoted} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        if password:
            cursor.execute(f"{statement} PASSWORD %s", [password])
        else:
            cursor.execute(statement)


def grant_rights(*, to: str, using: str = "owner") -> None:
    """Give the app's role what each table allows (`app_may` of its model) and take the rest.

    Runs after every migration, as the owner.
    """
    connection = connections[using]
    role = connection.ops.quote_name(to)
    rights = {**table_rights(), **READ_ONLY_TABLES}
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {quoted} FROM {role}")
            cursor.execute(f"GRANT {', '.join(rights.get(table, ALL))} ON {quoted} TO {role}")


def table_rights() -> dict[str, tuple[str, ...]]:
    """Table → what the app's role may do with it, from the models."""
    return {
        model._meta.db_table: getattr(model, "app_may", ALL)
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, models.Model)
    }
