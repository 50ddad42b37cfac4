"""Settings pages over HTTP: what is saved, what is refused, and who may."""

import base64
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter
from guilder.books.ledger import queries as ledger
from guilder.faces.web.settings import tasks
from guilder.foundation.files import queries as files
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import references
from guilder.office.desk import queries as desk
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import queries as looks
from guilder.registers.numbering import queries as numbering
from guilder.registers.parties import queries as profiles
from guilder.registers.tax import queries as taxes
from tests import make
from tests.make import World

PAGES = (
    "settings", "settings_bank", "settings_documents", "settings_numbers", "settings_words",
    "settings_einvoicing", "settings_taxes", "settings_accounts", "settings_rates", "settings_mail", "settings_data",
    "profile", "profile_security", "developer_keys", "settings_team", "settings_roles",
    "settings_approvals", "settings_tax_office",
)  # fmt: skip
MOST_QUERIES = 20
RED_DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO"
    "9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
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
        with CaptureQueriesContext(connection) as seen:
            answer = alice.get(reverse(f"web:{name}"))
        assert answer.status_code == 200, name
        assert b'aria-current="page"' in answer.content
        assert len(seen) <= MOST_QUERIES, name


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


def test_a_wrong_vat_id_saves_nothing(world: World, alice: Client) -> None:
    typed = form_on(alice, "settings") | {"vat_id": "DE00", "time_zone": "Europe/Vienna"}

    answer = alice.post(reverse("web:settings"), typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"vat_id"}
    assert identity.get_organization(world.organization).time_zone == "Europe/Berlin"


