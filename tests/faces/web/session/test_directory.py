"""Signing in through a directory: a real provider of OpenID Connect, with Keycloak's claims."""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.identity.models import User
from tests.faces.web.session.letters import jobs_since, last_job
from tests.make import World
from tests.services.directory import CLIENT, SECRET, Provider, Visitor, running_provider

BACK = "http://testserver/sign-in/return/"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider(returns=[BACK], people=PEOPLE) as running:
        yield running


MARK = uuid.uuid4().hex[:8]
PEOPLE: dict[str, dict[str, Any]] = {
    name: {
        "email": f"{name}-{MARK}@office.example",
        "email_verified": True,
        "name": f"{name.title()} Office",
        "groups": ["/guilder/accounting"],
        "realm_access": {"roles": ["offline_access", "guilder-accountant"]},
    }
    for name in ("bea", "carl", "dora", "emil", "fay", "gus", "hana", "ivo")
}


@pytest.fixture
def office(provider: Provider, world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A directory that gives Alice's organization accountants by Keycloak's realm roles."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", provider.place)
    rule = {
        "value": "guilder-accountant",
        "role": "accountant",
        "organization": str(world.organization),
    }
    return identity.set_directory(
        f"office-{next(numbers)}-{MARK}",
        data={
            "name": "Office",
            "issuer": provider.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "groups_claim": "realm_access.roles",
            "rules": [rule],
        },
    )


def through(client: Client, office: Any, *, as_: str, onward: str = "/invoices/") -> str:
    """From our button through the provider, up to the address that it sends the browser to."""
    begun = client.get(f"/sign-in/with/{office.code}/?{urlencode({'next': onward})}")
    assert begun.status_code == 302, begun.content.decode()[-800:]
    return Visitor().sign_in(begun["Location"], as_=as_)


