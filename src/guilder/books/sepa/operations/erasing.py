"""Taking away what mandates say of a person."""

from datetime import datetime
from uuid import UUID

from guilder.books.sepa.events import MandateEnded
from guilder.books.sepa.models import Item, Mandate
from guilder.books.sepa.operations.mandates import facts_of
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

ERASED = "—"
REASON = "Personal data was erased."


def strip_mandates(partner_id: UUID, *, by: Actor, at: datetime, keeps_used: bool) -> list[UUID]:
    """End a client's mandates and empty holder and account; gives those that were emptied.

    With `keeps_used` a mandate under which was collected only ends: it proves the collections, and
    is kept as long as they are. What a bank was told never changes. Twice is once.
    """
    by.require("partner.erase")
    with transaction(by.organization_id):
        rows = Mandate.objects.of(by.organization_id).lock().filter(partner_id=partner_id)
        emptied: list[UUID] = []
        for row in rows.order_by("id"):
            if not (keeps_used and is_used(row)):
                row.holder, row.iban, row.bic = ERASED, "", ""
                emptied.append(row.id)
            strip(row, by=by, at=at, is_kept=row.id not in emptied)
        return emptied


def is_used(row: Mandate) -> bool:
    """Whether a bank was asked to collect under it."""
    orders = Item.objects.of(row.organization_id).filter(mandate_id=row.id)
    return orders.exclude(state=Item.State.DROPPED).exists()


def strip(row: Mandate, *, by: Actor, at: datetime, is_kept: bool) -> None:
    """Save a mandate that is over now, and tell where it was not before."""
    was_open = row.ended_at is None
    if was_open:
        row.ended_at, row.ended_reason = at, REASON
    row.updated_at, row.version = at, row.version + 1
    row.save()
    kept = "all, as long as its collections are kept" if is_kept else "reference and day"
    audit.record(
        by=by, action="mandate.erase", table="sepa_mandate", row_id=row.id, before=None,
        after={"kept": kept},
    )  # fmt: skip
    if was_open:
        bus.publish(MandateEnded(reason=REASON, failure="", **facts_of(row)), by=by)
