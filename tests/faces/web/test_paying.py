"""From an open invoice to a paid one, by the form as the page fills it."""

import re

from tests import make


def test_the_form_that_an_invoice_opens_pays_it_as_it_stands(world, browsing):
    invoice = make.issued_invoice(world.alice)
    client = browsing("alice")
    page = client.get(f"/payments/new/?invoice={invoice.id}").content.decode()
    given = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and value:
            given[name[1]] = value[1]
    given |= {"currency": "EUR", "method": "bank_transfer"}

    answer = client.post(f"/payments/new/?invoice={invoice.id}", given)

    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.content.decode())
    shown = client.get(f"/invoices/{invoice.id}/").content.decode()
    assert "Paid in full on" in shown
