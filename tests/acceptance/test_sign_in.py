"""Ways in as a person goes them: reset and activation by mail, an app, a passkey, a directory."""

import re
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.browsing import Browse, Watch, axe, faults, settle
from tests.acceptance.house import House
from tests.acceptance.people import Firm
from tests.make import PASSWORD
from tests.services.directory import CLIENT, SECRET, Provider, running_provider
from tests.stories.running import is_full_size

NEW = "a quite different long secret"
KIM = f"kim-{uuid.uuid4().hex[:8]}@office.example"
PEOPLE: dict[str, dict[str, Any]] = {
    "kim": {
        "email": KIM,
        "email_verified": True,
        "name": "Kim Keycloak",
        "realm_access": {"roles": ["guilder-accountant"]},
    }
}
INSIDE = ("profile/security/", "profile/security/app/", "confirm/", "developer/keys/")
OUTSIDE = ("sign-in/", "forgotten/", "register/", "mail-sent/?for=reset", "reset/", "activate/")


@pytest.fixture(scope="module")
def provider(house: House) -> Iterator[Provider]:
    """A real provider of OpenID Connect."""
    returns = [f"{house.base}/sign-in/return/"]
    with running_provider(returns=returns, people=PEOPLE, PORT=str(house.directory)) as running:
        yield running


def link_to(house: House, to: str) -> str:
    """The link of the mail to an address."""
    mail = house.mailed(lambda one: one.recipients == [to])
    text = mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"http://\S+/(?:reset|activate)/\S+", text)
    assert found, text
    return found[0]


def now_code(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator app shows."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def signed_in(page: Any) -> bool:
    """Whether the page is one of those inside."""
    settle(page)
    return page.locator("nav.nav").count() > 0


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(
    browse: Browse, firm: Firm, house: House
) -> None:
    """4.1: reset by a real mail over SMTP."""
    page = browse()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgotten it?").click()
    page.get_by_label("E-mail").fill(firm.email)
    page.get_by_role("button", name="Send the link").click()
    assert page.get_by_role("heading", name="Look into your mail").is_visible()

    page.goto(link_to(house, firm.email))
    assert page.url.endswith("/reset/")
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    page.get_by_label("E-mail").fill(firm.email)
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()

    assert signed_in(page)


def test_somebody_new_activates_by_mail_and_is_at_work(browse: Browse, house: House) -> None:
    """4.1: registration and activation by a real mail over SMTP."""
    email = f"nora-{uuid.uuid4().hex[:8]}@new.example"
    page = browse()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()

    page.goto(link_to(house, email))
    assert page.get_by_label("Your name").input_value() == "Nora New"
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Activate").click()
    page.get_by_label("Company").fill("New & Daughters")
    page.get_by_role("button", name="Continue").click()

    settle(page)
    assert "/setup/start/" in page.url


def test_an_app_is_set_up_and_asked_for(browse: Browse, firm: Firm) -> None:
    """4.1: TOTP with recovery codes, in a browser."""
    page = browse(firm)
    page.goto("/profile/security/")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#app-secret").inner_text().replace(" ", "")
    assert page.locator(".qr img").evaluate("(one) => one.naturalWidth") > 0
    page.get_by_label("Code that the app shows").fill(now_code(secret))
    page.get_by_role("button", name="Set up").click()
    assert page.locator(".codes li").count() == 10
    recovery = page.locator(".codes li").first.inner_text()
    assert axe(page) == []

    for code in (now_code(secret, ahead=1), recovery):
        other = browse()
        other.goto("/sign-in/")
        other.get_by_label("E-mail").fill(firm.email)
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Sign in", exact=True).click()
        assert code == recovery or axe(other) == []
        other.get_by_label("Code").fill(code)
        other.get_by_role("button", name="Continue").click()
        assert signed_in(other)


def with_authenticator(page: Any) -> Any:
    """A virtual authenticator that verifies its person (CDP WebAuthn)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def test_a_passkey_is_made_and_signs_in_without_a_password(
    browse: Browse, firm: Firm, house: House
) -> None:
    """4.1: passkey by Chromium's virtual authenticator; localhost is a name, 127.0.0.1 is none."""
    base = house.base.replace("127.0.0.1", "localhost")
    page = browse(firm, base=base)
    with_authenticator(page)
    page.goto("/profile/security/")
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.locator(".codes li").first.wait_for()
    page.get_by_role("link", name="I have kept them").click()
    assert page.get_by_text("My laptop").first.is_visible()

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/invoices/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{base}/invoices/")

    assert signed_in(page)
    page.goto("/profile/security/")
    assert page.get_by_text("with a passkey").first.is_visible()


def test_a_passkey_is_the_second_step_too(browse: Browse, firm: Firm, house: House) -> None:
    """4.1: after the password, the person's own passkey; it also gives the fresh proof."""
    base = house.base.replace("127.0.0.1", "localhost")
    page = browse(firm, base=base)
    with_authenticator(page)
    page.goto("/profile/security/")
    page.get_by_role("button", name="Add a passkey").click()
    page.locator(".codes li").first.wait_for()
    page.context.clear_cookies()

    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(firm.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{base}/")
    assert signed_in(page)

    page.goto("/confirm/?next=/profile/")
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.wait_for_url(f"{base}/profile/")


def test_a_directory_signs_in(
    browse: Browse, firm: Firm, house: House, provider: Provider, watch: Watch
) -> None:
    """4.1: OpenID Connect through a real provider, with Keycloak's claims."""
    from guilder.foundation.identity import operations as identity

    rule = {
        "value": "guilder-accountant",
        "role": "accountant",
        "organization": str(firm.organization),
    }
    identity.set_directory(
        "keycloak",
        data={
            "name": "Keycloak",
            "issuer": provider.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "groups_claim": "realm_access.roles",
            "rules": [rule],
        },
    )
    watch.allow(re.escape(f"foreign: {provider.issuer}"))
    watch.allow("foreign: https://fonts|Cookie|policy: ")  # the provider's own pages
    page = browse()
    page.goto("/sign-in/?next=/invoices/")
    page.get_by_role("link", name="Sign in with Keycloak").click()
    page.locator("input[name=login]").fill("kim")
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{house.base}/invoices/")

    assert signed_in(page)
    identity.remove_directory("keycloak")


def test_the_pages_fit_and_are_sound(browse: Browse, firm: Firm) -> None:
    """4.1: styled pages in three sizes, in the dark too."""
    found = {}
    # test_axe sweeps those inside too, in the demo.
    for page, paths in ((browse(), OUTSIDE), (browse(firm), INSIDE if is_full_size() else ())):
        for place, path in enumerate(paths):
            page.goto(f"/{path}")
            settle(page)
            found[path] = faults(page, place, widths=(1440, 768, 390))

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_without_script_one_gets_in_too(browse: Browse, firm: Firm) -> None:
    page = browse(script=False)
    page.goto("/sign-in/?next=/profile/security/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    page.get_by_label("E-mail").fill(firm.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    assert page.get_by_role("heading", name="Where you are signed in").is_visible()
    page.get_by_role("button", name="Sign out everywhere else").click()
    assert page.get_by_text("this browser", exact=True).is_visible()
