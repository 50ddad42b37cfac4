"""Accounts by mail: registering, activating, and a forgotten password, over real SMTP."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from guilder.foundation.identity.signing import BrowserSession, PersonalLink
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch.mail import NotDelivered
from tests.faces.web.session.letters import jobs_since, last_job, link_in, run, text_of
from tests.make import PASSWORD, World
from tests.office.dispatch.servers import PostOffice

NEW = "a quite different long secret"


def asked(address: str, **given: str) -> Any:
    """A request for a mail, done by the worker at once; gives the answer."""
    before = last_job()
    answer = Client().post(address, given)
    run(jobs_since(before))
    return answer


def test_a_forgotten_password_is_replaced_by_a_link(world: World, mailbox: PostOffice) -> None:
    answer = asked("/forgotten/", email=world.alice_email.upper())
    assert answer["Location"] == "/mail-sent/?for=reset"
    [mail] = mailbox.mails
    assert mail.recipients == [world.alice_email]
    path = link_in(mail, "reset")

    client = Client()
    assert client.get(path)["Location"] == "/reset/"  # the secret leaves the address
    page = client.get("/reset/")
    done = client.post("/reset/", {"password": NEW})

    assert world.alice_email in page.content.decode()
    assert done["Location"] == "/sign-in/"
    user = identities.user_by_email(world.alice_email)
    assert user is not None and user.check_password(NEW)


def test_a_reset_ends_every_session_and_tells_the_person(world: World, mailbox: PostOffice) -> None:
    browser = Client()
    browser.post("/sign-in/", {"email": world.alice_email, "password": PASSWORD})
    tokens = identity.login(email=world.alice_email, password=PASSWORD)
    asked("/forgotten/", email=world.alice_email)
    client = Client()
    client.get(link_in(mailbox.mails[0], "reset"))
    before = last_job()

    client.post("/reset/", {"password": NEW})
    run(jobs_since(before))

    assert browser.get("/").status_code == 302
    with pytest.raises(identities.NotSignedIn):
        identity.refresh(tokens.refresh)
    assert not BrowserSession.objects.filter(user_id=world.alice.user_id).exists()
    assert "Your password was changed" in mailbox.mails[-1].message["Subject"]


def test_a_link_works_once_and_not_for_ever(world: World, mailbox: PostOffice) -> None:
    asked("/forgotten/", email=world.alice_email)
    path = link_in(mailbox.mails[0], "reset")
    client = Client()
    client.get(path)
    assert client.post("/reset/", {"password": NEW}).status_code == 302

    client.get(path)
    again = client.post("/reset/", {"password": "yet another long secret"})

    assert again.status_code == 404
    asked("/forgotten/", email=world.alice_email)
    PersonalLink.objects.filter(user_id=world.alice.user_id, used_at=None).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    late = Client()
    late.get(link_in(mailbox.mails[-1], "reset"))
    assert late.get("/reset/").status_code == 404


def test_a_newer_link_takes_the_place_of_an_older_one(world: World, mailbox: PostOffice) -> None:
    asked("/forgotten/", email=world.alice_email)
    asked("/forgotten/", email=world.alice_email)
    first, second = (link_in(mail, "reset") for mail in mailbox.mails)

    old, new = Client(), Client()
    old.get(first)
    new.get(second)

    assert old.get("/reset/").status_code == 404
    assert new.get("/reset/").status_code == 200


def test_a_weak_password_is_said_and_the_link_lives_on(world: World, mailbox: PostOffice) -> None:
    asked("/forgotten/", email=world.alice_email)
    client = Client()
    client.get(link_in(mailbox.mails[0], "reset"))

    weak = client.post("/reset/", {"password": "12345678"})
    good = client.post("/reset/", {"password": NEW})

    assert (weak.status_code, good.status_code) == (422, 302)


def test_looking_at_a_link_uses_nothing_up(world: World, mailbox: PostOffice) -> None:
    asked("/forgotten/", email=world.alice_email)
    path = link_in(mailbox.mails[0], "reset")

    for _ in range(3):  # mail scanners open links
        Client().get(path)

    client = Client()
    client.get(path)
    assert client.post("/reset/", {"password": NEW}).status_code == 302


def test_a_mail_server_that_is_down_is_asked_again(world: World, mailbox: PostOffice) -> None:
    mailbox.answer = "451 later"
    with pytest.raises(NotDelivered):
        asked("/forgotten/", email=world.alice_email)

    mailbox.answer = "554 never"
    with pytest.raises(dispatch.GivenUp):
        asked("/forgotten/", email=world.alice_email)

    mailbox.answer = "250 OK"
    asked("/forgotten/", email=world.alice_email)
    assert len(mailbox.mails) == 1


def test_no_secret_rests_where_a_reader_of_the_database_finds_it(
    world: World, mailbox: PostOffice
) -> None:
    before = last_job()
    asked("/forgotten/", email=world.alice_email)

    secret = link_in(mailbox.mails[0], "reset").split("/")[2]

    assert len(secret) >= 43
    assert secret not in str(jobs_since(before))
    kept = PersonalLink.objects.get(user_id=world.alice.user_id, used_at=None)
    assert secret.encode() not in bytes(kept.token_hash)


@pytest.mark.usefixtures("opened")
def test_who_registers_activates_by_mail_and_names_their_company(mailbox: PostOffice) -> None:
    email = f"nora-{uuid.uuid4().hex[:8]}@new.example"
    answer = asked("/register/", name="Nora New", email=email)
    assert answer["Location"] == "/mail-sent/?for=activate"
    assert not User.objects.filter(email=email).exists()

    client = Client()
    client.get(link_in(mailbox.mails[0], "activate"))
    page = client.get("/activate/")
    done = client.post("/activate/", {"name": "Nora New", "password": NEW})

    assert 'value="Nora New"' in page.content.decode()
    assert done["Location"] == "/setup/company/"
    company = client.post("/setup/company/", {"company": "New & Co", "country": "NL"})
    assert company.status_code == 302
    user = User.objects.get(email=email)
    assert (user.is_operator, len(identities.memberships_of(user.pk))) == (False, 1)
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("opened")
def test_who_has_an_account_is_told_so_by_mail_only(world: World, mailbox: PostOffice) -> None:
    known = asked("/register/", name="Mallory", email=world.alice_email)
    unknown = asked("/register/", name="Mallory", email=f"{uuid.uuid4().hex}@new.example")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    first, second = mailbox.mails
    assert first.recipients == [world.alice_email]
    assert "account already" in first.message["Subject"]
    assert "/activate/" not in text_of(first)
    assert "/activate/" in text_of(second)


@pytest.mark.parametrize("setting", ["off", "invitation"])
def test_where_registering_is_closed_it_is(
    db: Any, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REGISTRATION", setting)
    before = last_job()

    for answer in (
        Client().get("/register/"),
        Client().post("/register/", {"name": "N", "email": "n@new.example"}),
    ):
        assert answer.status_code == 403
    assert jobs_since(before) == []
    assert "/register/" not in Client().get("/sign-in/").content.decode()


def test_an_admin_of_one_organization_does_not_read_the_reset_of_anothers_member(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mail of accounts goes through an organization's server only for who has no other one."""
    from guilder.office.dispatch.operations import personal

    monkeypatch.setattr(settings, "EMAIL_HOST", "")
    data = {"host": "smtp.office.example", "port": 587, "sender_email": "a@office.example"}
    dispatch.set_mail_settings(by=world.mallory, data=data)
    user = identity.create_user(
        email=f"both-{uuid.uuid4().hex[:8]}@guilder.example", password=None, name="Both"
    )
    identity.add_member(by=world.mallory, user_id=user.id, role="viewer")
    server, _ = personal.server_for(user.id)
    assert server.host == "smtp.office.example"

    identity.add_member(by=world.alice, user_id=user.id, role="viewer")

    with pytest.raises(personal.NoServerForPeople):
        personal.server_for(user.id)
