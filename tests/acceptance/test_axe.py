"""Every page under axe: WCAG 2.2 A and AA and the best practices, both themes, two widths."""

from pathlib import Path

import pytest

from tests.acceptance import places
from tests.acceptance.browsing import assert_none, axe, overflow, resize
from tests.stories.running import is_full_size

# What the sweep must have found, so that it cannot silently shrink.
SURE = {"overview", "invoices", "invoice", "invoice_new", "invoice_edit", "clients", "client"}
SURE |= {"client_new", "items", "item_new", "payments", "payment", "payment_new", "settings"}
SURE |= {"settings_documents", "settings_taxes", "settings_mail", "outbox", "search", "help"}
COLOUR_ONLY = ["color-contrast"]  # all that a theme can change


ICONS = {one.stem for one in (Path(__file__).parents[2] / "frontend/icons").glob("*.svg")}
NAMES = sorted(places.routes())
# Every page is looked at whole in one of these, the next page in the next one; every third page's
# colours in the opposite one too, since tokens alone make them. A proof looks at all four.
LOOKS = [(1440, "light"), (390, "dark"), (390, "light"), (1440, "dark")]


def looks_at(place: int) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(looked at whole, colours only) of the page at a place."""
    if is_full_size():
        return LOOKS, []
    return [LOOKS[place % 4]], [LOOKS[place % 4 ^ 1]] if place % 3 == 0 else []


LATER = 10 * 1024  # bytes of a page whose styles and scripts are there already
# The page and what it asks for by itself; styles, scripts and pictures of papers are files.
WEIGHT = """() => performance.getEntriesByType('navigation')[0].transferSize
  + performance.getEntriesByType('resource')
    .filter((one) => ['fetch', 'xmlhttprequest'].includes(one.initiatorType))
    .filter((one) => !/\\/(live|shared|figures)\\//.test(one.name))
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
    drawn = page.locator("use").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    missing = {one.partition("#")[2] for one in drawn if "icons.svg" in one} - ICONS
    assert not missing, "not in the sprite"

    whole, colours = looks_at(NAMES.index(name))
    for width, theme in LOOKS:
        if (width, theme) not in (*whole, *colours):
            continue
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        resize(page, width)
        only = [] if (width, theme) in whole else COLOUR_ONLY
        found += [f"{width} {theme} {line}" for line in axe(page, only=only)]
    for width in (1440, 390, 320) if is_full_size() else (320,):
        resize(page, width)
        found += [f"{width} {line}" for line in overflow(page)]

    assert_none(found)


def test_the_pages_together_meet_both_widths_and_both_themes():
    whole = [looks_at(place)[0][0] for place in range(4)]
    assert sorted(whole) == sorted(LOOKS)
    for place in range(0, 12, 3):
        met = [look for looks in looks_at(place) for look in looks]
        assert {theme for _, theme in met} == {"light", "dark"}


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/?next=/invoices/"])
def test_axe_finds_nothing_before_signing_in(path, browse):
    page = browse()
    page.goto(path)

    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page, only=COLOUR_ONLY) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert axe(page) + overflow(page) == []
