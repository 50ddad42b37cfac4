"""The inbox by keyboard, the first steps, the chart; and what axe says of them."""

from datetime import UTC, datetime

from guilder.office.desk import operations as desk
from tests import make
from tests.acceptance.browsing import assert_none, faults, settle


def three_mentions(firm) -> None:
    """Three things wait."""
    colleague = firm.colleague("accountant", name="Carol Jones")
    client = make.client(firm.by)
    for n in range(3):
        text = f"@{firm.by.name} number {n}"
        desk.add_comment("client", client.id, by=colleague.by, text=text, at=datetime.now(UTC))


def test_tasks_are_done_and_put_off_by_keys(page, firm):
    """Inbox: done (D), snooze (H); “You are up to date.”"""
    three_mentions(firm)
    page.goto("/")
    settle(page)
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/inbox/")
    settle(page)
    rows = page.locator("#list [data-row]")
    assert rows.count() == 3

    page.keyboard.press("j")
    page.keyboard.press("d")
    rows.nth(2).wait_for(state="detached")
    settle(page)
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.locator("[popover]:popover-open button:focus").wait_for()
    page.keyboard.press("Enter")
    rows.nth(1).wait_for(state="detached")
    settle(page)
    page.keyboard.press("j")
    page.keyboard.press("d")

    page.get_by_text("You are up to date.").first.wait_for()
    page.keyboard.press("Control+z")
    rows.first.wait_for()
    assert rows.count() == 1


def test_inbox_overview_and_jobs_are_clean(page, firm):
    """axe finds nothing (WCAG 2.2 A and AA), and no page scrolls sideways."""
    three_mentions(firm)
    make.payment(firm.by, make.issued_invoice(firm.by), "19.00")
    job = desk.start_progress(by=firm.by, kind="export", total=8, at=datetime.now(UTC))
    failure = {"label": "INV-1", "problem": "No address."}
    desk.advance(job.id, by=firm.by, done=2, at=datetime.now(UTC), failures=[failure])
    for place, path in enumerate(("/inbox/", "/", f"/jobs/{job.id}/")):
        page.goto(path)
        settle(page)
        assert_none(faults(page, place))


def test_the_chart_tells_its_values_on_focus_and_as_a_table(page, firm):
    """Charts: values on focus and hover; "Show as table"."""
    make.payment(firm.by, make.issued_invoice(firm.by), "19.00")
    page.goto("/")
    settle(page)
    columns = page.locator(".chart .col")
    assert columns.count() == 12

    columns.last.focus()
    assert columns.last.locator(".tips").is_visible()
    assert "€119.00 invoiced, €19.00 collected" in columns.last.get_attribute("aria-label")
    page.get_by_text("Show as table").click()
    assert page.locator(".as-table tbody tr").count() == 12


def test_first_steps_are_skipped_one_by_one(page, firm):
    """The checklist of four, each skippable."""
    page.goto("/")
    settle(page)
    skip = page.locator(".start form button")
    while skip.count():
        left = skip.count()
        skip.first.click()
        skip.nth(left - 1).wait_for(state="detached")
        settle(page)

    assert page.locator(".start").count() == 0
