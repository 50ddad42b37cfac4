"""The public shape of a bill: REST, webhooks and exports."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from guilder.books.bills.models import Bill, BillLine
from guilder.kernel.canonical.writing import decimal_text
from guilder.kernel.money import Money


class BillTotalsOut(msgspec.Struct, kw_only=True):
    """What a bill comes to, as decimal text in its currency."""

    net: str
    tax: str
    gross: str
    prepaid: str
    rounding: str
    due: str


class BillLineOut(msgspec.Struct, kw_only=True):
    """A line of a bill with the account that it goes to; null is the usual one."""

    position: int
    kind: str
    name: str
    description: str
    quantity: str
    unit: str
    unit_price: str
    net: str
    tax_category: str
    tax_rate: str | None
    account: UUID | None
    account_code: str | None


class BillTaxOut(msgspec.Struct, kw_only=True):
    """One row of the taxes; `own_tax` is what the buyer owes and reclaims under reverse charge."""

    category: str
    rate: str | None
    taxable: str
    tax: str
    own_rate: str | None
    own_tax: str


class BillSummaryOut(msgspec.Struct, kw_only=True):
    """A bill as it stands in a list; amounts are decimal text in its currency."""

    id: UUID
    supplier: UUID
    supplier_name: str
    kind: str
    status: str
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    due: str
    open: str
    created_at: datetime


class BillOut(msgspec.Struct, kw_only=True):
    """A bill of a supplier; amounts are decimal text in its currency."""

    id: UUID
    supplier: UUID
    supplier_name: str
    kind: str
    status: str
    number: str
    issued_on: date
    due_on: date | None
    supplied_on: date | None
    booked_on: date | None
    cancelled_on: date | None
    cancelled_reason: str
    currency: str
    totals: BillTotalsOut
    paid: str
    credited: str
    open: str
    iban: str
    bic: str
    remittance: str
    order_reference: str
    notes: str
    is_read: bool
    sha256: str | None
    lines: list[BillLineOut]
    tax_breakdown: list[BillTaxOut]
    created_at: datetime
    updated_at: datetime
    etag: str


def bill_out(row: Bill, *, on: date) -> BillOut:
    """The shape of one bill; `on` says what is overdue."""
    return BillOut(
        id=row.id,
        supplier=row.partner_id,
        supplier_name=row.supplier_name,
        kind=row.kind,
        status=row.status_word(on=on),
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        supplied_on=row.supplied_on,
        booked_on=row.booked_on,
        cancelled_on=row.cancelled_on,
        cancelled_reason=row.cancelled_reason,
        currency=row.currency,
        totals=BillTotalsOut(
            net=told(row, row.net_amount),
            tax=told(row, row.tax_amount),
            gross=told(row, row.gross_amount),
            prepaid=told(row, row.prepaid_amount),
            rounding=told(row, row.rounding_amount),
            due=told(row, row.payable_amount),
        ),
        paid=told(row, row.allocated_amount),
        credited=told(row, row.credited_amount),
        open=told(row, row.open_amount),
        iban=row.iban,
        bic=row.bic,
        remittance=row.remittance,
        order_reference=row.order_reference,
        notes=row.notes,
        is_read=row.is_read,
        sha256=row.sha256 or None,
        lines=[line_out(row, one) for one in by_place(row)],
        tax_breakdown=[
            BillTaxOut(
                category=one.category,
                rate=None if one.rate is None else decimal_text(one.rate),
                taxable=told(row, one.taxable_amount),
                tax=told(row, one.tax_amount),
                own_rate=None if one.own_rate is None else decimal_text(one.own_rate),
                own_tax=told(row, one.own_amount),
            )
            for one in row.taxes.all()
        ],
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=f'"{row.version}"',
    )


def bill_summary(row: Bill, *, on: date) -> BillSummaryOut:
    """A bill for a list."""
    return BillSummaryOut(
        id=row.id,
        supplier=row.partner_id,
        supplier_name=row.supplier_name,
        kind=row.kind,
        status=row.status_word(on=on),
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        due=told(row, row.payable_amount),
        open=told(row, row.open_amount),
        created_at=row.created_at,
    )


def line_out(row: Bill, line: BillLine) -> BillLineOut:
    """A line of a bill."""
    return BillLineOut(
        position=line.position,
        kind=line.kind,
        name=line.name,
        description=line.description,
        quantity=decimal_text(line.quantity),
        unit=line.unit,
        unit_price=decimal_text(line.unit_price),
        net=told(row, line.net_amount),
        tax_category=line.tax_category,
        tax_rate=None if line.tax_rate is None else decimal_text(line.tax_rate),
        account=line.account_id,
        account_code=line.account.code if line.account is not None else None,
    )


def by_place(row: Bill) -> list[BillLine]:
    """The lines in their order."""
    return sorted(row.lines.all(), key=lambda one: one.position)


def told(row: Bill, minor: int) -> str:
    """An amount of the bill as decimal text."""
    return str(Money(minor, row.currency))
