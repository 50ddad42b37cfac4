"""The last statement of an issue: number, frozen paper, entry, events and audit, all in one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any, cast

import psycopg

from guilder.books.invoicing import calc, paper
from guilder.books.invoicing.calc import DepositShare
from guilder.books.invoicing.events import InvoiceIssued
from guilder.books.invoicing.operations.locking import Corrected, Draft
from guilder.books.invoicing.queries.records import InvoiceRecord
from guilder.books.invoicing.writes import AMOUNT_OF, APPLIED, ISSUED, amounts
from guilder.books.ledger import operations as ledger
from guilder.foundation.edges.late import Late, stand_in
from guilder.foundation.tenancy.ids import uuid7
from guilder.kernel import canonical
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Totals
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money
from guilder.registers.numbering import operations as numbering

TABLE = "invoicing_invoice"
TRAIL = ledger.trail_sql("numbered", payload="jsonb_build_object('number', numbered.number)")
ENTRY = ledger.entry_sql("numbered", memo="numbered.number")
SOURCE = "numbered, issued"
RESULT = f"numbered.number, numbered.sequence, numbered.chain_hash, issued.version FROM {SOURCE}"
# What the answer says that only the statement knows, as text.
LATE_WORDS = ("numbered.number", "encode(numbered.chain_hash, 'hex')")


class NumberTaken(Conflict):
    """The number that the series would give exists already."""

    code = "numbering.number_taken"


@dataclass(slots=True)
class Posted:
    """What issuing moves: the legs, and the base amounts that the invoice keeps."""

    legs: tuple[ledger.Leg, ...]
    base_net: int
    base_tax: int
    base_payable: int
    applied: int
    applied_base: int


def posted(
    draft: Draft,
    document: Document,
    *,
    rate: Decimal,
    deposits: Sequence[DepositShare],
    corrected: Corrected | None,
) -> Posted:
    """The booking of a document. A credit note is applied to what it corrects, as far as that is
    open; the rest stands as the client's credit."""
    totals = cast("Totals", document.totals)
    payable = calc.payable_of(totals)
    sides = {"currency": draft.currency, "base_currency": draft.base_currency, "rate": rate}

    def base(minor: int) -> int:
        return calc.in_base(minor, **sides)

    applied = min(payable, corrected.left) if corrected is not None else 0
    applied_base = 0
    if corrected is not None and applied:
        applied_base = calc.base_step(
            corrected.base_payable,
            payable=corrected.payable,
            before=corrected.payable - corrected.left,
            after=corrected.payable - corrected.left + applied,
        )
    if draft.kind == "pro_forma":
        return Posted((), base(totals.net.minor), base(totals.tax.minor), 0, 0, 0)
    whole = base(payable)
    fixed = None
    if draft.kind == "credit_note":
        own = calc.base_step(whole, payable=payable, before=0, after=applied)
        fixed = {"receivables": -applied_base, "customer_credit": own - whole}
    elif deposits and draft.kind != "deposit":
        fixed = calc.booked_deposits(deposits)
    parts = calc.parts_of(document, deposits=deposits, applied=applied)
    legs = tuple(
        ledger.Leg(role, amount, base_amount, category, tax_rate)
        for (role, amount, category, tax_rate), base_amount in calc.with_base(
            parts, **sides, fixed=fixed
        )
    )
    taxes = base(totals.tax.minor)
    return Posted(legs, base(totals.net.minor), taxes, whole, applied, applied_base)


def told(
    draft: Draft, document: Document, *, day: date, content_hash: bytes, left: int
) -> tuple[InvoiceIssued, dict[str, Any]]:
    """What is told and audited of an issue; the number is not known yet."""
    event = InvoiceIssued(
        invoice_id=draft.id,
        kind=draft.kind,
        partner_id=draft.partner_id,
        number="",
        issued_on=day,
        due_on=document.due_on,
        currency=draft.currency,
        due=str(cast("Totals", document.totals).due),
    )
    after = {
        "status": "issued",
        "series": draft.series.code,
        "issued_on": day.isoformat(),
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "content_hash": content_hash.hex(),
        "open": str(Money(left, draft.currency)),
    }
    return event, after


