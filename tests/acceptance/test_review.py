"""UX 13 on the way out: review and send, the number, two editors of one draft, keys alone."""

import pytest

from guilder.books.invoicing import queries
from tests import make
from tests.acceptance.browsing import settle
from tests.acceptance.editing import cell, focused, open_draft, saved


def reviewed(page):
    page.keyboard.press("Control+Enter")
    page.locator("#sheet[open] [data-sheet]").wait_for()
    settle(page)


def test_a_missing_legal_field_is_told_asked_and_kept(browse, new_firm):
    """13. Review and send with a missing legal field: summary, focus, link, nothing sent, no
    number used."""
    firm = new_firm(furnished=False)
    page = browse(firm)
    client = make.client(firm.by, address={"country": "DE"})
    draft = open_draft(page, firm.by, client_id=client.id)
    assert page.locator("#chip").inner_text().strip() != ""
    reviewed(page)
    page.fill("#sheet [name=vat_id]", "DE000")
    page.locator("#sheet button[name=send][value='1']").click()
    page.locator("#sheet .summary").wait_for()

    assert "There is a problem" in page.evaluate("() => document.activeElement.textContent")
    page.locator("#sheet .summary a").first.click()
    assert page.evaluate("() => document.activeElement.name") == "vat_id"
    record = queries.get_invoice(draft.id, by=firm.by)
    assert (record.status, record.number) == ("draft", None)

    page.fill("#sheet [name=vat_id]", "DE136695976")
    page.locator("#sheet button[name=send][value='1']").click()
    page.wait_for_url(f"**/invoices/{draft.id}/")
    assert queries.get_invoice(draft.id, by=firm.by).number == "INV-2026-00001"


def test_a_draft_without_lines_is_not_reviewed_as_if_whole(page, firm):
    client = make.client(firm.by)
    page.goto(f"/invoices/new/?client={client.id}")
    settle(page)
    page.keyboard.press("Control+Enter")
    page.locator("#sheet[open] .summary").wait_for()
    page.locator("#sheet .summary a").first.click()

    assert not page.locator("#sheet[open]").count()
    assert page.evaluate("() => document.activeElement.id") == "lines-head"


def test_the_dialog_names_the_number_and_issue_gives_it(page, firm):
    """14. Draft has no number anywhere; issue gives the next one; the dialog names it."""
    draft = open_draft(page, firm.by)
    assert "INV-2026" not in page.content()
    reviewed(page)
    named = page.locator("#sheet header p").inner_text()
    assert named == "It gets number INV-2026-00001 and can no longer be changed."
    page.locator("#sheet button[name=send][value='']").click()
    page.wait_for_url(f"**/invoices/{draft.id}/")

    record = queries.get_invoice(draft.id, by=firm.by)
    assert record.number == "INV-2026-00001"
    assert record.sent_at is None


def test_two_editors_of_one_draft_end_in_a_choice(browse, firm):
    """45. Two editors of one draft: second save gets the conflict view, nothing overwritten."""
    jonas = firm.colleague("accountant", name="Jonas Weber")
    first, second = browse(jonas), browse(firm)
    draft = open_draft(first, firm.by, order_reference="PO 1")
    second.goto(f"/invoices/{draft.id}/edit/")
    settle(second)
    cell(first, 0, "quantity").fill("5")
    first.keyboard.press("Tab")
    saved(first)
    first.wait_for_timeout(1500)
    cell(second, 0, "quantity").fill("9")
    second.locator("#id_order_reference").fill("PO 2")
    second.locator("#conflict:not([hidden])").wait_for()
    assert "Jonas Weber changed this" in second.locator("#conflict").inner_text()
    assert queries.get_invoice(draft.id, by=firm.by).net_amount == 50000

    second.locator("#conflict button").click()
    second.locator("#choose").wait_for()
    shown = second.locator("#choose").inner_text()
    assert "PO 1" in shown
    assert "PO 2" in shown
    second.locator("input[name=pick-line-0][value=theirs]").check()
    second.locator("button[value=resolve]").click()
    second.wait_for_url("**/edit/")
    settle(second)

    record = queries.get_invoice(draft.id, by=firm.by)
    assert record.net_amount == 50000  # theirs
    assert record.paper["order_reference"] == "PO 2"  # ours


def test_the_first_invoice_by_keys_alone(page, firm, house):
    """48. All flows by keyboard alone: client, item, price, review, sent; focus always visible."""
    page.goto("/")
    settle(page)
    page.keyboard.press("c")
    page.keyboard.press("i")
    page.wait_for_url("**/invoices/new/")
    settle(page)
    page.keyboard.type("Hotel Alpenglühn AG")
    page.keyboard.press("Enter")
    page.locator("#client-email:not([hidden])").wait_for()
    page.wait_for_function("() => document.activeElement.name === 'client_email'")
    page.keyboard.type("lena@alpengluehn.example")
    page.keyboard.press("Enter")
    assert focused(page)[0] == "name"
    page.keyboard.type("Lighting concept")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("6480")
    ring = page.evaluate("() => getComputedStyle(document.activeElement).boxShadow")
    assert ring != "none"
    settle(page, quiet=500)
    reviewed(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/invoices/*-*/")
    page.locator(".toast").first.wait_for()
    assert "lena@alpengluehn.example" in page.locator(".toasts").inner_text()

    assert house.mailed(lambda one: one.recipients == ["lena@alpengluehn.example"])


@pytest.mark.parametrize("act", ["accept", "invoice"])
def test_a_quote_is_written_sent_and_made_an_invoice(page, firm, act):
    client = make.client(firm.by)
    page.goto(f"/quotes/new/?client={client.id}")
    settle(page)
    cell(page, 0, "name").fill("Lighting concept")
    cell(page, 0, "quantity").fill("4")
    cell(page, 0, "unit_price").fill("100")
    saved(page)
    reviewed(page)
    page.locator("#sheet button[name=send][value='']").click()
    page.wait_for_url("**/quotes/*-*/")
    settle(page)
    if act == "accept":
        page.locator("[popovertarget=acts]").click()
        page.get_by_text("Mark as accepted").click()
        page.locator("#accept-name").fill("Lena Öztürk")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Accepted by Lena Öztürk").wait_for()
    page.keyboard.press("i")
    page.locator("#quantity-1").fill("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/invoices/*/edit/")
    settle(page)

    assert cell(page, 0, "quantity").input_value() == "1"
    (quote,) = queries.list_quotes(by=firm.by)
    assert quote.quantities[0][1] == 1
