"""Plans that were made while a table was empty are made anew when it has grown."""

from django.db import connections

from guilder.foundation.tenancy import plans
from guilder.foundation.tenancy.transaction import transaction

TABLE = """
CREATE TEMP TABLE grown (organization int, id int, entry int, place int);
CREATE UNIQUE INDEX grown_by_id ON grown (organization, id);
CREATE UNIQUE INDEX grown_by_entry ON grown (organization, entry, place);
SET plan_cache_mode = force_generic_plan;
SET enable_seqscan = off;
PREPARE of_entry(int, int) AS SELECT FROM grown WHERE organization = $1 AND entry = $2;
"""
GROW = "INSERT INTO grown SELECT 1, n, n / 4, n % 4 FROM generate_series(1, 4000) AS n"
CLEAN = "DROP TABLE grown; DEALLOCATE of_entry; RESET plan_cache_mode; RESET enable_seqscan"


def plan() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("EXPLAIN EXECUTE of_entry(1, 7)")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_plan_of_an_empty_table_goes_when_the_connection_was_used_a_while(world):
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        before = plan()
        cursor.execute(GROW)
    plans.freshen(connection)
    assert plan() == before  # kept, however bad it has become

    connection.guilder_counted.count = min(plans.FORGETS_AFTER) - 1
    with transaction(world.alice.organization_id), connection.cursor() as cursor:
        assert plan() != before
        assert "grown_by_entry" in plan()
        cursor.execute(CLEAN)


def test_a_plan_is_not_forgotten_inside_a_transaction(world):
    connection = connections["default"]
    with transaction(world.alice.organization_id):
        connection.ensure_connection()
        before = connection.guilder_counted.count
        with transaction(world.alice.organization_id):
            plans.freshen(connection)
        assert connection.guilder_counted.count == before
