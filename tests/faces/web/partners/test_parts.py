"""A client's page: its tabs, people and numbers edited in place, its statement."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilder.foundation.tenancy.transaction import transaction
from guilder.office.dispatch import queries as mails
from guilder.registers.parties import queries
from guilder.registers.parties.schemas import partner_out
from tests import make
from tests.make import World

Browse = Callable[[str], Client]
SWAP = {"HX-Request": "true"}
BUDGET = 26


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def stored(world: World, client_id: Any) -> Any:
    with transaction(world.organization):
        found = queries.get_partner(world.organization, client_id, side="customer")
        return partner_out(found, side="customer")


def test_a_part_payment_is_said_on_the_clients_page(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")

    page = browsing("alice").get(address("client", invoice.partner_id)).content.decode()

    assert "€19.00 received, €100.00 still open." in page


def test_a_contact_is_added_changed_and_taken_away(world: World, browsing: Browse):
    client = make.client(world.alice)
    alice = browsing("alice")
    where = address("client_part", client.id, "contacts", "new")
    ada = {"name": "Ada", "email": "ada@example.test", "is_primary": "1"}

    added = alice.post(where, ada, headers=SWAP)
    alice.post(where, {"name": "Ben", "is_primary": "1"})
    first = address("client_part", client.id, "contacts", "0")
    alice.post(first, {**ada, "role": "Accounts", "is_primary": ""})

    assert added.status_code == 204
    people = stored(world, client.id).contacts
    told = [(one.name, one.role, one.is_primary) for one in people]
    assert told == [("Ada", "Accounts", False), ("Ben", "", True)]
    alice.post(first, {"remove": "1"})
    assert [one.name for one in stored(world, client.id).contacts] == ["Ben"]


def test_a_delivery_address_comes_and_goes_and_the_billing_one_stays(
    world: World, browsing: Browse
):
    client = make.client(world.alice)
    alice = browsing("alice")
    store = {"use": "delivery", "line1": "Dock 4", "city": "Kiel", "country": "DE"}

    alice.post(address("client_part", client.id, "addresses", "new"), store)
    uses = [one.use for one in stored(world, client.id).addresses]
    place = str(uses.index("delivery"))
    alice.post(address("client_part", client.id, "addresses", place), {**store, "remove": "1"})

    assert sorted(uses) == ["billing", "delivery"]
    assert [one.use for one in stored(world, client.id).addresses] == ["billing"]


@pytest.mark.parametrize(
    ("part", "wrong", "field"),
    [
        ("tax_ids", {"scheme": "vat", "value": "DE1"}, "value"),
        ("bank_accounts", {"iban": "DE00370400440532013000"}, "iban"),
        ("contacts", {"name": "Ada", "email": "nobody"}, "email"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    world: World, browsing: Browse, part: str, wrong: dict[str, str], field: str
):
    client = make.client(world.alice)

    answer = browsing("alice").post(address("client_part", client.id, part, "new"), wrong)

    assert answer.status_code == 422
    errors = {one.name for one in answer.context["fields"] if one.error}
    assert errors == {field}


def test_a_race_over_a_part_is_noticed(world: World, browsing: Browse):
    client = make.client(world.alice)
    alice = browsing("alice")
    where = address("client_part", client.id, "contacts", "new")
    version = stored(world, client.id).etag
    alice.post(where, {"name": "Ada", "version": version})

    answer = alice.post(where, {"name": "Ben", "version": version})

    assert answer.status_code == 422
    assert "changed in the meantime" in answer.content.decode()


def test_the_statement_is_shown_saved_and_sent(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    alice = browsing("alice")
    period = "from=2026-11-01&to=2026-11-30"

    page = alice.get(f"{address('client', invoice.partner_id)}?tab=statement&{period}")
    pdf = alice.get(f"{address('client_statement', invoice.partner_id)}?{period}")
    table = alice.get(f"{address('client_statement_csv', invoice.partner_id)}?{period}")
    sent = alice.post(
        f"{address('client_statement_send', invoice.partner_id)}?{period}", headers=SWAP
    )

    assert invoice.number in page.content.decode()
    assert pdf.content[:5] == b"%PDF-"
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows[2] == ["2026-11-20", "Invoice", invoice.number, "EUR", "119.00", "119.00"]
    assert rows[-1][-1] == "119.00"
    (mail,) = mails.list_mails(by=world.alice)
    assert (mail.kind, mail.partner_id) == ("statement", invoice.partner_id)
    assert "undo_url" in json.loads(sent["HX-Trigger"])["toast"]


def test_archiving_is_undone(world: World, browsing: Browse):
    client = make.client(world.alice)
    alice = browsing("alice")

    answer = alice.post(address("client_archive", client.id), {"archived": "1"}, headers=SWAP)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    alice.post(undo, headers=SWAP)

    assert not stored(world, client.id).is_archived


@pytest.mark.parametrize("tab", ["", "payments", "statement", "agreement", "history"])
def test_every_tab_works_and_keeps_strangers_out(world: World, browsing: Browse, tab: str):
    invoice = make.issued_invoice(world.alice)
    where = f"{address('client', invoice.partner_id)}?tab={tab}"
    alice = browsing("alice")
    alice.get(where)

    with CaptureQueriesContext(connection) as seen:
        assert alice.get(where).status_code == 200

    assert len(seen) <= BUDGET, [one["sql"][:80] for one in seen]
    assert browsing("bob").get(where).status_code == 200  # an agent sees clients
    assert browsing("mallory").get(where).status_code == 404
    assert Client().get(where).status_code == 302


def test_an_agent_changes_nothing_of_a_client(world: World, browsing: Browse):
    client = make.client(world.alice)
    where = address("client_part", client.id, "contacts", "new")

    assert browsing("bob").post(where, {"name": "Ada"}).status_code == 403
    assert browsing("mallory").post(where, {"name": "Ada"}).status_code == 404
    assert stored(world, client.id).contacts == []