def booking_of(
    draft: Draft, booked: Posted, *, day: date, rate: Decimal, rate_source: str
) -> ledger.Booking:
    """The entry of an issue."""
    return ledger.Booking(
        legs=booked.legs,
        on=day,
        source="invoice.issue",
        source_id=draft.id,
        currency=draft.currency,
        base_currency=draft.base_currency,
        rate=rate,
        rate_source=rate_source,
        partner_id=draft.partner_id,
    )


def applied_to(corrected: Corrected, booked: Posted, *, payable: int) -> dict[str, Any]:
    """What applying a credit note to the invoice that it corrects binds."""
    return {
        "allocation": uuid7(),
        "corrected": corrected.id,
        "applied_base": booked.applied_base,
        "applied_credit_base": calc.base_step(
            booked.base_payable, payable=payable, before=0, after=booked.applied
        ),
    }


def issued_values(
    document: Document, sums: dict[str, int], booked: Posted, *, left: int, is_posted: bool
) -> dict[str, Any]:
    """The columns of the invoice that issuing fills."""
    return {
        "due_on": document.due_on,
        **{name: sums[name] for name in ("rounded", "due", "withheld", "payable")},
        "base_net": booked.base_net,
        "base_tax": booked.base_tax,
        "base_payable": booked.base_payable,
        "applied": booked.applied,
        "open": left,
        "settled_on": document.issued_on if is_posted and not left else None,
        "frozen_id": uuid7(),
    }


def freeze(
    draft: Draft,
    document: Document,
    *,
    by: Actor,
    at: datetime,
    day: date,
    rate: Decimal,
    rate_source: str,
    deposits: Sequence[DepositShare],
    corrected: Corrected | None,
    late: Late | None = None,
) -> InvoiceRecord:
    """The last statement before commit, and the record of what it made.

    With `late` the statement is left there, to go with COMMIT, and the record has stand-ins for
    number and chain hash.
    """
    content = canonical.canonical_bytes(document)
    content_hash = sha256(content).digest()
    sums = amounts(document)
    booked = posted(draft, document, rate=rate, deposits=deposits, corrected=corrected)
    is_posted = draft.kind in calc.POSTED
    left = sums["payable"] - booked.applied if is_posted else 0
    event, after = told(draft, document, day=day, content_hash=content_hash, left=left)
    audited = ("invoice.issue", TABLE, draft.id, {"status": "draft"}, after)
    writes, values = writing(
        draft,
        document,
        booked,
        booking=booking_of(draft, booked, day=day, rate=rate, rate_source=rate_source),
        left=left,
        by=by,
        at=at,
        tale=ledger.trail_parameters(by=by, events=[event], audited=audited),
    )
    values |= {"base_rate": rate, "rate_source": rate_source, "document": content}
    if corrected is not None and booked.applied:
        writes.append(APPLIED)
        values |= applied_to(corrected, booked, payable=sums["payable"])
    last = last_statement if late is None else partial(left_statement, late)
    number, version, chain_hash = last(
        draft, by=by, day=day, content_hash=content_hash, writes=writes, values=values
    )
    return record_of(
        draft,
        document,
        content=content,
        content_hash=content_hash,
        chain_hash=chain_hash,
        number=number,
        version=version,
        sums=sums,
        booked=booked,
        left=left,
        rate=rate,
        at=at,
    )


