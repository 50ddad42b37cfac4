"""Documents of an earlier system: locked history under their old numbers, outside the chain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from psycopg.types.json import Jsonb

from guilder.books.invoicing import calc
from guilder.books.invoicing.building import Built
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

TAKE_OVER = CREATE.replace("{trail}", ledger.trail_sql("made", events=0))


@dataclass(frozen=True, slots=True)
class OldDocument:
    """One document of the earlier system, with what was still open of it on the day of change."""

    document: Document
    client_id: UUID
    left: Money


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
    with transaction(by.organization_id):
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
    payable = calc.payable_of(cast("Totals", calculate(document).totals))
    if one.left.currency != document.currency:
        fault("open", "currency", f"Give what is open in {document.currency}.")
    elif not 0 <= one.left.minor <= max(payable, 0):
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
    document = calculate(one.document)
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
        json=Jsonb,
    )
    after = {"number": document.number, "open": str(one.left), "currency": document.currency}
    trail = ledger.trail_parameters(
        by=by,
        events=[],
        audited=("invoice.take_over", "invoicing_invoice", invoice_id, None, after),
    )
    cursor().execute(TAKE_OVER, {**values, **trail})
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
        "prior_amount": values["payable"] - one.left.minor,
        "open_amount": one.left.minor,
        "settled_on": None if one.left else document.issued_on,
        "content": None,
    }
    Invoice.objects.of(by.organization_id).filter(id=invoice_id).update(**changes)


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
    document = built.document
    payable = calc.payable_of(cast("Totals", document.totals))
    base = calc.in_base(
        payable, currency=document.currency, base_currency=built.context.base_currency, rate=rate
    )
    prior = payable - one.left.minor
    left = base - calc.base_step(base, payable=payable, before=0, after=prior)
    sign, role = (-1, "customer_credit") if document.kind == "credit_note" else (1, "receivables")
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg(role, sign * one.left.minor, sign * left),
                ledger.Leg("opening", -sign * one.left.minor, -sign * left),
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
