"""Those who want in: guessers, forgers, senders of links, and readers of what is answered."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.test import Client, RequestFactory
from jwt.algorithms import RSAAlgorithm

from guilder.faces.web.session import entering
from guilder.foundation.identity import openid
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity.operations.letters import NoSuchLink
from guilder.foundation.identity.signing import PersonalLink
from tests.faces.web.session.conftest import mailbox, office, opened
from tests.faces.web.session.letters import jobs_since, last_job, link_in, run
from tests.make import PASSWORD, World, somewhere

__all__ = ("mailbox", "office", "opened")
EVIL = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)",
        "https:evil.example", "///evil.example", "\thttps://evil.example/")  # fmt: skip


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets throttles for one test."""

    def set_(**rates: str) -> None:
        for name, rate in rates.items():
            monkeypatch.setitem(settings.THROTTLES, name, rate)

    return set_


def tried(email: str, password: str = "not it", *, at: str) -> int:
    """The status of one attempt on the sign-in page."""
    client = Client(REMOTE_ADDR=at)
    return client.post("/sign-in/", {"email": email, "password": password}).status_code


# Guessing


def test_logins_are_counted_by_address(world: World, limits: Callable[..., None]) -> None:
    """Row B3: five a minute from one address, whoever is tried."""
    limits(login="5/minute", pair="off", account="off")
    here = somewhere()

    codes = [tried(f"u{n}@guilder.example", at=here) for n in range(6)]

    assert codes == [422] * 5 + [429]
    assert tried(world.alice_email, PASSWORD, at=somewhere()) == 302


def test_logins_are_counted_by_account_from_everywhere(
    world: World, limits: Callable[..., None]
) -> None:
    """Row B3: guessing one account from many addresses is slowed, and no other account with it."""
    limits(login="5/minute", account="4/minute")

    codes = [tried(world.alice_email, at=somewhere()) for _ in range(5)]

    assert codes == [422] * 4 + [429]
    assert tried(world.mallory_email, PASSWORD, at=somewhere()) == 302


def test_logins_are_counted_by_the_pair_where_an_office_shares_an_address(
    world: World, limits: Callable[..., None]
) -> None:
    """Row B3: a raised limit of the address does not loosen that of one account from there."""
    limits(login="1000/minute", pair="5/minute", account="off")
    here = somewhere()

    codes = [tried(world.alice_email, at=here) for _ in range(6)]

    assert codes == [422] * 5 + [429]
    assert tried(world.bob_email, PASSWORD, at=here) == 302


def test_codes_of_the_second_step_are_counted(world: World, limits: Callable[..., None]) -> None:
    """Row B3: a million codes are not tried in the half minute that one lives."""
    user = identity.create_user(
        email=f"t-{uuid.uuid4().hex[:8]}@guilder.example", password=PASSWORD, name="T"
    )
    secret = identity.new_app_secret()
    identity.add_app(user, secret=secret, code=now_code(secret))
    limits(login="4/minute", pair="off", account="off")
    client = Client(REMOTE_ADDR=somewhere())
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})

    codes = [client.post("/sign-in/code/", {"code": f"{n:06}"}).status_code for n in range(4)]

    assert codes == [422, 422, 422, 429]