def arrived(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == BACK
    return client.get(f"{parts.path}?{parts.query}")


def test_who_is_new_gets_an_account_and_what_the_roles_give(office: Any, world: World) -> None:
    client = Client()

    answer = arrived(client, through(client, office, as_="bea"))

    assert (answer.status_code, answer["Location"]) == (302, "/invoices/")
    user = User.objects.get(email=PEOPLE["bea"]["email"])
    assert (user.name, user.has_usable_password()) == ("Bea Office", False)
    held = identities.memberships_of(user.pk)
    assert [(one.organization_id, one.role) for one in held] == [(world.organization, "accountant")]
    assert client.get("/invoices/").status_code == 200


def test_coming_again_is_the_same_person(office: Any) -> None:
    for _ in range(2):
        client = Client()
        assert arrived(client, through(client, office, as_="bea")).status_code == 302

    assert User.objects.filter(email=PEOPLE["bea"]["email"]).count() == 1


def test_an_account_is_linked_by_its_proved_address(office: Any, world: World) -> None:
    known = identity.create_user(
        email=PEOPLE["carl"]["email"], password="a password of his own", name="Carl Before"
    )
    client, before = Client(), last_job()

    arrived(client, through(client, office, as_="carl"))

    [(_, name, told)] = jobs_since(before)  # and its person is told by mail
    assert (name, told["kind"], told["user_id"]) == (
        "session.mail_change", "directory", str(known.id),
    )  # fmt: skip
    linked = identities.directory_accounts(known.pk)
    assert [one.directory.code for one in linked] == [office.code]
    assert User.objects.get(id=known.id).name == "Carl Before"


def test_an_address_that_is_not_proved_links_nobody(office: Any) -> None:
    known = identity.create_user(email="alice@office.example", password=None, name="Alice") if not (
        User.objects.filter(email="alice@office.example").exists()
    ) else User.objects.get(email="alice@office.example")  # fmt: skip
    client = Client()

    answer = arrived(client, through(client, office, as_="unproved"))

    assert answer.status_code == 403
    assert "verified" in answer.content.decode()
    assert identities.directory_accounts(known.pk) == []
    assert "_auth_user_id" not in client.session


def test_without_an_address_nobody_comes_in(office: Any) -> None:
    client = Client()

    answer = arrived(client, through(client, office, as_="mute"))

    assert answer.status_code == 403


def test_a_role_that_is_taken_there_is_taken_here(office: Any, world: World) -> None:
    client = Client()
    arrived(client, through(client, office, as_="dora"))
    user = User.objects.get(email=PEOPLE["dora"]["email"])
    assert identities.memberships_of(user.pk)

    identity.set_directory(office.code, data={"rules": []})
    arrived(again := Client(), through(again, office, as_="dora"))

    assert identities.memberships_of(user.pk) == []


def test_a_membership_that_somebody_gave_is_never_taken_nor_changed(
    office: Any, world: World
) -> None:
    user = identity.create_user(email=PEOPLE["emil"]["email"], password=None, name="Emil")
    identity.add_member(by=world.alice, user_id=user.id, role="viewer")
    client = Client()

    arrived(client, through(client, office, as_="emil"))
    identity.set_directory(office.code, data={"rules": []})
    arrived(again := Client(), through(again, office, as_="emil"))

    assert [one.role for one in identities.memberships_of(user.pk)] == ["viewer"]


def test_where_nobody_is_let_in_by_themselves_the_new_are_refused(office: Any) -> None:
    identity.set_directory(office.code, data={"makes_users": False})
    client = Client()

    answer = arrived(client, through(client, office, as_="fay"))

    assert answer.status_code == 403
    assert not User.objects.filter(email=PEOPLE["fay"]["email"]).exists()


def test_a_directory_that_is_off_is_not_there(office: Any) -> None:
    identity.set_directory(office.code, data={"is_active": False})

    assert Client().get(f"/sign-in/with/{office.code}/").status_code == 404
    assert office.code not in Client().get("/sign-in/").content.decode()


def test_the_sign_in_page_offers_it(office: Any) -> None:
    page = Client().get("/sign-in/").content.decode()

    assert f"/sign-in/with/{office.code}/" in page
    assert "Sign in with Office" in page


def test_an_answer_counts_once(office: Any) -> None:
    client = Client()
    address = through(client, office, as_="gus")

    first, second = arrived(client, address), arrived(client, address)

    assert (first.status_code, second.status_code) == (302, 403)


def test_an_answer_is_of_the_browser_that_asked(office: Any) -> None:
    """Somebody else's answer signs nobody in: no login by a link (RFC 6749, 10.12)."""
    asked, other = Client(), Client()
    address = through(asked, office, as_="gus")
    other.get(f"/sign-in/with/{office.code}/")

    for browser in (other, Client()):
        assert arrived(browser, address).status_code == 403
        assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("change", [{"state": "x"}, {"iss": "https://evil.example"}, {"code": "x"}])
def test_an_answer_that_was_changed_is_refused(office: Any, change: dict[str, str]) -> None:
    client = Client()
    address = through(client, office, as_="hana")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    answer = client.get(f"/sign-in/return/?{urlencode(query | change)}")

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_who_was_shut_out_stays_out(office: Any) -> None:
    client = Client()
    arrived(client, through(client, office, as_="ivo"))
    user = User.objects.get(email=PEOPLE["ivo"]["email"])
    identity.deactivate_user(user.pk)

    again = Client()
    answer = arrived(again, through(again, office, as_="ivo"))

    assert answer.status_code == 403
    assert client.get("/invoices/").status_code == 302


def test_onward_is_an_address_of_ours(office: Any) -> None:
    client = Client()

    answer = arrived(client, through(client, office, as_="hana", onward="https://evil.example/"))

    assert answer["Location"] == "/"


def test_a_signed_in_person_proves_themselves_there_once_more(office: Any) -> None:
    client = Client()
    arrived(client, through(client, office, as_="bea"))
    session = client.session
    session["proved_at"] = 0
    session.save()

    answer = arrived(client, through(client, office, as_="bea", onward="/profile/security/"))

    assert answer["Location"] == "/profile/security/"
    assert client.session["proved_at"] > 0


def test_another_person_does_not_prove_it(office: Any) -> None:
    client = Client()
    arrived(client, through(client, office, as_="bea"))
    session = client.session
    session["proved_at"] = 0
    session.save()

    answer = arrived(client, through(client, office, as_="hana"))

    assert answer["Location"] == "/confirm/"
    assert client.session["proved_at"] == 0


def test_a_provider_that_is_gone_is_said(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from guilder.foundation.identity import openid

    openid._described.clear()
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "")

    answer = Client().get(f"/sign-in/with/{office.code}/")

    assert answer.status_code == 502
    assert "cannot be reached" in answer.content.decode()


def test_claims_that_only_userinfo_tells_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {"ann": PEOPLE["bea"] | {"email": f"ann-{MARK}@office.example"}}
    with running_provider(
        returns=[BACK], people=people, CLAIMS_IN="userinfo", AUTH_METHOD="client_secret_post"
    ) as provider:
        monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", provider.place)
        office = identity.set_directory(
            f"second-{MARK}",
            data={
                "issuer": provider.issuer,
                "client_id": CLIENT,
                "client_secret": SECRET,
                "groups_claim": "groups",
                "rules": [
                    {
                        "value": "/guilder/accounting",
                        "role": "viewer",
                        "organization": str(world.organization),
                    }
                ],
            },
        )
        client = Client()
        answer = arrived(client, through(client, office, as_="ann"))

    assert answer.status_code == 302
    user = User.objects.get(email=f"ann-{MARK}@office.example")
    assert [one.role for one in identities.memberships_of(user.pk)] == ["viewer"]


def test_a_directory_is_judged_whole(world: World) -> None:
    from guilder.foundation.identity.operations.directories import BadDirectory

    rule = {"value": "", "role": "king", "organization": "nowhere"}
    with pytest.raises(BadDirectory) as refused:
        identity.set_directory(
            "Not A Code", data={"issuer": "ftp://x", "scopes": "email", "rules": [rule]}
        )

    assert {problem.pointer for problem in refused.value.problems} == {
        "/code", "/issuer", "/client_id", "/scopes", "/rules/0",
    }  # fmt: skip
