"""Lists of bills: narrowed, sorted, paged by what is last on a page, counted and summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from guilder.books.bills.models import Bill
from guilder.books.bills.queries.reads import visible
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

OPEN = Q(status="booked") & Q(payable_amount__gt=F("allocated_amount") + F("credited_amount"))
NEVER = date(9999, 12, 31)  # what has no due day stands last
# Sort → its column; "" is the order of entering, which ids have by themselves.
SORTS: dict[str, Any] = {
    "entered": "",
    "issued": F("issued_on"),
    "due": Coalesce(F("due_on"), NEVER),
    "amount": F("payable_amount"),
}
STATES: dict[str, Q] = {
    "draft": Q(status="draft"),
    "booked": Q(status="booked"),
    "cancelled": Q(status="cancelled"),
    "open": OPEN,
    "standing": ~Q(status="cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFilter:
    """What a list of bills is narrowed to; `today` says what is overdue.

    `status` is draft, open, overdue, paid, booked, cancelled, or standing: all but cancelled.
    """

    today: date
    q: str = ""
    status: str = ""
    kind: str = ""
    supplier_id: UUID | None = None
    currency: str = ""
    ids: Sequence[UUID] = ()
    without_ids: Sequence[UUID] = ()
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None


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
    for column, value in (
        ("partner_id", wanted.supplier_id),
        ("kind", wanted.kind),
        ("currency", wanted.currency),
        ("issued_on__gte", wanted.issued_from),
        ("issued_on__lte", wanted.issued_to),
        ("due_on__gte", wanted.due_from),
        ("due_on__lte", wanted.due_to),
    ):
        if value:
            rows = rows.filter(**{column: value})
    if wanted.ids:
        rows = rows.filter(id__in=list(wanted.ids))
    if wanted.without_ids:
        rows = rows.exclude(id__in=list(wanted.without_ids))
    rows = in_state(rows, wanted)
    for word in wanted.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(supplier_name__icontains=word)
            | Q(order_reference__icontains=word)
        )
    return rows


def in_state(rows: Any, wanted: BillFilter) -> Any:
    """Those in the state that is asked for; a word that no bill has finds none."""
    if wanted.status == "overdue":
        return rows.filter(OPEN, kind="bill", due_on__lt=wanted.today)
    if wanted.status == "paid":
        return rows.filter(status="booked").exclude(OPEN)
    if wanted.status:
        return rows.filter(STATES.get(wanted.status, Q(id__isnull=True)))
    return rows


def list_bills(
    wanted: BillFilter, *, by: Actor, limit: int = 50, before: UUID | None = None
) -> list[Bill]:
    """Bills, newest first; `before` is the id of the last one on the page before."""
    after = None if before is None else ("", before)
    return page_of_bills(wanted, by=by, limit=limit, after=after)


def page_of_bills(
    wanted: BillFilter,
    *,
    by: Actor,
    sort: str = "-entered",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[Bill]:
    """Bills in an order of SORTS, those beyond `after`: (sort value, id) of the last one seen."""
    column, is_down = SORTS[sort.removeprefix("-")], sort.startswith("-")
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by)
        if column != "":
            rows = rows.annotate(sorted_by=column)
        if after is not None:
            rows = rows.filter(beyond(after, has_column=column != "", is_down=is_down))
        order = ["id"] if column == "" else ["sorted_by", "id"]
        return list(rows.order_by(*(f"-{one}" if is_down else one for one in order))[:limit])


def beyond(after: tuple[Any, UUID], *, has_column: bool, is_down: bool) -> Q:
    """What comes after a place in an order."""
    value, row_id = after
    side = "lt" if is_down else "gt"
    further = Q(**{f"id__{side}": row_id})
    if not has_column:
        return further
    return Q(**{f"sorted_by__{side}": value}) | (Q(sorted_by=value) & further)


def bill_sort_value(row: Bill, sort: str) -> tuple[Any, UUID]:
    """(sort value, id) of a bill."""
    name = sort.removeprefix("-")
    value = {"issued": row.issued_on, "due": row.due_on or NEVER, "amount": row.payable_amount}
    return value.get(name, ""), row.id


def bill_counts(filters: Sequence[BillFilter], *, by: Actor, cap: int) -> list[int]:
    """How many bills each filter finds, at most cap + 1."""
    with transaction(by.organization_id):
        return [narrowed(one, by=by)[: cap + 1].count() for one in filters]


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
