"""The page of a payment that a client began, in every state that a client may meet."""

from typing import Any

from guilder.books.invoicing import operations as invoicing
from guilder.foundation.identity import operations as identity
from tests import make
from tests.acceptance.browsing import assert_none, faults
from tests.books.charging import making


def told(firm: Any, through: Any, charge: Any, kind: str) -> None:
    """What the service says of a charge."""
    data = {"charge": str(charge.id), "id": f"tx-{charge.id}", "amount": "119.00",
            "currency": "EUR"}  # fmt: skip
    system = identity.system_actor(firm.organization, "job")
    making.receive(through, making.call(f"charge.{kind}", data), by=system)


def test_the_page_of_a_payment_is_sound_for_everybody(browse, firm):
    """13.47 for the client who pays: both themes and both widths in every state."""
    through, page, found = making.gateway(firm.by), browse(), []
    for place, (state, kind) in enumerate(
        (("open", ""), ("succeeded", "succeeded"), ("failed", "failed"))
    ):
        invoice = make.issued_invoice(firm.by)
        charge = making.charge(firm.by, invoice, through)
        if kind:
            told(firm, through, charge, kind)
        page.goto(invoicing.pay_link(invoice.id, by=firm.by))
        page.goto(f"{page.url}charge/{charge.id}/")
        assert page.locator(f".mark.{state}").count() == 1
        found += [f"{state}: {line}" for line in faults(page, place)]

    assert_none(found)


def test_a_page_that_waits_for_a_payment_looks_again_by_itself(browse, firm):
    """With script what stands there changes in its place; without it the page comes anew."""
    through, page = making.gateway(firm.by), browse()
    invoice = make.issued_invoice(firm.by)
    charge = making.charge(firm.by, invoice, through)
    page.goto(invoicing.pay_link(invoice.id, by=firm.by))
    page.goto(f"{page.url}charge/{charge.id}/")
    assert page.locator(".mark.open").is_visible()

    told(firm, through, charge, "succeeded")

    page.locator(".mark.succeeded").wait_for()
    assert page.locator("[hx-trigger]").count() == 0
