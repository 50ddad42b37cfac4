"""Sure lines post themselves: in one go, once, and whole whatever stops it."""

import json
from hashlib import sha256
from typing import Any

import pytest

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries as money
from guilder.flows.banking import operations, queries
from guilder.flows.banking.operations import automatic
from guilder.foundation.audit import calc
from guilder.foundation.audit import operations as audit
from guilder.foundation.audit import queries as trail
from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.backup import queries as backup
from guilder.office.backup.guilder_verify import entry_faults
from tests import make
from tests.flows.banking.banking import account, entry, imported


def month(by, count):
    """An account, that many open invoices of one client, and a file that pays them all."""
    client = make.client(by)
    invoices = [make.issued_invoice(by, client_id=client.id) for _ in range(count)]
    entries = [
        entry("119.00", one.number, name=client.name, ref=str(place))
        for place, one in enumerate(invoices)
    ]
    return invoices, entries


def broken(world):
    return {
        one.invariant for one in backup.verify(organization_id=world.organization) if not one.holds
    }


def left(invoices, by):
    return [invoicing.get_invoice(one.id, by=by).open_amount for one in invoices]


def test_many_at_once_are_what_one_by_one_are(world):
    by = world.alice
    account(by, automatic_from=95)
    invoices, entries = month(by, 6)
    entries += [entry("30.00", f"{make.issued_invoice(by).number}", name="Else", ref="x")]
    outcome = imported(by, entries)

    assert outcome.posted == 6
    assert left(invoices, by) == [0] * 6
    payments = money.list_payments(by=by)
    assert [one.amount for one in payments] == [11900] * 6
    assert broken(world) == set()
    row = next(one for one in queries.list_lines(by=by) if one.state == "matched")
    operations.reopen_line(row.id, by=by, at=make.NOW)
    assert sum(left(invoices, by)) == 11900
    assert broken(world) == set()


def test_what_is_posted_at_once_is_sealed_as_it_was_written(world):
    by = world.alice
    account(by, automatic_from=95)
    _, entries = month(by, 3)
    assert imported(by, entries).posted == 3

    assert audit.seal_organization(world.organization) > 3

    assert trail.breaches(world.organization) == []


def test_a_second_run_finds_nothing_to_do(world):
    by = world.alice
    found = account(by, automatic_from=95)
    _, entries = month(by, 3)
    imported(by, entries)

    assert operations.match_sure(found.id, by=by, at=make.NOW) == 0
    assert len(money.list_payments(by=by)) == 3


def test_what_is_stopped_in_the_middle_goes_on_and_pays_nothing_twice(world, monkeypatch):
    by = world.alice
    found = account(by)
    invoices, entries = month(by, 6)
    imported(by, entries)
    monkeypatch.setattr(automatic, "CHUNK", 2)
    whole = automatic.learn_many
    calls = []

    def killed(*given, **named):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # after the second chunk's rows, before its commit
        whole(*given, **named)

    monkeypatch.setattr(automatic, "learn_many", killed)
    with pytest.raises(KeyboardInterrupt):
        operations.match_sure(found.id, by=by, at=make.NOW, automatic_from=95)
    assert sum(one == 0 for one in left(invoices, by)) == 2
    assert broken(world) == set()

    monkeypatch.setattr(automatic, "learn_many", whole)
    assert operations.match_sure(found.id, by=by, at=make.NOW, automatic_from=95) == 4
    assert left(invoices, by) == [0] * 6
    assert len(money.list_payments(by=by)) == 6
    assert broken(world) == set()


def test_a_folder_is_read_and_what_is_none_is_put_aside(world, tmp_path):
    import os

    from tests.flows.banking.banking import camt

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.xml").write_bytes(camt([entry("1.00", "x")]))
    (folder / "b.pdf").write_bytes(b"%PDF-1.7")
    (folder / "fresh.xml").write_bytes(b"half a fi")
    for name in ("a.xml", "b.pdf"):
        os.utime(folder / name, (make.NOW.timestamp() - 60,) * 2)
    os.utime(folder / "fresh.xml", (make.NOW.timestamp(),) * 2)

    assert operations.import_folder(folder, by=world.alice, at=make.NOW) == (1, 1)
    assert (folder / "done" / "a.xml").exists()
    assert len((folder / "refused" / "b.pdf.txt").read_text()) > 15
    assert (folder / "fresh.xml").exists()
    assert len(queries.list_lines(by=world.alice)) == 1


def archived(value: Any) -> str:
    """A value of a row as an archive has it."""
    if isinstance(value, (bytes, memoryview)):
        return f"\\x{bytes(value).hex()}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def test_a_trail_of_the_time_when_ids_were_spelled_without_hyphens_still_holds(world, monkeypatch):
    def as_once(entry_id, organization, at, middle, row_id, *, values):
        told = f'["{entry_id}","{organization}","{at}",{middle},"{row_id}"]'
        return sha256(told.encode() + values).digest()

    by = world.alice
    account(by, automatic_from=95)
    monkeypatch.setattr(calc, "stays_hash_of", as_once)
    assert imported(by, month(by, 3)[1]).posted == 3
    audit.seal_organization(world.organization)

    assert trail.breaches(world.organization) == []
    with transaction(world.organization):
        rows = [
            json.loads(json.dumps(row, default=archived))
            for row in AuditEntry.objects.of(world.organization).values()
        ]
    assert len(rows) > 3
    assert [fault for row in rows for fault in entry_faults(row, str(world.organization))] == []
