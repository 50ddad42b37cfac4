"""Clients leave a way to pay in the portal or by a link; the house sends the link and sees it."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.charging import operations, queries
from guilder.books.charging.models import MethodSetup
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.dispatch.models import Mail
from tests import make
from tests.books.charging import making
from tests.faces.web.portal.test_portal import guest
from tests.make import World

Browse = Callable[[str], Client]


def address(name: str, *args: Any) -> str:
    return reverse(f"web:{name}", args=args)


def form_in(shown: str) -> dict[str, str]:
    """What the first button of the form would send."""
    inner = re.search(r'<form class="leave-form"[^>]*>(.*?)</form>', shown, re.S)
    assert inner is not None, shown
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', inner[1]))
    found.pop("csrfmiddlewaretoken", None)
    button = re.search(r'name="with" value="([^"]+)"', inner[1])
    assert button is not None
    return found | {"with": button[1]}


def visitor() -> Client:
    return Client(REMOTE_ADDR=make.somewhere())


def by_link(world: World, client: Any) -> tuple[Client, str, str]:
    """A visitor, where the link led them, and what they see."""
    link = operations.make_method_link(client.id, by=world.alice, at=make.NOW)
    somebody = visitor()
    page = somebody.get(link.url, follow=True)
    return somebody, page.redirect_chain[-1][0], page.content.decode()


def provider_id(world: World, record: Any) -> str:
    with transaction(world.organization):
        return MethodSetup.objects.of(world.organization).get(id=record.id).provider_id


@pytest.fixture(autouse=True)
def patient(monkeypatch: Any) -> None:
    """A page that looks again asks the service at once."""
    from datetime import timedelta

    from guilder.faces.web.charges import leaving

    monkeypatch.setattr(leaving, "ASK_EVERY", timedelta(0))


def test_a_client_adds_a_card_in_the_portal_and_sees_it_named(world: World, stripe: Any):
    client = make.client(world.alice)
    making.gateway(world.alice, "stripe")
    browser, _ = guest(world, client)
    shown = browser.get(address("portal_methods")).content.decode()
    assert "Add a card" in shown and "Add a bank account (direct debit)" in shown

    answer = browser.post(address("portal_method_add"), form_in(shown))
    (setup,) = queries.list_setups(by=world.alice, partner_id=client.id)
    assert answer.url == address("portal_method", setup.id) + "?go=1"
    leading = browser.get(answer.url).content.decode()
    assert f'http-equiv="refresh" content="0;url={setup.url}"' in leading
    assert "Nothing is charged" in leading
    back = address("portal_method", setup.id)
    assert "Not confirmed yet" in browser.get(back).content.decode()
    stripe.leave(provider_id(world, setup))
    done = browser.get(back).content.decode()
    assert "It is kept." in done and "visa •••• 4242" in done

    listed = browser.get(address("portal_methods")).content.decode()
    assert "visa •••• 4242" in listed and "What falls due is taken from it" in listed
    found = queries.get_setup(setup.id, by=world.alice)
    assert (found.origin, found.state, found.collects) == ("portal", "succeeded", True)
    assert found.consent.startswith("Northlight") or "may have the payment service" in found.consent


def test_a_form_sent_twice_is_one(world: World, stripe: Any):
    client = make.client(world.alice)
    making.gateway(world.alice, "stripe")
    browser, _ = guest(world, client)
    form = form_in(browser.get(address("portal_methods")).content.decode())

    first, second = (browser.post(address("portal_method_add"), form) for _ in range(2))

    assert first.url == second.url
    assert len(stripe.sessions) == 1


def test_a_client_replaces_a_card(world: World, stripe: Any):
    client = make.client(world.alice)
    old = making.saved(world.alice, making.gateway(world.alice, "stripe"), client.id,
                       f"pm_{uuid4().hex}")  # fmt: skip
    browser, _ = guest(world, client)
    shown = browser.get(address("portal_methods")).content.decode()
    link = re.search(r'href="(\?client=[^"#]+)#add"[^>]*>Replace', shown)
    assert link is not None
    replacing = browser.get(address("portal_methods") + link[1].replace("&amp;", "&"))
    form = form_in(replacing.content.decode())
    assert form["replaces"] == str(old)

    browser.post(address("portal_method_add") + f"?client={client.id}", form)
    (setup,) = queries.list_setups(by=world.alice, partner_id=client.id)
    stripe.leave(provider_id(world, setup), f"pm_{uuid4().hex}")
    browser.get(address("portal_method", setup.id))

    assert not queries.get_saved(old, by=world.alice).is_active
    kept = [
        one for one in queries.list_saved(by=world.alice, partner_id=client.id) if one.is_active
    ]
    assert [one.collects for one in kept] == [True]


def test_a_link_leads_to_a_page_that_shows_nothing_else(world: World, stripe: Any):
    client = make.client(world.alice)
    invoice = make.issued_invoice(world.alice, client_id=client.id)
    making.gateway(world.alice, "stripe")
    somebody, base, shown = by_link(world, client)

    assert base.startswith("/method/") and invoice.number not in shown and "119" not in shown
    answer = somebody.post(f"{base}add/", form_in(shown))
    (setup,) = queries.list_setups(by=world.alice, partner_id=client.id)
    assert answer.url == f"{base}added/{setup.id}/?go=1"
    stripe.leave(provider_id(world, setup), f"pm_{uuid4().hex}")
    done = somebody.get(f"{base}added/{setup.id}/").content.decode()
    assert "It is kept." in done and invoice.number not in done
    assert queries.get_setup(setup.id, by=world.alice).origin == "link"
    for path in ("brand.css",):
        assert somebody.get(f"{base}{path}").status_code == 200
    head = somebody.get(base).headers
    assert head["Cache-Control"] == "no-store, private" and "noindex" in head["X-Robots-Tag"]


def test_a_link_opens_no_other_page_and_shows_no_other_setup(world: World, stripe: Any):
    one, other = make.client(world.alice), make.client(world.alice)
    making.gateway(world.alice, "stripe")
    somebody, base, shown = by_link(world, one)
    stranger, theirs, page = by_link(world, other)
    stranger.post(f"{theirs}add/", form_in(page))
    (setup,) = queries.list_setups(by=world.alice, partner_id=other.id)

    assert somebody.get(f"{base}added/{setup.id}/").status_code == 404
    assert somebody.get(theirs).status_code == 404
    assert visitor().get(base).status_code == 404  # without the cookie
    link_id = base.rstrip("/").rsplit("/", 1)[1]
    for kind in ("pay", "quote"):
        assert somebody.get(f"/{kind}/{link_id}/").status_code == 404
    # Another link of the same client does not show what was begun by the first.
    again, second, _ = by_link(world, other)
    assert again.get(f"{second}added/{setup.id}/").status_code == 404
    operations.end_method_links(one.id, by=world.alice)
    assert somebody.get(base).status_code == 404
    assert somebody.post(f"{base}add/", form_in(shown)).status_code == 404


def test_what_is_not_offered_is_refused(world: World, stripe: Any):
    client = make.client(world.alice)
    making.gateway(world.alice, "stripe")
    foreign = making.gateway(world.mallory, "stripe")
    somebody, base, shown = by_link(world, client)
    browser, _ = guest(world, client)

    for value in ("", "x:card", f"{foreign.id}:card", form_in(shown)["with"] + "x"):
        assert somebody.post(f"{base}add/", {"with": value}).status_code == 422
        assert browser.post(address("portal_method_add"), {"with": value}).status_code == 422
    assert queries.list_setups(by=world.alice, partner_id=client.id) == []
    assert stripe.sessions == {}


def test_a_clients_people_add_to_no_other_client_and_see_no_other_setup(world: World, stripe: Any):
    client, other = make.client(world.alice), make.client(world.alice)
    making.gateway(world.alice, "stripe")
    browser, _ = guest(world, client)
    form = form_in(browser.get(address("portal_methods")).content.decode())
    stranger, theirs, page = by_link(world, other)
    stranger.post(f"{theirs}add/", form_in(page))
    (setup,) = queries.list_setups(by=world.alice, partner_id=other.id)

    wrong = browser.post(address("portal_method_add") + f"?client={other.id}", form)
    assert wrong.status_code == 404
    assert browser.get(address("portal_method", setup.id)).status_code == 404
    assert visitor().get(address("portal_method", setup.id)).status_code == 302


def test_the_house_makes_and_mails_a_link(world: World, browsing: Browse, stripe: Any):
    client, alice = make.client(world.alice, email="pay@client.example"), browsing("alice")
    where, link = address("client_paying", client.id), address("client_method_link", client.id)
    assert "Ask for a way to pay" not in alice.get(where).content.decode()
    assert alice.post(link, {"act": "show"}).status_code == 422
    making.gateway(world.alice, "stripe")

    assert "Ask for a way to pay" in alice.get(where).content.decode()
    shown = alice.post(link, {"act": "show"}).content.decode()
    url = re.search(r"https?://[^\s\"<]+/method/[\w-]+/", shown)
    assert url is not None
    assert "Leave a way to pay" in visitor().get(url[0], follow=True).content.decode()
    assert "/method/" not in alice.get(where).content.decode()
    assert alice.post(link, {"act": "mail"}).status_code == 302
    with transaction(world.organization):
        mail = Mail.objects.of(world.organization).get(kind="method_link", partner_id=client.id)
    assert mail.to == "pay@client.example" and "/method/" in mail.text
    assert alice.post(address("client_method_links_end", client.id)).status_code == 302
    assert visitor().get(url[0], follow=True).status_code == 404


def test_a_client_without_an_address_gets_no_mail(world: World, browsing: Browse):
    client = make.client(world.alice, email="")
    making.gateway(world.alice, "stripe")

    answer = browsing("alice").post(address("client_method_link", client.id), {"act": "mail"})

    assert answer.status_code == 422
    assert "e-mail address" in answer.content.decode()


def test_others_make_and_end_no_links(world: World, browsing: Browse):
    client = make.client(world.alice)
    making.gateway(world.alice, "stripe")

    for name in ("client_method_link", "client_method_links_end"):
        where = address(name, client.id)
        assert browsing("mallory").post(where).status_code == 404
        assert browsing("bob").post(where).status_code in {403, 404}
        assert visitor().post(where).status_code == 302


def test_what_was_not_left_is_told_on_the_clients_page(world: World, browsing: Browse, stripe: Any):
    client = make.client(world.alice)
    making.gateway(world.alice, "stripe")
    somebody, base, shown = by_link(world, client)
    somebody.post(f"{base}add/", form_in(shown))
    (setup,) = queries.list_setups(by=world.alice, partner_id=client.id)
    stripe.end(provider_id(world, setup))

    assert "It was not kept" in somebody.get(f"{base}added/{setup.id}/").content.decode()
    page = browsing("alice").get(address("client_paying", client.id)).content.decode()
    assert "The client did not pay in time." in page or "not done in time" in page
