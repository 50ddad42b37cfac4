"""The tax office is asked from a client's page."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests import make
from tests.make import World
from tests.services.tax_offices import asked_here

Browse = Callable[[str], Client]
NUMBER = "FR40303265045"


def test_a_click_asks_and_the_page_shows_the_answer(
    world: World, browsing: Browse, monkeypatch
) -> None:
    partner = make.client(world.alice, tax_ids=[{"scheme": "vat", "value": NUMBER}])
    page = f"{reverse('web:client', args=[partner.id])}?tab=agreement"
    check = reverse("web:client_vat_check", args=[partner.id])
    alice = browsing("alice")

    with asked_here(monkeypatch) as offices:
        before = alice.get(page).content.decode()
        after = alice.post(check, follow=True).content.decode()
        offices.trouble = "MS_UNAVAILABLE"
        busy = alice.post(check, follow=True).content.decode()

    assert "Ask the tax office now" in before
    assert f"{NUMBER} is valid." in after
    assert "SA SODIMAS" in after
    assert "gives no answer now" in busy


def test_others_cannot_ask(world: World, browsing: Browse) -> None:
    partner = make.client(world.alice, tax_ids=[{"scheme": "vat", "value": NUMBER}])
    check = reverse("web:client_vat_check", args=[partner.id])

    assert browsing("mallory").post(check).status_code == 404
    assert browsing("bob").post(check).status_code == 403
