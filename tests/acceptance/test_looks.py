"""What the eye and the wire see: themes, glyphs, money, paper, weights, paint, small screens."""

import itertools
from typing import Any

import pytest

from tests import make
from tests.acceptance.browsing import (
    LOOKS,
    Browse,
    assert_none,
    axe,
    crowd,
    faults,
    overflow,
    resize,
    settle,
)
from tests.acceptance.people import Firm
from tests.stories.running import is_full_size

SHELL = ".nav, .bar, .tabbar"
LATER = 10 * 1024  # bytes of a page whose styles and scripts are there already
FETCHED = """() => Object.fromEntries(
  [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((one) => one.transferSize && !one.name.includes('/live/'))
    .map((one) => [one.name, one.transferSize]))"""


def test_documents_stay_white_paper_in_the_dark(browse: Browse, firm: Firm):
    """13.53: Dark theme: documents stay white paper (raw colours are the lint's)."""
    page = browse(firm, dark=True)
    page.goto("/design/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    seen = page.locator(".paper").first.evaluate(
        "(one) => { const s = getComputedStyle(one); return [s.backgroundColor, s.color]; }"
    )
    assert seen == ["rgb(255, 255, 255)", "rgb(27, 26, 23)"]
    assert axe(page) == []


def test_the_theme_follows_the_system_is_kept_and_does_not_flash(browse: Browse, firm: Firm):
    """13.54: Theme follows the system, choice is kept, no flash on load."""
    page = browse(firm, dark=True)
    page.add_init_script(
        """new MutationObserver((_, me) => { if (document.body) { window.__first = document.documentElement.dataset.theme; me.disconnect(); } })
          .observe(document, {childList: true, subtree: true});"""
    )
    page.goto("/help/")
    assert page.evaluate("window.__first") == "dark"
    page.emulate_media(color_scheme="light")
    assert page.locator("html").get_attribute("data-theme") == "light"

    page.locator(".bar > .end > [data-do=theme]").click()
    page.goto("/")
    assert page.evaluate("window.__first") == "dark"  # the choice, against the system
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    assert page.locator("html").get_attribute("data-theme") == "dark"

    page.locator("[popovertarget=account]").click()
    page.locator("#account [data-theme-choice='']").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_money_stands_at_the_end_with_its_own_decimals_and_a_true_minus(page: Any):
    """13.57: Money right-aligned, tabular, decimals per currency (JPY 0, KWD 3); minus is U+2212."""
    page.goto("/design/")
    cells = page.locator("#money tr td:first-child")
    texts = [text.strip().replace("\u00a0", " ") for text in cells.all_inner_texts()]

    assert texts == [
        "€60,959.98",
        "\u2212€1,487.50",
        "SEK 24,310.00",
        "¥1,234,567",
        "KWD 12.345",
        "—",
    ]
    styles = cells.first.evaluate(
        "(td) => { const b = td.querySelector('bdi'); return [getComputedStyle(td).textAlign, getComputedStyle(b).fontVariantNumeric, getComputedStyle(b).whiteSpace]; }"
    )
    assert styles[0] == "end"
    assert "tabular-nums" in styles[1]
    assert styles[2] == "nowrap"


def test_each_status_has_a_glyph_of_its_own_that_is_told_apart_in_grey(page: Any):
    """13.58: Each status has its own glyph; a greyscale picture still tells them apart."""
    from guilder.faces.web.statuses import STATUSES

    page.goto("/design/")
    page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
    badges = page.locator("#statuses .badge")
    assert badges.count() == len(STATUSES)
    pictures: dict[str, bytes] = {}
    for place, code in enumerate(list(STATUSES)[:12]):
        glyph = badges.nth(place).locator("svg")
        glyph.evaluate(
            "(one) => { const b = one.parentElement.style; b.color = 'black'; b.background = 'white'; b.setProperty('--badge-bg', 'white'); }"
        )
        pictures[code] = glyph.screenshot(scale="css")
    alike = [
        pair
        for pair in itertools.combinations(pictures, 2)
        if pictures[pair[0]] == pictures[pair[1]]
    ]
    assert alike == []


