"""Each invariant that verify knows is broken on purpose: it names that one, its row, nothing else."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from tests import make
from tests.database import TestServer
from tests.office.backup.planting import PLANTS, Connection, Plant, Scene, make_scene

# These are broken where another connection sees it, each in an organization of its own.
ELSEWHERE = {"INV-U2", "INV-F1"}


@pytest.fixture(scope="module")
def scene(server: TestServer) -> Scene:
    return make_scene()


@pytest.fixture
def superuser(server: TestServer) -> Iterator[Connection]:
    """In a transaction that is never committed, with every trigger asleep."""
    with server.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection


def broken(organization: UUID, connection: Connection | None = None) -> dict[str, set[UUID | None]]:
    """Invariant → the rows that break it."""
    from guilder.office.backup import queries as backup

    return {
        proof.invariant: {breach.row_id for breach in proof.breaches}
        for proof in backup.verify(organization_id=organization, connection=connection)
        if not proof.holds
    }


def test_nothing_is_broken_where_nothing_was_planted(scene: Scene, superuser: Connection) -> None:
    assert broken(scene.organization, superuser) == {}
    assert broken(scene.organization) == {}


@pytest.mark.parametrize(
    ("invariant", "plant"), PLANTS, ids=[f"{one}-{plant.__name__}" for one, plant in PLANTS]
)
def test_a_planted_breach_is_named_and_nothing_else(
    invariant: str, plant: Plant, scene: Scene, superuser: Connection
) -> None:
    rows = plant(superuser, scene)

    assert broken(scene.organization, superuser) == {invariant: rows}


def test_every_invariant_is_broken_once() -> None:
    from guilder.office.backup import queries as backup

    assert {one for one, _ in backup.invariants()} == {one for one, _ in PLANTS} | ELSEWHERE


def test_a_changed_audit_entry_is_named(server: TestServer) -> None:
    from guilder.foundation.audit import operations as audit

    by = make.make_world().alice
    make.client(by)
    audit.seal_organization(by.organization_id)
    with server.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        row = connection.execute(
            "UPDATE audit_entry SET action = 'partner.delete' WHERE organization_id = %s"
            " AND action = 'partner.create' RETURNING id",
            [by.organization_id],
        ).fetchone()

    assert row is not None
    assert broken(by.organization_id) == {"INV-U2": {row[0]}}


def test_a_changed_file_is_named(server: TestServer) -> None:
    from guilder.foundation.files import operations as files
    from guilder.foundation.files import stores

    by = make.make_world().alice
    stored = files.store(b"as it was", by=by, filename="a.txt", media_type="text/plain")
    assert broken(by.organization_id) == {}
    store: Any = stores.current()
    path = store.path(stored.sha256)
    path.chmod(0o600)

    path.write_bytes(b"as it is now")

    assert broken(by.organization_id) == {"INV-F1": {stored.id}}
    path.unlink()
    assert broken(by.organization_id) == {"INV-F1": {stored.id}}


def run(*words: str) -> tuple[int, dict[str, Any], str]:
    """The command, with its exit code, its JSON and what it says."""
    from guilder.faces.cli.commands.verify import command
    from guilder.faces.cli.main import Program

    done = CliRunner().invoke(command, [*words, "--json"], obj=Program())
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_the_command_ends_well_when_all_holds(scene: Scene) -> None:
    code, told, _ = run("--organization", str(scene.organization))

    assert code == 0
    assert told["ok"] is True
    figures = {proof["invariant"]: proof["checked"] for proof in told["proofs"]}
    # Three invoices, a credit note, a deposit, a final invoice; two reminded, one charged, two in
    # payment orders, one paid early; of the payments one is given back by order.
    assert figures["INV-N1"] == 12
    assert figures["INV-P1"] == 7


def test_the_command_fails_when_something_is_broken(server: TestServer) -> None:
    by = make.make_world().alice
    invoice = make.issued_invoice(by)
    with server.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE invoicing_invoice SET net_amount = 1 WHERE id = %s", [invoice.id]
        )

    code, told, _ = run("--organization", str(by.organization_id))

    assert code == 1
    assert [proof["invariant"] for proof in told["proofs"] if not proof["ok"]] == ["INV-R6"]
