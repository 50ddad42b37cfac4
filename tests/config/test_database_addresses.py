"""Which database, and as whom, from the environment."""

from pathlib import Path

import psycopg
import pytest

from guilder.config import database
from tests.database import TestServer

NAMES = ("DATABASE_URL", "GUILDER_OWNER_DATABASE_URL", "POSTGRES_DB", "POSTGRES_USER",
         "POSTGRES_PASSWORD", "POSTGRES_HOST", "POSTGRES_PORT")  # fmt: skip


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database is named, and the key is known."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_KEY", "one key for the tests of database addresses")


def test_nothing_given_is_the_embedded_server(tmp_path: Path) -> None:
    app, owner = database.addresses(tmp_path)

    assert not database.is_external()
    assert app.startswith("postgresql://guilder_app@/guilder?host=")
    assert owner.startswith("postgresql://guilder@/guilder?host=")
    assert database.entry(app)["HOST"] == str(tmp_path / "run")


def test_both_addresses_are_taken_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@h/d")
    monkeypatch.setenv("GUILDER_OWNER_DATABASE_URL", "postgresql://o@h/d")

    assert database.addresses(tmp_path) == ("postgresql://a@h/d", "postgresql://o@h/d")


def test_the_owners_address_alone_gives_the_apps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUILDER_OWNER_DATABASE_URL", "postgresql://o:p%40ss@h:5433/bills?a=b")

    app, owner = database.addresses(tmp_path)
    again, _ = database.addresses(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "another key for the tests of database addresses")
    other, _ = database.addresses(tmp_path)

    assert owner == "postgresql://o:p%40ss@h:5433/bills?a=b"
    assert app.startswith("postgresql://bills_app:")
    assert app.endswith("@h:5433/bills?a=b")
    assert app == again != other


def test_the_names_of_the_postgres_image_make_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DB", "bills")
    monkeypatch.setenv("POSTGRES_USER", "me")
    monkeypatch.setenv("POSTGRES_PASSWORD", "a/b@c")

    assert database.from_parts() == "postgresql://me:a%2Fb%40c@localhost:5432/bills"
    entry = database.entry(database.from_parts())
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("bills", "me", "a/b@c")


def test_a_socket_folder_may_be_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_HOST", "/var/run/postgresql")
    monkeypatch.setenv("POSTGRES_USER", "me")

    entry = database.entry(database.from_parts())

    assert (entry["HOST"], entry["NAME"], entry["USER"]) == ("/var/run/postgresql", "me", "me")


def test_one_role_that_makes_others_is_the_owner_and_a_bound_one_stands_for_both(
    db: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = db.superuser_url.replace("postgres@", "guilder_app@", 1)

    monkeypatch.setenv("DATABASE_URL", db.superuser_url)
    derived, owner = database.addresses(tmp_path)
    monkeypatch.setenv("DATABASE_URL", app)
    bound = database.addresses(tmp_path)

    assert owner == db.superuser_url
    assert derived.startswith(f"postgresql://{db.database}_app@")
    assert bound == (app, app)
    with psycopg.connect(app) as connection:
        assert connection.execute(database.MAKES_ROLES).fetchone() == (False,)


def test_a_server_that_does_not_answer_is_not_asked_twice(tmp_path: Path) -> None:
    assert database.makes_roles(f"postgresql://nobody@/x?host={tmp_path}") is False
