"""Every page, by every one who may not: generated from the addresses, so that none is forgotten."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from guilder.foundation.audit.models import AuditEntry
from guilder.foundation.tenancy.transaction import transaction
from tests.attacks.things import (
    ELSEWHERE,
    PLAIN,
    colleague,
    filled,
    is_id,
    methods_of,
    pages,
    things_of,
)
from tests.make import World
from tests.stories.running import is_full_size

ROOT = Path(__file__).resolve().parents[2]
INSIDE = [(path, pattern) for path, pattern in pages() if methods_of(pattern)]
OUTSIDE = [(path, pattern) for path, pattern in pages() if not methods_of(pattern)]
NAMED = [
    pytest.param(method, pattern, id=f"{method} {path}")
    for path, pattern in INSIDE
    if any(is_id(converter) for converter in pattern.pattern.converters.values())
    for method in sorted(methods_of(pattern))
]
# Addresses that answer people without an account; each says in its own tests what it gives away.
OPEN = {
    "swagger/", "redoc/", "favicon.ico", "sign-in/", "sign-out/", "setup/", "setup/company/",
    "setup/given/", "session/", "session/again/", "reports/policy/", "sign-in/code/",
    "sign-in/passkey/begin/", "sign-in/passkey/", "sign-in/with/<slug:code>/", "sign-in/return/",
    "forgotten/", "register/", "join/", "mail-sent/", "reset/", "activate/", "metrics",
}  # fmt: skip
# A secret in it opens them.
OPEN_BELOW = ("pay/", "method/", "quote/", "reset/", "activate/", "join/", "in/", "hooks/")
CHANGING = re.compile(
    r'[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|"[A-Za-z0-9]{64}"|\b\d{10,}\b'
)


def told(answer: Any) -> tuple[int, str, str]:
    """An answer without what differs each time: ids, the request's own, tokens of forms."""
    body = CHANGING.sub("ID", answer.content.decode(errors="replace"))
    return answer.status_code, CHANGING.sub("ID", answer.headers.get("Location", "")), body


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many pages a minute are looked at that the limits would answer."""
    from django.conf import settings

    monkeypatch.setattr(settings, "THROTTLES", dict.fromkeys(settings.THROTTLES, "off"))


@pytest.fixture(scope="module")
def firms() -> dict[str, Any]:
    """Kept over the module: the world of three, and one of everything in Alice's organization."""
    return {}


@pytest.fixture
def scene(db: Any, firms: dict[str, Any]) -> dict[str, Any]:
    if not firms:
        from tests.make import make_world

        world = make_world()
        firms.update(world=world, theirs=things_of(world.alice))
    return firms


def signed_in(email: str) -> Client:
    from guilder.foundation.identity import queries as identity

    client = Client()
    client.force_login(identity.user_by_email(email))
    return client


@pytest.mark.uncounted
@pytest.mark.parametrize(("method", "pattern"), NAMED)
def test_another_organizations_things_are_as_good_as_absent(
    method: str, pattern: Any, scene: dict[str, Any]
):
    """Rows A1, A2, A6, A9: every page and act with foreign ids answers as with absent ones."""
    world: World = scene["world"]
    mallory = signed_in(world.mallory_email)
    absent = {name: uuid4() for name in scene["theirs"]}
    ask = getattr(mallory, method.lower())

    seen = ask(filled(pattern, scene["theirs"]))
    gone = ask(filled(pattern, absent))

    assert told(seen) == told(gone)
    assert seen.status_code < 500
    if method == "GET":
        assert seen.status_code in {204, 302, 404, 405, 410}, seen.status_code


def test_every_thing_that_addresses_name_is_tried(scene: dict[str, Any]):
    """The matrix is whole: a new kind of id in an address is made in tests/attacks/things.py."""
    named = {
        name
        for _, pattern in INSIDE
        for name, converter in pattern.pattern.converters.items()
        if is_id(converter)
    }

    assert named - set(scene["theirs"]) - set(ELSEWHERE) == set()
    for path in set(ELSEWHERE.values()):
        text = (ROOT / path).read_text()
        assert "mallory" in text, path
        assert "404" in text, path


def test_the_same_pages_open_for_whom_they_are_meant(scene: dict[str, Any]):
    """The rightful twins of the sweep: what was refused is there."""
    alice = signed_in(scene["world"].alice_email)
    shown = {}
    every = INSIDE if is_full_size() else INSIDE[::3]
    for path, pattern in every:
        is_inside = getattr(pattern.callback, "guests", "") != "only"
        is_inside = is_inside and not set(pattern.pattern.converters) & set(ELSEWHERE)
        if is_inside and "GET" in methods_of(pattern) and "<uuid:" in path:
            address = filled(pattern, scene["theirs"])
            shown[path] = alice.get(address).status_code

    good = {path for path, status in shown.items() if status in {200, 302}}

    assert len(good) > 0.8 * len(shown), {p: s for p, s in shown.items() if p not in good}