def test_no_request_leaves_the_origin_and_the_policy_knows_no_exception(page: Any):
    """13.60: No request leaves the origin; CSP without unsafe-inline passes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (
        "/",
        "/invoices/",
        "/invoices/new/",
        "/design/",
        "/help/",
    ):
        answer = page.goto(address)
        settle(page)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), address
        assert "unsafe" not in policy, address
        assert "report-uri /reports/policy/" in policy, address
    assert foreign_to(page, asked) == []


def foreign_to(page: Any, asked: list[str]) -> list[str]:
    """Addresses that are not the page's own origin's."""
    origin = page.url.split("/", 3)[:3]
    return [
        url
        for url in asked
        if url.split("/", 3)[:3] != origin and not url.startswith(("data:", "blob:"))
    ]


@pytest.mark.parametrize("address", ["/", "/invoices/", "/invoices/new/"])
def test_a_page_is_light_paints_soon_and_does_not_jump(browse: Browse, demo: Firm, address: str):
    """13.62: ≤ 60 kB JS and ≤ 40 kB CSS compressed; CLS < 0.02; LCP ≤ 1.2 s on a local server."""
    page = browse(demo)
    page.goto("/help/")  # the server's own first time is not the browser's
    page = browse(demo)
    page.add_init_script(
        """window.__lcp = 0; window.__cls = 0;
        new PerformanceObserver((l) => { for (const e of l.getEntries()) window.__lcp = e.startTime; }).observe({type: 'largest-contentful-paint', buffered: true});
        new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__cls += e.value; }).observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto(address)
    settle(page, quiet=400)
    weights = page.evaluate(
        """() => { const sum = (end) => performance.getEntriesByType('resource')
            .filter((one) => new URL(one.name).pathname.endsWith(end)).reduce((all, one) => all + one.encodedBodySize, 0);
          const own = performance.getEntriesByType('navigation')[0];
          const rest = performance.getEntriesByType('resource').filter((one) => one.name.includes('/shared/')).reduce((all, one) => all + one.encodedBodySize, 0);
          return {js: sum('.js'), css: sum('.css'), font: sum('.woff2'), svg: sum('.svg'), shared: rest, page: own.encodedBodySize}; }"""
    )
    assert weights["js"] <= 60_000, weights
    assert weights["css"] <= 40_000, weights
    if address == "/":
        assert sum(weights.values()) <= 80 * 1024, weights
    assert page.evaluate("window.__cls") < 0.02
    painted = [page.evaluate("window.__lcp")]
    for again in range(3):  # others may be at work on this machine: the best one is the page's own
        if again and min(painted) <= 1200:
            break
        page.goto(address)
        settle(page)
        painted.append(page.evaluate("window.__lcp"))
    assert min(painted) <= 1200 * crowd(), painted
    later: dict[str, int] = {}
    for _ in range(3):  # something may happen meanwhile, which open pages ask about
        page.goto(address)  # by now the browser keeps what it may: long choices among it
        settle(page, quiet=400)
        later = page.evaluate(FETCHED)
        if sum(later.values()) <= LATER:
            break
    # With what is fetched after the page is drawn.
    assert sum(later.values()) <= LATER, later


def test_the_shell_fits_a_phone_and_its_targets_are_big_enough(browse: Browse, firm: Firm):
    """13.51, 13.52: no sideways scroll at 390 and 320 px (400 % zoom); targets ≥ 40 px in bars,
    ≥ 24 px elsewhere."""
    make.issued_invoice(firm.by)
    page = browse(firm, width=390, height=800, touch=True)
    for address in ("/", "/help/", "/design/", "/search/?q=a"):
        page.goto(address)
        settle(page)
        for width in (390, 320):
            resize(page, width, 800)
            assert overflow(page) == [], address
        small = page.evaluate(
            """() => [...document.querySelectorAll(".bar :is(a, button), .tabbar :is(a, button)")]
              .filter((one) => one.checkVisibility())
              .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 40 || box.width < 40; })
              .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], address
        tiny = page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, input, select, summary), main a.btn")]
              .filter((one) => one.checkVisibility() && !one.closest('.sr') && one.type !== 'hidden' && !one.closest('.calendar') && !['checkbox', 'file'].includes(one.type))
              .filter((one) => { const box = (one.closest('.input') ?? one).getBoundingClientRect(); return box.height && box.height < 24; })
              .map((one) => one.outerHTML.slice(0, 160))"""
        )
        assert tiny == [], address
    page.locator(".tabbar button").click()
    assert page.locator("#more").is_visible()
    assert overflow(page) == []


