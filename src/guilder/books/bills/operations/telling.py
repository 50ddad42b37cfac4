"""What the trail and the events say of a bill."""

from typing import Any

from guilder.books.bills.models import Bill
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money


def told(row: Bill) -> dict[str, Any]:
    """What the audit trail keeps of a bill."""
    return {
        "supplier": row.supplier_name,
        "kind": row.kind,
        "number": row.number,
        "status": row.status,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "due": f"{Money(row.payable_amount, row.currency)} {row.currency}",
        "iban": row.iban,
    }


def note(action: str, row: Bill, *, by: Actor, before: dict[str, Any] | None = None) -> None:
    """Write a step of a bill down."""
    audit.record(
        by=by, action=action, table="bills_bill", row_id=row.id, before=before, after=told(row)
    )


def tell(event: Any, row: Bill, *, by: Actor, **more: Any) -> None:
    """Tell of a step of a bill."""
    bus.publish(
        event(
            bill_id=row.id,
            partner_id=row.partner_id,
            kind=row.kind,
            number=row.number,
            amount=str(Money(row.payable_amount, row.currency)),
            currency=row.currency,
            **more,
        ),
        by=by,
    )
