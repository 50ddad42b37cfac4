"""Quotes as a list: narrowed, ordered, counted, summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Abs, Coalesce

from guilder.books.invoicing.models import Quote, QuoteLine
from guilder.books.invoicing.queries.quotes import QuoteRecord, record_of
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.currencies import minor_digits
from guilder.kernel.money import Money
from guilder.registers.parties.queries import seen_by

FAR = date(9999, 12, 31)
ORDERS: dict[str, Any] = {
    "created_at": F("id"),
    "number": Coalesce("number", Value("")),
    "quoted_on": Coalesce("quoted_on", Value(FAR)),
    "valid_until": Coalesce("valid_until", Value(FAR)),
    "gross": F("gross_amount"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter:
    """What narrows a list of quotes; words are draft, sent, accepted, declined, expired,
    invoiced. Amounts are in major units of each quote's own currency."""

    today: date
    q: str = ""
    words: Sequence[str] = ()
    partner_id: UUID | None = None
    quoted_from: date | None = None
    quoted_to: date | None = None
    gross_from: Decimal | None = None
    gross_to: Decimal | None = None
    currencies: Sequence[str] = ()
    ids: Sequence[UUID] | None = None
    without_ids: Sequence[UUID] = ()


def find_quotes(
    wanted: QuoteFilter,
    *,
    by: Actor,
    sort: str = "-created_at",
    limit: int = 50,
    after: tuple[Any, UUID] | None = None,
) -> list[QuoteRecord]:
    """A page of quotes in an order of ORDERS ("-" turns it), those beyond (sort value, id)."""
    by.require("quote.view")
    down = sort.startswith("-")
    order = ORDERS[sort.removeprefix("-")]
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by).annotate(sort_value=order)
        if after is not None:
            value, row_id = after
            way = "lt" if down else "gt"
            beyond = Q(**{f"sort_value__{way}": value})
            rows = rows.filter(beyond | Q(sort_value=value, **{f"id__{way}": row_id}))
        mark = "-" if down else ""
        found = rows.select_related("partner").prefetch_related("lines")
        return [record_of(row) for row in found.order_by(f"{mark}sort_value", f"{mark}id")[:limit]]


def quote_place(record: QuoteRecord, sort: str) -> tuple[Any, UUID]:
    """(sort value, id) of a quote, which the next page begins beyond."""
    values = {
        "created_at": str(record.id),
        "number": record.number or "",
        "quoted_on": record.quoted_on or FAR,
        "valid_until": record.valid_until or FAR,
        "gross": record.gross_amount,
    }
    return values[sort.removeprefix("-")], record.id


def count_quotes(wanted: QuoteFilter, *, by: Actor, cap: int) -> int:
    """How many there are, at most cap + 1."""
    by.require("quote.view")
    with transaction(by.organization_id):
        return narrowed(wanted, by=by).order_by()[: cap + 1].count()


def sum_quotes(wanted: QuoteFilter, *, by: Actor) -> tuple[int, list[Money]]:
    """Count, and what they come to, a sum for each currency."""
    by.require("quote.view")
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by).order_by().values("currency")
        found = list(rows.annotate(n=Count("id"), gross=Sum("gross_amount")).order_by("currency"))
    return sum(row["n"] for row in found), [Money(row["gross"], row["currency"]) for row in found]


def ids_of_quotes(wanted: QuoteFilter, *, by: Actor, limit: int) -> list[UUID]:
    """The ids of what is found, newest first."""
    by.require("quote.view")
    with transaction(by.organization_id):
        rows = narrowed(wanted, by=by).order_by("-id")
        return list(rows.values_list("id", flat=True)[:limit])


def narrowed(wanted: QuoteFilter, *, by: Actor) -> QuerySet[Quote]:
    """The rows of a filter that this actor may see."""
    rows = Quote.objects.of(by.organization_id).filter(seen_by(by, state="state"))
    if wanted.words:
        states = Q()
        for word in wanted.words:
            states |= in_state(word, wanted.today)
        rows = rows.filter(states)
    for word in wanted.q.split()[:5]:
        rows = rows.filter(matching(word))
    exact = {
        "partner_id": wanted.partner_id,
        "quoted_on__gte": wanted.quoted_from,
        "quoted_on__lte": wanted.quoted_to,
        "currency__in": wanted.currencies or None,
        "id__in": wanted.ids,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.without_ids:
        rows = rows.exclude(id__in=wanted.without_ids)
    for value, way in ((wanted.gross_from, "gte"), (wanted.gross_to, "lte")):
        if value is not None:
            rows = rows.filter(by_amount(value, way))
    return rows


def in_state(word: str, today: date) -> Q:
    """The rows that are called by a word today."""
    open_lines = QuoteLine.objects.filter(
        organization_id=OuterRef("organization_id"), quote_id=OuterRef("id")
    ).annotate(left=Abs("quantity") - Abs("invoiced_quantity"))
    all_invoiced = ~Exists(open_lines.filter(left__gt=0)) & Exists(open_lines)
    over = Q(valid_until__lt=today)
    return {
        "draft": Q(state="draft"),
        "declined": Q(state="declined"),
        "sent": Q(state="sent") & (Q(valid_until=None) | Q(valid_until__gte=today)),
        "expired": Q(state="sent") & over,
        "accepted": Q(state="accepted") & ~Q(all_invoiced),
        "invoiced": Q(state="accepted") & Q(all_invoiced),
    }.get(word, Q(pk__in=[]))


def matching(word: str) -> Q:
    """A word of a search: number, draft reference, client, or the very amount."""
    found = (
        Q(number__icontains=word)
        | Q(draft_reference__icontains=word)
        | Q(partner__name__icontains=word)
    )
    plain = word.replace(",", ".")
    if plain.replace(".", "", 1).isdigit() and len(plain) < 15:
        found |= by_amount(Decimal(plain), "exact")
    return found


def by_amount(value: Decimal, way: str) -> Q:
    """Totals of at least, at most or exactly so much, whatever the currency's minor unit."""
    found = Q(pk__in=[])
    for digits, codes in BY_DIGITS.items():
        minor = int(value.scaleb(digits))
        some = Q(**{f"gross_amount__{way}": minor})
        found |= some & (Q(currency__in=codes) if digits != 2 else ~Q(currency__in=UNUSUAL))
    return found


UNUSUAL = [
    code
    for code in ("JPY", "KRW", "ISK", "CLP", "VND", "HUF", "KWD", "BHD", "TND", "JOD", "OMR", "IQD")
    if minor_digits(code) != 2
]
BY_DIGITS = {
    digits: [code for code in UNUSUAL if minor_digits(code) == digits] for digits in (0, 2, 3)
}
