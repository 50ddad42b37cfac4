"""Lists of bills: narrowed, sorted, paged by what is last on a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from guilder.books.bills.models import Bill
from guilder.books.bills.queries.reads import visible
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

OPEN = Q(status="booked") & Q(payable_amount__gt=F("allocated_amount") + F("credited_amount"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFilter:
    """What a list of bills is narrowed to; `today` says what is overdue."""

    today: date
    q: str = ""
    status: str = ""  # draft, open, overdue, paid, booked, cancelled
    kind: str = ""
    supplier_id: UUID | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class BillSums:
    """What some bills come to in one currency, in minor units."""

    currency: str
    count: int
    payable: int
    left: int


def narrowed(wanted: BillFilter, *, by: Actor) -> Any:
    """The bills that a filter lets through, in no order yet."""
    rows = visible(by)
    if wanted.supplier_id is not None:
        rows = rows.filter(partner_id=wanted.supplier_id)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.currency:
        rows = rows.filter(currency=wanted.currency)
    if wanted.status == "open":
        rows = rows.filter(OPEN)
    elif wanted.status == "overdue":
        rows = rows.filter(OPEN, kind="bill", due_on__lt=wanted.today)
    elif wanted.status == "paid":
        rows = rows.filter(status="booked").exclude(OPEN)
    elif wanted.status:
        rows = rows.filter(status=wanted.status)
    for word in wanted.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(supplier_name__icontains=word)
            | Q(order_reference__icontains=word)
        )
    return rows


def list_bills(
    wanted: BillFilter, *, by: Actor, limit: int = 50, before: UUID | None = None
) -> list[Bill]:
    """Bills, newest first; `before` is the id of the last one on the page before."""
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by)
        if before is not None:
            rows = rows.filter(id__lt=before)
        return list(rows.order_by("-id")[:limit])


def sums_of(wanted: BillFilter, *, by: Actor) -> list[BillSums]:
    """What the bills of a filter come to, by currency; credit notes count against."""
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by).values("currency", "kind").order_by("currency")
        told = rows.annotate(
            many=Count("id"),
            asked=Sum("payable_amount"),
            done=Sum(F("allocated_amount") + F("credited_amount"), filter=Q(status="booked")),
            booked=Sum("payable_amount", filter=Q(status="booked")),
        )
        found: dict[str, BillSums] = {}
        for row in told:
            sign = -1 if row["kind"] == "credit_note" else 1
            left = (row["booked"] or 0) - (row["done"] or 0)
            was = found.get(row["currency"], BillSums(row["currency"], 0, 0, 0))
            found[row["currency"]] = BillSums(
                row["currency"],
                was.count + row["many"],
                was.payable + sign * row["asked"],
                was.left + sign * left,
            )
    return list(found.values())