def test_text_twice_as_big_is_not_cut(browse: Browse, firm: Firm):
    """13.52: 200 % text: nothing cut, all usable."""
    page = browse(firm)
    for address in ("/", "/help/"):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        settle(page)
        assert overflow(page) == [], address
        cut = page.evaluate(
            """(shell) => [...document.querySelectorAll(shell + ', main')].flatMap((part) => [...part.querySelectorAll('a, button, h1, h2, dt, dd, th')])
              .filter((one) => one.checkVisibility() && !one.closest('.sr') && one.textContent.trim())
              .filter((one) => one.scrollHeight > one.clientHeight + 3 && getComputedStyle(one).display !== 'inline' && getComputedStyle(one).overflow !== 'visible')
              .map((one) => one.outerHTML.slice(0, 120))""",
            SHELL,
        )
        assert cut == [], address


def test_every_component_passes_axe_in_both_themes(browse: Browse, firm: Firm):
    """13.47 for the design page: 0 violations; a proof tries both themes at both widths."""
    page = browse(firm)
    page.goto("/design/")
    settle(page)
    for width, theme in LOOKS if is_full_size() else LOOKS[:2]:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        resize(page, width)
        page.evaluate("scrollTo(0, 0)")  # its sample of refused fields takes focus
        assert axe(page) == [], (theme, width)
    page.goto("/help/")
    for keys in ("Control+k", "?"):
        settle(page)
        page.keyboard.press(keys)
        page.locator("dialog[open]").wait_for()
        assert_none(faults(page, 0, widths=()))
        page.keyboard.press("Escape")


def test_the_navigation_folds_to_icons_between_phone_and_desk(browse: Browse, firm: Firm):
    """UX 10, 761–1180: nav folds to icons, which keep their names."""
    page = browse(firm, width=1000)
    page.goto("/")

    assert page.locator(".nav").bounding_box()["width"] == 56
    assert page.get_by_role("link", name="Invoices").first.is_visible()
    assert overflow(page) == []
    assert axe(page) == []


def test_a_list_prints_without_navigation(page: Any, firm: Firm):
    """13.59 for the shell: no navigation, no bars on paper."""
    make.issued_invoice(firm.by)
    page.goto("/invoices/")
    page.emulate_media(media="print")

    for part in (".nav", ".bar", ".tabbar", ".toasts"):
        assert not page.locator(part).first.is_visible(), part
    assert page.locator("thead").first.evaluate("(t) => getComputedStyle(t).display") == (
        "table-header-group"
    )


def test_arabic_mirrors_the_shell(browse: Browse, new_firm: Any):
    """13.55 for the shell: the navigation stands right, the palette and sheets mirror."""
    page = browse(new_firm(language="ar"), locale="ar")
    page.goto("/help/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator(".nav").bounding_box()["x"] > 1100
    assert overflow(page) == []
    page.goto("/design/")
    page.locator("#open-sheet").click()
    page.locator("#sheet[open]").wait_for()
    assert page.locator("#sheet").bounding_box()["x"] < 10


def test_swagger_works_under_the_policy_and_asks_no_foreign_host(browse: Browse):
    """13.60 for pages whose markup is not ours; nobody need be signed in."""
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/swagger/", timeout=60_000)
    # Swagger draws what is further down when one gets there.
    page.get_by_text("List accounts").filter(visible=True).first.wait_for(timeout=60_000)

    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert foreign_to(page, asked) == []


def test_redoc_works_under_the_policy_is_styled_and_searches_with_its_worker(browse: Browse):
    """The search worker is a file of ours, since the policy refuses blob: addresses."""
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/redoc/", timeout=60_000)
    page.get_by_text("List invoices").filter(visible=True).first.wait_for(timeout=60_000)
    assert page.locator(".menu-content").bounding_box()["width"] == 260
    page.locator("input[type=text]").first.press_sequentially("invoices")

    page.locator("[data-role='search:results'] li").first.wait_for(timeout=60_000)
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert foreign_to(page, asked) == []
