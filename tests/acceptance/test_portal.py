"""The portal on a phone without script, and on a desk; axe is clean in light and dark."""

from typing import Any

import pytest

from guilder.books.invoicing import operations as invoicing
from guilder.registers.parties import operations as parties
from tests import make
from tests.acceptance.browsing import assert_none, faults

PAGES = ("", "documents/", "quotes/", "statement/", "account/")


@pytest.fixture
def guest(firm: Any) -> tuple[Any, Any]:
    """(somebody of a client, an open invoice of theirs)."""
    client = make.client(firm.by, name="Hafenkontor Söhne & Partner GmbH")
    invoice = make.issued_invoice(firm.by, client_id=client.id)
    wanted = {"client": str(client.id), "currency": "EUR", "lines": [make.line()]}
    quote = invoicing.create_quote(by=firm.by, data=wanted, at=make.NOW)
    invoicing.send_quote(quote.id, by=firm.by, at=make.NOW, on=make.TODAY)
    kim = firm.colleague("client", name="Kim Holt")
    parties.open_portal(kim.user, by=firm.by, partner_ids=[client.id], at=make.NOW)
    return kim, invoice


def test_a_client_pays_from_the_portal_without_script(browse, guest):
    page = browse(guest[0], script=False, width=390)
    page.goto("/")
    page.wait_for_url("**/portal/")

    page.get_by_role("link", name=f"Pay {guest[1].number}").click()

    page.wait_for_url("**/pay/**")
    assert guest[1].number in page.locator("h1").inner_text()
    page.get_by_role("link", name="All documents").click()
    page.wait_for_url("**/portal/")


def test_the_portal_is_whole_on_every_screen(browse, guest):
    page = browse(guest[0])
    for place, one in enumerate(PAGES):
        page.goto(f"/portal/{one}")
        assert_none([f"{one} {line}" for line in faults(page, place)])
