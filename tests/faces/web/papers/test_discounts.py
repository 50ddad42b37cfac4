"""The discount for early payment on the page of its invoice and on the client's."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from guilder.books.charging import queries as charging
from guilder.books.invoicing import operations as invoicing
from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import discounts
from guilder.foundation.identity import operations as identity
from tests import make
from tests.books.charging import making
from tests.make import World

Browse = Callable[[str], Client]
TODAY = datetime.now(UTC).date()
TERMS = {"due": {"days": 30}, "discounts": [{"days": 10, "percent": "2"}]}


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def late(world: World) -> Any:
    """An invoice whose discounted amount came ten days late."""
    invoice = make.issued_invoice(world.alice, on=TODAY - timedelta(days=20), terms=TERMS)
    make.payment(world.alice, invoice, "116.62", on=make.TODAY)
    return invoice


def open_amount(world: World, invoice: Any) -> int:
    return queries.get_invoice(invoice.id, by=world.alice).open_amount


def test_a_late_one_is_granted_and_taken_back_on_its_page(world: World, browsing: Browse):
    invoice, alice = late(world), browsing("alice")
    where, grant = address("invoice", invoice.id), address("invoice_grant", invoice.id)

    assert grant in alice.get(where).content.decode()
    form = alice.get(grant).content.decode()
    refused = alice.post(grant, {"reason": ""})
    alice.post(grant, {"reason": "A good client"})
    page = alice.get(where).content.decode()

    assert "€2.38 were offered for paying by" in form
    assert "late." in form
    assert refused.status_code == 422
    assert "Say why it is granted." in refused.content.decode()
    assert (open_amount(world, invoice), grant in page) == (0, False)
    assert "Early payment discount" in page and "A good client" in page
    assert "booked €2.38 for paying early" in page
    (made,) = discounts.discounts_of(invoice.id, by=world.alice)
    alice.post(address("discount_take_off", invoice.id, made.id))
    assert open_amount(world, invoice) == 238


def test_others_grant_nothing(world: World, browsing: Browse):
    invoice = late(world)
    grant = address("invoice_grant", invoice.id)
    (bob, mallory) = (browsing(name).post(grant, {"reason": "x"}) for name in ("bob", "mallory"))

    assert bob.status_code in {403, 404}
    assert mallory.status_code == 404
    assert Client().get(grant).status_code == 302
    invoicing.grant_discount(
        invoice.id, by=world.alice, on=TODAY, at=make.NOW, reason="A good client"
    )
    (made,) = discounts.discounts_of(invoice.id, by=world.alice)
    off = address("discount_take_off", invoice.id, made.id)
    assert browsing("mallory").post(off).status_code == 404
    assert browsing("bob").post(off).status_code in {403, 404}
    assert open_amount(world, invoice) == 0


def test_where_nothing_was_offered_nothing_is_asked(world: World, browsing: Browse):
    invoice = make.issued_invoice(world.alice)
    make.payment(world.alice, invoice, "116.62")
    alice = browsing("alice")

    assert alice.get(address("invoice_grant", invoice.id)).status_code == 404
    page = alice.get(address("invoice", invoice.id)).content.decode()
    assert address("invoice_grant", invoice.id) not in page


def test_the_client_pays_the_discounted_amount_while_it_is_enough(world: World):
    invoice = make.issued_invoice(world.alice, on=TODAY, terms=TERMS)
    through = making.gateway(world.alice, takes_parts=False)
    visitor = Client(REMOTE_ADDR=make.somewhere())

    page = visitor.get(invoicing.pay_link(invoice.id, by=world.alice), follow=True)
    shown, base = page.content.decode(), page.redirect_chain[-1][0]
    inner = re.search(r'<form[^>]*charge/"[^>]*>(.*?)</form>', shown, re.S)
    assert inner is not None
    given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', inner[1]))
    button = re.search(r'name="with" value="([^"]+)"', inner[1])
    assert button is not None
    visitor.post(f"{base}charge/", {**given, "with": button[1]})

    assert "116.62" in inner[1]
    (charge,) = charging.charges_of(invoice.id, by=world.alice)
    assert charge.amount == 11662
    system = identity.system_actor(world.organization, "job")
    data = {"charge": str(charge.id), "id": "tx-1", "amount": "116.62", "currency": "EUR"}
    late_call = making.call("charge.succeeded", data)
    assert making.receive(through, late_call, by=system) == ["succeeded"]
    assert open_amount(world, invoice) == 0


def test_after_its_day_the_client_is_asked_for_all_of_it(world: World):
    invoice = make.issued_invoice(world.alice, on=TODAY - timedelta(days=11), terms=TERMS)
    making.gateway(world.alice)

    page = Client(REMOTE_ADDR=make.somewhere()).get(
        invoicing.pay_link(invoice.id, by=world.alice), follow=True
    )

    forms = re.findall(r"<form[^>]*charge/\"[^>]*>(.*?)</form>", page.content.decode(), re.S)
    assert "119.00" in forms[0] and "116.62" not in forms[0]


def test_how_strictly_days_are_kept_is_set_on_the_page_of_approvals(world: World, browsing: Browse):
    alice, where = browsing("alice"), "/settings/approvals/"
    values = {"amount": "", "version": "0", "refunds_above": ""}

    assert 'id="id_grace_days"' in alice.get(where).content.decode()
    wrong = alice.post(where, {**values, "grace_days": "31", "tolerance": "-1"})
    saved = alice.post(where, {**values, "grace_days": "2", "tolerance": "0,05"})

    assert (wrong.status_code, saved.status_code) == (422, 302)
    days, tolerance, _ = discounts.discount_policy(by=world.alice)
    assert (days, str(tolerance)) == (2, "0.0500")