def now_code(secret: str) -> str:
    """What an authenticator app shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("kind", ["reset", "activate"])
def test_guessed_links_are_counted_where_they_are_confirmed(
    db: Any, kind: str, limits: Callable[..., None]
) -> None:
    """Row B3: the page behind the link is inside the limiter, not only the one that sends it."""
    limits(secret="3/minute")
    client = Client(REMOTE_ADDR=somewhere())
    codes = []
    for _ in range(4):
        client.get(f"/{kind}/{uuid.uuid4().hex}/")
        codes.append(client.post(f"/{kind}/", {"password": PASSWORD, "name": "x"}).status_code)

    assert codes == [404, 404, 404, 429]


@pytest.mark.parametrize("kind", ["reset", "activate"])
@pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda _: "", lambda _: " ",
                                    lambda s: s + " ", lambda s: s[:-1], lambda _: "null"])  # fmt: skip
def test_only_the_very_secret_of_a_mail_opens(
    world: World, kind: str, change: Callable[[str], str]
) -> None:
    """Rows B1, B2: empty, blank, cut and other-case secrets match nobody."""
    from django.utils import timezone

    assert PersonalLink._meta.get_field("token_hash").null is False
    written = identity.write_reset(email=world.alice_email, at=timezone.now())
    assert written is not None and len(base64.urlsafe_b64decode(written.secret + "=")) == 32

    with pytest.raises(NoSuchLink):
        identity.find_link(kind, change(written.secret), at=timezone.now())


def test_a_link_of_one_kind_is_none_of_another(world: World) -> None:
    """Row A3: the secret of a reset activates nothing."""
    from django.utils import timezone

    written = identity.write_reset(email=world.alice_email, at=timezone.now())
    assert written is not None

    assert identity.find_link("reset", written.secret, at=timezone.now())
    with pytest.raises(NoSuchLink):
        identity.find_link("activate", written.secret, at=timezone.now())


# Reading what is answered


def test_the_same_is_answered_for_known_and_unknown_addresses(
    world: World, limits: Callable[..., None]
) -> None:
    """Row B3: status, headers and body tell nothing of who has an account."""
    limits(secret="off", letter="off")
    nobody = f"{uuid.uuid4().hex}@guilder.example"
    for path, given in (("/forgotten/", {}), ("/sign-in/", {"password": "not it"})):
        answers = []
        for email in (world.alice_email, nobody):
            answer = Client(REMOTE_ADDR=somewhere()).post(path, {"email": email, **given})
            body = answer.content.decode().replace(email, "…")
            answers.append((answer.status_code, answer.headers.get("Location"), without(body)))
        assert answers[0] == answers[1], path


def without(body: str) -> str:
    """A page without what differs at each request."""
    import re

    return re.sub(r'value="[A-Za-z0-9]{64}"', "", body)


def test_asking_for_a_link_takes_as_long_for_nobody(
    world: World, limits: Callable[..., None]
) -> None:
    """Row B3: what is done before the answer is the same; the worker finds out who it is."""
    limits(secret="off", letter="off")
    nobody = f"{uuid.uuid4().hex}@guilder.example"

    def best(email: str) -> float:
        times = []
        for _ in range(7):
            began = time.perf_counter()
            Client().post("/forgotten/", {"email": email})
            times.append(time.perf_counter() - began)
        return min(times)

    best(nobody)  # warm
    assert 0.5 < best(world.alice_email) / best(nobody) < 2


def test_one_address_is_not_buried_in_mail(world: World, limits: Callable[..., None]) -> None:
    """Row B3: five mails an hour go to an address, and the sixth asking is answered alike."""
    limits(secret="off", letter="5/hour")
    before = last_job()

    answers = [
        Client(REMOTE_ADDR=somewhere()).post("/forgotten/", {"email": world.alice_email})
        for _ in range(7)
    ]

    assert {answer["Location"] for answer in answers} == {"/mail-sent/?for=reset"}
    assert len(jobs_since(before)) == 5


# Mail that goes astray


def test_a_look_alike_address_receives_nothing(
    db: Any, mailbox: Any, limits: Callable[..., None]
) -> None:
    """Row B5: a dotless i or a Kelvin sign is another address, and mail goes to the stored one."""
    mark = uuid.uuid4().hex[:8]
    identity.create_user(email=f"mike-{mark}@guilder.example", password=PASSWORD, name="Mike")
    before = last_job()

    for typed in (f"m\u0131ke-{mark}@guilder.example", f"mi\u212ae-{mark}@guilder.example",
                  f"mike-{mark}@gu\u0131lder.example"):  # fmt: skip
        Client(REMOTE_ADDR=somewhere()).post("/forgotten/", {"email": typed})
    run(jobs_since(before))

    stored = [one for mail in mailbox.mails for one in mail.recipients]
    assert all(one == f"mike-{mark}@guilder.example" for one in stored)
    assert not any("\u0131" in one or "\u212a" in one for one in stored)


def test_links_in_mails_name_our_own_host(world: World, mailbox: Any) -> None:
    """Row B5: neither Host nor X-Forwarded-Host of a request becomes a link that somebody opens."""
    before = last_job()
    answer = Client(headers={"X-Forwarded-Host": "evil.example"}).post(
        "/forgotten/", {"email": world.alice_email}
    )
    refused = Client(headers={"Host": "evil.example"}).post(
        "/forgotten/", {"email": world.alice_email}
    )
    run(jobs_since(before))

    assert (answer.status_code, refused.status_code) == (302, 400)
    [mail] = mailbox.mails
    assert b"evil.example" not in mail.raw
    assert link_in(mail, "reset")


def test_where_any_host_is_taken_links_do_not_follow_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row B5: ALLOWED_HOSTS=* without GUILDER_BASE_URL gives this machine's address, not theirs."""
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    request = RequestFactory().get("/", headers={"Host": "evil.example"})

    assert "evil" not in entering.base_of(request)
    monkeypatch.setattr(settings, "BASE_URL", "https://billing.example")
    assert entering.base_of(request) == "https://billing.example"
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["billing.example"])
    monkeypatch.setattr(settings, "BASE_URL", "")
    with pytest.raises(DisallowedHost):
        entering.base_of(request)


