"""Settings pages over HTTP: what is saved, what is refused, and who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import queries as looks
from guilder.registers.numbering import queries as numbering
from guilder.registers.parties import queries as profiles
from guilder.registers.tax import queries as taxes
from tests import make
from tests.make import World

PAGES = ("settings", "settings_documents", "settings_taxes", "settings_mail")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'


@pytest.fixture
def alice(browsing: Callable[[str], Client]) -> Client:
    """An admin's browser."""
    return browsing("alice")


@pytest.fixture
def bob(browsing: Callable[[str], Client]) -> Client:
    """An agent's browser: may see tax codes and nothing else of the settings."""
    return browsing("bob")


def sent(form: Any) -> dict[str, str]:
    """What a browser would send back of a form that nobody touched."""
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value not in (None, False)}


def form_on(alice: Client, name: str) -> dict[str, str]:
    """The untouched form of a page."""
    return sent(alice.get(reverse(f"web:{name}")).context["form"])


def test_every_page_is_drawn(alice: Client) -> None:
    for name in PAGES:
        answer = alice.get(reverse(f"web:{name}"))
        assert answer.status_code == 200, name
        assert b'aria-current="page"' in answer.content


def test_legal_data_and_region_are_saved_together(world: World, alice: Client) -> None:
    typed = form_on(alice, "settings") | {
        "legal_name": "Northlight GmbH",
        "registration": "Amtsgericht Hamburg HRB 99120",
        "time_zone": "Europe/Vienna",
        "language": "de",
    }

    answer = alice.post(reverse("web:settings"), typed)

    with transaction(world.organization):
        profile = profiles.seller_profile(world.organization)
    home = identity.get_organization(world.organization)
    assert answer.status_code == 302
    assert profile is not None
    assert profile.legal_registration == "Amtsgericht Hamburg HRB 99120"
    assert profile.vat_id == "DE136695976"
    assert (home.name, home.time_zone, home.language) == (
        "Northlight GmbH",
        "Europe/Vienna",
        "de",
    )


def test_the_base_currency_cannot_be_sent(world: World, alice: Client) -> None:
    alice.post(reverse("web:settings"), form_on(alice, "settings") | {"base_currency": "USD"})

    assert identity.get_organization(world.organization).base_currency == "EUR"


def test_a_wrong_iban_saves_nothing(world: World, alice: Client) -> None:
    typed = form_on(alice, "settings") | {"iban": "DE00", "time_zone": "Europe/Vienna"}

    answer = alice.post(reverse("web:settings"), typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"iban"}
    assert identity.get_organization(world.organization).time_zone == "Europe/Berlin"


def test_look_logo_and_terms_are_saved_and_the_logo_goes_again(world: World, alice: Client) -> None:
    address = reverse("web:settings_documents")
    typed = form_on(alice, "settings_documents") | {
        "what": "look",
        "style": "atlas",
        "accent": "#123456",
        "net_days": "21",
        "closing": "Thank you.",
    }
    logo = SimpleUploadedFile("logo.svg", SVG, content_type="text/html")

    assert alice.post(address, typed | {"logo": logo}).status_code == 302

    look = looks.look_of(by=world.alice)
    with transaction(world.organization):
        profile = profiles.seller_profile(world.organization)
    assert (look.style, look.color, look.closing, look.logo) == (
        "atlas",
        "#123456",
        "Thank you.",
        SVG,
    )
    assert profile is not None
    assert profile.terms == {"due": {"days": 21}}
    assert alice.get(address).context["logo_url"].startswith("data:image/svg+xml;base64,")
    alice.post(address, typed | {"remove_logo": "on"})
    assert looks.look_of(by=world.alice).logo == b""


def test_a_logo_that_is_no_picture_and_a_bad_colour_are_refused(
    world: World, alice: Client
) -> None:
    address = reverse("web:settings_documents")
    typed = form_on(alice, "settings_documents") | {"what": "look"}
    page = SimpleUploadedFile("logo.png", b"<html><script>alert(1)</script></html>")

    logo = alice.post(address, typed | {"logo": page})
    colour = alice.post(address, typed | {"accent": "green"})

    assert (logo.status_code, set(logo.context["form"].errors)) == (422, {"logo"})
    assert (colour.status_code, set(colour.context["form"].errors)) == (422, {"accent"})


def test_a_series_is_changed_until_it_has_given_a_number(world: World, alice: Client) -> None:
    address = reverse("web:settings_documents")

    def shown() -> Any:
        series = alice.get(address).context["series"]
        return next(one for one in series if one["kind"] == "Invoice")

    series = shown()
    prefix = series["form"].prefix
    typed = sent(series["form"]) | {"what": "series", "series": series["id"]}
    changed = typed | {f"{prefix}-pattern": "R{year}/{counter:04d}", f"{prefix}-next_number": "70"}

    assert alice.post(address, changed).status_code == 302
    invoice = make.issued_invoice(world.alice)
    alice.post(address, changed | {f"{prefix}-next_number": "1", f"{prefix}-period": "none"})

    assert invoice.number == "R2026/0070"
    assert shown()["locked"]
    with transaction(world.organization):
        (stored,) = [
            one for one in numbering.list_series(world.organization) if str(one.id) == series["id"]
        ]
    assert (stored.start_at, stored.period) == (70, "year")


