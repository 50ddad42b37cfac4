"""One document from issue to paid in a real browser: sending with undo, paying, correcting."""

import time
from datetime import UTC, datetime
from typing import Any

from tests import make
from tests.acceptance import people
from tests.acceptance.browsing import count, settle

NO_FIELD = "input:not([type=hidden]):not([type=file]):not([type=checkbox]), select, textarea"


def issued(firm: people.Firm, *, client_id: Any = None, quantity: str = "1", days: int = 30) -> Any:
    """An invoice of today over some hours at 119.00."""
    from guilder.books.invoicing import operations as invoicing

    now = datetime.now(UTC)
    data = {
        "client": str(client_id or make.client(firm.by).id),
        "currency": "EUR",
        "lines": [make.line(quantity=quantity)],
        "terms": {"due": {"days": days}},
    }
    return invoicing.create_and_issue(by=firm.by, data=data, at=now, on=now.date())


def read(firm: people.Firm, invoice_id: Any) -> Any:
    from guilder.books.invoicing import queries

    return queries.get_invoice(invoice_id, by=firm.by)


def focused(page: Any) -> str:
    """What has focus: its id, else its tag."""
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_15_an_issued_invoice_has_no_field_and_one_click_gives_a_linked_draft(
    page: Any, firm: people.Firm
) -> None:
    """Issued invoice offers no edit field; Credit and copy gives a linked draft in 1 click."""
    invoice = issued(firm)
    page.goto(f"/invoices/{invoice.id}/")
    settle(page)

    fields = page.locator("main").locator(NO_FIELD)
    assert fields.evaluate_all("all => all.map(one => one.id)") == ["talk-text"]  # a comment only
    assert page.locator("#proof", has_text="never changes").is_visible()

    done = count(page)
    page.locator("#correct").click()
    page.wait_for_url("**/edit/")
    assert done.clicks == 1
    page.goto(f"/invoices/{invoice.id}/")
    linked = page.locator(".linked").inner_text()
    assert "Corrected by" in linked
    assert "Written anew as" in linked
    assert read(firm, invoice.id).open_amount == invoice.open_amount


def test_16_undo_within_eight_seconds_and_no_mail_left_the_server(
    page: Any, firm: people.Firm, house: Any
) -> None:
    """Undo within 8 s of Send: no mail left the server."""
    from guilder.office.dispatch import queries as mails
    from guilder.office.dispatch.operations.sending import HOLD

    invoice = issued(firm)
    page.goto(f"/invoices/{invoice.id}/send/")
    page.locator("#mail-to").fill("undone@example.test")
    settle(page, quiet=400)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/invoices/{invoice.id}/")
    toast = page.locator(".toast", has_text="Sent to undone@example.test.")
    toast.wait_for()

    page.keyboard.press("Control+z")
    page.locator(".toast", has_text="Nothing was sent").wait_for()

    time.sleep(HOLD.total_seconds() + 1.5)  # a worker is running
    assert not [one for one in house.mailbox.mails if "undone@example.test" in one.recipients]
    (mail,) = mails.list_mails(by=firm.by, invoice_id=invoice.id)
    assert mail.state == "stopped"
    page.reload()
    assert "Stopped" in page.locator(".deliveries").inner_text()


def test_16_without_undo_the_mail_leaves_after_its_hold(
    page: Any, firm: people.Firm, house: Any
) -> None:
    """Undo within 8 s of Send: no mail left the server; without it the mail goes, as written."""
    invoice = issued(firm)
    page.goto(f"/invoices/{invoice.id}/send/")
    page.locator("#mail-subject").fill("Your lamps are ready")
    settle(page, quiet=400)
    assert "Your lamps are ready" in page.locator("#letter").inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/invoices/{invoice.id}/")

    received = house.mailed(lambda one: one.message["Subject"] == "Your lamps are ready")
    assert "/pay/" in received.message.get_body(("plain",)).get_content()


def test_17_a_payment_is_recorded_from_the_list_in_two_clicks(page: Any, firm: people.Firm) -> None:
    """Record payment from the list: 2 clicks, amount preset to open, row updates without reload,
    focus stays on the row."""
    invoice = issued(firm)
    issued(firm)
    page.goto("/invoices/")
    settle(page)
    page.evaluate("window.__same = true")
    done = count(page)
    row = page.locator(f"#row-{invoice.id}")

    row.hover()
    row.locator("a.quick").click()
    page.locator("#pay-amount").wait_for()
    assert page.locator("#pay-amount").input_value() == "119.00"
    assert focused(page) == "pay-amount"
    page.locator("#sheet button.primary").click()
    page.locator(f"#row-{invoice.id}", has_text="Paid").wait_for()

    assert done.clicks == 2
    assert page.evaluate("window.__same")  # no reload
    settle(page)
    assert page.evaluate("document.activeElement.closest('tr')?.id") == f"row-{invoice.id}"
    assert read(firm, invoice.id).open_amount == 0


def test_17_by_keyboard_on_the_invoice_and_undone(page: Any, firm: people.Firm) -> None:
    """Record payment: P, Enter; and taken back by Ctrl+Z."""
    invoice = issued(firm)
    page.goto(f"/invoices/{invoice.id}/")
    settle(page)
    page.keyboard.press("p")
    page.locator("#pay-amount").wait_for()
    page.keyboard.press("Enter")
    page.locator("#sentence", has_text="Paid in full").wait_for()
    settle(page)
    assert focused(page) != "BODY"
    assert page.locator("#pay").count() == 0

    page.keyboard.press("Control+z")

    page.locator("#sentence", has_text="Waiting for payment").wait_for()
    assert read(firm, invoice.id).open_amount == 11900


def test_18_a_part_payment_shows_both_amounts_in_words(page: Any, firm: people.Firm) -> None:
    """Part payment shows both amounts in words on invoice and client page."""
    invoice = issued(firm, quantity="2")
    page.goto(f"/invoices/{invoice.id}/")
    settle(page)
    page.keyboard.press("p")
    page.locator("#pay-amount").fill("100")
    page.locator("#pay-words", has_text="Part payment. €138.00 stays open.").wait_for()
    page.keyboard.press("Enter")

    words = "€100.00 received, €138.00 still open."
    page.locator("#sentence", has_text=words).wait_for()
    page.goto(f"/clients/{invoice.partner_id}/")
    assert words in page.locator(f"#row-{invoice.id}").inner_text()


def test_49_no_swap_of_these_pages_leaves_focus_on_the_body(page: Any, firm: people.Firm) -> None:
    """No partial swap leaves focus on `body`."""
    invoice = issued(firm)
    page.goto(f"/invoices/{invoice.id}/")
    settle(page)
    seen = {}

    page.locator("#verify").click()
    page.locator("#proof", has_text="nothing was touched").wait_for()
    settle(page)
    seen["proof"] = focused(page)
    page.locator("#history a", has_text="Money").click()
    settle(page)
    seen["history"] = focused(page)
    page.locator("#talk-text").fill("Ask them on Monday")
    page.locator("#talk button", has_text="Comment").click()
    page.locator(".said-list").wait_for()
    settle(page)
    seen["talk"] = focused(page)
    page.locator("[popovertarget=acts]").click()
    page.locator("#acts a", has_text="Mark as disputed").click()
    page.locator("dialog[open]").wait_for()
    settle(page)
    seen["dispute"] = focused(page)

    assert "BODY" not in seen.values(), seen
