"""Statements and receipts as PDF."""

from datetime import date

import pypdfium2
import pytest

from guilder.kernel.document import Address, Contact, Party
from guilder.kernel.money import Money
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering.accounts import Account, AccountRow

SELLER = Party(
    name="Northlight Studio GmbH",
    vat_id="DE123456788",
    address=Address(line1="Speicherstrasse 14", postal_code="20457", city="Hamburg", country="DE"),
    contact=Contact(email="accounts@northlight.example"),
)
BUYER = Party(
    name="Baltic Timber OÜ",
    address=Address(line1="Viru väljak 2", postal_code="10111", city="Tallinn", country="EE"),
)


def euro(amount: str) -> Money:
    return Money(amount, "EUR") if isinstance(amount, int) else Money.of(amount, "EUR")


def statement(**changes):
    rows = (
        AccountRow(
            date(2026, 11, 12), "invoice", "INV-2026-00181", euro("15428.10"), euro("15428.10")
        ),
        AccountRow(date(2026, 11, 20), "payment", "", euro("-7714.05"), euro("7714.05")),
    )
    values = {
        "seller": SELLER,
        "buyer": BUYER,
        "language": "en",
        "start_on": date(2026, 11, 1),
        "end_on": date(2026, 11, 20),
        "made_on": date(2026, 11, 20),
        "accounts": (Account(euro("0"), rows, euro("7714.05"), euro("0")),),
    }
    return rendering.StatementPaper(**{**values, **changes})


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_a_statement_opens_moves_and_closes():
    text = text_of(rendering.render_statement(statement()))

    for words in (
        "Statement of account",
        "Baltic Timber OÜ",
        "Opening balance",
        "Invoice INV-2026-00181",
        "−€7,714.05",
        "Closing balance",
        "€7,714.05",
        "Northlight Studio GmbH",
    ):
        assert words in text


@pytest.mark.parametrize("language", ["de", "fr", "es", "nl", "ar"])
def test_a_statement_is_set_in_every_language(language):
    assert rendering.render_statement(statement(language=language))[:5] == b"%PDF-"


def test_a_statement_has_an_account_for_each_currency_and_many_pages():
    row = AccountRow(date(2026, 11, 2), "write_off", "", euro("-1.00"), euro("5.00"))
    long = Account(euro("0"), (row,) * 120, euro("5.00"), euro("2.00"))
    pounds = Account(Money(0, "GBP"), (), Money(0, "GBP"), Money(0, "GBP"))

    pdf = rendering.render_statement(statement(accounts=(long, pounds)))

    text = text_of(pdf)
    assert rendering.page_count(pdf) > 2
    assert "€2.00 of it is overdue" in text
    assert "Nothing moved in this period." in text


def test_a_receipt_names_what_was_paid_and_what_is_left():
    paper = rendering.ReceiptPaper(
        seller=SELLER,
        buyer=BUYER,
        language="en",
        received_on=date(2026, 11, 19),
        made_on=date(2026, 11, 20),
        method="bank_transfer",
        reference="INV-2026-00181",
        amount=euro("7764.05"),
        parts=(("INV-2026-00181", euro("7714.05")),),
        left=euro("50.00"),
    )

    text = text_of(rendering.render_receipt(paper))

    for words in ("Payment receipt", "€7,764.05", "Bank transfer", "Left as your credit", "€50.00"):
        assert words in text


def mandate(**changes):
    values = {
        "seller": SELLER,
        "buyer": BUYER,
        "language": "en",
        "creditor_id": "DE98ZZZ09999999999",
        "reference": "C-00012-1",
        "scheme": "CORE",
        "is_recurrent": True,
        "holder": "Baltic Timber OÜ",
        "iban": "DE02120300000000202051",
        "bic": "BYLADEM1001",
        "signed_on": None,
        "made_on": date(2026, 11, 20),
    }
    return rendering.MandatePaper(**{**values, **changes})


def test_a_mandate_says_who_may_collect_from_where_and_leaves_room_for_the_signature():
    text = " ".join(text_of(rendering.render_mandate(mandate())).split())

    for words in ("SEPA direct debit mandate", "C-00012-1", "DE98ZZZ09999999999", "Speicherstrasse 14",
                  "DE02 1203 0000 0000 2020 51 · BYLADEM1001", "Recurrent", "within eight weeks",
                  "Place and date", "Signature"):  # fmt: skip
        assert words in text, words
    assert text.count("2026") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "بين الشركات"),
        ("de", "SEPA-Firmenlastschriftmandat"),
        ("es", "adeudo directo SEPA B2B"),
        ("fr", "interentreprises"),
        ("nl", "SEPA-bedrijfsmachtiging"),
    ],
    ids=["ar", "de", "es", "fr", "nl"],
)
def test_a_mandate_between_businesses_is_another_one_in_every_language(language, words):
    paper = mandate(language=language, scheme="B2B", signed_on=date(2026, 11, 2))

    text = " ".join(text_of(rendering.render_mandate(paper)).split())

    assert words in text
    assert "By signing" not in text
    assert text.count("2026") == 2
