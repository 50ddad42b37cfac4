"""The parts of a page of partners are what the ORM reads, and of one organization."""

from typing import Any

from guilder.foundation.tenancy.transaction import transaction
from guilder.registers.parties import queries
from guilder.registers.parties.parts import TABLES
from guilder.registers.parties.schemas import partner_out
from tests import make
from tests.make import World

WHOLE: dict[str, Any] = {
    "addresses": [{"use": "delivery", "line1": "Dock 3", "city": "Bremen", "country": "DE"}],
    "contacts": [{"name": "Kim", "email": "kim@x.example", "is_primary": True}, {"name": "Lou"}],
    "tax_ids": [{"scheme": "vat", "value": "DE136695976"}, {"scheme": "tax", "value": "1/2"}],
    "bank_accounts": [{"iban": "DE89370400440532013000", "holder": "Bar", "is_default": True}],
    "terms": {"due": {"days": 30}},
    "buyer_reference": "PO-1",
}


def shapes(rows: Any) -> dict[str, Any]:
    """Id → public shape; parts in an order of their own."""
    found = {}
    for partner in rows:
        shape = partner_out(partner, side="customer")
        for name in ("addresses", "tax_ids", "bank_accounts"):
            getattr(shape, name).sort(key=str)
        found[shape.id] = shape
    return found


def test_parts_are_those_of_the_orm(world: World) -> None:
    by = world.alice
    for data in (WHOLE, {}, {"tax_ids": WHOLE["tax_ids"]}):
        make.client(by, **data)
    make.client(world.mallory, **WHOLE)
    of = by.organization_id

    with transaction(of):
        wanted = shapes(queries.list_partners(of, side="customer"))
        bare = list(queries.bare_partners(of, side="customer"))
        queries.add_parts(bare, organization_id=of)
        found = shapes(bare)

    assert len(found) >= 3
    assert found == wanted
    assert any(one.contacts and one.bank_accounts for one in found.values())


def test_parts_of_another_organizations_partners_are_not_seen(world: World) -> None:
    make.client(world.mallory, **WHOLE)
    with transaction(world.other):
        theirs = list(queries.bare_partners(world.other, side="customer"))

    with transaction(world.organization):
        queries.add_parts(theirs, organization_id=world.organization)

    assert theirs
    for partner in theirs:
        assert not any(getattr(partner, name).all() for name in TABLES)


def test_no_partners_ask_nothing(world: World) -> None:
    with transaction(world.organization):
        queries.add_parts([], organization_id=world.organization)
