"""The outbox: mails, one mail, sending it again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from guilder.office.dispatch import operations, queries
from tests import make
from tests.make import World

Browse = Callable[[str], Client]


def failed(world: World) -> Any:
    """A mail that was stopped."""
    invoice = make.issued_invoice(world.alice)
    mail = operations.send_paper(invoice.id, by=world.alice, at=datetime.now(UTC))
    return operations.cancel_mail(mail.id, by=world.alice)


def test_the_outbox_lists_mails_and_narrows_them(world: World, browsing: Browse):
    mail = failed(world)
    alice = browsing("alice")

    whole = alice.get("/outbox/").content.decode()
    part = alice.get("/outbox/?view=stopped", headers={"HX-Request": "true"}).content.decode()
    waiting = alice.get("/outbox/?view=waiting").content.decode()

    assert f"/outbox/{mail.id}/" in whole
    assert f"/outbox/{mail.id}/" in part
    assert "<html" not in part
    assert f"/outbox/{mail.id}/" not in waiting


def test_one_mail_shows_its_words_and_paper(world: World, browsing: Browse):
    mail = failed(world)

    page = browsing("alice").get(f"/outbox/{mail.id}/").content.decode()

    assert mail.to in page
    assert f"/invoices/{mail.invoice_id}/pdf/" in page
    assert "Send again" in page


def test_a_stopped_mail_is_sent_again(world: World, browsing: Browse):
    mail = failed(world)

    answer = browsing("alice").post(f"/outbox/{mail.id}/retry/")

    assert answer["Location"] == f"/outbox/{mail.id}/"
    assert queries.get_mail(mail.id, by=world.alice).state == "queued"


def test_mails_of_another_organization_are_not_there(world: World, browsing: Browse):
    mail = failed(world)
    mallory = browsing("mallory")

    assert mallory.get(f"/outbox/{mail.id}/").status_code == 404
    assert mallory.post(f"/outbox/{mail.id}/retry/").status_code == 404
    assert str(mail.id) not in mallory.get("/outbox/").content.decode()


def test_an_agent_has_no_outbox(world: World, browsing: Browse):
    mail = failed(world)
    bob = browsing("bob")

    answers = [
        bob.get("/outbox/"),
        bob.get(f"/outbox/{mail.id}/"),
        bob.post(f"/outbox/{mail.id}/retry/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.parametrize("address", ["/outbox/", f"/outbox/{'0' * 8}-0000-7000-8000-{'0' * 12}/"])
def test_who_is_signed_out_is_sent_to_sign_in(db: Any, address: str):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")
