"""The portal: a client's people see what is theirs, pay and answer, and get no further."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as people
from guilder.kernel.money import Money
from guilder.registers.parties import operations as parties
from guilder.registers.parties import queries as clients
from tests import make
from tests.make import NOW, World


@dataclass
class Scene:
    """A client with a person of theirs, beside another client. Amounts: 119.00 each."""

    world: World
    client: Any
    other: Any
    invoice: Any
    hidden: Any
    browser: Client
    email: str


@pytest.fixture
def scene(world: World) -> Scene:
    client, other = make.client(world.alice, name="Own GmbH"), make.client(world.alice)
    browser, email = guest(world, client)
    return Scene(
        world,
        client,
        other,
        make.issued_invoice(world.alice, client_id=client.id),
        make.issued_invoice(world.alice, client_id=other.id),
        browser,
        email,
    )


def guest(world: World, client: Any) -> tuple[Client, str]:
    """Somebody who came in by an invitation of the client's page."""
    email = f"kim-{uuid4().hex}@guilder.example"
    made = parties.invite_guest(client.id, by=world.alice, email=email, name="Kim", at=NOW)
    assert made is not None
    by = identity.system_actor(world.organization, "job")
    _, secret = identity.invitation_secret(made.id, by=by)
    user, _ = parties.accept_invitation(secret, at=NOW, password=world.password)
    return signed_in(user), email


def signed_in(user: Any) -> Client:
    browser = Client(REMOTE_ADDR=make.somewhere())
    browser.force_login(user)
    return browser


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def a_quote(world: World, client: Any) -> Any:
    wanted = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = invoicing.create_quote(by=world.alice, data=wanted, at=NOW)
    return invoicing.send_quote(quote.id, by=world.alice, at=NOW, on=make.TODAY)


def test_the_first_page_says_what_is_to_pay(scene: Scene) -> None:
    quote = a_quote(scene.world, scene.client)

    page = scene.browser.get("/", follow=True)

    assert page.redirect_chain == [("/portal/", 302)]
    text = text_of(page)
    assert "Own GmbH" in text
    assert page.context["sums"][0] == Money.of("119.00", "EUR")
    assert [one.number for one in page.context["owed"]] == [scene.invoice.number]
    assert [one.number for one in page.context["waiting"]] == [quote.number]
    assert scene.hidden.number not in text


def test_a_document_opens_on_its_own_page_and_as_pdf(scene: Scene) -> None:
    page = scene.browser.get(reverse("web:portal_invoice", args=[scene.invoice.id]), follow=True)
    pdf = scene.browser.get(reverse("web:portal_pdf", args=[scene.invoice.id]))

    assert page.status_code == 200
    assert page.redirect_chain[-1][0].startswith("/pay/")
    assert scene.invoice.number in text_of(page)
    assert "All documents" in text_of(page)
    assert "Your own looks are not counted" not in text_of(page)
    assert pdf.content.startswith(b"%PDF")


def test_a_quote_is_accepted_from_the_portal(scene: Scene) -> None:
    quote = a_quote(scene.world, scene.client)

    page = scene.browser.get(reverse("web:portal_quote", args=[quote.id]), follow=True)
    scene.browser.post(f"{page.redirect_chain[-1][0]}accept/", {"name": "Kim"})

    shown = scene.browser.get(reverse("web:portal_quotes")).context["rows"]
    assert [(one.number, one.status) for one in shown] == [(quote.number, "accepted")]


def test_other_clients_documents_and_drafts_are_as_good_as_absent(scene: Scene) -> None:
    draft = make.draft(scene.world.alice, client_id=scene.client.id)
    foreign = make.issued_invoice(scene.world.mallory)
    quote = a_quote(scene.world, scene.other)

    for name in ("web:portal_invoice", "web:portal_pdf"):
        for one in (scene.hidden.id, draft.id, foreign.id, uuid4()):
            assert scene.browser.get(reverse(name, args=[one])).status_code == 404
    assert scene.browser.get(reverse("web:portal_quote", args=[quote.id])).status_code == 404
    listed = scene.browser.get(reverse("web:portal_documents")).context["rows"]
    assert [one.id for one in listed] == [scene.invoice.id]


