"""Writing down and telling what becomes of batches and orders."""

from typing import Any

from guilder.books.sepa import calc
from guilder.books.sepa.models import Batch, Item
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.kernel.actor import Actor
from guilder.kernel.money import Money


def facts_of(record: Any) -> dict[str, Any]:
    """What every event of a batch carries; from a row with its figures."""
    return {
        "batch_id": record.id,
        "kind": record.kind,
        "amount": str(Money(record.amount, record.currency)),
        "currency": record.currency,
        "count": record.count,
        "due_on": record.due_on,
    }


def order_facts(item: Item) -> dict[str, Any]:
    """What every event of an order carries."""
    return {
        "order_id": item.id,
        "batch_id": item.batch_id,
        "partner_id": item.partner_id,
        "invoice_id": item.invoice_id,
        "bill_id": item.bill_id,
        "refund_id": item.refund_id,
        "amount": str(Money(item.amount, "EUR")),
        "currency": "EUR",
        "failure": item.code,
        "reason": item.trouble or calc.words_of(item.code),
    }


def tell(event: Any, *, by: Actor) -> None:
    """Tell of it."""
    bus.publish(event, by=by)


def note(row: Batch, action: str, *, by: Actor, **more: Any) -> None:
    """Write a step of a batch down."""
    audit.record(
        by=by,
        action=action,
        table="sepa_batch",
        row_id=row.id,
        before=None,
        after={
            "message_id": row.message_id,
            "status": row.status,
            "due_on": row.due_on.isoformat(),
            **more,
        },
    )


def note_order(item: Item, action: str, before: str, *, by: Actor) -> None:
    """Write a step of an order down."""
    audit.record(
        by=by,
        action=action,
        table="sepa_item",
        row_id=item.id,
        before={"state": before},
        after={"state": item.state, "code": item.code, "end_to_end": item.end_to_end},
    )