def test_a_pattern_without_a_counter_is_refused_beside_its_field(
    world: World, alice: Client
) -> None:
    address = reverse("web:settings_documents")
    series = alice.get(address).context["series"][0]
    typed = sent(series["form"]) | {"what": "series", "series": series["id"]}

    answer = alice.post(address, typed | {f"{series['form'].prefix}-pattern": "INV-{year}"})

    shown = next(one for one in answer.context["series"] if one["id"] == series["id"])
    assert answer.status_code == 422
    assert set(shown["form"].errors) == {"pattern"}


def test_another_organizations_series_is_not_found(world: World, alice: Client) -> None:
    with transaction(world.other):
        foreign = numbering.list_series(world.other)[0]

    answer = alice.post(
        reverse("web:settings_documents"),
        {"what": "series", "series": str(foreign.id), f"s{foreign.id}-pattern": "X{counter}"},
    )

    assert answer.status_code == 404


def test_a_tax_code_is_made_and_gets_another_rate(world: World, alice: Client) -> None:
    typed = {
        "name": "Night rate",
        "code": "night",
        "category": "S",
        "percent": "12,5",
        "valid_from": "2026-01-01",
    }

    alice.post(reverse("web:settings_taxes"), typed)
    alice.post(reverse("web:settings_taxes"), typed | {"percent": "13", "valid_from": "2027-01-01"})

    with transaction(world.organization):
        (code,) = [one for one in taxes.list_tax_codes(world.organization) if one.code == "night"]
        rates = sorted(f"{rate.percent.normalize():f}" for rate in code.rates.all())
    assert rates == ["12.5", "13"]


def test_a_tax_code_with_faults_names_each_field(alice: Client) -> None:
    typed = {"name": "x", "code": "not one", "category": "S", "percent": "900",
             "valid_from": "2026-01-01"}  # fmt: skip

    answer = alice.post(reverse("web:settings_taxes"), typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"code", "percent"}


def test_a_stored_password_stays_until_another_is_typed(world: World, alice: Client) -> None:
    address = reverse("web:settings_mail")
    typed = form_on(alice, "settings_mail") | {
        "host": "smtp.example.com",
        "username": "ida",
        "sender_email": "ida@example.com",
    }
    alice.post(address, typed | {"password": "s3cret"})

    alice.post(address, typed | {"sender_name": "Ida"})
    moved = alice.post(address, typed | {"host": "smtp.elsewhere.example"})

    stored = mails.get_mail_settings(by=world.alice)
    assert (stored.sender_name, stored.user, stored.has_password) == ("Ida", "ida", True)
    assert stored.host == "smtp.example.com"
    assert set(moved.context["form"].errors) == {"password"}
    assert b"s3cret" not in alice.get(address).content


def test_the_words_of_mails_are_kept_only_where_they_were_changed(
    world: World, alice: Client
) -> None:
    address = reverse("web:settings_mail")
    typed = form_on(alice, "settings_mail")

    alice.post(address, typed)
    untouched = mails.list_templates(by=world.alice)
    alice.post(address, typed | {"subject": "Bill {{ document.number }}"})
    unknown = alice.post(address, typed | {"body": "Hello {{ nobody }}"})

    (own,) = mails.list_templates(by=world.alice)
    assert untouched == []
    assert own.subject == "Bill {{ document.number }}"
    assert unknown.status_code == 422


def test_a_test_without_a_server_says_what_to_do(alice: Client) -> None:
    typed = form_on(alice, "settings_mail") | {"do": "test"}

    answer = alice.post(reverse("web:settings_mail"), typed, follow=True)

    assert b"No mail server is set" in answer.content


def test_who_may_not_sees_no_settings(world: World, bob: Client) -> None:
    for name in ("settings", "settings_documents", "settings_mail"):
        assert bob.get(reverse(f"web:{name}")).status_code == 403
        assert bob.post(reverse(f"web:{name}"), {"what": "look"}).status_code == 403

    seen = bob.get(reverse("web:settings_taxes"))
    posted = bob.post(
        reverse("web:settings_taxes"),
        {"name": "n", "code": "n", "category": "Z", "valid_from": "2026-01-01"},
    )
    assert seen.status_code == 200
    assert b'id="settings"' not in seen.content
    assert posted.status_code == 403


def test_signed_out_everything_asks_to_sign_in(world: World) -> None:
    for name in PAGES:
        answer = Client().get(reverse(f"web:{name}"))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("web:sign_in"))