def writing(
    draft: Draft,
    document: Document,
    booked: Posted,
    *,
    booking: ledger.Booking,
    left: int,
    by: Actor,
    at: datetime,
    tale: dict[str, Any],
) -> tuple[list[str], dict[str, Any]]:
    """The parts of the last statement that every issue has, and their values; `tale` is what the
    trail is told."""
    writes = [ISSUED, TRAIL]
    is_posted = draft.kind in calc.POSTED
    values = tale | {
        **issued_values(document, amounts(document), booked, left=left, is_posted=is_posted),
        "id": draft.id,
        "at": at,
        "by": by.user_id,
    }
    if not booking.is_empty:
        writes.append(ENTRY)
        values |= ledger.entry_parameters(booking, accounts=draft.accounts, by_id=by.user_id, at=at)
    return writes, values


def last_statement(
    draft: Draft,
    *,
    by: Actor,
    day: date,
    content_hash: bytes,
    writes: list[str],
    values: dict[str, Any],
) -> tuple[str, int, bytes]:
    """(number, version, chain hash); NumberTaken, IssuedBeforeLast, PeriodIsLocked."""
    with refusals(draft):
        number, _, chain_hash, version = numbering.issue_in_series(
            draft.series,
            organization_id=by.organization_id,
            on=day,
            content_hash=content_hash,
            writes=", ".join(writes),
            result=RESULT,
            parameters=values,
        )
    return number, version, chain_hash


def left_statement(
    late: Late,
    draft: Draft,
    *,
    by: Actor,
    day: date,
    content_hash: bytes,
    writes: list[str],
    values: dict[str, Any],
) -> tuple[str, int, bytes]:
    """The same, left for the door to send: (stand-in, version, stand-in). The draft is locked, so
    its version is known."""
    number, chain_hash = stand_in(), stand_in()
    series = numbering.series_values(
        draft.series, organization_id=by.organization_id, on=day, content_hash=content_hash
    )
    late.leave(
        ctes=", ".join((numbering.NUMBERED, *writes)),
        columns=", ".join(LATE_WORDS),
        source=SOURCE,
        values={**values, **series},
        words=dict(zip(LATE_WORDS, (number, chain_hash), strict=True)),
        around=partial(refusals, draft),
        refusal=partial(numbering.issued_before_last, by.organization_id, draft.series),
    )
    return number, draft.version + 1, bytes.fromhex(chain_hash)


@contextmanager
def refusals(draft: Draft) -> Iterator[None]:
    """What the database refuses of an issue, in the house's words."""
    try:
        with ledger.refusals():
            yield
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name == "invoice_number_once":
            raise NumberTaken(
                f"Series {draft.series.code} would give a number that exists already. Change its "
                "pattern or choose another series."
            ) from None
        raise


def record_of(
    draft: Draft,
    document: Document,
    *,
    content: bytes,
    content_hash: bytes,
    chain_hash: bytes,
    number: str,
    version: int,
    sums: dict[str, int],
    booked: Posted,
    left: int,
    rate: Decimal,
    at: datetime,
) -> InvoiceRecord:
    """The record of what was just issued, without reading it again."""
    columns: dict[str, Any] = {column: sums[name] for column, name in AMOUNT_OF.items()}
    return InvoiceRecord(
        id=draft.id,
        kind=draft.kind,
        status="issued",
        draft_reference=draft.reference,
        number=number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        partner_id=draft.partner_id,
        partner_name=draft.partner_name,
        currency=draft.currency,
        base_currency=draft.base_currency,
        base_rate=rate,
        language=document.language,
        tax_rounding=document.rounding.value,
        **columns,
        base_payable_amount=booked.base_payable,
        allocated_amount=booked.applied,
        credited_amount=0,
        written_off_amount=0,
        open_amount=left,
        settled_on=document.issued_on if not left and draft.kind != "pro_forma" else None,
        sent_at=None,
        viewed_at=None,
        disputed_at=None,
        quote_id=draft.quote_id,
        corrects_id=draft.corrects_id,
        is_history=False,
        created_by_id=draft.created_by_id,
        created_at=draft.created_at,
        updated_at=at,
        version=version,
        paper=paper.data_of(content),
        items=draft.items,
        tax_reasons=draft.reasons,
        terms=draft.terms,
        content_hash=content_hash,
        chain_hash=chain_hash,
    )
