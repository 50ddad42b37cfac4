"""Which tables raise the generation of an organization: every one of its own, and the new ones."""

from django.apps import apps
from django.db import connections

from guilder.foundation.tenancy.models import OrganizationModel

TRIGGER = "raises_generation"
# Who leads whom and may what decides what is seen; these have no row level security.
BESIDES = {"identity_organization", "identity_membership", "identity_customrole"}
STANDING = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = %s
"""


def raising_tables() -> set[str]:
    """The tables whose changes make old what was read of an organization."""
    own = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, OrganizationModel) and model.raises_generation
    }
    return own | BESIDES


def ensure_triggers(*, using: str = "owner") -> None:
    """Put the trigger on each table that has none, and take it from what needs it no more.

    Runs after every migration, as the owner: a table that a later room brings has it from then on.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [TRIGGER])
        standing = {name for (name,) in cursor.fetchall()}
        present = set(connection.introspection.table_names(cursor))
        wanted = raising_tables() & present if "tenancy_generation" in present else set()
        for table in sorted(wanted - standing):
            cursor.execute(
                f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON "
                f"{connection.ops.quote_name(table)} FOR EACH STATEMENT "
                "EXECUTE FUNCTION guilder_raise_generation()"
            )
        for table in sorted(standing - wanted):
            cursor.execute(f"DROP TRIGGER {TRIGGER} ON {connection.ops.quote_name(table)}")
