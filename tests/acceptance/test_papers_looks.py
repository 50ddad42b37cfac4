"""The pages of documents, payments and clients: large zoom, large text, and what axe says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import make
from tests.acceptance import people
from tests.acceptance.browsing import axe, settle


def issued(firm: people.Firm) -> Any:
    """An invoice of today over 119.00."""
    from guilder.books.invoicing import operations as invoicing

    now = datetime.now(UTC)
    data = {
        "client": str(make.client(firm.by).id),
        "currency": "EUR",
        "lines": [make.line()],
        "terms": {"due": {"days": 30}},
    }
    return invoicing.create_and_issue(by=firm.by, data=data, at=now, on=now.date())


@pytest.mark.parametrize("place", ["invoice", "send", "credit", "client", "statement", "agreement"])
def test_52_large_zoom_and_large_text_cut_nothing(
    browse: Any, firm: people.Firm, place: str
) -> None:
    """400 % zoom and 200 % text: nothing cut, all usable."""
    invoice = issued(firm)
    client = f"/clients/{invoice.partner_id}/"
    paths = {
        "invoice": f"/invoices/{invoice.id}/",
        "send": f"/invoices/{invoice.id}/send/",
        "credit": f"/invoices/{invoice.id}/credit/",
        "client": client,
        "statement": f"{client}?tab=statement",
        "agreement": f"{client}?tab=agreement",
    }
    zoomed = browse(firm, width=320, height=256)  # 1280 × 1024 at 400 %
    zoomed.goto(paths[place])
    settle(zoomed)
    large = browse(firm)
    large.goto(paths[place])
    large.evaluate("document.documentElement.style.fontSize = '200%'")
    settle(large)

    for page in (zoomed, large):
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, wide
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main button, main .btn, main h2, main label")]
              .filter((one) => one.checkVisibility() && getComputedStyle(one).overflow !== "visible"
                && !one.closest(".sr, .truncate, .overflow-x-auto")
                && one.scrollWidth > one.clientWidth + 1)
              .map((one) => one.textContent.trim())"""
        )
        assert cut == []


def test_the_pages_of_a_document_pass_axe_in_both_themes(browse: Any, firm: people.Firm) -> None:
    """axe: 0 violations on the pages of a document, a payment and a client."""
    invoice = issued(firm)
    paid = make.payment(firm.by, invoice, "19.00")
    client = f"/clients/{invoice.partner_id}/"
    places = [
        f"/invoices/{invoice.id}/?prove=1",
        f"/invoices/{invoice.id}/send/",
        f"/invoices/{invoice.id}/credit/",
        f"/invoices/{invoice.id}/write-off/",
        f"/payments/{paid.id}/",
        f"/payments/quick/{invoice.id}/",
        client,
        f"{client}?tab=payments",
        f"{client}?tab=statement",
        f"{client}?tab=agreement",
        f"{client}?tab=history",
        f"{client}contacts/new/edit/",
    ]
    for dark in (False, True):
        page = browse(firm, dark=dark)
        for place in places:
            page.goto(place)
            settle(page)
            assert axe(page) == [], place
