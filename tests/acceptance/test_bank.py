"""Bank matching in a browser: fifty lines by keyboard, undo, and what axe says of the page."""

from guilder.flows.banking import queries
from tests import make
from tests.acceptance.browsing import assert_none, faults, settle
from tests.flows.banking.banking import entry, imported

EXACT, CHECK, STRANGERS = 36, 9, 5


def fifty_lines(firm) -> None:
    """As a month brings them: most name their invoice, some pay in part, a few are nobody's."""
    client = make.client(firm.by)
    invoices = [make.issued_invoice(firm.by, client_id=client.id) for _ in range(EXACT + CHECK)]
    entries = [
        entry("119.00", one.number, name=client.name, ref=f"E{place}")
        for place, one in enumerate(invoices[:EXACT])
    ]
    entries += [
        entry("60.00", f"{one.number} part 1", name=client.name, ref=f"C{place}")
        for place, one in enumerate(invoices[EXACT:])
    ]
    entries += [
        entry(f"-{place + 7}.31", f"CARD {place}", name=f"SHOP {place}", ref=f"S{place}")
        for place in range(STRANGERS)
    ]
    imported(firm.by, entries)


def left(firm) -> int:
    """How many lines wait."""
    return len(queries.list_lines(by=firm.by, state="open", limit=100))


def test_fifty_lines_are_reconciled_in_at_most_sixty_keys(page, firm):
    fifty_lines(firm)
    assert left(firm) == EXACT + CHECK + STRANGERS
    page.goto("/bank/")
    settle(page)
    pressed = 0

    def press(key: str, rows: int) -> None:
        nonlocal pressed
        pressed += 1
        page.keyboard.press(key)
        lines = page.locator("[data-bank] [data-row]")
        page.wait_for_function(
            "(n) => document.querySelectorAll('[data-bank] [data-row]').length === n", arg=rows
        )
        settle(page)
        assert lines.count() == rows

    rest = CHECK + STRANGERS
    press("Shift+Enter", rest)
    for _ in range(CHECK):
        rest -= 1
        press("Enter", rest)
    for _ in range(STRANGERS):
        rest -= 1
        press("x", rest)

    assert left(firm) == 0
    assert pressed <= 60
    press("Control+z", 1)
    assert left(firm) == 1


def test_the_line_with_focus_is_told_at_the_side_and_the_page_is_clean(page, firm):
    fifty_lines(firm)
    page.goto("/bank/")
    settle(page)
    panel = page.locator("#bank-panel h2")
    first = page.locator("[data-bank] [data-row]").first
    assert first.get_attribute("aria-current") == "true"
    page.keyboard.press("j")
    page.wait_for_timeout(200)
    settle(page)
    second = page.locator("[data-bank] [data-row]").nth(1)
    assert second.get_attribute("aria-current") == "true"
    assert panel.inner_text() == second.locator("b").first.inner_text()

    assert_none(faults(page))
    page.goto("/bank/")
    settle(page)
    assert_none(faults(page, 1))
