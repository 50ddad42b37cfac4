"""A further organization has everything of its own; only operators found one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import queries as identity
from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.transaction import transaction
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as profiles
from tests import make
from tests.make import World

PAGE = "/organizations/new/"


@pytest.fixture
def founder(world: World, browsing: Callable[[str], Client]) -> Client:
    """Alice, an operator."""
    User.objects.filter(id=world.alice.user_id).update(is_operator=True)
    return browsing("alice")


def found(browser: Client, name: str = "Second House SARL", country: str = "FR") -> UUID:
    answer = browser.post(PAGE, {"company": name, "country": country})
    assert answer.status_code == 302, answer.context["form"].errors
    return UUID(browser.session["organization"])


def actor(world: World, organization: UUID) -> Any:
    assert world.alice.user_id is not None
    return identity.actor_for(world.alice.user_id, organization, source="web")


def test_the_switcher_leads_to_the_page_and_the_page_founds(world: World, founder: Client) -> None:
    assert PAGE in founder.get("/").content.decode()
    assert founder.get(PAGE).status_code == 200

    second = found(founder)

    shown = founder.get("/").content.decode()
    made = identity.get_organization(second)
    assert (made.name, made.country, made.base_currency) == ("Second House SARL", "FR", "EUR")
    assert "Second House SARL" in shown
    assert identity.get_organization(world.organization).name in shown.replace("&amp;", "&")


def test_numbers_legal_data_and_brand_are_each_ones_own(world: World, founder: Client) -> None:
    first = make.issued_invoice(world.alice)
    by = actor(world, found(founder))
    make.open_books(by)
    parties.set_seller_profile(by=by, data={"legal_name": "Second House SARL", "country": "FR"})
    rendering.set_style(by=by, data={"color": "#7a1f3d"})

    second = make.issued_invoice(by, client_id=make.client(by).id)

    assert (first.number, second.number) == ("INV-2026-00001", "INV-2026-00001")
    with transaction(world.organization):
        before = profiles.seller_profile(world.organization)
        assert before is not None
        assert before.legal_name != "Second House SARL"
    assert looks.look_of(by=by).color == "#7a1f3d"
    assert looks.look_of(by=world.alice).color != "#7a1f3d"


def test_who_is_no_operator_founds_nothing(world: World, browsing: Callable[[str], Client]) -> None:
    for name in ("alice", "bob"):
        browser = browsing(name)
        assert PAGE not in browser.get("/").content.decode()
        assert browser.get(PAGE).status_code == 403
        assert browser.post(PAGE, {"company": "Sly", "country": "DE"}).status_code == 403
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")


def test_where_everybody_may_make_an_account_everybody_may_found(
    world: World, browsing: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "REGISTRATION", "open")

    second = found(browsing("bob"), "Bob & Co", "NL")

    assert world.bob.user_id is not None
    roles = {one.organization_id: one.role for one in identity.memberships_of(world.bob.user_id)}
    assert roles[second] == "admin"


def test_a_name_that_is_none_is_told_at_its_field(founder: Client) -> None:
    refused = founder.post(PAGE, {"company": "", "country": "FR"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["company"]
    assert reverse("web:organization_new") == PAGE
