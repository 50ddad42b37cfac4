"""Ways of paying that clients keep with us, and those that their page offers."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from guilder.books.charging import operations, queries
from guilder.books.charging.gateways.base import Kept, Report
from guilder.books.invoicing import operations as invoicing
from tests import make
from tests.books.charging import making
from tests.faces.web.portal.test_portal import guest
from tests.make import World

Browse = Callable[[str], Client]


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def pay_page(world: World, invoice: Any) -> tuple[Client, str, str]:
    """A visitor, where they are, and what they see."""
    visitor = Client(REMOTE_ADDR=make.somewhere())
    page = visitor.get(invoicing.pay_link(invoice.id, by=world.alice), follow=True)
    return visitor, page.redirect_chain[-1][0], page.content.decode()


def form_in(shown: str) -> dict[str, str]:
    inner = re.search(r'<form[^>]*charge/"[^>]*>(.*?)</form>', shown, re.S)
    assert inner is not None
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', inner[1]))
    button = re.search(r'name="with" value="([^"]+)"', inner[1])
    assert button is not None
    return found | {"with": button[1]}


def saved(world: World, client: Any) -> Any:
    made = making.saved(world.alice, making.gateway(world.alice, "stripe"), client.id,
                        f"pm_{uuid4().hex}")  # fmt: skip
    return queries.get_saved(made, by=world.alice)


def test_what_a_client_agreed_to_is_kept_with_its_words(world: World, stripe: Any):
    invoice = make.issued_invoice(world.alice)
    making.gateway(world.alice, "stripe")
    visitor, base, shown = pay_page(world, invoice)

    visitor.post(f"{base}charge/", {**form_in(shown), "keep": "on"})

    (charge,) = queries.charges_of(invoice.id, by=world.alice)
    kept = Kept(customer="cus_1", token=f"pm_{uuid4().hex}", label="visa •••• 4242")
    operations.apply(charge.id, Report(state="succeeded", kept=kept), by=world.alice, at=make.NOW)
    (found,) = queries.list_saved(by=world.alice, partner_id=invoice.partner_id)
    assert found.consent == "Keep this way of paying for later invoices"


def test_a_page_offers_only_what_was_agreed(world: World):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    making.gateway(world.alice, "stripe", methods=["card", "direct_debit"])
    operations.set_client_methods(client.id, by=world.alice, data={"methods": ["direct_debit"]})

    _, _, shown = pay_page(world, invoice)

    assert "by direct debit" in shown
    assert "by card" not in shown and "by bank transfer" not in shown


def test_a_page_offers_nothing_online_above_the_clients_amount(world: World):
    client = make.client(world.alice)
    making.gateway(world.alice)
    operations.set_client_methods(client.id, by=world.alice, data={"most": "119.00"})
    small = make.issued_invoice(world.alice, client_id=client.id)
    large = make.issued_invoice(world.alice, client_id=client.id, lines=[make.line(quantity="2")])

    assert 'name="with"' in pay_page(world, small)[2]
    assert 'name="with"' not in pay_page(world, large)[2]


def test_what_is_no_longer_offered_is_refused_though_the_page_was_open(world: World, stripe: Any):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    making.gateway(world.alice, "stripe", methods=["card"])
    visitor, base, shown = pay_page(world, invoice)
    operations.set_client_methods(client.id, by=world.alice, data={"methods": ["bank_transfer"]})

    answer = visitor.post(f"{base}charge/", form_in(shown))

    assert answer.status_code == 422
    assert queries.charges_of(invoice.id, by=world.alice) == []


def test_the_page_of_a_client_collects_and_ends(world: World, browsing: Browse):
    client, alice = make.client(world.alice), browsing("alice")
    one = saved(world, client)
    where = address("client_paying", client.id)

    assert where in alice.get(address("client", client.id) + "?tab=agreement").content.decode()
    assert "visa •••• 4242" in alice.get(where).content.decode()
    alice.post(address("saved_collect", client.id, one.id))
    assert queries.get_saved(one.id, by=world.alice).collects
    alice.post(address("saved_end", client.id, one.id))
    assert not queries.get_saved(one.id, by=world.alice).is_active
    assert "is asked to end it" in alice.get(where).content.decode()


def test_what_a_service_still_keeps_is_told_to_who_looks_after_money(
    world: World, browsing: Browse
):
    from guilder.books.charging.events import SavedMethodStillKept
    from guilder.foundation.tenancy.transaction import transaction
    from guilder.office.desk import listeners

    client = make.client(world.alice)
    one = saved(world, client)
    event = SavedMethodStillKept(
        saved_method_id=one.id, partner_id=client.id, gateway_id=one.gateway_id, label=one.label,
        failure="http_403",
    )  # fmt: skip
    with transaction(world.organization):  # as events are delivered
        listeners.on_method_kept(event, organization_id=world.organization)
    inbox = browsing("alice").get("/inbox/").content.decode()

    assert "still keeps a way to pay of" in inbox
    assert address("client_paying", client.id) in inbox
    assert "still keeps" not in browsing("mallory").get("/inbox/").content.decode()


def test_what_a_page_offers_is_set_on_the_clients_page(world: World, browsing: Browse):
    client, alice = make.client(world.alice), browsing("alice")
    where = address("client_paying", client.id)

    assert 'value="save"' in alice.get(where).content.decode()
    wrong = alice.post(where, {"methods": ["card"], "most": "-3", "version": "0"})
    alice.post(where, {"methods": ["card"], "most": "250,00", "version": "0"})
    stale = alice.post(where, {"methods": [], "most": "", "version": "0"})

    allowed = queries.client_methods(client.id, by=world.alice)
    assert (wrong.status_code, stale.status_code) == (422, 422)
    assert (allowed.methods, str(allowed.most)) == (("card",), "250.0000")


def test_others_see_and_end_nothing(world: World, browsing: Browse):
    client, other = make.client(world.alice), make.client(world.alice)
    one = saved(world, client)
    where = address("client_paying", client.id)

    assert browsing("mallory").get(where).status_code == 404
    assert browsing("bob").get(where).status_code in {403, 404}
    assert Client().get(where).status_code == 302
    for name in ("saved_collect", "saved_end"):
        assert browsing("mallory").post(address(name, client.id, one.id)).status_code == 404
        assert browsing("alice").post(address(name, other.id, one.id)).status_code == 404
        assert browsing("bob").post(address(name, client.id, one.id)).status_code in {403, 404}
    assert queries.get_saved(one.id, by=world.alice).is_active


def test_a_clients_own_people_see_and_remove_theirs_alone(world: World):
    client, other = make.client(world.alice), make.client(world.alice)
    mine, theirs = saved(world, client), saved(world, other)
    browser, _ = guest(world, client)

    shown = browser.get(address("portal_methods")).content.decode()
    stranger = browser.post(address("portal_method_withdraw", theirs.id))
    browser.post(address("portal_method_withdraw", mine.id))

    assert str(mine.id) in shown and str(theirs.id) not in shown
    assert stranger.status_code == 404
    after = queries.get_saved(mine.id, by=world.alice)
    assert (after.is_active, after.ended_reason) == (False, "Withdrawn by the client")
    assert queries.get_saved(theirs.id, by=world.alice).is_active
    assert "Nothing is kept." in browser.get(address("portal_methods")).content.decode()
