"""Clients by what they owe: the tabs count the same whichever way they look."""

import importlib
from datetime import date

import pytest

from guilder.books.invoicing import queries
from guilder.foundation.tenancy.transaction import transaction
from tests import make

clients = importlib.import_module("guilder.books.invoicing.queries.clients")
VIEWS = {"all": {}, "owing": {"owing": True}, "late": {"late": True}}


@pytest.fixture
def owed(world):
    """Three clients: one is late, one owes, one has paid; a draft and a credit note owe nothing."""
    late, owing, paid = (make.client(world.alice) for _ in range(3))
    for _ in range(2):
        make.issued_invoice(
            world.alice, client_id=late.id, on=date(2026, 1, 5), due_on="2026-02-01"
        )
    make.issued_invoice(world.alice, client_id=owing.id, due_on="2027-02-01")
    settled = make.issued_invoice(world.alice, client_id=paid.id)
    make.payment(world.alice, settled, "119.00")
    make.draft(world.alice, client_id=paid.id)
    make.issued_invoice(world.alice, client_id=paid.id, kind="credit_note")
    return world


def counts(by, *, cap=10):
    filters = [queries.ClientFilter(today=make.TODAY, **view) for view in VIEWS.values()]
    return dict(zip(VIEWS, queries.client_counts(filters, by=by, cap=cap), strict=True))


@pytest.mark.parametrize("much", [0, 5_000], ids=["probed", "joined"])
def test_those_who_owe_are_counted(owed, monkeypatch, much):
    monkeypatch.setattr(clients, "MUCH", much)

    assert counts(owed.alice) == {"all": 3, "owing": 2, "late": 1}
    assert counts(owed.alice, cap=1)["owing"] == 2  # one more than the cap: "1+"
    assert counts(owed.mallory) == {"all": 0, "owing": 0, "late": 0}


def test_very_much_is_looked_up_client_by_client(owed, monkeypatch):
    narrowed = [queries.ClientFilter(today=make.TODAY, owing=True)]

    def way():
        with transaction(owed.alice.organization_id):
            return clients.way_to_owing(narrowed, by=owed.alice)

    assert way() == clients.OWING
    monkeypatch.setattr(clients, "MUCH", 2)  # three are open
    assert way() == clients.OWING_PROBED
    monkeypatch.setattr(clients, "MUCH", 3)
    assert way() == clients.OWING
