"""The longest names, the largest amounts and no rows at all break no page."""

import pytest

from tests.acceptance import places
from tests.acceptance.browsing import assert_none, overflow, resize
from tests.acceptance.people import Firm, new_firm
from tests.acceptance.stress import strained

# Text that its own box cuts off: in controls and heads always, elsewhere unless it says so by "…".
CUT = """() => {
  const out = [];
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  for (const one of document.querySelectorAll(
    "button, .btn, th, label, .badge, .tabs a, .nav a, h1, h2, .num:not(input), legend, dt")) {
    if (!shown(one) || one.closest(".sr, [hidden], .overflow-x-auto")) continue;
    const style = getComputedStyle(one);
    const cut = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
    const said = style.textOverflow === "ellipsis" && !one.matches("button, .btn, .num, .badge");
    const tall = style.overflowY === "hidden" && one.scrollHeight > one.clientHeight + 3;
    if ((cut && !said) || tall) {
      out.push(`${one.tagName}.${one.className} cuts “${one.textContent.trim().slice(0, 60)}”`);
    }
  }
  return out.slice(0, 8);
}"""
# Finnish needs two thirds more room than English: every short word of the interface grows by that.
STRETCH = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) words.push(walker.currentNode);
  for (const one of words) {
    const text = one.textContent.trim();
    const holder = one.parentElement.closest("button, .btn, th, label, .badge, .tabs a, .nav a, dt");
    if (holder && text.length > 2 && /^\\p{L}/u.test(text) && !one.parentElement.closest("kbd, bdi"))
      one.textContent = text + "ellisuus".repeat(Math.ceil(text.length / 12));
  }
}"""
# What a finger would miss: neither styles nor scripts ask whether there are fingers.
SMALL = """() => {
  const out = [];
  for (const one of document.querySelectorAll("a[href], button, select, input, summary")) {
    const box = one.getBoundingClientRect();
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || !box.width)
      continue;
    if (one.closest("p, li p, .sr, .skip") || one.type === "hidden") continue;  // in a sentence
    const bar = one.closest(".bar, .tabbar");
    const around = one.matches("input[type=checkbox], input[type=radio]") && one.labels[0];
    const other = around ? around.getBoundingClientRect() : box;
    const tall = Math.max(box.height, other.height);
    if (tall < (bar ? 40 : 24) - 0.5)
      out.push(`${Math.round(tall)} px: ${one.outerHTML.slice(0, 90)}`);
  }
  return out.slice(0, 6);
}"""


@pytest.fixture(scope="module")
def stressed(house) -> Firm:
    return strained()


@pytest.fixture(scope="module")
def empty(house) -> Firm:
    return new_firm("Leer", language="de")


def at_all_widths(page) -> list[str]:
    found = []
    for width in (1440, 390, 320):
        resize(page, width, 800)
        found += [f"{width}: {line}" for line in overflow(page) + page.evaluate(CUT)]
    return found


@pytest.mark.parametrize("name", sorted(places.routes()))
def test_the_longest_names_and_largest_amounts_break_nothing(name, shared, stressed):
    """51. 390 px and 320 px: no sideways scroll of the page.

    56. German and Finnish strings: no button or table head clipped.
    """
    path = places.path_of(name, stressed)
    page = shared(stressed, locale="de-DE")
    if path and places.go(page, path):
        assert_none(at_all_widths(page))


@pytest.mark.parametrize("name", ["overview", "invoices", "clients", "items", "payments", "quotes"])
def test_no_rows_break_nothing(name, shared, empty):
    page = shared(empty, locale="de-DE")

    assert places.go(page, places.path_of(name, empty))
    assert_none(at_all_widths(page))


MAIN = ["overview", "invoices", "invoice", "invoice_edit", "clients", "client", "payments"]
MAIN += ["payment_new", "settings", "settings_documents", "quotes", "items"]


@pytest.mark.parametrize("name", MAIN)
def test_large_text_long_words_and_fingers_find_room(name, shared, demo):
    """51. targets ≥ 40 px in bars, ≥ 24 px elsewhere.

    52. 400 % zoom and 200 % text: nothing cut, all usable. 400 % zoom of a window 1280 px wide is
    a page 320 px wide, which the tests above look at.

    56. German and Finnish strings: no button or table head clipped.
    """
    page = shared(demo, width=390, height=844)
    assert places.go(page, places.path_of(name, demo))
    found = [f"fingers: {line}" for line in page.evaluate(SMALL)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (1440, 720):
        resize(page, width)
        found += [f"200 % at {width}: {line}" for line in overflow(page) + page.evaluate(CUT)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.evaluate(STRETCH)

    assert_none(found + [f"long words at {line}" for line in at_all_widths(page)])


@pytest.mark.parametrize("name", ["invoices", "clients", "payments"])
def test_a_list_prints_without_the_frame(name, shared, demo):
    """59. Print of list and report: no navigation, heads repeated."""
    page = shared(demo)
    assert places.go(page, places.path_of(name, demo))
    page.emulate_media(media="print")

    for frame in (".nav", ".bar", ".tabbar"):
        assert not page.locator(frame).first.is_visible(), frame
    assert page.locator("main h1").is_visible()
    head = page.locator("main table thead").first
    assert head.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    assert page.locator("main table tbody tr").first.is_visible()
    colours = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colours in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
