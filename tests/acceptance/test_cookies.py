"""Cookies in a real browser: out of reach of scripts, of this site only, new with each sign-in.

The headers of every answer are looked at in each test here (`browsing.missing_headers`).
"""

from typing import Any

from tests.acceptance.browsing import Browse, missing_headers, settle
from tests.acceptance.people import Firm


def signed_in(page: Any, firm: Firm) -> dict[str, Any]:
    """The cookie of the session after signing in by the form."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(firm.email)
    page.get_by_label("Password").fill(firm.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    settle(page)
    return next(one for one in page.context.cookies() if "session" in one["name"])


def test_cookies_are_for_the_server_alone_and_new_with_each_sign_in(browse: Browse, firm: Firm):
    page = browse()
    first = signed_in(page, firm)
    kept, seen = page.context.cookies(), page.evaluate("() => document.cookie")
    page.context.clear_cookies()
    second = signed_in(page, firm)

    assert first["httpOnly"]
    assert first["value"] not in seen
    assert second["value"] != first["value"]
    for cookie in kept:
        assert cookie["sameSite"] in {"Lax", "Strict"}, cookie["name"]
        if any(word in cookie["name"] for word in ("session", "csrf", "pay")):
            assert cookie["httpOnly"], cookie["name"]
            assert cookie["name"] not in seen


def test_the_battery_sees_what_is_missing():
    class Bare:
        url = "http://localhost/"
        headers = {"content-type": "text/html", "content-security-policy": "'unsafe-inline'"}

    found = missing_headers(Bare())

    assert {"x-frame-options", "x-content-type-options", "cache-control"} <= set(found)
    assert "unsafe content-security-policy" in found
