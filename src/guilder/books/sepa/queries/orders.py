"""Reading batches and their orders, what may be put in, and the file for the bank."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from guilder.books.sepa import calc
from guilder.books.sepa.models import Answer, Batch, Item
from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem
from guilder.kernel.money import Money

MOST = 5_000
COLLECTABLE = """
SELECT i.id, i.number, i.partner_id, p.name, i.open_amount, i.due_on, i.issued_on, m.id,
  m.reference, m.is_recurrent,
  greatest(i.due_on, i.issued_on + coalesce(m.notice_days, %(notice)s)) AS from_on
FROM invoicing_invoice i
JOIN parties_partner p ON p.organization_id = i.organization_id AND p.id = i.partner_id
CROSS JOIN LATERAL (
  SELECT * FROM sepa_mandate m
  WHERE m.organization_id = i.organization_id AND m.partner_id = i.partner_id
    AND m.ended_at IS NULL AND m.signed_on <= %(today)s::date
    AND greatest(m.signed_on, coalesce(m.last_used_on, m.signed_on)) >= %(expired)s::date
    AND (m.is_recurrent OR (m.last_used_on IS NULL AND NOT EXISTS (SELECT FROM sepa_item u
      WHERE u.organization_id = m.organization_id AND u.mandate_id = m.id AND u.state = 'open')))
  ORDER BY m.id DESC LIMIT 1) m
WHERE i.organization_id = %(organization)s::uuid AND i.open_amount > 0 AND i.currency = 'EUR'
  AND i.status = 'issued' AND i.kind IN ('invoice', 'debit_note', 'deposit')
  AND i.disputed_at IS NULL AND (%(ids)s::uuid[] IS NULL OR i.id = ANY(%(ids)s::uuid[]))
  AND greatest(i.due_on, i.issued_on + coalesce(m.notice_days, %(notice)s)) <= %(due)s::date
  AND NOT EXISTS (SELECT FROM sepa_item x WHERE x.organization_id = i.organization_id
    AND x.invoice_id = i.id AND x.state = 'open')
ORDER BY i.due_on, i.id LIMIT %(limit)s
"""
PAYABLE = """
SELECT b.id, b.number, b.partner_id, p.name,
  b.payable_amount - b.allocated_amount - b.credited_amount, b.due_on, a.iban, a.bic, a.holder
FROM bills_bill b
JOIN parties_partner p ON p.organization_id = b.organization_id AND p.id = b.partner_id
CROSS JOIN LATERAL (
  SELECT * FROM parties_partnerbankaccount a
  WHERE a.organization_id = b.organization_id AND a.partner_id = b.partner_id AND a.iban <> ''
  ORDER BY a.is_default DESC, a.id LIMIT 1) a
WHERE b.organization_id = %(organization)s::uuid AND b.status = 'booked' AND b.kind = 'bill'
  AND b.currency = 'EUR' AND b.payable_amount > b.allocated_amount + b.credited_amount
  AND (%(ids)s::uuid[] IS NULL OR b.id = ANY(%(ids)s::uuid[]))
  AND NOT EXISTS (SELECT FROM sepa_item x WHERE x.organization_id = b.organization_id
    AND x.bill_id = b.id AND x.state = 'open')
ORDER BY b.due_on NULLS LAST, b.id LIMIT %(limit)s
"""


class NoSuchBatch(NotFound):
    """No batch of that id in this organization."""

    code = "sepa.no_such_batch"


class NotClosed(Conflict):
    """There is a file once the batch is closed."""

    code = "sepa.not_closed"


@dataclass(frozen=True, slots=True)
class Collectable:
    """An open invoice that a mandate covers, and from when on it may be collected."""

    invoice_id: UUID
    number: str
    partner_id: UUID
    partner_name: str
    amount: int
    due_on: date
    issued_on: date
    mandate_id: UUID
    mandate_reference: str
    is_recurrent: bool
    from_on: date


@dataclass(frozen=True, slots=True)
class Payable:
    """A booked bill with an open amount whose supplier has an account in SEPA."""

    bill_id: UUID
    number: str
    partner_id: UUID
    partner_name: str
    amount: int
    due_on: date | None
    iban: str
    bic: str
    holder: str


def collectable(
    *,
    by: Actor,
    due_on: date,
    today: date,
    notice_days: int,
    ids: list[UUID] | None = None,
    limit: int = MOST,
) -> list[Collectable]:
    """What can be collected on that day: due by then, told early enough, in nobody's batch."""
    by.require("sepa.view")
    values = {
        "organization": by.organization_id,
        "due": due_on,
        "today": today,
        "notice": notice_days,
        "expired": calc.months_before(today, 36),
        "ids": ids,
        "limit": limit,
    }
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(COLLECTABLE, values).fetchall()
    return one_use_each([Collectable(*row) for row in rows])


def one_use_each(found: list[Collectable]) -> list[Collectable]:
    """A mandate for a single collection covers the first of its client's invoices only."""
    used: set[UUID] = set()
    kept: list[Collectable] = []
    for one in found:
        if not one.is_recurrent and one.mandate_id in used:
            continue
        used.add(one.mandate_id)
        kept.append(one)
    return kept


def payable(*, by: Actor, ids: list[UUID] | None = None, limit: int = MOST) -> list[Payable]:
    """Bills that can be paid by a transfer, the longest due first."""
    by.require("sepa.view")
    values = {"organization": by.organization_id, "ids": ids, "limit": limit}
    with transaction(by.organization_id):
        rows = cursor(binary=True).execute(PAYABLE, values).fetchall()
    found = [Payable(*row) for row in rows]
    return [one for one in found if calc.is_reached(one.iban)]


