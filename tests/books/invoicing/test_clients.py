"""Clients by what they owe: the tabs count the same whichever way they look."""

import importlib
from datetime import date

import pytest

from guilder.books.invoicing import queries
from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.parties import operations as parties
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


def found(by, q):
    narrowed = queries.ClientFilter(today=make.TODAY, q=q)
    listed = [one.name for one in queries.list_clients(narrowed, by=by)]
    assert queries.client_counts([narrowed], by=by, cap=10) == [len(listed)]
    return listed


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("MÜHL", ["Öl-Mühle 50%"]),
        ("oelwerk", ["Öl-Mühle 50%"]),  # its trading name
        ("k-77", ["Öl-Mühle 50%"]),  # its number
        ("buero@", ["Öl-Mühle 50%"]),
        ("görlitz", ["Bäckerei Nord", "Öl-Mühle 50%"]),
        ("Görlitz buero", ["Öl-Mühle 50%"]),  # each word in any of the places
        ("50%", ["Öl-Mühle 50%"]),
        ("5_%", []),
        ("mühle50", []),
        ("wien", []),  # where goods go is not where the client is
    ],
)
def test_clients_are_found_by_a_part_of_what_they_are_known_by(world, q, names):
    by = world.alice
    home = {"line1": "Markt 1", "postal_code": "02826", "city": "Görlitz", "country": "DE"}
    away = {**home, "city": "Wien", "country": "AT", "use": "delivery"}
    make.client(
        by, address=None, name="Öl-Mühle 50%", trading_name="Oelwerk", code="K-77", email="buero@oel.test",
        addresses=[{**home, "use": "billing"}, away],
    )  # fmt: skip
    make.client(by, name="Bäckerei Nord", email="nord@brot.test", address=home)
    make.client(world.mallory, name="Öl-Mühle 50%", code="K-77")

    assert found(by, q) == names


def test_a_client_is_found_by_its_new_words_and_no_longer_by_the_old(world):
    by = world.alice
    client = make.client(by, name="Altmann")
    parties.update_partner(client.id, by=by, side="customer", data={"name": "Neumann"}, at=make.NOW)

    assert (found(by, "altmann"), found(by, "neumann")) == ([], ["Neumann"])
