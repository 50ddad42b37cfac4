"""How many statements a call costs: inside the operation, and around it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.faces.rest.speaking import Speaker, client_in, draft_in, issued_in, line

BUDGETS = {"around": 5, "create": 6, "issue": 8, "read": 1, "list": 1, "pay": 6}
LINES = [line(description=f"Work {i}") for i in range(10)]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the server, through the ORM or by hand, but for BEGIN, COMMIT."""
    seen: list[str] = []
    execute, here = psycopg.Cursor.execute, threading.get_ident()

    def counting(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        if threading.get_ident() == here:  # the log of calls is written by a thread of its own
            seen.append(query if isinstance(query, str) else repr(query))
        return execute(self, query, *more, **named)

    patch = pytest.MonkeyPatch()
    patch.setattr(psycopg.Cursor, "execute", counting)
    try:
        yield seen
    finally:
        patch.undo()


def spent(ask: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """(around the operation, inside it): the statements of a call that is warm."""
    ask()
    with statements() as seen:
        ask()
    around = [one for one in seen if is_around(one)]
    return around, [one for one in seen if not is_around(one)]


def is_around(statement: str) -> bool:
    """Whether the door makes it: sign-in with its count, the organization, idempotency."""
    head = " ".join(statement.split())
    return "guilder.organization" in head or "edges_" in head or "identity_loginsession" in head


def test_the_count_sees_both_ways_to_the_database(alice: Speaker):
    from django.db import connection

    from guilder.foundation.tenancy.hot import cursor

    with statements() as seen:
        cursor().execute("SELECT 1")
        with connection.cursor() as made:
            made.execute("SELECT 2")

    assert seen == ["SELECT 1", "SELECT 2"]


def test_creating_and_issuing_stay_within_their_budgets(alice: Speaker):
    client = client_in(alice)["id"]
    body = {"client": client, "currency": "EUR", "lines": LINES}
    keys = iter(range(100))
    drafts = iter([draft_in(alice, client=client, lines=LINES)["id"] for _ in range(2)])

    around, create = spent(
        lambda: alice.ok("POST", "invoices/", body, Idempotency_Key=f"create-{next(keys)}")
    )
    issuing, issue = spent(
        lambda: alice.ok(
            "POST", f"invoices/{next(drafts)}/issue/", {}, Idempotency_Key=f"issue-{next(keys)}"
        )
    )

    assert 0 < len(around) <= BUDGETS["around"], around
    assert 0 < len(issuing) <= BUDGETS["around"], issuing
    assert 0 < len(create) <= BUDGETS["create"], create
    assert 0 < len(issue) <= BUDGETS["issue"], issue


def test_reading_one_and_a_page_cost_one_statement(alice: Speaker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("django.conf.settings.ANSWERS_KEPT_SECONDS", 0)
    invoice = issued_in(alice, lines=LINES)

    around, read = spent(lambda: alice.ok("GET", f"invoices/{invoice['id']}/"))
    _, page = spent(lambda: alice.ok("GET", "invoices/"))

    assert len(around) <= 2, around
    assert len(read) == BUDGETS["read"], read
    assert len(page) == BUDGETS["list"], page


def test_a_payment_stays_within_its_budget(alice: Speaker):
    client = client_in(alice)["id"]
    invoices = iter([issued_in(alice, client=client)["id"] for _ in range(2)])

    def pay() -> None:
        shares = [{"invoice": next(invoices), "amount": "119.00"}]
        money = {"amount": "119.00", "currency": "EUR"}
        alice.ok("POST", "payments/", {"client": client, "amount": money, "allocations": shares})

    _, inside = spent(pay)

    assert 0 < len(inside) <= BUDGETS["pay"], inside


@pytest.mark.parametrize("path", ["clients/", "items/", "payments/", "quotes/", "entries/"])
def test_a_page_costs_the_same_whatever_its_length(path: str, alice: Speaker):
    from tests.faces.rest.twins import TWINS, address_of

    def grow() -> None:
        if ("POST", path) in TWINS:
            request = TWINS["POST", path](alice)
            alice("POST", address_of(path, request), request.body)
        else:
            issued_in(alice)

    grow()
    _, few = spent(lambda: alice.ok("GET", path))
    for _ in range(4):
        grow()
    _, many = spent(lambda: alice.ok("GET", path))

    assert len(few) == len(many)
