"""What lowers or raises the open amount of an issued invoice, under its lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guilder.books.invoicing import calc
from guilder.books.invoicing.events import InvoiceReopened, InvoiceSettled, InvoiceWrittenOff
from guilder.books.invoicing.models import WriteOff
from guilder.books.invoicing.queries.records import NoSuchInvoice
from guilder.books.invoicing.writes import SETTLED
from guilder.books.ledger import operations as ledger
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.hot import array, cursor
from guilder.foundation.tenancy.ids import uuid7
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem
from guilder.kernel.money import Money

# In the order of their ids, whoever asks: two payments over the same invoices cannot dead-lock. The
# ids come by a sub-select: as an array that is seen, one id looks so much cheaper than ten that the
# server plans anew for every payment.
LOCK = """
SELECT i.id, i.kind, i.status, i.number, i.partner_id, i.currency, i.base_currency, i.base_rate,
  i.rate_source, i.payable_amount, i.base_payable_amount, i.open_amount, i.issued_on, i.due_on
FROM invoicing_invoice i
WHERE i.organization_id = %(organization)s::uuid AND i.id = ANY((SELECT %(ids)s::uuid[])::uuid[])
ORDER BY i.id
FOR NO KEY UPDATE
"""
# What a settlement may add to: payments allocated, credits applied, amounts given up.
COLUMNS = {"allocated_amount", "credited_amount", "written_off_amount"}


class NotOpen(Conflict):
    """Nothing of it is open."""

    code = "invoice.not_open"


class OverOpen(Invalid):
    """More than is open."""

    code = "invoice.over_open"


@dataclass(frozen=True, slots=True)
class Debt:
    """An issued document under lock; amounts in minor units."""

    id: UUID
    kind: str
    status: str
    number: str | None
    partner_id: UUID
    currency: str
    base_currency: str
    base_rate: Decimal | None
    rate_source: str
    payable: int
    base_payable: int | None
    left: int
    issued_on: date | None
    due_on: date | None

    @property
    def is_receivable(self) -> bool:
        """Whether it is issued and asks for money."""
        return self.status == "issued" and self.kind in calc.RECEIVABLE

    def base_of(self, amount: int) -> int:
        """What taking `amount` off its open amount takes off in base units; below zero puts on."""
        cleared = self.payable - self.left
        return calc.base_step(
            self.base_payable or 0, payable=self.payable, before=cleared, after=cleared + amount
        )


def lock_debts(ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Debt]:
    """The documents of these ids under lock; those that do not exist are absent."""
    return asked_debts(ids, by=by)()


def asked_debts(ids: Sequence[UUID], *, by: Actor) -> Callable[[], dict[UUID, Debt]]:
    """`lock_debts` for what is asked together with others: call what it gives after they went."""
    rows = cursor(binary=True).execute(
        LOCK, {"organization": by.organization_id, "ids": array(set(ids), "uuid")}, prepare=True
    )
    return lambda: {row[0]: Debt(*row) for row in rows.fetchall()}


def settled_sql(gate: str, *, column: str = "allocated_amount") -> str:
    """The CTE `settled` that applies amounts to invoices, under `gate`."""
    if column not in COLUMNS:
        raise ValueError(column)
    return SETTLED.format(gate=gate, column=column)


def settled_parameters(amounts: Mapping[UUID, int], *, on: date, at: datetime) -> dict[str, Any]:
    """What settled_sql binds: invoice → amount, below zero to take an application back."""
    return {
        "settled_ids": list(amounts),
        "settled_amounts": list(amounts.values()),
        "settled_on": on,
        "at": at,
    }


def settlement_events(
    debts: Mapping[UUID, Debt], amounts: Mapping[UUID, int], *, on: date
) -> list[Any]:
    """InvoiceSettled for each that has nothing left then, InvoiceReopened where there is again."""
    events: list[Any] = []
    for invoice_id, amount in amounts.items():
        debt = debts[invoice_id]
        whose = {"invoice_id": debt.id, "kind": debt.kind, "partner_id": debt.partner_id}
        if amount and debt.left == amount:
            events.append(InvoiceSettled(settled_on=on, **whose))
        elif amount < 0 and not debt.left:
            events.append(InvoiceReopened(**whose))
    return events


def write_off(
    invoice_id: UUID,
    *,
    by: Actor,
    on: date,
    at: datetime,
    reason: str,
    amount: Money | None = None,
) -> None:
    """Give up what is open of an invoice, or `amount` of it.

    Raises NoSuchInvoice, NotOpen, OverOpen, Invalid (no reason, another currency).
    """
    by.require("invoice.credit")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it is given up.")])
    with transaction(by.organization_id):
        debt = lock_debts([invoice_id], by=by).get(invoice_id)
        if debt is None:
            raise NoSuchInvoice("There is no such invoice.")
        if not debt.is_receivable or not debt.left:
            raise NotOpen("Nothing is open on this document.")
        if amount is not None and amount.currency != debt.currency:
            detail = f"Give the amount in {debt.currency}."
            raise Invalid(problems=[Problem("/amount", "invoicing.currency", detail)])
        given_up = debt.left if amount is None else amount.minor
        if not 0 < given_up <= debt.left:
            left = Money(debt.left, debt.currency)
            raise OverOpen(f"Give up more than nothing, and at most the {left} that are open.")
        book_write_off(debt, given_up, by=by, on=on, at=at, reason=reason.strip()[:200])


def book_write_off(
    debt: Debt, amount: int, *, by: Actor, on: date, at: datetime, reason: str
) -> None:
    """Store, settle, post and tell a write-off."""
    base = debt.base_of(amount)
    row = WriteOff.objects.create(
        organization_id=by.organization_id,
        id=uuid7(),
        invoice_id=debt.id,
        amount=amount,
        base_amount=base,
        written_off_on=on,
        reason=reason,
        created_by_id=by.user_id,
        created_at=at,
    )
    cursor().execute(
        f"WITH gate AS (SELECT 1), {settled_sql('gate', column='written_off_amount')}"  # noqa: S608
        " SELECT id FROM settled",
        {
            "organization": by.organization_id,
            **settled_parameters({debt.id: amount}, on=on, at=at),
        },
    )
    ledger.post(
        ledger.Booking(
            legs=(
                ledger.Leg("bad_debt", amount, base),
                ledger.Leg("receivables", -amount, -base),
            ),
            on=on,
            source="invoice.write_off",
            source_id=row.id,
            currency=debt.currency,
            base_currency=debt.base_currency,
            rate=debt.base_rate or Decimal(1),
            rate_source=debt.rate_source,
            partner_id=debt.partner_id,
            memo=f"{debt.number}: {reason}"[:200],
        ),
        by=by,
        at=at,
    )
    told_write_off(debt, amount, by=by, on=on, reason=reason)


def told_write_off(debt: Debt, amount: int, *, by: Actor, on: date, reason: str) -> None:
    """Audit and tell a write-off."""
    given_up = str(Money(amount, debt.currency))
    audit.record(
        by=by,
        action="invoice.write_off",
        table="invoicing_invoice",
        row_id=debt.id,
        before={"open": str(Money(debt.left, debt.currency))},
        after={"written_off": given_up, "reason": reason, "on": on.isoformat()},
    )
    bus.publish(
        InvoiceWrittenOff(
            invoice_id=debt.id,
            kind=debt.kind,
            partner_id=debt.partner_id,
            amount=given_up,
            currency=debt.currency,
        ),
        by=by,
    )
    for event in settlement_events({debt.id: debt}, {debt.id: amount}, on=on):
        bus.publish(event, by=by)
