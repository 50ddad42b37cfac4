"""The pages of documents, payments and clients: large zoom, large text, and what axe says."""

from datetime import UTC, datetime
from typing import Any

from tests import make
from tests.acceptance import people
from tests.acceptance.browsing import assert_none, faults, resize, settle
from tests.stories.running import is_full_size

# What is cut off, and by how much the page is wider than its window.
CUT = """() => [...document.querySelectorAll("main button, main .btn, main h2, main label")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflow !== "visible"
    && !one.closest(".sr, .truncate, .overflow-x-auto")
    && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent.trim())
  .concat(document.documentElement.scrollWidth > innerWidth
    ? [`the page, ${document.documentElement.scrollWidth - innerWidth} px`] : [])"""


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


def test_52_large_zoom_and_large_text_cut_nothing(page: Any, firm: people.Firm) -> None:
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
    found = {}
    for name, path in paths.items():
        resize(page, 320, 256)  # 1280 × 1024 at 400 %
        page.goto(path)
        settle(page)
        found[name, "400 %"] = page.evaluate(CUT)
        resize(page, 1440)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        settle(page)
        found[name, "large"] = page.evaluate(CUT)

    assert {name: cut for name, cut in found.items() if cut} == {}


def test_the_pages_of_a_document_pass_axe_in_both_themes(page: Any, firm: people.Firm) -> None:
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
    # test_axe sweeps the others too, in the demo.
    for place, path in enumerate(places if is_full_size() else places[:1]):
        page.goto(path)
        settle(page)
        assert_none([f"{path} {line}" for line in faults(page, place, widths=())])
