"""The demo is the firm of the pictures, to the cent, whatever day it is made on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from tests.database import TestServer
from tests.stories.running import is_full_size

pytestmark = pytest.mark.uncounted

DAYS = [date(2028, 2, 29), date(2027, 1, 1), date(2027, 12, 31)]
PICTURED = datetime(2026, 11, 20, 9, 58, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(server: TestServer) -> Iterator[UUID]:
    """The demo as of the day of the pictures."""
    from guilder.office.demo import operations

    operations.delete_demo()
    yield operations.make_demo(at=PICTURED)
    operations.delete_demo()


def rows(server: TestServer, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with server.superuser() as connection:
        return connection.execute(statement, values).fetchall()


def test_what_is_open_is_what_the_pictures_say(server: TestServer, demo: UUID) -> None:
    found = rows(
        server,
        "SELECT currency, count(*), sum(open_amount)::bigint FROM invoicing_invoice"
        " WHERE organization_id = %s AND open_amount > 0 AND kind <> 'credit_note' GROUP BY 1",
        demo,
    )

    assert {currency: (count, amount) for currency, count, amount in found} == {
        "EUR": (10, 60_959_98),
        "CHF": (1, 6_417_07),
        "GBP": (1, 10_184_13),
        "SEK": (1, 24_310_00),
    }


def test_the_ageing_is_that_of_the_pictures(server: TestServer, demo: UUID) -> None:
    found = rows(
        server,
        "SELECT (CASE WHEN due_on >= %s THEN 'not due' WHEN due_on >= %s THEN '1-30'"
        " WHEN due_on >= %s THEN '31-60' WHEN due_on >= %s THEN '61-90' ELSE 'over 90' END),"
        " count(*), sum(open_amount)::bigint FROM invoicing_invoice WHERE organization_id = %s"
        " AND currency = 'EUR' AND open_amount > 0 AND kind <> 'credit_note' GROUP BY 1",
        date(2026, 11, 20), date(2026, 10, 21), date(2026, 9, 21), date(2026, 8, 22), demo,
    )  # fmt: skip

    assert {name: (count, amount) for name, count, amount in found} == {
        "not due": (4, 33_369_32),
        "1-30": (4, 22_983_16),
        "31-60": (1, 3_120_00),
        "61-90": (1, 1_487_50),
    }


def test_numbers_and_clients_are_those_of_the_pictures(server: TestServer, demo: UUID) -> None:
    found = rows(
        server,
        "SELECT i.number, p.name, i.issued_on, i.due_on, i.gross_amount, i.currency"
        " FROM invoicing_invoice i JOIN parties_partner p ON p.id = i.partner_id"
        " WHERE i.organization_id = %s AND i.number = ANY(%s) ORDER BY 1",
        demo,
        ["INV-2026-00149", "INV-2026-00179", "INV-2026-00184"],
    )

    assert found == [
        ("INV-2026-00149", "Hafenkontor Bremen eG", date(2026, 8, 12), date(2026, 9, 11),
         1_487_50, "EUR"),
        ("INV-2026-00179", "Nordhavn Klinik ApS", date(2026, 10, 30), date(2026, 11, 13),
         9_095_09, "EUR"),
        ("INV-2026-00184", "Ticino Robotics SA", date(2026, 11, 20), date(2026, 12, 20),
         6_417_07, "CHF"),
    ]  # fmt: skip


def test_what_came_in_in_november_is_that_of_the_pictures(server: TestServer, demo: UUID) -> None:
    [(collected,)] = rows(
        server,
        "SELECT sum(base_amount)::bigint FROM payments_payment WHERE organization_id = %s"
        " AND received_on >= '2026-11-01' AND reversed_on IS NULL",
        demo,
    )

    assert collected == 57_178_04


def test_every_state_that_there_is_so_far_occurs(demo: UUID) -> None:
    from guilder.books.invoicing import calc
    from guilder.books.invoicing.models import Invoice, Quote
    from guilder.foundation.tenancy.transaction import transaction

    with transaction(demo):
        words = {
            calc.status_word(
                calc.Standing(
                    status=row.status, kind=row.kind, due_on=row.due_on,
                    payable=row.payable_amount, allocated=row.allocated_amount,
                    credited=row.credited_amount, written_off=row.written_off_amount,
                    left=row.open_amount, sent_at=row.sent_at, viewed_at=row.viewed_at,
                    disputed_at=row.disputed_at,
                ),
                on=PICTURED.date(),
            )
            for row in Invoice.objects.of(demo)
        }  # fmt: skip
        kinds = set(Invoice.objects.of(demo).values_list("kind", flat=True))
        quotes = set(Quote.objects.of(demo).values_list("state", flat=True))

    # Nothing waits for approval or a day yet: those states come with the workflow.
    assert words == set(calc.WORDS) - {"pending_approval", "scheduled"}
    assert kinds == set(Invoice.Kind.values)
    assert quotes == set(Quote.State.values)


def test_money_was_given_back_and_nothing_of_it_is_left(server: TestServer, demo: UUID) -> None:
    [(status, amount, left)] = rows(
        server,
        "SELECT r.status, r.amount, p.unallocated_amount"
        " FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id"
        " WHERE r.organization_id = %s",
        demo,
    )

    assert (status, amount, left) == ("paid", 340_00, 0)


def test_what_was_agreed_for_longer_is_still_to_come(server: TestServer, demo: UUID) -> None:
    recurring = rows(
        server,
        "SELECT name, act, is_paused, next_on FROM billing_recurringinvoice"
        " WHERE organization_id = %s ORDER BY created_at",
        demo,
    )
    mandates = rows(
        server,
        "SELECT p.name, m.signed_on IS NOT NULL FROM sepa_mandate m"
        " JOIN parties_partner p ON p.id = m.partner_id WHERE m.organization_id = %s"
        " ORDER BY m.created_at",
        demo,
    )

    assert recurring == [
        ("Quay lighting", "send", False, date(2026, 12, 1)),
        ("Upkeep of the grand staircase", "issue", True, date(2026, 12, 1)),
        ("Visits to the reading corner", "draft", False, date(2026, 12, 1)),
    ]
    assert mandates == [("Hafenkontor Bremen eG", True), ("Linden Books GmbH", False)]


def test_the_demo_is_proven_like_real_books(demo: UUID) -> None:
    from guilder.office.backup import queries

    proofs = list(queries.verify(organization_id=demo))

    assert [one.invariant for one in proofs if not one.holds] == []


def test_the_demos_user_signs_in_here_and_nowhere_else(demo: UUID) -> None:
    from guilder.foundation.identity import operations as identity
    from guilder.kernel.errors import GuilderError

    known = {"email": "demo@guilder.example", "password": "guilder-demo"}

    assert identity.check_password(**known, address="127.0.0.1").email == known["email"]
    with pytest.raises(GuilderError):
        identity.check_password(**known, address="203.0.113.9")


def test_twice_is_refused_and_deleting_leaves_nothing(server: TestServer, demo: UUID) -> None:
    from guilder.office.demo import operations, queries

    with pytest.raises(operations.DemoIsThere):
        operations.make_demo(at=PICTURED)

    assert operations.delete_demo() is True
    assert operations.delete_demo() is False
    left = {
        table: count
        for table, column in queries.tables_of_organizations()
        for (count,) in rows(server, f"SELECT count(*) FROM {table} WHERE {column} = %s", demo)
        if count
    }
    assert left == {}


def test_the_command_makes_resets_and_deletes_it(server: TestServer) -> None:
    from guilder.faces.cli.commands.demo import command
    from guilder.faces.cli.main import Program
    from guilder.office.demo import queries

    def run(*words: str, typed: str = "") -> Any:
        return CliRunner().invoke(command, list(words), obj=Program(), input=typed)

    assert "The demo is made." in run().stderr
    first = queries.demo_organization()
    assert "there already" in run().stderr
    assert run("--reset", typed="n\n").exit_code == 1
    assert queries.demo_organization() == first
    assert run("--reset", "--yes").exit_code == 0
    assert queries.demo_organization() not in {None, first}
    assert run("--delete", "--yes").exit_code == 0
    assert queries.demo_organization() is None


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS if is_full_size() else DAYS[:1], ids=str)
def test_any_day_will_do(server: TestServer, day: date) -> None:
    from guilder.office.demo import operations

    operations.delete_demo()
    at = datetime(day.year, day.month, day.day, 0, 5, tzinfo=UTC)

    made = operations.make_demo(at=at)

    [(amount,)] = rows(
        server,
        "SELECT sum(open_amount)::bigint FROM invoicing_invoice WHERE organization_id = %s"
        " AND currency = 'EUR' AND kind <> 'credit_note'",
        made,
    )
    assert amount == 60_959_98
    operations.delete_demo()