def test_documents_come_in_pages(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    later = make.issued_invoice(scene.world.alice, client_id=scene.client.id)
    monkeypatch.setattr("guilder.faces.web.portal.views.SHOWN", 1)

    first = scene.browser.get(reverse("web:portal_documents"))
    second = scene.browser.get(first.context["more"])

    numbers = [first.context["rows"][0].number, second.context["rows"][0].number]
    assert numbers == [later.number, scene.invoice.number]
    assert second.context["more"] == ""


def test_the_statement_is_ones_own_on_the_page_as_pdf_and_csv(scene: Scene) -> None:
    make.payment(scene.world.alice, scene.invoice, "19.00")  # 119.00 − 19.00 = 100.00
    period = {"from": "2026-11-01", "to": "2026-11-30"}

    page = scene.browser.get(reverse("web:portal_statement"), period)
    csv = scene.browser.get(reverse("web:portal_statement_csv"), period).content.decode()
    pdf = scene.browser.get(reverse("web:portal_statement_pdf"), period)

    assert "billing@northlight.example" in text_of(page)  # whom to ask, on every page
    assert page.context["accounts"][0].closing == Money.of("100.00", "EUR")
    assert scene.invoice.number in csv
    assert scene.hidden.number not in csv
    assert pdf.content.startswith(b"%PDF")
    for name in ("web:portal_statement", "web:portal_statement_csv", "web:portal_statement_pdf"):
        other = scene.browser.get(reverse(name), {**period, "client": str(scene.other.id)})
        assert other.status_code == 404


def test_who_is_of_two_clients_sees_both(scene: Scene) -> None:
    again = parties.invite_guest(scene.other.id, by=scene.world.alice, email=scene.email, at=NOW)

    listed = scene.browser.get(reverse("web:portal_documents")).context["rows"]

    assert again is None  # they come in already: no second invitation
    assert {one.id for one in listed} == {scene.invoice.id, scene.hidden.id}
    assert {one.company for one in listed} == {"Own GmbH", scene.other.name}


def test_who_is_shown_out_sees_nothing_from_the_next_request_on(scene: Scene) -> None:
    user = people.user_by_email(scene.email)
    assert user is not None

    parties.show_out(scene.client.id, by=scene.world.alice, user_id=user.id)

    page = scene.browser.get("/portal/")
    assert "Nothing is shown to you yet" in text_of(page)
    opened = scene.browser.get(reverse("web:portal_invoice", args=[scene.invoice.id]))
    assert opened.status_code == 404


def test_people_of_the_house_have_no_portal_and_strangers_sign_in(scene: Scene) -> None:
    alice = signed_in(people.user_by_email(scene.world.alice_email))

    assert alice.get("/portal/").status_code == 404
    assert Client().get("/portal/")["Location"].startswith("/sign-in/")


def test_name_language_and_password_are_ones_own_to_change(scene: Scene) -> None:
    saved = scene.browser.post(reverse("web:portal_account"), {"name": "Kim B", "language": "de"})
    wrong = scene.browser.post(
        reverse("web:portal_password"),
        {"secret-current": "no", "secret-password": "a long enough secret"},
    )
    right = scene.browser.post(
        reverse("web:portal_password"),
        {"secret-current": scene.world.password, "secret-password": "a long enough secret"},
    )

    user = people.user_by_email(scene.email)
    assert user is not None
    assert (saved.status_code, wrong.status_code, right.status_code) == (302, 422, 302)
    assert (user.name, user.language) == ("Kim B", "de")
    assert user.check_password("a long enough secret")
    assert scene.browser.get("/portal/").status_code == 200  # this browser stays signed in


# Asking in, from the client's page


def test_somebody_is_asked_in_reminded_and_taken_back(world: World, browsing: Any) -> None:
    client, alice = make.client(world.alice), browsing("alice")
    tab = f"{reverse('web:client', args=[client.id])}?tab=portal"

    sent = alice.post(
        reverse("web:guest_invite", args=[client.id]), {"email": "kim@own.example", "name": "Kim"}
    )
    [asked] = clients.guests_of(client.id, by=world.alice, at=NOW)
    again = alice.post(reverse("web:guest_again", args=[client.id, asked.invitation_id]))
    shown = text_of(alice.get(tab))
    gone = alice.post(reverse("web:guest_withdraw", args=[client.id, asked.invitation_id]))

    assert (sent.status_code, again.status_code, gone.status_code) == (302, 302, 302)
    assert "kim@own.example" in shown
    assert clients.guests_of(client.id, by=world.alice, at=NOW) == []
    assert people.invitations_of(world.organization) == []


def test_one_invitation_is_for_all_clients_it_was_sent_for(world: World) -> None:
    one, two = make.client(world.alice), make.client(world.alice)
    email = f"kim-{uuid4().hex}@guilder.example"
    parties.invite_guest(one.id, by=world.alice, email=email, at=NOW)

    made = parties.invite_guest(two.id, by=world.alice, email=email, at=NOW)

    assert made is not None
    by = identity.system_actor(world.organization, "job")
    _, secret = identity.invitation_secret(made.id, by=by)
    user, _ = parties.accept_invitation(secret, at=NOW, password=world.password)
    inside = clients.portal_people(world.organization)[user.id]
    assert set(inside) == {one.id, two.id}


def test_who_works_here_is_not_asked_into_the_portal(world: World, browsing: Any) -> None:
    client, alice = make.client(world.alice), browsing("alice")

    refused = alice.post(reverse("web:guest_invite", args=[client.id]), {"email": world.bob_email})

    assert refused.status_code == 422
    assert refused.context["form"].errors["email"]


def test_asking_in_needs_the_right_and_a_client_of_ones_own(world: World, browsing: Any) -> None:
    client = make.client(world.alice)
    asked = {"email": "kim@own.example"}
    page = reverse("web:guest_invite", args=[client.id])

    assert browsing("bob").post(page, asked).status_code == 403
    assert browsing("mallory").post(page, asked).status_code == 404
    assert Client().post(page, asked)["Location"].startswith("/sign-in/")


def test_the_mailed_link_leads_into_the_portal(world: World) -> None:
    client = make.client(world.alice)
    email = f"kim-{uuid4().hex}@guilder.example"
    made = parties.invite_guest(client.id, by=world.alice, email=email, at=NOW)
    assert made is not None
    by = identity.system_actor(world.organization, "job")
    _, secret = identity.invitation_secret(made.id, by=by)
    visitor = Client(REMOTE_ADDR=make.somewhere())

    asked = visitor.get(f"/join/{secret}/", follow=True)
    joined = visitor.post(
        "/join/", {"name": "Kim", "password": "a long enough secret"}, follow=True
    )

    assert "Your role" not in text_of(asked)
    assert joined.redirect_chain[-1][0] == "/portal/"
    assert clients.guests_of(client.id, by=world.alice, at=NOW + timedelta(days=8))[0].user_id
