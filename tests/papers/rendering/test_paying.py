"""Accounts, terms and the code to scan."""

from dataclasses import replace
from decimal import Decimal

import pytest

from guilder.kernel.document import (
    CreditTransfer,
    DirectDebit,
    EarlyDiscount,
    Kind,
    PaymentCard,
    PaymentMeans,
)
from guilder.kernel.money import Money
from guilder.papers.rendering.paying import payment_code, payment_of
from guilder.papers.rendering.wording import wording_for
from tests.papers.rendering.papers import BANK, everything, in_currency, invoice

ENGLISH = wording_for("en")


def payment(document, *, with_code=True):
    return payment_of(document, ENGLISH, with_code=with_code)


def test_a_bank_account_is_written_in_groups_of_four():
    assert payment(invoice(1))["rows"] == [
        ["Account holder", "Northlight Studio GmbH"],
        ["IBAN", "DE89 3704 0044 0532 0130 00"],
        ["BIC", "COBADEFFXXX"],
        ["Reference", "INV-2026-00184"],
    ]


def test_an_account_that_is_no_iban_is_called_account():
    means = PaymentMeans(
        code="30", transfers=(CreditTransfer(account="12-345678", bank="First Bank"),)
    )

    rows = payment(invoice(1, payment=(means,)))["rows"]

    assert ["Account", "12-345678"] in rows
    assert ["Bank", "First Bank"] in rows


def test_a_direct_debit_says_what_will_be_taken_from_where():
    means = PaymentMeans(
        code="59", direct_debit=DirectDebit(mandate="M-1", creditor="DE98ZZZ", account="DE1")
    )

    said = payment(invoice(1, payment=(means,)))

    assert said["terms"] == [
        "€26.78 will be debited from your account DE1 on 21 December 2026 or soon after."
    ]
    assert said["rows"] == [["Mandate", "M-1"], ["Creditor ID", "DE98ZZZ"], ["Your account", "DE1"]]
    assert said["code"] == ""


def test_a_card_is_named():
    means = PaymentMeans(code="48", card=PaymentCard(number="****1234", holder="L. Öztürk"))

    assert payment(invoice(1, payment=(means,)))["rows"] == [["Paid by card", "****1234 L. Öztürk"]]


def test_an_early_discount_names_the_day_and_the_rest():
    # 22.50 + 4.28 = 26.78; 2 % of it is 0.5356 → 0.54; 26.24 is left
    document = invoice(1, early_discounts=(EarlyDiscount(days=10, percent=Decimal(2)),))

    assert payment(document)["terms"] == ["Pay by 1 December 2026 and deduct 2%: €26.24"]
    undated = replace(document, issued_on=None)
    assert payment(undated)["terms"] == ["Pay within 10 days and deduct 2%: €26.24"]


@pytest.mark.parametrize("kind", [Kind.CREDIT_NOTE, Kind.QUOTE])
def test_nobody_is_asked_to_pay_a_credit_note_or_a_quote(kind):
    assert payment(invoice(1, kind=kind)) is None


def test_instalments_are_listed():
    said = payment(everything())

    assert said["instalments"] == [["1 December 2026", "€100.00"], ["1 January 2027", "€50.00"]]
    assert said["terms"][:2] == ["30 days net.", "Interest of 9 % after that."]


def means_with(**more):
    transfer = replace(BANK.transfers[0], **more)
    return (replace(BANK, transfers=(transfer,)),)


@pytest.mark.parametrize(
    "document",
    [
        in_currency("JPY", "1000"),
        invoice(1, payment=()),
        invoice(1, number=""),
        invoice(1, payment=means_with(account="DE00370400440532013000")),
        invoice(1, payment=(replace(BANK, code="49"),)),
        invoice(1, prepaid=Money(2678, "EUR")),
        invoice(1, kind=Kind.PRO_FORMA),
    ],
)
def test_no_code_is_made_where_it_could_not_be_paid(document):
    assert payment_code(document) == ""


def test_the_code_can_be_left_out():
    assert payment(invoice(1), with_code=False)["code"] == ""
    assert payment(invoice(1))["code"].startswith("<svg")


def test_a_broken_bic_does_not_stop_the_code():
    assert payment_code(invoice(1, payment=means_with(bank="NOT A BIC")))
