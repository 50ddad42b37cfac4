"""The pages of payments: list, form, one payment, reversing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from guilder.books.invoicing import queries as invoicing
from guilder.books.payments import queries
from guilder.kernel.actor import Actor
from tests import make
from tests.make import World

Browse = Callable[[str], Client]
HX = {"HX-Request": "true"}


def form(payer: Any, amount: str, **changes: str) -> dict[str, str]:
    """What the form posts."""
    return {
        "client": str(payer.id),
        "client_name": payer.name,
        "amount": amount,
        "currency": "EUR",
        "received_on": datetime.now(UTC).date().isoformat(),
        "method": "bank_transfer",
        "reference": "",
        **changes,
    }


def open_amount(by: Actor, invoice: Any) -> int:
    """What is open on an invoice now, in cents."""
    return invoicing.get_invoice(invoice.id, by=by).open_amount


def test_the_list_shows_what_came_in_and_where_it_went(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "19.00")

    whole = browsing("alice").get("/payments/")
    part = browsing("alice").get("/payments/", headers=HX)

    assert whole.status_code == part.status_code == 200
    assert invoice.number in whole.content.decode()
    assert "€19.00" in whole.content.decode()
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()


def test_the_list_narrows_to_what_is_not_allocated_yet(world: World, browsing: Browse):
    make.payment(world.alice, make.issued_invoice(world.alice), "19.00")
    alice = browsing("alice")
    alice.post("/payments/new/", form(make.client(world.alice), "7.00"))

    page = alice.get("/payments/?view=unallocated").content.decode()

    assert "€7.00" in page
    assert "€19.00" not in page


def test_pages_of_the_list_lead_on_and_back(world: World, browsing: Browse, monkeypatch: Any):
    from guilder.faces.web.lists import paging

    monkeypatch.setattr(paging, "PAGE", 2)
    invoice = make.issued_invoice(world.alice)
    for cents in ("1.01", "1.02", "1.03"):
        make.payment(world.alice, invoice, cents)
    alice = browsing("alice")

    first = alice.get("/payments/").content.decode()
    older = re.findall(r'id="older" href="(/payments/\?cursor=[^"]+)"', first)
    second = alice.get(older[0]).content.decode()
    newer = re.findall(r'id="newer" href="(/payments/\?cursor=[^"]+)"', second)
    again = alice.get(newer[0]).content.decode()

    assert ("€1.03" in first, "€1.02" in first, "€1.01" in first) == (True, True, False)
    assert ("€1.02" in second, "€1.01" in second) == (False, True)
    assert ("€1.03" in again, "€1.02" in again, "€1.01" in again) == (True, True, False)


def test_the_form_of_an_invoice_proposes_what_is_open(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)

    page = browsing("alice").get(f"/payments/new/?invoice={invoice.id}").content.decode()

    assert escape(invoice.partner_name) in page
    assert page.count('value="119.00"') == 2  # the amount, and beside the invoice


def test_a_typed_amount_falls_on_the_longest_due_first(world: World, browsing: Browse):
    client = make.client(world.alice)
    early, late = (make.issued_invoice(world.alice, client_id=client.id) for _ in range(2))

    page = browsing("alice").get(
        "/payments/new/", form(client, "150,00"), headers={**HX, "HX-Trigger": "id_amount"}
    )

    text = page.content.decode()
    assert "<html" not in text
    # 150.00 = 119.00 + 31.00
    assert re.findall(r'name="allocation-([^"]+)" value="([^"]+)"', text) == [
        (str(early.id), "119.00"),
        (str(late.id), "31.00"),
    ]
    assert "Nothing is left over." in text


def test_what_was_typed_beside_an_invoice_is_kept_and_the_rest_told(world: World, browsing: Browse):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    typed = {
        **form(client, "150.00"),
        f"allocation-{invoice.id}": "100.00",
    }

    page = browsing("alice").get("/payments/new/", typed, headers={**HX, "HX-Trigger": "open"})

    assert 'value="100.00"' in page.content.decode()
    assert "€50.00 stays the client&#x27;s credit." in page.content.decode()


def test_recording_pays_the_invoices_as_typed(world: World, browsing: Browse):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    posted = {
        **form(client, "1.119,00"),
        f"allocation-{invoice.id}": "100,00",
    }

    answer = browsing("alice").post("/payments/new/", posted)

    [record] = queries.list_payments(by=world.alice)
    assert (answer.status_code, answer["Location"]) == (302, f"/payments/{record.id}/")
    # 1,119.00 − 100.00 = 1,019.00; 119.00 − 100.00 = 19.00
    assert (record.amount, record.unallocated_amount) == (111900, 101900)
    assert open_amount(world.alice, invoice) == 1900


def test_a_form_that_showed_no_invoices_pays_the_oldest(world: World, browsing: Browse):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    posted = form(client, "119", client="")

    browsing("alice").post("/payments/new/", posted)

    assert open_amount(world.alice, invoice) == 0


def test_sending_the_same_form_twice_records_one_payment(world: World, browsing: Browse):
    alice, client = browsing("alice"), make.client(world.alice)
    posted = form(client, "7.00", once="a-mark-of-this-form")

    first, second = (alice.post("/payments/new/", posted) for _ in range(2))
    changed = alice.post("/payments/new/", {**posted, "amount": "8.00"})

    assert first["Location"] == second["Location"]
    assert changed.status_code == 422
    assert len(queries.list_payments(by=world.alice)) == 1


def test_every_fault_stands_beside_what_it_is_about(world: World, browsing: Browse):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    posted = {
        **form(client, "500"),
        f"allocation-{invoice.id}": "200",
    }

    over = browsing("alice").post("/payments/new/", posted)
    nothing = browsing("alice").post("/payments/new/", form(client, "much"))

    assert over.status_code == nothing.status_code == 422
    assert f'id="allocation-{invoice.id}_error"' in over.content.decode()
    assert 'id="id_amount_error"' in nothing.content.decode()
    assert queries.list_payments(by=world.alice) == []


def test_reversing_opens_the_invoice_again_and_says_why(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    record = make.payment(world.alice, invoice, "119.00")
    alice = browsing("alice")

    silent = alice.post(f"/payments/{record.id}/reverse/", follow=True)
    told = alice.post(f"/payments/{record.id}/reverse/", {"reason": "Bounced"}, follow=True)

    assert "Say why it is reversed." in silent.content.decode()
    assert "Bounced" in told.content.decode()
    assert open_amount(world.alice, invoice) == 11900


def test_the_page_asks_before_reversing_without_script_too(world: World, browsing: Browse):
    record = make.payment(world.alice, make.issued_invoice(world.alice), "119.00")

    page = browsing("alice").get(f"/payments/{record.id}/?ask=reverse").content.decode()

    dialog = page[page.index('id="ask-reverse"') :]
    assert " open" in dialog[: dialog.index(">")]


def test_payments_of_another_organization_are_not_there(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    record = make.payment(world.alice, invoice, "19.00")
    mallory = browsing("mallory")

    answers = [
        mallory.get(f"/payments/{record.id}/"),
        mallory.get(f"/payments/new/?invoice={invoice.id}"),
        mallory.get(f"/payments/new/?client={invoice.partner_id}"),
        mallory.post(f"/payments/{record.id}/reverse/", {"reason": "Mine"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert "€19.00" not in mallory.get("/payments/").content.decode()
    assert queries.get_payment(record.id, by=world.alice).reversed_on is None


def test_an_agent_sees_no_payments(world: World, browsing: Browse):
    record = make.payment(world.alice, make.issued_invoice(world.alice), "19.00")
    bob = browsing("bob")

    answers = [
        bob.get("/payments/"),
        bob.get("/payments/new/"),
        bob.get(f"/payments/{record.id}/"),
        bob.post("/payments/new/", form(make.client(world.alice), "7.00")),
        bob.post(f"/payments/{record.id}/reverse/", {"reason": "No"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5


@pytest.mark.parametrize("address", ["/payments/", "/payments/new/"])
def test_who_is_signed_out_is_sent_to_sign_in(db: Any, address: str):
    answer = Client(SERVER_NAME="localhost").get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")
