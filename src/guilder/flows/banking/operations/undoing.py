"""Taking a match back, leaving a line out, and taking that back too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.books.ledger import operations as ledger
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as money
from guilder.books.sepa import operations as sepa
from guilder.flows.banking.events import LineExcluded, LineReopened
from guilder.flows.banking.models import BankAccount, Match, StatementLine
from guilder.flows.banking.operations import paying, posting
from guilder.flows.banking.operations.learning import forget
from guilder.flows.banking.operations.matching import moved, waiting
from guilder.flows.banking.queries.lines import NoSuchLine
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict
from guilder.kernel.money import Money

LEGS = """
SELECT p.account_id, p.amount, p.base_amount, p.currency, p.rate, p.rate_source, e.base_currency
FROM ledger_entry e
JOIN ledger_posting p ON p.organization_id = e.organization_id AND p.entry_id = e.id
WHERE e.organization_id = %(organization)s::uuid AND e.id = %(entry)s::uuid ORDER BY p.position
"""


class NothingToUndo(Conflict):
    """The line waits already."""

    code = "banking.nothing_to_undo"


def exclude_line(line_id: UUID, *, by: Actor, at: datetime, note: str = "") -> StatementLine:
    """Leave a line out of matching: it is none of the books' business.

    Raises NoSuchLine, NotWaiting.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = waiting(line_id, by=by)
        row.state = StatementLine.State.EXCLUDED
        row.note = note.strip()[:200]
        moved(row, at=at)
        told(row, "bank_line.exclude", {"note": row.note}, by=by)
        bus.publish(LineExcluded(line_id=row.id, account_id=row.account_id), by=by)
        return row


def reopen_line(line_id: UUID, *, by: Actor, at: datetime) -> StatementLine:
    """Undo what a line was matched with, or that it was left out: it waits again.

    Payments that were recorded for it, of clients and of bills, are reversed, entries mirrored,
    returned payments recorded anew. Raises NoSuchLine, NothingToUndo, ledger's PeriodIsLocked.
    """
    by.require("bank.edit")
    with transaction(by.organization_id):
        row = StatementLine.objects.of(by.organization_id).lock().filter(id=line_id).first()
        if row is None:
            raise NoSuchLine("There is no such bank line.")
        if row.state == StatementLine.State.OPEN:
            raise NothingToUndo("This line is not matched.")
        account = BankAccount.objects.of(by.organization_id).get(id=row.account_id)
        desk = posting.Desk(row=row, account=account, by=by, at=at)
        matches = Match.objects.of(by.organization_id).lock().filter(line_id=row.id, is_active=True)
        undo_all(desk, list(matches.order_by("id")))
        row.state, row.note = StatementLine.State.OPEN, ""
        moved(row, at=at)
        told(row, "bank_line.reopen", {"state": "open"}, by=by)
        bus.publish(LineReopened(line_id=row.id, account_id=row.account_id), by=by)
        return row


def undo_all(desk: posting.Desk, matches: list[Match]) -> None:
    """Each share back: switched off first, so that its payment is nobody's while it is undone."""
    entries: set[UUID] = set()
    for one in matches:
        Match.objects.of(desk.by.organization_id).filter(id=one.id).update(
            is_active=False, undone_at=desk.at
        )
        if one.entry_id is not None and one.entry_id not in entries:
            entries.add(one.entry_id)
            mirror(desk, one)
        if one.kind == Match.Kind.INVOICE and one.payment_id is not None:
            take_back(desk, one.payment_id)
        if one.kind == Match.Kind.BILL and one.disbursement_id is not None:
            supplier_id = paying.take_back_paid(desk, one.disbursement_id)
            forget(desk.row, supplier_id, by=desk.by)
        if one.kind == Match.Kind.RETURN and one.payment_id is not None:
            record_anew(desk, one.payment_id)
        elif one.kind == Match.Kind.RETURN:
            paying.send_again(desk, one)


def take_back(desk: posting.Desk, payment_id: UUID) -> None:
    """Reverse the payment that was recorded for the line, and unlearn its payer."""
    found = money.get_payment(payment_id, by=desk.by)
    if found.reversed_on is None:
        payments.reverse_payment(
            payment_id,
            by=desk.by,
            on=desk.row.booked_on,
            at=desk.at,
            reason="The match of a bank line was undone",
        )
    forget(desk.row, found.partner_id, by=desk.by)


def record_anew(desk: posting.Desk, payment_id: UUID) -> None:
    """The return was none: the payment stands again, and the line that brought it points to it."""
    found = money.get_payment(payment_id, by=desk.by)
    data: dict[str, Any] = {
        "client": str(found.partner_id),
        "amount": {"amount": str(Money(found.amount, found.currency)), "currency": found.currency},
        "received_on": found.received_on.isoformat(),
        "method": found.method,
        "account": str(found.account_id),
        "reference": found.reference,
        "auto": True,
    }
    again = payments.record_payment(by=desk.by, data=data, at=desk.at)
    sepa.note_again(payment_id, stands_as=again.id, by=desk.by)
    Match.objects.of(desk.by.organization_id).filter(payment_id=payment_id, is_active=True).update(
        payment_id=again.id
    )


def mirror(desk: posting.Desk, match: Match) -> None:
    """The entry of a line the other way round."""
    values = {"organization": desk.by.organization_id, "entry": match.entry_id}
    rows = cursor(binary=True).execute(LEGS, values, prepare=True).fetchall()
    _, _, _, currency, rate, source, base_currency = rows[0]
    legs = tuple(
        ledger.Leg("", -amount, -base, account_id=account_id)
        for account_id, amount, base, *_ in rows
    )
    ledger.post(
        ledger.Booking(
            legs=legs,
            on=desk.row.booked_on,
            source=posting.UNDO,
            source_id=match.id,
            currency=currency,
            base_currency=base_currency,
            rate=rate,
            rate_source=source,
            memo=f"{desk.row.name} {desk.row.text}".strip()[:200],
        ),
        by=desk.by,
        at=desk.at,
    )


def told(row: StatementLine, action: str, after: dict[str, Any], *, by: Actor) -> None:
    """The audit entry of a line."""
    audit.record(
        by=by,
        action=action,
        table="banking_statementline",
        row_id=row.id,
        before=None,
        after=after,
    )
