"""Documents of an earlier system: locked history under their old numbers, outside the chain."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError

from guilder.books.invoicing import calc
from guilder.books.invoicing.building import Built
from guilder.books.invoicing.events import InvoiceTakenOver
from guilder.books.invoicing.lookup import Lookup
from guilder.books.invoicing.models import Invoice, IssuedDocument
from guilder.books.invoicing.reading import DraftInput
from guilder.books.invoicing.writes import CREATE, draft_values
from guilder.books.ledger import operations as ledger
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Totals
from guilder.kernel.errors import Invalid, NotFound, Problem
from guilder.kernel.money import Money
from guilder.kernel.totals import calculate
from guilder.registers.currencies import queries as currencies
from guilder.registers.parties.queries import InvoicingContext

TAKE_OVER = CREATE.replace("{trail}", ledger.trail_sql("made"))


@dataclass(frozen=True)
class OldDocument:
    """One document of the earlier system, with what was still open of it on the day of change:
    all of it where `left` is None."""

    document: Document
    client_id: UUID
    left: Money | None

    @cached_property
    def payable(self) -> int:
        """What was to be paid, in minor units; never below zero."""
        return max(calc.payable_of(cast("Totals", calculate(self.document).totals)), 0)

    @property
    def open(self) -> Money:
        """What is still open."""
        return self.left if self.left is not None else Money(self.payable, self.document.currency)


class NotHistory(Invalid):
    """A document cannot be taken over as history; `problems` point at /<index>/…"""

    code = "invoice.not_history"


def import_history(
    documents: Sequence[OldDocument], *, by: Actor, on: date, at: datetime
) -> list[UUID]:
    """Take over issued documents of an earlier system, and post what is open of them on `on`.

    Each keeps its number, date and paper, is locked like any issued document, and has no place in
    a series. Open items are posted against the opening account: once, for a document comes once.
    Raises NotHistory with every fault, NoRate, PeriodIsLocked.
    """
    by.require("import.run")
    with numbers_free(), transaction(by.organization_id):
        problems = [
            problem
            for index, one in enumerate(documents)
            for problem in problems_of(one, index, by=by)
        ]
        if problems:
            raise NotHistory(problems=problems)
        lookup = Lookup(by.organization_id)
        return [take_over(one, index, lookup=lookup, by=by, on=on, at=at)
                for index, one in enumerate(documents)]  # fmt: skip


@contextmanager
def numbers_free() -> Iterator[None]:
    """A number that came in twice, here or by somebody else at this moment, is told as one that
    exists; nothing of the documents is kept."""
    try:
        yield
    except IntegrityError as error:
        if "number_once" not in str(error):
            raise
        fault = Problem("/0/number", "invoicing.number_taken", "This number exists already.")
        raise NotHistory(problems=[fault]) from None


def problems_of(one: OldDocument, index: int, *, by: Actor) -> list[Problem]:
    """What keeps one document from being taken over."""
    found: list[Problem] = []

    def fault(name: str, code: str, detail: str) -> None:
        found.append(Problem(f"/{index}/{name}", f"invoicing.{code}", detail))

    document = one.document
    if not document.number or len(document.number) > 80:
        fault("number", "no_number", "Give the number that it was issued under.")
    elif Invoice.objects.of(by.organization_id).filter(number=document.number).exists():
        fault("number", "number_taken", f"{document.number} exists already.")
    if document.issued_on is None:
        fault("issued_on", "no_date", "Give the day on which it was issued.")
    if document.kind.value not in calc.POSTED:
        fault("kind", "kind", "Take over invoices, deposits, debit and credit notes only.")
    left = one.open
    if left.currency != document.currency:
        fault("open", "currency", f"Give what is open in {document.currency}.")
    elif not 0 <= left.minor <= one.payable:
        fault("open", "open", "What is open lies between nothing and what was to be paid.")
    return found


def take_over(
    one: OldDocument, index: int, *, lookup: Lookup, by: Actor, on: date, at: datetime
) -> UUID:
    """Write one document of the past, locked."""
    try:
        context = lookup.context(one.client_id, at=at)
    except NotFound as error:
        raise NotHistory(problems=[Problem(f"/{index}/client", error.code, error.detail)]) from None
    document = calculate(with_sides(one.document, context))
    issued_on = cast("date", document.issued_on)
    rate, source = Decimal(1), ""
    if document.currency != context.base_currency:
        found = currencies.rate_on(
            by.organization_id, base=document.currency, quote=context.base_currency, on=issued_on
        )
        rate, source = found.rate, found.source
    content = canonical.canonical_bytes(without_number(document))
    built = Built(
        document=document,
        content=content,
        context=context,
        on=issued_on,
        items=[None] * len(document.lines),
        reasons=[""] * len(document.lines),
        terms={},
        read=DraftInput(client_id=one.client_id, kind=document.kind.value),
    )
    invoice_id = uuid7()
    write(built, one, invoice_id, by=by, at=at, rate=rate, source=source)
    post_open(built, one, invoice_id, by=by, on=on, at=at, rate=rate, source=source)
    return invoice_id


def with_sides(document: Document, context: InvoicingContext) -> Document:
    """The paper with the sides that it does not name itself (a table seldom does), as the registers
    have them."""
    return replace(
        document,
        seller=document.seller if document.seller.name else context.seller,
        buyer=document.buyer if document.buyer.name else context.buyer,
    )


def without_number(document: Document) -> Document:
    """The paper as it is hashed: without its number."""
    return replace(document, number="")


def write(
    built: Built,
    one: OldDocument,
    invoice_id: UUID,
    *,
    by: Actor,
    at: datetime,
    rate: Decimal,
    source: str,
) -> None:
    """The rows: a draft first, so that its lines can be written, then locked."""
    document = built.document
    values = draft_values(
        built,
        organization_id=by.organization_id,
        invoice_id=invoice_id,
        by_id=by.user_id,
        at=at,
    )
    left = one.open
    cursor().execute(TAKE_OVER, {**values, **trail_of(one, invoice_id, by=by)})
    sides = {
        "currency": document.currency,
        "base_currency": built.context.base_currency,
        "rate": rate,
    }
    content_hash = sha256(built.content).digest()
    IssuedDocument.objects.create(
        organization_id=by.organization_id,
        invoice_id=invoice_id,
        number=document.number,
        issued_on=document.issued_on,
        document=built.content,
        content_hash=content_hash,
        issued_at=at,
        issued_by_id=by.user_id,
    )
    changes: dict[str, Any] = {
        "status": "issued",
        "is_history": True,
        "number": document.number,
        "issued_on": document.issued_on,
        "base_rate": rate,
        "rate_source": source,
        "base_net_amount": calc.in_base(values["net"], **sides),
        "base_tax_amount": calc.in_base(values["tax"], **sides),
        "base_payable_amount": calc.in_base(values["payable"], **sides),
        "prior_amount": values["payable"] - left.minor,
        "open_amount": left.minor,
        "settled_on": None if left else document.issued_on,
        "content": None,
    }
    Invoice.objects.of(by.organization_id).filter(id=invoice_id).update(**changes)


def trail_of(one: OldDocument, invoice_id: UUID, *, by: Actor) -> dict[str, Any]:
    """What is told and audited of one document."""
    document, left = one.document, one.open
    told = InvoiceTakenOver(
        invoice_id=invoice_id,
        kind=document.kind.value,
        partner_id=one.client_id,
        number=document.number,
        issued_on=cast("date", document.issued_on),
        currency=document.currency,
        open=str(left.amount),
    )
    after = {"number": document.number, "open": str(left), "currency": document.currency}
    return ledger.trail_parameters(
        by=by,
        events=[told],
        audited=("invoice.take_over", "invoicing_invoice", invoice_id, None, after),
    )


def post_open(
    built: Built,
    one: OldDocument,
    invoice_id: UUID,
    *,
    by: Actor,
    on: date,
    at: datetime,
    rate: Decimal,
    source: str,
) -> None:
    """What is open stands in the ledger from `on` on, against the opening account."""
    document, still = built.document, one.open.minor
    payable = calc.payable_of(cast("Totals", document.totals))
    base = calc.in_base(
        payable, currency=document.currency, base_currency=built.context.base_currency, rate=rate
    )
    prior = payable - still
    left = base - calc.base_step(base, payable=payable, before=0, after=prior)
    sign, role = (-1, "customer_credit") if document.kind == "credit_note" else (1, "receivables")
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg(role, sign * still, sign * left),
                ledger.Leg("opening", -sign * still, -sign * left),
            ),
            on=on,
            source="opening.item",
            source_id=invoice_id,
            currency=document.currency,
            base_currency=built.context.base_currency,
            rate=rate,
            rate_source=source,
            partner_id=one.client_id,
            memo=f"{document.number}: open when taken over"[:200],
        ),
        by=by,
        at=at,
    )