# Sessions


def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(world: World) -> None:
    """Row B4: the key changes when somebody comes in, and what was planted stays outside."""
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted

    client.post("/sign-in/", {"email": world.alice_email, "password": PASSWORD})

    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/").status_code == 302


def test_the_key_changes_at_both_steps(world: World) -> None:
    """Row B4: half a sign-in has a key of its own."""
    user = identity.create_user(
        email=f"k-{uuid.uuid4().hex[:8]}@guilder.example", password=PASSWORD, name="K"
    )
    identity.add_member(by=world.alice, user_id=user.id, role="viewer")
    secret = identity.new_app_secret()
    codes = identity.add_app(user, secret=secret, code=now_code(secret))
    client = Client()
    keys = []

    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    keys.append(client.session.session_key)
    client.post("/sign-in/code/", {"code": codes[0]})
    keys.append(client.session.session_key)

    assert len(set(keys)) == 2 and None not in keys
    assert "half" not in client.session


def test_steps_of_signing_in_do_not_work_after_signing_out(world: World) -> None:
    """Row B4: neither the second step nor a return from a directory outlives the session."""
    user = identity.create_user(
        email=f"o-{uuid.uuid4().hex[:8]}@guilder.example", password=PASSWORD, name="O"
    )
    secret = identity.new_app_secret()
    codes = identity.add_app(user, secret=secret, code=now_code(secret))
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})

    client.post("/sign-out/")

    assert client.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"
    returned = client.get("/sign-in/return/?code=x&state=y", REMOTE_ADDR=somewhere())
    assert returned.status_code == 403
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("there", EVIL)
def test_nothing_leads_to_another_site(world: World, there: str) -> None:
    """Row B7: `next` is an address of ours on every page that takes one."""
    client = Client()
    given = {"email": world.alice_email, "password": PASSWORD, "next": there}

    assert client.post("/sign-in/", given)["Location"] == "/"
    assert client.get("/sign-in/", {"next": there})["Location"] == "/"
    confirmed = client.post("/confirm/", {"secret": PASSWORD, "next": there})
    assert confirmed["Location"] == "/"


# Forged proofs


ISSUER, CLIENT = "https://login.example", "guilder"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DESCRIBED = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
KNOWN = openid.Client(ISSUER, CLIENT, "secret", "openid", "https://billing.example/sign-in/return/")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's keys, without a provider."""
    jwk = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
    found = jwt.PyJWKSet.from_dict({"keys": [{**jwk, "kid": "one", "use": "sig"}]})
    monkeypatch.setattr(openid, "keys_at", lambda *_a, **_k: found)