def test_look_logo_and_terms_are_saved_and_the_logo_goes_again(world: World, alice: Client) -> None:
    address = reverse("web:settings_documents")
    typed = form_on(alice, "settings_documents") | {
        "style": "atlas",
        "color": "#123456",
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
    again = form_on(alice, "settings_documents")
    alice.post(address, again | {"remove_logo": "on"})
    assert looks.look_of(by=world.alice).logo == b""


def test_a_logo_that_is_no_picture_and_a_bad_colour_are_refused(
    world: World, alice: Client
) -> None:
    address = reverse("web:settings_documents")
    typed = form_on(alice, "settings_documents")
    page = SimpleUploadedFile("logo.png", b"<html><script>alert(1)</script></html>")

    logo = alice.post(address, typed | {"logo": page})
    colour = alice.post(address, typed | {"color": "green"})

    assert (logo.status_code, set(logo.context["form"].errors)) == (422, {"logo"})
    assert (colour.status_code, set(colour.context["form"].errors)) == (422, {"color"})


def test_a_series_is_changed_until_it_has_given_a_number(world: World, alice: Client) -> None:
    address = reverse("web:settings_numbers")

    def shown() -> Any:
        series = alice.get(address).context["series"]
        return next(one for one in series if one["kind"] == "Invoice")

    series = shown()
    prefix = series["form"].prefix
    typed = sent(series["form"]) | {"what": "series", "series": series["id"]}
    changed = typed | {f"{prefix}-pattern": "R{year}/{counter:04d}", f"{prefix}-next_number": "70"}

    assert alice.post(address, changed).status_code == 302
    invoice = make.issued_invoice(world.alice)
    later = {f"{prefix}-version": str(shown()["form"]["version"].value())}
    later |= {f"{prefix}-next_number": "1", f"{prefix}-period": "none"}
    alice.post(address, changed | later)

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
    address = reverse("web:settings_numbers")
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
        reverse("web:settings_numbers"),
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

    alice.post(address, form_on(alice, "settings_mail") | {"sender_name": "Ida"})
    moved = alice.post(
        address, form_on(alice, "settings_mail") | {"host": "smtp.elsewhere.example"}
    )

    stored = mails.get_mail_settings(by=world.alice)
    assert (stored.sender_name, stored.user, stored.has_password) == ("Ida", "ida", True)
    assert stored.host == "smtp.example.com"
    assert set(moved.context["form"].errors) == {"password"}
    assert b"s3cret" not in alice.get(address).content


def test_the_words_of_mails_are_kept_only_where_they_were_changed(
    world: World, alice: Client
) -> None:
    address = reverse("web:settings_words")
    typed = form_on(alice, "settings_words") | {"kind": "invoice", "language": "de"}
    german = sent(alice.get(address, {"kind": "invoice", "language": "de"}).context["form"])

    alice.post(address, typed | german)
    untouched = mails.list_templates(by=world.alice)
    alice.post(address, typed | german | {"subject": "Rechnung {{ document.number }}"})
    unknown = alice.post(address, typed | {"body": "Hello {{ nobody }}"})
    (own,) = mails.list_templates(by=world.alice)
    alice.post(reverse("web:words_reset"), {"kind": "invoice", "language": "de"})

    assert untouched == []
    assert (own.kind, own.language, own.subject) == (
        "invoice",
        "de",
        "Rechnung {{ document.number }}",
    )
    assert (unknown.status_code, set(unknown.context["form"].errors)) == (422, {"body"})
    assert mails.list_templates(by=world.alice) == []


def test_a_mail_is_previewed_and_nothing_of_it_stored(world: World, alice: Client) -> None:
    words = {"kind": "quote", "language": "en", "subject": "For {{ client.name }}",
             "body": "Dear {{ client.name }}, <b>hi</b>"}  # fmt: skip

    seen = alice.post(reverse("web:words_preview"), words).content.decode()
    fault = alice.post(reverse("web:words_preview"), words | {"body": "{{ nobody }}"})

    assert "For Sample Client Ltd" in seen
    assert "&lt;b&gt;hi&lt;/b&gt;" in seen
    assert b"nobody" in fault.content
    assert mails.list_templates(by=world.alice) == []


@pytest.mark.parametrize("name", ["settings", "settings_documents", "settings_mail"])
def test_the_second_of_two_people_sees_both_values(name: str, world: World, alice: Client) -> None:
    field, stored, mine = {
        "settings": ("trading_name", "Northlight", "Southlight"),
        "settings_documents": ("footer", "Thank you", "Come again"),
        "settings_mail": ("sender_name", "Ida", "Ada"),
    }[name]
    address = reverse(f"web:{name}")
    drawn_before = form_on(alice, name)
    first = drawn_before | {field: stored}
    if name == "settings_documents":  # the first save makes the row, and the version with it
        alice.post(address, drawn_before | {field: "x"})
        drawn_before = form_on(alice, name)
        first = drawn_before | {field: stored}
    if name == "settings_mail":
        alice.post(address, drawn_before | {field: "x"})
        drawn_before = form_on(alice, name)
        first = drawn_before | {field: stored}
    assert alice.post(address, first).status_code == 302

    clash = alice.post(address, drawn_before | {field: mine})
    told = {row["name"]: (row["stored"], row["typed"]) for row in clash.context["clash"]["rows"]}
    kept = form_on(alice, name)[field]
    again = alice.post(address, sent(clash.context["form"]))

    assert clash.status_code == 412
    assert told[field] == (stored, mine)
    assert kept == stored
    assert again.status_code == 302
    assert form_on(alice, name)[field] == mine


def test_the_look_is_seen_before_it_is_saved(world: World, alice: Client) -> None:
    make.issued_invoice(world.alice)
    typed = form_on(alice, "settings_documents") | {"color": "#123456", "style": "plain"}

    seen = alice.post(reverse("web:look_preview"), typed)
    fault = alice.post(reverse("web:look_preview"), typed | {"color": "green"})

    assert b'src="data:image/png;base64,' in seen.content
    assert b"#rrggbb" in fault.content
    assert looks.look_of(by=world.alice).color != "#123456"


def test_a_further_series_takes_over(world: World, alice: Client) -> None:
    typed = {"what": "new", "new-kind": "invoice", "new-code": "B", "new-pattern": "B-{counter:04d}",
             "new-period": "none", "new-start_at": "7", "new-is_default": "on"}  # fmt: skip

    refused = alice.post(reverse("web:settings_numbers"), typed | {"new-pattern": "B-"})
    made = alice.post(reverse("web:settings_numbers"), typed)

    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"pattern"})
    assert made.status_code == 302
    assert make.issued_invoice(world.alice).number == "B-0007"
    gaps = alice.get(reverse("web:settings_numbers")).context["gaps"]
    assert [(one["code"], one["last"], one["missing"]) for one in gaps] == [("B", 7, "")]


