"""What a client sees and reaches: one way to pay, nothing of anybody else, with or without script."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guilder.books.invoicing import operations, queries
from tests import make
from tests.acceptance.browsing import LOOKS, assert_none, faults, settle


def issued(firm: Any, **changes: Any) -> Any:
    """An issued invoice over 119.00, due in 30 days."""
    due_on = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    return make.issued_invoice(firm.by, due_on=due_on, **changes)


def link_of(firm: Any, invoice: Any) -> str:
    return operations.pay_link(invoice.id, by=firm.by)


def test_one_pay_button_and_no_account(browse, firm):
    """13.40: client page: one Pay button, no account."""
    page = browse()
    page.goto(link_of(firm, issued(firm)))

    buttons = page.locator(".btn.brand:visible")
    assert buttons.count() == 1
    assert page.locator("[type=password]").count() == 0

    buttons.click()
    shown = page.locator(".how")
    assert "IBAN" in shown.inner_text() and "119.00" in shown.inner_text()
    assert page.locator(".code svg").is_visible()


def test_the_bank_details_are_copied(browse, firm):
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    page.goto(link_of(firm, issued(firm)))
    page.locator("summary.brand").click()

    page.get_by_role("button", name="Copy IBAN").click()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", copied)
    assert page.locator(".toasts").inner_text().startswith("Copied")


def test_paying_works_without_script(browse, firm):
    """13.40: works without JavaScript up to the payment provider. 13.61: pay page."""
    page = browse(script=False)
    page.goto(link_of(firm, issued(firm)))

    page.locator("summary.brand").click()

    assert page.locator(".how bdi").first.is_visible()
    assert not page.locator("[data-copy]").first.is_visible()  # a dead button is none


def test_a_question_is_asked_without_script(browse, firm):
    page = browse(script=False)
    page.goto(link_of(firm, issued(firm)))
    page.locator("#question summary").click()
    page.fill("[name=text]", "Why?")
    page.fill("[name=email]", "lena@client.example")
    page.get_by_role("button", name="Send question").click()

    assert "Your question went to" in page.locator("#question").inner_text()


def test_a_part_payment_is_told_in_words_to_the_client(browse, firm):
    """13.18: part payment shows both amounts in words on the client page."""
    invoice = issued(firm)
    make.payment(firm.by, invoice, "50.00")
    page = browse()
    page.goto(link_of(firm, invoice))

    assert "€50.00 received, €69.00 still open." in page.locator(".ask").inner_text()
    assert "€69.00" in page.locator("summary.brand").inner_text()


def test_foreign_documents_are_out_of_reach_of_a_client_link(browse, firm):
    """13.41: foreign documents are never reachable from a client link."""
    mine, theirs = issued(firm), issued(firm)
    owner, other = browse(), browse()
    other.goto(link_of(firm, theirs))
    address = other.url
    owner.goto(link_of(firm, mine))

    for rest in ("", "document.pdf", "page/1/", "brand.css", "logo"):
        assert other.request.get(address + rest).status in ({404, 200} if rest == "logo" else {200})
        answer = owner.request.get(address + rest)
        assert answer.status == 404, rest
        assert theirs.number not in answer.text(), rest


def test_drafts_have_no_link_and_ids_open_nothing(browse, firm):
    """13.41: unsent documents are never reachable from a client link."""
    draft = make.draft(firm.by)
    page = browse()
    page.goto(link_of(firm, issued(firm)))

    for address in (f"/pay/{draft.id}/", f"/quote/{draft.id}/"):
        assert page.request.get(address).status == 404
    for address in (f"/invoices/{draft.id}/", "/invoices/", "/api/v1/invoices/"):
        answer = page.request.get(address, max_redirects=0)
        assert answer.status in {302, 401}
    assert draft.draft_reference not in page.content()


def test_the_address_bar_holds_no_secret(browse, firm):
    link = link_of(firm, issued(firm))
    page = browse()
    page.goto(link)

    assert link.split("/")[2] not in page.url
    assert link.split("/")[2] not in page.content()


def test_looking_makes_it_viewed(browse, firm):
    invoice = issued(firm)
    browse().goto(link_of(firm, invoice))

    assert queries.get_invoice(invoice.id, by=firm.by).viewed_at is not None


def test_a_quote_is_accepted_by_name(browse, firm):
    client = make.client(firm.by, name="Café Lumière")
    data = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = operations.create_quote(by=firm.by, data=data, at=datetime.now(UTC))
    operations.send_quote(quote.id, by=firm.by, at=datetime.now(UTC))
    page = browse()
    page.goto(operations.quote_link(quote.id, by=firm.by))

    page.fill("[name=name]", "Claire Dubois")
    page.get_by_role("button", name="Accept for €119.00").click()

    page.get_by_text("Accepted by Claire Dubois on").wait_for()
    assert queries.get_quote(quote.id, by=firm.by).accepted_by == "Claire Dubois"


def test_sign_in_lists_and_documents_work_without_script(browse, house):
    """13.61: JavaScript off: lists, documents, sign-in work."""
    from tests.acceptance.people import new_firm

    firm = new_firm()
    invoice = issued(firm)
    page = browse(script=False)
    page.goto("/sign-in/")
    page.fill("[name=email]", firm.email)
    page.fill("[name=password]", firm.password)
    page.locator("form.card [data-primary]").click()
    page.wait_for_url(f"{house.base}/")

    page.goto("/invoices/")
    page.get_by_role("link", name=invoice.number).first.click()

    assert invoice.number in page.locator("main").inner_text()
    assert page.request.get(f"/invoices/{invoice.id}/pdf/").body().startswith(b"%PDF")


@pytest.mark.parametrize("place", [0, 1])
def test_the_clients_page_is_sound_for_everybody(browse, firm, place):
    invoice = issued(firm)
    make.payment(firm.by, invoice, "50.00")
    page = browse(width=LOOKS[place][0])
    page.goto(link_of(firm, invoice))
    for summary in page.locator("summary:visible").all():
        summary.click()
    settle(page)

    assert_none(faults(page, place))