def token(key: Any = KEY, *, algorithm: str = "RS256", kid: str = "one", **changes: Any) -> str:
    """An ID token; `changes` of None leave a claim out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": CLIENT, "sub": "ann", "nonce": "n", "iat": now, "exp": now + 300,
    }  # fmt: skip
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


@pytest.mark.usefixtures("published")
def test_a_true_proof_holds() -> None:
    assert openid.read_token(KNOWN, DESCRIBED, token(), nonce="n")["sub"] == "ann"


PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def hmac_token() -> str:
    """Signed with the public key as if it were a shared secret; by hand, as libraries refuse to."""
    import hashlib
    import hmac

    def part(value: Any) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    head, body = token().split(".")[:2]
    head = part({"alg": "HS256", "kid": "one"}).decode()
    mac = hmac.new(PUBLIC, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


FORGED: dict[str, Callable[[], str]] = {
    "no algorithm": lambda: token("", algorithm="none"),
    "the public key as a secret": hmac_token,
    "another key": lambda: token(OTHER),
    "an unknown key": lambda: token(kid="two"),
    "another audience": lambda: token(aud="shop"),
    "several audiences, for another": lambda: token(aud=[CLIENT, "shop"], azp="shop"),
    "several audiences, for nobody": lambda: token(aud=[CLIENT, "shop"]),
    "another issuer": lambda: token(iss="https://evil.example"),
    "another sign-in": lambda: token(nonce="m"),
    "no sign-in": lambda: token(nonce=None),
    "too old": lambda: token(exp=int(time.time()) - 61),
    "no end": lambda: token(exp=None),
    "nobody": lambda: token(sub=None),
    "no token": lambda: "x.y.z",
}


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("made", FORGED.values(), ids=list(FORGED))
def test_a_forged_proof_of_a_directory_is_refused(made: Callable[[], str]) -> None:
    """Row B6: the token does not choose how it is checked, for whom, or for which sign-in."""
    with pytest.raises(openid.NotProved):
        openid.read_token(KNOWN, DESCRIBED, made(), nonce="n")


def test_an_answer_of_another_provider_is_refused() -> None:
    """Row B6: with several directories, one cannot answer for another (RFC 9207)."""
    kept = {"state": "s", "nonce": "n", "verifier": "v", "at": 1000, "again": False}
    for answer in (
        {"state": "s", "code": "c", "iss": "https://evil.example"},
        {"state": "t", "code": "c"},
        {"state": "", "code": "c"},
        {"state": "s", "error": "access_denied"},
    ):
        with pytest.raises(openid.NotProved):
            openid.refuse_strange(KNOWN, answer=answer, kept=kept, at=1010)
    with pytest.raises(openid.NotProved):
        openid.refuse_strange(KNOWN, answer={"state": "s", "code": "c"}, kept=kept, at=9000)
    openid.refuse_strange(KNOWN, answer={"state": "s", "code": "c"}, kept=kept, at=1010)


def test_a_provider_inside_our_network_is_not_called_unless_an_operator_opened_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Row G2: a directory is asked through the guarded client."""
    monkeypatch.setenv("GUILDER_OUTBOUND_ALLOW", "")

    with pytest.raises(openid.ProviderFailed):
        openid.describe("http://127.0.0.1:9/realms/office")


def test_a_passkey_answer_of_a_stranger_is_refused(world: World) -> None:
    """Row B2: empty, broken and foreign answers of passkeys let nobody in."""
    client = Client(REMOTE_ADDR=somewhere())
    for sent in (b"", b"{}", b"[]", b"null", b'{"response": {"userHandle": ""}}',
                 b'{"response": {"userHandle": "AAAA"}}', b"\xff" * 50):  # fmt: skip
        client.post("/sign-in/passkey/begin/")
        answer = client.post("/sign-in/passkey/", sent, content_type="application/json")
        assert answer.status_code == 401, sent
    assert client.get("/").status_code == 302