def test_one_bank_account_stands_on_documents(world: World, alice: Client) -> None:
    address = reverse("web:settings_bank")
    typed = {"label": "Second", "iban": "DE02 1203 0000 0000 2020 51", "bic": "BYLADEM1001"}

    wrong = alice.post(address, typed | {"iban": "DE03120300000000202051"})
    alice.post(address, typed)
    twice = alice.post(address, typed)
    rows = {one["label"]: one for one in alice.get(address).context["rows"]}
    alice.post(reverse("web:bank_show", args=[rows["Second"]["id"]]))

    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"iban"})
    assert twice.status_code == 422
    assert len(rows) == 2 and not rows["Second"]["shown"]
    with transaction(world.organization):
        profile = profiles.seller_profile(world.organization)
        shown = [one for one in profiles.own_accounts(world.organization) if one.is_shown]
    assert profile is not None
    assert profile.iban == "DE02120300000000202051"
    assert [one.iban for one in shown] == [profile.iban]
    refused = alice.post(reverse("web:bank_remove", args=[shown[0].id]), follow=True)
    assert b"Choose another one first" in refused.content
    foreign = reverse("web:bank_show", args=[shown[0].id])
    assert alice.post(foreign.replace(str(shown[0].id)[:4], "0000")).status_code == 404


def test_an_account_is_made_and_changed(world: World, alice: Client) -> None:
    address = reverse("web:settings_accounts")
    typed = {"code": "4980", "name": "Sundry costs", "kind": "expense", "is_active": "on"}

    alice.post(address, typed)
    taken = alice.post(address, typed)
    with transaction(world.organization):
        row = next(one for one in ledger.list_accounts(world.organization) if one.code == "4980")
    one = reverse("web:settings_account", args=[row.id])
    changed = sent(alice.get(one).context["form"]) | {"name": "Other costs"}
    alice.post(one, changed)
    clash = alice.post(one, changed | {"name": "Late"})

    assert (taken.status_code, set(taken.context["form"].errors)) == (422, {"code"})
    assert clash.status_code == 412
    with transaction(world.organization):
        assert ledger.get_account(world.organization, row.id).name == "Other costs"


def test_documents_ask_for_the_reference_that_is_chosen(world: World, alice: Client) -> None:
    address = reverse("web:bank_reference")
    known = alice.get(reverse("web:settings_bank")).context["reference"].initial

    alice.post(address, {"reference_scheme": "RF", "version": known["version"]})
    late = alice.post(address, {"reference_scheme": "FI", "version": known["version"]}, follow=True)
    invoice = make.issued_invoice(world.alice)
    paper = invoicing.get_document(invoice.id, by=world.alice)

    assert "changed in the meantime" in late.content.decode()
    assert paper.payment[0].remittance == references.made_of(paper.number, "RF")
    assert paper.payment[0].remittance.startswith("RF")


def test_rates_come_by_hand_and_from_the_central_bank(world: World, alice: Client) -> None:
    address = reverse("web:settings_rates")
    typed = {"base": "USD", "quote": "EUR", "rate": "0,91", "on": "20 Nov 2026", "source": "Bank"}
    ecb = b"Date,USD,JPY,\n2026-11-19,1.10,160.2,\n2026-11-18,1.11,161.0,\n"
    file = SimpleUploadedFile("eurofxref.csv", ecb, content_type="text/csv")

    wrong = alice.post(address, typed | {"rate": "-1"})
    alice.post(address, typed)
    alice.post(address, {"what": "file", "ecb-file": file})
    junk = alice.post(
        address, {"what": "file", "ecb-file": SimpleUploadedFile("x.csv", b"no rates")}
    )

    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"rate"})
    rows = alice.get(address).context["rows"]
    assert [(one.base, one.quote, f"{one.rate.normalize():f}") for one in rows[:2]] == [
        ("USD", "EUR", "0.91"),
        ("EUR", "JPY", "160.2"),
    ]
    assert (junk.status_code, set(junk.context["form"].errors)) == (422, {"file"})