@pytest.mark.uncounted
@pytest.mark.parametrize(("path", "pattern"), [pytest.param(*one, id=one[0]) for one in INSIDE])
def test_nobody_sees_a_page_without_signing_in(path: str, pattern: Any, scene: dict[str, Any]):
    """Row A8: a page is shut unless it says that it is open."""
    for method in methods_of(pattern):
        ask = getattr(Client(), method.lower())
        answer = ask(filled(pattern, scene["theirs"]))

        assert answer.status_code in {302, 401, 403, 404}, method
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/sign-in/")


def test_every_open_address_is_on_the_list():
    """Rows A8, A10: an address without the door of pages is named here, or the build fails."""
    open_ones = {path for path, _ in OUTSIDE}

    unlisted = {path for path in open_ones if path not in OPEN and not path.startswith(OPEN_BELOW)}

    assert unlisted == set()


@pytest.mark.uncounted
@pytest.mark.parametrize("path", sorted({path for path, _ in pages()}))
def test_no_form_is_taken_without_the_token_of_its_page(path: str, scene: dict[str, Any]):
    """Row B8: every unsafe request of a browser needs the token, whatever the page."""
    pattern = next(one for known, one in pages() if known == path)
    if path in {"reports/policy/", "favicon.ico"}:  # a browser's own report carries no token
        return
    from guilder.foundation.identity import queries as identity

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(identity.user_by_email(scene["world"].alice_email))
    names = list(pattern.pattern.converters)
    values = {name: PLAIN.get(name, "x") for name in names} | {
        name: scene["theirs"][name] for name in names if name in scene["theirs"]
    }
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), path)

    answer = browser.post(address, {"x": "1"})

    assert answer.status_code in {403, 404, 405}, (address, answer.status_code)


def test_the_guards_are_all_at_work():
    """Row B8: the list of guards as it must stand, outermost first."""
    from django.conf import settings

    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    wanted = [
        "Health", "TrustedProxies", "SecurityHeaders", "RequestId", "SessionMiddleware",
        "CsrfViewMiddleware", "AuthenticationMiddleware",
    ]  # fmt: skip

    assert [name for name in order if name in wanted] == wanted
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
    assert settings.DEBUG is False


@pytest.mark.uncounted
def test_a_client_of_the_portal_opens_no_page_of_the_house(scene: dict[str, Any]):
    """Rows A5, A10: every page that does not say that guests may come refuses them, and those that
    are for guests alone are no pages for people of the house."""
    world: World = scene["world"]
    guest, alice = signed_in(colleague(world, "client").email), signed_in(world.alice_email)

    for path, pattern in INSIDE:
        address = filled(pattern, scene["theirs"])
        guests = getattr(pattern.callback, "guests", "")
        for method in methods_of(pattern) if guests == "" else ():
            answer = getattr(guest, method.lower())(address)
            home = (path, answer.headers.get("Location")) == ("", "/portal/")
            is_off = path.startswith("design/") and answer.status_code == 404
            assert home or is_off or answer.status_code == 403, (method, path)
        if guests == "only":
            assert alice.get(address).status_code in {404, 405}, path
            assert guest.post(address).status_code != 403, path


ROLES: list[tuple[str, set[str]]] = [
    ("agent", {"comment.add", "view.create"}),
    ("viewer", {"comment.add", "view.create"}),
    ("client", set()),
]


@pytest.mark.uncounted
@pytest.mark.parametrize(("role", "may"), ROLES if is_full_size() else ROLES[:1])
def test_small_roles_change_nothing(role: str, may: set[str], scene: dict[str, Any]):
    """Rows A5, A10: every act of every page, on what is not one's own, leaves no trace of itself."""
    world: World = scene["world"]
    user = colleague(world, role)
    browser = signed_in(user.email)
    said = {"reason": "x", "text": "x", "name": "x", "code": "x", "amount": "1", "kind": "invoice"}

    for path, pattern in INSIDE:
        if "POST" in methods_of(pattern) and not path.startswith(("profile/", "session/")):
            answer = browser.post(filled(pattern, scene["theirs"]), said)
            assert answer.status_code < 500, path

    with transaction(world.organization):
        traces = AuditEntry.objects.of(world.organization).filter(actor_id=user.id)
        done = set(traces.values_list("action", flat=True))
    assert done <= may
