"""Booking a bill: one entry, once; and taking it out of the books by the entry's mirror."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.bills import calc
from guilder.books.bills.events import BillBooked, BillCancelled
from guilder.books.bills.models import Bill
from guilder.books.bills.operations.locking import locked_bill
from guilder.books.bills.operations.telling import note, tell, told
from guilder.books.bills.queries import approvals_of, get_bill
from guilder.books.invoicing.operations import in_base
from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.books.workflow.queries import get_rule
from guilder.foundation.identity import queries as identity
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies

ROLES = ("payables", "expense", "input_tax", "own_tax", "advances", "rounding")


class NotDraft(Conflict):
    """The bill is booked or cancelled."""

    code = "bill.not_draft"


class NotBooked(Conflict):
    """The bill is not in the books."""

    code = "bill.not_booked"


class StillPaid(Conflict):
    """Money or credit was applied to the bill."""

    code = "bill.still_paid"


class ApprovalDue(Conflict):
    """The bill comes to more than may be booked without an approval."""

    code = "bill.approval_due"


class NoApprovalNeeded(Conflict):
    """The bill may be booked without asking."""

    code = "bill.no_approval_needed"


def book_bill(
    bill_id: UUID, *, by: Actor, at: datetime, on: date | None = None, version: int | None = None
) -> Bill:
    """Put a draft into the books on its own day, or on `on`; from then on it stays as it is.

    Raises NoSuchBill, NotDraft, Stale, ApprovalDue, NoRate, ledger's PeriodIsLocked.
    """
    by.require("bill.book")
    with transaction(by.organization_id):
        row = locked_bill(bill_id, by=by, version=version, permission="bill.book")
        if row.status != Bill.Status.DRAFT:
            raise NotDraft("This bill is booked already, or was cancelled.")
        check_approved(row, by=by, at=at)
        before = told(row)
        row.booked_on = on or row.issued_on
        row.base_rate, row.rate_source = rate_of(row, by=by, on=row.issued_on)
        sums = sums_of(row)
        row.base_payable_amount = sums.base_payable()
        post(row, sums, by=by, at=at)
        row.status = Bill.Status.BOOKED
        row.version += 1
        row.updated_at = at
        row.save()
        note("bill.book", row, by=by, before=before)
        tell(BillBooked, row, by=by, booked_on=row.booked_on, due_on=row.due_on)
    return get_bill(bill_id, by=by)


def check_approved(row: Bill, *, by: Actor, at: datetime) -> None:
    """ApprovalDue unless the draft, as it stands, was approved or needs no approval."""
    rule = get_rule(by.organization_id)
    amount = worth(row, by=by, at=at) if rule.is_active else None
    if amount is None or amount.minor <= rule.amount or row.kind == Bill.Kind.CREDIT_NOTE:
        return
    given = [one for one in approvals_of(row.id, by=by) if one.state == "approved"]
    if any(one.subject_version == row.version for one in given):
        return
    limit = Money(rule.amount, rule.currency)
    raise ApprovalDue(f"Above {limit} {limit.currency} somebody must approve it first. Submit it.")


def worth(row: Bill, *, by: Actor, at: datetime) -> Money:
    """What a draft comes to in the base currency, at today's rate."""
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    rate, _ = rate_of(row, by=by, on=at.astimezone(zone).date())
    minor = in_base(
        row.payable_amount, currency=row.currency, base_currency=row.base_currency, rate=rate
    )
    return Money(minor, row.base_currency)


def rate_of(row: Bill, *, by: Actor, on: date) -> tuple[Decimal, str]:
    """(rate, source) from the bill's currency to the base currency. Raises NoRate."""
    if row.currency == row.base_currency:
        return Decimal(1), ""
    found = currencies.rate_on(
        by.organization_id, base=row.currency, quote=row.base_currency, on=on
    )
    return found.rate, f"{found.source} {found.on}"[:80]