def batches(by: Actor) -> Any:
    """All batches with `count` and `amount` of what stands in them, and how many are refused."""
    by.require("sepa.view")
    items = Item.objects.filter(
        organization_id=OuterRef("organization_id"), batch_id=OuterRef("id")
    ).order_by()
    standing, waiting = items.exclude(state="dropped"), items.filter(state="open")
    return Batch.objects.of(by.organization_id).annotate(
        count=figure(standing, Count("id")),
        amount=figure(standing, Sum("amount")),
        failed=figure(items.filter(state__in=("rejected", "returned")), Count("id")),
        open=figure(waiting, Count("id")),
        troubled=figure(waiting.exclude(trouble=""), Count("id")),
    )


def figure(items: Any, of: Any) -> Any:
    """One figure over the orders of a batch; 0 for none."""
    found = items.values("organization_id").annotate(figure=of).values("figure")
    return Coalesce(Subquery(found, output_field=BigIntegerField()), 0)


def get_batch(batch_id: UUID, *, by: Actor) -> Any:
    """One batch with its figures; NoSuchBatch."""
    with transaction(by.organization_id):
        row = batches(by).filter(id=batch_id).first()
    if row is None:
        raise NoSuchBatch("There is no such payment order.")
    return row


def list_batches(
    *,
    by: Actor,
    kind: str = "",
    status: str = "",
    refund_id: UUID | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[Any]:
    """A page, newest first; `after` is the last id of the page before."""
    rows = batches(by)
    if refund_id is not None:
        of_it = Item.objects.of(by.organization_id).filter(refund_id=refund_id)
        rows = rows.filter(id__in=of_it.values("batch_id"))
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    if after is not None:
        rows = rows.filter(id__lt=after)
    with transaction(by.organization_id):
        return list(rows.order_by("-id")[:limit])


def items_of(batch_id: UUID, *, by: Actor, limit: int = MOST) -> list[Item]:
    """The orders of a batch in the order of its file, with client, invoice and bill."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Item.objects.of(by.organization_id).filter(batch_id=batch_id)
        return list(
            rows.select_related("partner", "invoice", "bill", "refund", "mandate").order_by(
                "group", "id"
            )[:limit]
        )


def items_of_mandate(mandate_id: UUID, *, by: Actor, limit: int = 50) -> list[Item]:
    """What was collected under a mandate, the newest first."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Item.objects.of(by.organization_id).filter(mandate_id=mandate_id)
        return list(rows.select_related("batch", "invoice").order_by("-id")[:limit])


def file_of(batch_id: UUID, *, by: Actor, version: str = "") -> tuple[str, bytes]:
    """(name, bytes) of the file for the bank, the same each time; `version` such as
    pain.008.001.02.

    Raises NoSuchBatch, NotClosed, Invalid for a version that it cannot be written in.
    """
    row = get_batch(batch_id, by=by)
    if row.status not in {Batch.Status.CLOSED, Batch.Status.HANDED_OVER}:
        raise NotClosed("Close the payment order first; its file is made then.")
    versions = calc.VERSIONS[row.kind]
    if version and version not in versions:
        detail = f"Choose one of: {', '.join(versions)}."
        raise Invalid(problems=[Problem("/version", "sepa.version", detail)])
    items = [one for one in items_of(batch_id, by=by) if one.state != Item.State.DROPPED]
    message = message_of(row, items)
    return f"{row.message_id}.xml", calc.write(message, version=version)


def message_of(row: Any, items: list[Item]) -> calc.Message:
    """A batch as the file that the bank gets."""
    groups = [
        calc.Group(
            id=name,
            scheme=members[0].scheme,
            sequence=members[0].sequence,
            orders=[order_of(one) for one in members],
        )
        for name, members in ((key, list(some)) for key, some in groupby(items, by_group))
    ]
    return calc.Message(
        id=row.message_id,
        kind=row.kind,
        created_at=row.created_at,
        due_on=row.due_on,
        own=calc.Side(name=row.name, iban=row.iban, bic=row.bic),
        creditor_id=row.creditor_id,
        groups=groups,
    )


def by_group(item: Item) -> str:
    """What orders of a file are put together by."""
    return item.group


def order_of(item: Item) -> calc.Order:
    """An order as the bank is told of it."""
    leave = None
    if item.signed_on is not None:
        leave = calc.Leave(
            reference=item.mandate_reference,
            signed_on=item.signed_on,
            original_reference=item.original_reference,
            original_creditor_id=item.original_creditor_id,
            has_new_account=item.has_new_account,
        )
    return calc.Order(
        end_to_end=item.end_to_end,
        amount=Decimal(str(Money(item.amount, "EUR"))),
        other=calc.Side(
            name=item.name, iban=item.iban, bic=item.bic, country=item.country, town=item.town
        ),
        remittance=item.remittance,
        leave=leave,
    )


def answers_of(batch_id: UUID, *, by: Actor) -> list[Answer]:
    """The reports about a batch, the newest first."""
    by.require("sepa.view")
    with transaction(by.organization_id):
        rows = Answer.objects.of(by.organization_id).filter(batch_id=batch_id)
        return list(rows.order_by("-id")[:50])


def is_ordered(invoice_id: UUID, by: Actor) -> bool:
    """Whether a payment order asks the bank for this invoice's money already."""
    with transaction(by.organization_id):
        found = Item.objects.of(by.organization_id).filter(invoice_id=invoice_id, state="open")
        return found.exists()
