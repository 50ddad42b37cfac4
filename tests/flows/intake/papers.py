"""Papers of suppliers for tests: a document of ours turned round, in any format."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf

from guilder.kernel.document import (
    Address,
    Contact,
    CreditTransfer,
    Document,
    Identifier,
    Item,
    Kind,
    Line,
    Party,
    PaymentMeans,
    Price,
    Tax,
)
from guilder.kernel.totals import calculate
from guilder.papers.exchange.formats.writing import write

IBAN = "DE02120300000000202051"
VAT = "DE123456788"


def supplier(**changes: Any) -> Party:
    """A German supplier."""
    told: dict[str, Any] = {
        "name": "Papier Müller GmbH",
        "vat_id": VAT,
        "endpoint": Identifier("rechnung@papier.example", "EM"),
        "legal_registration": Identifier("HRB 4711"),
        "address": Address(line1="Werkstraße 3", postal_code="50667", city="Köln", country="DE"),
        "contact": Contact(name="Mia Müller", phone="+49 221 1", email="mia@papier.example"),
    }
    return Party(**{**told, **changes})


def buyer(**changes: Any) -> Party:
    """The organization of the tests, as make.open_books sets it up."""
    told: dict[str, Any] = {
        "name": "Northlight Studio",
        "vat_id": "DE136695976",
        "endpoint": Identifier("billing@northlight.example", "EM"),
        "address": Address(
            line1="Hafenstraße 7", postal_code="20457", city="Hamburg", country="DE"
        ),
    }
    return Party(**{**told, **changes})


def line(name: str = "Copy paper", price: str = "100.00", **changes: Any) -> Line:
    """One box at 100.00 with 19 %."""
    told: dict[str, Any] = {
        "id": "1",
        "item": Item(name=name),
        "quantity": Decimal(1),
        "unit": "C62",
        "price": Price(amount=Decimal(price)),
        "tax": Tax(category="S", rate=Decimal(19)),
    }
    return Line(**{**told, **changes})


def document(number: str = "R-1", **changes: Any) -> Document:
    """An invoice over 119.00 EUR from the supplier, due on 12 December 2026."""
    told: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "number": number,
        "currency": "EUR",
        "seller": supplier(),
        "buyer": buyer(),
        "lines": (line(),),
        "issued_on": date(2026, 11, 12),
        "due_on": date(2026, 12, 12),
        "buyer_reference": "04011000-12345-34",
        "payment": (
            PaymentMeans(code="58", transfers=(CreditTransfer(account=IBAN, bank="BYLADEM1001"),)),
        ),
    }
    return calculate(Document(**{**told, **changes}))


def file(paper: Document | None = None, name: str = "ubl", **changes: Any) -> bytes:
    """A paper in a format; one of `document` without one."""
    return write(paper or document(**changes), name)


def plain_pdf() -> bytes:
    """A PDF of one empty page, as a scanner makes it."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()