def sums_of(row: Bill) -> calc.Sums:
    """What a bill with its rate comes to."""
    base_total = in_base(
        row.payable_amount + row.prepaid_amount,
        currency=row.currency,
        base_currency=row.base_currency,
        rate=row.base_rate or Decimal(1),
    )
    return calc.Sums(
        payable=row.payable_amount,
        prepaid=row.prepaid_amount,
        rounding=row.rounding_amount,
        base_total=base_total,
    )


def post(row: Bill, sums: calc.Sums, *, by: Actor, at: datetime) -> None:
    """The entry of a bill."""
    country = identity.get_organization(by.organization_id).country
    ledger.complete_chart(ROLES, by=by, country=country)
    lines = [(one.net_amount, one.account_id) for one in row.lines.order_by("position")]
    rows = [
        calc.TaxRow(
            category=one.category,
            rate=one.rate,
            taxable=one.taxable_amount,
            tax=one.tax_amount,
            own_rate=one.own_rate,
            own=one.own_amount,
        )
        for one in row.taxes.order_by("id")
    ]
    moves = calc.moves(lines, rows, sums, credit=row.kind == Bill.Kind.CREDIT_NOTE)
    ledger.post(booking_of(row, moves, on=row.booked_on or row.issued_on), by=by, at=at)


def booking_of(
    row: Bill, moves: list[calc.Move], *, on: date, source: str = "bill.book"
) -> ledger.Booking:
    """The ledger's record of what a bill moves."""
    legs = tuple(
        ledger.Leg(one.role, one.amount, one.base, one.category, one.rate, account_id=one.account)
        for one in moves
    )
    return ledger.Booking(
        legs=legs,
        on=on,
        source=source,
        source_id=row.id,
        currency=row.currency,
        base_currency=row.base_currency,
        rate=row.base_rate or Decimal(1),
        rate_source=row.rate_source,
        partner_id=row.partner_id,
        memo=f"{row.number} {row.supplier_name}"[:200],
    )


def cancel_bill(
    bill_id: UUID, *, by: Actor, at: datetime, reason: str, on: date | None = None,
    version: int | None = None,
) -> Bill:  # fmt: skip
    """Take a booked bill out of the books by an entry that is its mirror; its number is free again.

    Raises NoSuchBill, NotBooked, StillPaid, Stale, Invalid without a reason, PeriodIsLocked.
    """
    by.require("bill.book")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why.")])
    zone = ZoneInfo(identity.get_organization(by.organization_id).time_zone)
    with transaction(by.organization_id):
        row = locked_bill(bill_id, by=by, version=version, permission="bill.book")
        if row.status != Bill.Status.BOOKED:
            raise NotBooked("Only a booked bill is cancelled. A draft can be deleted.")
        if row.allocated_amount or row.credited_amount:
            raise StillPaid("Something was paid of it. Reverse the payment or credit first.")
        before = told(row)
        day = max(on or at.astimezone(zone).date(), row.booked_on or row.issued_on)
        mirror(row, by=by, at=at, on=day)
        row.status, row.cancelled_on = Bill.Status.CANCELLED, day
        row.cancelled_reason = reason.strip()[:200]
        row.version += 1
        row.updated_at = at
        row.save()
        note("bill.cancel", row, by=by, before=before)
        tell(BillCancelled, row, by=by, reason=row.cancelled_reason)
    return get_bill(bill_id, by=by)


def mirror(row: Bill, *, by: Actor, at: datetime, on: date) -> None:
    """Post what the bill's own entry moved, the other way round, to the very same accounts."""
    entry = next(
        (one for one in accounts.entries_of(by.organization_id, row.id)
         if one.source == "bill.book"), None,
    )  # fmt: skip
    if entry is None:
        return  # a bill over nothing was never posted
    moves = [
        calc.Move(
            role="",
            amount=-one.amount,
            base=-one.base_amount,
            category=one.tax_category,
            rate=one.tax_rate,
            account=one.account_id,
        )
        for one in entry.postings.all()
    ]
    ledger.post(booking_of(row, moves, on=on, source="bill.cancel"), by=by, at=at)
