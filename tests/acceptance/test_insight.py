"""Reports, settings and profile in a real browser."""

import io
from typing import Any

import pytest

from tests.acceptance.browsing import Browse, axe, settle
from tests.acceptance.people import Firm

FORMS = {
    "/settings/": ("legal_name", ""),
    "/settings/bank/": ("iban", "DE00"),
    "/settings/taxes/": ("percent", "900"),
    "/clients/new/": ("name", ""),
    "/items/new/": ("name", ""),
    "/profile/": ("name", ""),
}


@pytest.mark.parametrize("path", sorted(FORMS))
def test_a_refused_form_begins_with_its_summary(path: str, page: Any):
    """13.44: Every form error: summary first in focus, same text at field, aria-describedby, title
    starts with "Error:" (the walk over all forms is tests/faces/web/test_form_errors.py)."""
    name, value = FORMS[path]
    page.goto(path)
    field = page.locator(f"main [name={name}]").first
    field.fill(value)
    field.evaluate("(one) => one.form.requestSubmit()")
    page.locator(".summary").wait_for()

    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.classList.contains('summary')")
    link = page.locator(".summary a").first
    text = link.inner_text()
    link.click()
    focused = page.evaluate(
        "[document.activeElement.id, document.activeElement.getAttribute('aria-describedby'),"
        " document.activeElement.getAttribute('aria-invalid')]"
    )
    assert focused[2] == "true"
    told = " ".join(page.locator(f"[id='{one}']").inner_text() for one in focused[1].split() if one)
    assert text in told
    assert axe(page) == []


def test_save_comes_once_something_changed_and_leaving_asks(page: Any):
    """UX 4, settings: Save is sticky and shown only when something changed."""
    page.goto("/settings/")
    bar = page.locator("[data-savebar]")
    assert not bar.is_visible()

    page.locator("[name=trading_name]").fill("Northlight")
    assert bar.is_visible()
    page.locator("[name=trading_name]").fill("")
    assert not bar.is_visible()
    page.locator("[name=trading_name]").fill("Northlight")

    page.keyboard.press("Control+s")
    page.wait_for_load_state()
    settle(page)
    assert page.locator("[name=trading_name]").input_value() == "Northlight"
    assert not bar.is_visible()


def test_a_setting_is_found_by_what_it_is_about(page: Any):
    """UX 4, settings: left list, search."""
    page.goto("/settings/")
    page.locator("[data-topics]").fill("smtp")
    assert page.locator("[data-topic]:visible").all_inner_texts() == ["Mail"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/mail/")


def test_two_editors_of_a_setting_see_what_the_other_stored(browse: Browse, firm: Firm):
    """13.45 for settings: the second save gets the conflict view, nothing overwritten."""
    first, second = browse(firm), browse(firm)
    for page in (first, second):
        page.goto("/settings/")
    first.locator("[name=trading_name]").fill("First")
    first.keyboard.press("Control+s")
    first.wait_for_load_state()
    settle(first)
    second.locator("[name=trading_name]").fill("Second")
    second.keyboard.press("Control+s")
    second.locator(".clash").wait_for()

    assert second.locator(".clash tbody tr").all_inner_texts() == ["Trading name\tFirst\tSecond"]
    first.reload()
    assert first.locator("[name=trading_name]").input_value() == "First"
    assert axe(second) == []


def test_a_report_is_turned_by_its_toolbar_and_keeps_the_focus(demo_page: Any):
    """UX 4, reports: one toolbar; drill from any number to its documents (13.49, 13.50)."""
    page = demo_page
    page.goto("/reports/revenue/")
    group = page.locator("#report-group")
    group.focus()
    group.select_option("client")
    page.locator("thead th", has_text="Client").wait_for()
    settle(page)

    assert "group=client" in page.url
    assert page.evaluate("document.activeElement.id") == "report-group"
    assert page.locator("#live").inner_text().startswith("Revenue")
    total = page.locator("tr.total td").nth(4).inner_text()
    page.locator("tbody tr").first.locator("a.drill").click()
    page.locator("thead th", has_text="Number").wait_for()
    assert page.locator("tbody tr td a.main").count() > 0
    page.locator(".crumbs a").click()
    page.locator("#report-group").wait_for()
    assert "group=client" in page.url
    assert page.locator("tr.total td").nth(4).inner_text() == total


def test_a_report_is_taken_away_by_key(demo_page: Any):
    """UX 4, reports: Export (CSV, XLSX, PDF) with Ctrl+E."""
    page = demo_page
    page.goto("/reports/ageing/")
    page.keyboard.press("Control+e")
    page.locator("#report-files").wait_for(state="visible")
    with page.expect_download() as came:
        page.keyboard.press("Enter")
    assert came.value.suggested_filename.startswith("ageing-")
    text = open(came.value.path(), encoding="utf-8-sig").read()  # noqa: PTH123, SIM115
    assert text.splitlines()[0].startswith("Currency,Client,")


def test_a_printed_report_has_no_navigation_and_repeats_its_heads(demo_page: Any):
    """13.59: Print of list and report: no navigation, heads repeated."""
    import pdfplumber

    page = demo_page
    page.goto("/reports/revenue/documents/?period=last_12_months")
    page.emulate_media(media="print")
    for part in (".nav", ".bar", ".crumbs", ".head .end", ".report-tools"):
        shown = page.locator(part)
        assert all(not shown.nth(i).is_visible() for i in range(shown.count())), part

    with pdfplumber.open(io.BytesIO(page.pdf(format="A4"))) as printed:
        pages = [one.extract_text() for one in printed.pages]

    assert len(pages) >= 2
    for text in pages:
        assert "Number" in text and "Issued" in text
        assert "Overview" not in text and "Search or jump" not in text


def test_the_look_is_seen_while_it_is_typed(demo_page: Any):
    """Settings, look: what is typed is seen on a paper before it is saved."""
    page = demo_page
    page.goto("/settings/documents/")
    paper = page.locator("#look-preview img")
    paper.wait_for(timeout=15_000)
    before = paper.get_attribute("src")
    page.locator("[name=closing]").fill("Thank you for your trust in us")
    page.wait_for_timeout(600)
    settle(page)
    assert paper.get_attribute("src") != before


def test_a_mail_is_seen_while_it_is_typed(page: Any):
    """Settings, mail texts: live preview with a closed vocabulary."""
    page.goto("/settings/words/")
    page.locator("[name=subject]").fill("Bill {{ document.number }} for {{ client.name }}")
    page.get_by_text("Bill INV-2026-00042 for Sample Client Ltd").wait_for()
    page.locator("[name=body]").fill("Hello {{ nobody }}")
    page.locator("#words-preview .late").wait_for()


def test_theme_rows_and_keys_are_kept_in_this_browser(page: Any):
    """My profile: theme, density and single keys are choices of the browser."""
    page.goto("/profile/")
    page.locator("main [data-theme-choice=dark]").click()
    page.locator("[data-density=compact]").click()
    page.locator("#single-keys").uncheck()
    page.goto("/invoices/")
    root = page.locator("html")
    assert root.get_attribute("data-theme") == "dark"
    assert root.get_attribute("data-density") == "compact"
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
