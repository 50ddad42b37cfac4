"""Invoices of clients with a mandate say that they are collected: by which mandate, from where."""

from dataclasses import replace
from typing import Any

import pytest

from guilder.books.invoicing import queries as invoicing
from guilder.books.sepa import operations
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.document import DirectDebit, Kind
from guilder.papers.exchange.formats.writing import write
from guilder.papers.exchange.reading import read
from guilder.papers.exchange.rules import live
from guilder.papers.rendering.paying import payment_of
from guilder.papers.rendering.wording import wording_for
from guilder.registers.parties import queries as parties
from tests import make
from tests.books.sepa import making

FORMATS = ("ubl", "cii", "xrechnung-ubl", "xrechnung-cii", "peppol", "facturx")


def collected(by: Any, **changes: Any) -> tuple[Any, Any]:
    """A client with a mandate, and an issued invoice of theirs."""
    making.creditor(by)
    client = make.client(by, buyer_reference="04011000-12345-03")
    mandate = making.mandate(by, client, **changes)
    return mandate, make.issued_invoice(by, client_id=client.id)


def means_of(by: Any, invoice: Any) -> list[tuple[str, DirectDebit | None]]:
    document = invoicing.get_document(invoice.id, by=by, at=make.NOW)
    return [(one.code, one.direct_debit) for one in document.payment]


def test_the_invoice_names_mandate_creditor_and_account_and_no_account_to_pay_to(world):
    by = world.alice
    mandate, invoice = collected(by)
    debit = DirectDebit(mandate=mandate.reference, creditor=making.CREDITOR, account=making.IBAN)

    assert means_of(by, invoice) == [("59", debit)]
    draft = make.draft(by, client_id=mandate.partner_id)
    assert means_of(by, draft) == [("59", debit)]  # the preview is what it will be


def test_each_format_says_it_lawfully_and_reads_it_back(world):
    by = world.alice
    _, invoice = collected(by)
    document = invoicing.get_document(invoice.id, by=by)

    for name in FORMATS:
        back = read(write(document, name)).document
        assert [one.direct_debit for one in back.payment] == [document.payment[0].direct_debit]
        assert [one.code for one in back.payment] == ["59"], name
        payment_rules = [
            one.rule
            for one in live.check(document, flavour=live.flavour_of(name))
            if one.pointer.startswith("/payment")
        ]
        assert payment_rules == [], name


def test_the_paper_says_when_how_much_and_from_which_account(world):
    _, invoice = collected(world.alice)
    document = invoicing.get_document(invoice.id, by=world.alice)
    wording = wording_for("en")
    said = payment_of(document, wording, with_code=True)

    assert said is not None
    assert said["code"] == ""  # nothing is to be scanned: it is collected
    assert said["terms"][0] == (
        f"€119.00 will be debited from your account DE02 1203 0000 0000 2020 51 on"
        f" {wording.day(document.due_on)} or soon after."
    )
    assert ["Creditor ID", making.CREDITOR] in said["rows"]
    without_day = payment_of(replace(document, due_on=None), wording, with_code=True)
    assert without_day is not None
    assert without_day["terms"][0] == "We collect this amount from your account."


@pytest.mark.parametrize(
    "changes",
    [{"signed_on": None}, {"recurrent": False, "used": True}, {"ended": True}],
    ids=["not signed", "used up", "over"],
)
def test_without_a_mandate_in_force_it_is_paid_by_transfer(world, changes):
    by = world.alice
    wanted = {k: v for k, v in changes.items() if k not in {"used", "ended"}}
    making.creditor(by)
    client = make.client(by)
    mandate = making.mandate(by, client, **wanted)
    if changes.get("ended"):
        operations.end_mandate(mandate.id, by=by, at=make.NOW, reason="Withdrawn")
    if changes.get("used"):
        making.due(by, client)
        making.handed(by, making.collection(by))

    assert [code for code, _ in means_of(by, make.issued_invoice(by, client_id=client.id))] == [
        "58"
    ]


def test_what_is_not_collected_names_the_houses_account(world):
    by = world.alice
    mandate, invoice = collected(by)
    stranger = make.issued_invoice(by)
    document = invoicing.get_document(invoice.id, by=by)
    with transaction(by.organization_id):
        context = parties.invoicing_context(by.organization_id, mandate.partner_id)
    unpaid = replace(document, payment=())

    assert [code for code, _ in means_of(by, stranger)] == ["58"]
    assert context.payment_of(replace(unpaid, currency="USD"), None) == context.payment
    assert context.payment_of(replace(unpaid, kind=Kind.CREDIT_NOTE), None) == context.payment
    assert context.leave is not None
    after = context.leave.until.replace(year=context.leave.until.year + 1)
    assert context.payment_of(unpaid, after) == context.payment  # nobody used it for 36 months
    assert context.payment_of(document, after) == document.payment  # as it was written
