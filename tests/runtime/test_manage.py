"""The conventional way: `manage.py`, with nothing set and with one role of one's own server."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from guilder.runtime.postgres import EmbeddedPostgres
from guilder.runtime.postgres.cluster import answers

Run = Callable[..., "subprocess.Popen[str]"]
MANAGE = str(Path(__file__).resolve().parents[2] / "manage.py")
WHO = (
    "from django.db import connections; cursor = connections['default'].cursor();"
    "cursor.execute('SELECT current_user'); print(cursor.fetchone()[0])"
)


def test_with_nothing_set_it_brings_the_embedded_database_along_and_leaves_none(
    made: Path, run: Run
) -> None:
    process = run(MANAGE, "shell", "--no-imports", "-c", WHO, GUILDER_HOME=str(made))
    told, complaint = process.communicate()

    assert told == "guilder_app\n", complaint
    assert process.returncode == 0
    assert not answers(made)


@pytest.mark.uncounted
def test_with_one_role_that_makes_others_migrate_makes_the_app_role_and_it_gets_in(
    made: Path, run: Run, tmp_path: Path
) -> None:
    with EmbeddedPostgres(made, durable=False).up() as cluster:
        access = cluster.data / "pg_hba.conf"
        access.write_text("local bills all scram-sha-256\n" + access.read_text())
        with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE ROLE solo LOGIN CREATEROLE PASSWORD 'p@ss word/1'")
            connection.execute("CREATE DATABASE bills OWNER solo")
        server = {
            "GUILDER_HOME": str(tmp_path),
            "POSTGRES_DB": "bills",
            "POSTGRES_USER": "solo",
            "POSTGRES_PASSWORD": "p@ss word/1",
            "POSTGRES_HOST": str(made / "run"),
        }

        migrate = run(MANAGE, "migrate", "--no-input", "-v", "0", **server)
        told, complaint = migrate.communicate()
        assert migrate.returncode == 0, complaint
        create = run(
            MANAGE, "createsuperuser", "--no-input", "--email", "me@example.com",
            DJANGO_SUPERUSER_PASSWORD="long enough, and no word", **server,
        )  # fmt: skip
        told, complaint = create.communicate()
        assert create.returncode == 0, complaint
        told, complaint = run(MANAGE, "shell", "--no-imports", "-c", WHO, **server).communicate()

        assert told == "bills_app\n", complaint
        role = (
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'bills_app'"
        )
        with psycopg.connect(cluster.superuser_url) as connection:
            assert connection.execute(role).fetchone() == (False, False, False)