def test_a_file_is_checked_first_and_then_becomes_drafts(world: World, alice: Client) -> None:
    lines = (
        "number,client_name,client_country,currency,description,quantity,unit,unit_price,"
        "tax_category,tax_rate\n"
        "A-1,Polder BV,NL,EUR,Work,2,HUR,80.00,S,19\n"
        "A-2,Polder BV,NL,EUR,Work,x,HUR,80.00,S,19\n"
    )
    file = SimpleUploadedFile("old.csv", lines.encode(), content_type="text/csv")

    checked = alice.post(reverse("web:settings_data"), {"file": file})
    untouched = invoicing.list_invoices(InvoiceFilter(today=make.TODAY), by=world.alice)
    empty = alice.post(reverse("web:settings_data"), {})
    assert checked.status_code == 200, checked.context["form"].errors
    papers = checked.context["papers"]
    taken = alice.post(reverse("web:data_take"), {"file": str(checked.context["file_id"])})

    assert untouched == []
    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"file"})
    assert [(one["number"], one["ok"], one["due"]) for one in papers] == [
        ("A-1", True, "190.40"),
        ("A-2", False, "0.00"),
    ]
    assert [(one["number"], one["ok"]) for one in taken.context["taken"]] == [
        ("A-1", True),
        ("A-2", False),
    ]
    (draft,) = invoicing.list_invoices(InvoiceFilter(today=make.TODAY), by=world.alice)
    assert (draft.status, draft.partner_name) == ("draft", "Polder BV")


def test_everything_is_packed_for_who_asked(
    world: World, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.issued_invoice(world.alice)
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "guilder.faces.web.settings.data.enqueue", lambda _task, **given: queued.append(given)
    )

    alice.post(reverse("web:data_export"))
    tasks.export_everything(**queued[0])

    progress = desk.get_progress(queued[0]["progress_id"], by=world.alice)
    assert progress.file_id is not None
    data = files.read(progress.file_id, by=world.alice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "tables/invoicing_invoice.jsonl" in archive.namelist()


def test_a_profile_has_a_language_and_a_picture_of_our_own_making(
    world: World, alice: Client, browsing: Callable[[str], Client]
) -> None:
    address = reverse("web:profile")
    typed = form_on(alice, "profile") | {"name": "Alice Brandt", "language": "de"}
    picture = SimpleUploadedFile("me.png", base64.b64decode(RED_DOT), content_type="image/png")

    saved = alice.post(address, typed | {"picture": picture})
    bad = alice.post(address, typed | {"picture": SimpleUploadedFile("me.png", b"<script>")})

    user = identity.user_by_email(world.alice_email)
    assert saved.status_code == 302
    assert user is not None
    assert (user.name, user.language) == ("Alice Brandt", "de")
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"picture"})
    url = reverse("web:profile_picture", args=[user.pk])
    seen = browsing("bob").get(url)
    assert seen["Content-Type"] == "image/png"
    assert seen.content.startswith(b"\x89PNG") and base64.b64decode(RED_DOT) not in seen.content
    assert browsing("mallory").get(url).status_code == 404
    alice.post(address, typed | {"remove_picture": "on"})
    assert alice.get(url).status_code == 404


def test_a_new_password_asks_for_the_one_that_holds(world: World, alice: Client) -> None:
    address = reverse("web:profile_password")

    wrong = alice.post(address, {"secret-current": "no", "secret-password": "short"})
    right = alice.post(
        address, {"secret-current": make.PASSWORD, "secret-password": "a better secret altogether"}
    )

    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"current", "password"}
    assert right.status_code == 302
    assert alice.get(reverse("web:profile")).status_code == 200  # this session stays
    user = identity.user_by_email(world.alice_email)
    assert user is not None and user.check_password("a better secret altogether")


def test_a_test_without_a_server_says_what_to_do(alice: Client) -> None:
    typed = form_on(alice, "settings_mail") | {"do": "test"}

    answer = alice.post(reverse("web:settings_mail"), typed, follow=True)

    assert b"No mail server is set" in answer.content


def test_who_may_not_sees_no_settings(world: World, bob: Client) -> None:
    for name in PAGES:
        if name in {
            "settings_taxes",
            "profile",
            "profile_security",
            "developer_keys",
            "settings_rates",
            "settings_numbers",
            "settings_data",
        }:
            continue
        assert bob.get(reverse(f"web:{name}")).status_code == 403, name
        assert bob.post(reverse(f"web:{name}"), {"what": "look"}).status_code == 403, name
    assert bob.get(reverse("web:profile")).status_code == 200

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
