"""Every page under axe: WCAG 2.2 A and AA and the best practices, both themes, two widths."""

from pathlib import Path

import pytest

from tests.acceptance import places
from tests.acceptance.browsing import LOOKS, WIDTHS, assert_none, faults, looks_at
from tests.stories.running import is_full_size

# What the sweep must have found, so that it cannot silently shrink.
SURE = {"overview", "invoices", "invoice", "invoice_new", "invoice_edit", "clients", "client"}
SURE |= {"client_new", "items", "item_new", "payments", "payment", "payment_new", "settings"}
SURE |= {"settings_documents", "settings_taxes", "settings_mail", "outbox", "search", "help"}
ICONS = {one.stem for one in (Path(__file__).parents[2] / "frontend/icons").glob("*.svg")}
NAMES = sorted(places.routes())


def has_colours(place: int) -> bool:
    """Every third page is looked at in the other theme too."""
    return place % 3 == 0


DRAWN = "() => [...document.querySelectorAll('use')].map((one) => one.getAttribute('href'))"
LATER = 10 * 1024  # bytes of a page whose styles and scripts are there already
# The page and what it asks for by itself; styles, scripts and pictures of papers are files.
WEIGHT = """() => performance.getEntriesByType('navigation')[0].transferSize
  + performance.getEntriesByType('resource')
    .filter((one) => ['fetch', 'xmlhttprequest'].includes(one.initiatorType))
    .filter((one) => !/\\/(live|shared|figures|preview)\\//.test(one.name))
    .reduce((all, one) => all + one.transferSize, 0)"""


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name, house, shared, demo):
    """47. axe: 0 violations (WCAG 2.2 A/AA rules) on all pages, both themes, 1440 and 390 px.

    51. 390 px and 320 px: no sideways scroll of the page. And a later page weighs ≤ 10 KiB.
    """
    path = places.path_of(name, demo)
    page = shared(demo)
    page.context.add_cookies([{"name": "script", "value": "on", "url": house.base}])
    assert path or name not in SURE
    if not path or not places.go(page, path):
        assert name not in SURE, f"{name} is no page any more"
        return

    found = [f"{weight} bytes" for weight in [page.evaluate(WEIGHT)] if weight > LATER]
    drawn = page.evaluate(DRAWN)
    missing = {one.partition("#")[2] for one in drawn if "icons.svg" in one} - ICONS
    assert not missing, "not in the sprite"

    place = NAMES.index(name)
    widths = WIDTHS if is_full_size() else (320,)
    found += faults(page, place, widths=widths, colours=has_colours(place))

    assert_none(found)


def test_the_pages_together_meet_both_widths_and_both_themes():
    looks = [look for at in range(len(NAMES)) for look in looks_at(at, colours=has_colours(at))]
    assert {(width, theme) for width, theme, only in looks if not only} == set(LOOKS)
    for place in range(0, 12, 3):
        assert {theme for _, theme, _ in looks_at(place)} == {"light", "dark"}


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/?next=/invoices/"])
def test_axe_finds_nothing_before_signing_in(path, browse):
    page = browse()
    page.goto(path)

    assert_none(faults(page, 0 if path == "/sign-in/" else 1))
