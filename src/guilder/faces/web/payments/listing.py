"""The list of payments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.payments.queries import PaymentRecord
from guilder.books.payments.queries.listing import (
    PaymentFilter,
    page_of_payments,
    payment_counts,
    payment_figures,
    payment_sort_value,
)
from guilder.faces.web import choices
from guilder.faces.web.addresses import address_of
from guilder.faces.web.invoices.listing import currencies
from guilder.faces.web.lists.filters import PAST, Amounts, Choices, Client, Days
from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import (
    BuiltIn,
    Cell,
    Column,
    Empty,
    Entry,
    Figures,
    Place,
    Row,
    Sum,
    Table,
)
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.kernel.money import Money

NUMBERS = 2  # so many documents are named in a row
INLINE = gettext_lazy("Received")


def methods(visit: Visit) -> list[tuple[str, Any]]:
    """The ways to pay."""
    del visit
    return list(choices.METHODS.items())


TABLE = Table(
    kind="payments",
    route="web:payments",
    title=gettext_lazy("Payments"),
    label=gettext_lazy("Payment list"),
    caption=gettext_lazy("Payments"),
    hint=gettext_lazy("Client, reference, document or amount"),
    nouns=lambda n, words: ngettext("%(n)s payment", "%(n)s payments", n) % {"n": words},
    none_match=gettext_lazy("No payment matches"),
    columns=(
        Column(key="received", label=gettext_lazy("Received"), sort="received", slot=3, fixed=True),
        Column(key="client", label=gettext_lazy("From"), slot=1),
        Column(key="status", label=gettext_lazy("Status"), slot=4),
        Column(key="documents", label=gettext_lazy("For")),
        Column(key="method", label=gettext_lazy("Method")),
        Column(key="reference", label=gettext_lazy("Reference")),
        Column(key="used", label=gettext_lazy("Allocated"), end=True, money=True, shown=False),
        Column(key="left", label=gettext_lazy("Left"), end=True, money=True),
        Column(
            key="amount", label=gettext_lazy("Amount"), sort="amount", end=True, money=True, slot=2
        ),
        Column(key="currency", label=gettext_lazy("Currency"), shown=False),
        Column(key="recorded", label=gettext_lazy("Recorded"), sort="recorded", shown=False),
    ),
    views=(
        BuiltIn(key="", label=gettext_lazy("All"), query={"state": "standing"}),
        BuiltIn(
            key="unallocated", label=gettext_lazy("Unallocated"), query={"state": "unallocated"}
        ),
        BuiltIn(key="reversed", label=gettext_lazy("Reversed"), query={"state": "reversed"}),
    ),
    sort="-recorded",
    filters=(
        Client("client", gettext_lazy("Client")),
        Days("received", gettext_lazy("Received"), PAST),
        Choices("method", gettext_lazy("Method"), methods),
        Amounts("amount", gettext_lazy("Amount")),
        Choices("currency", gettext_lazy("Currency"), currencies),
    ),
    empty=Empty(
        icon="payment",
        title=gettext_lazy("No payments yet"),
        text=gettext_lazy("They appear when you record one for a client."),
    ),
    create=(gettext_lazy("Record payment"), "web:payment_new", "payment.record"),
    shown_sum=INLINE,
)
NARROWS: dict[str, Any] = {
    "client": lambda client: {"partner_id": client},
    "received": lambda days: {"received_from": days[0], "received_to": days[1]},
    "method": lambda codes: {"methods": codes},
    "amount": lambda range_: {"amount_from": range_[0], "amount_to": range_[1]},
    "currency": lambda codes: {"currencies": codes},
}


class Payments:
    """Payments as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> PaymentFilter:
        """The room's filter of a state."""
        values: dict[str, Any] = {}
        for one in self.table.filters:
            values |= NARROWS[one.name](one.read(state, visit))
        return PaymentFilter(
            q=state.q,
            ids=state.ids,
            without_ids=state.without,
            state="" if state.ids else state.view.query.get("state", ""),
            **values,
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[PaymentRecord]:
        """Records in an order, those beyond `after`."""
        narrowed = self.narrowed(state, visit)
        return page_of_payments(narrowed, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: PaymentRecord, sort: str) -> Place:
        """(sort value, id)."""
        return payment_sort_value(record, sort)

    def draw(self, records: Sequence[PaymentRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state, visit
        return [row_of(one) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        return payment_counts([self.narrowed(one, visit) for one in states], by=visit.by, cap=cap)

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count, what came in, and what is left of it."""
        found = payment_figures(self.narrowed(state, visit), by=visit.by, cap=cap)
        if not found.whole:
            return Figures(found.count, whole=False)
        left = [one for one in found.left if one]
        return Figures(found.count, [Sum(INLINE, found.amounts), Sum(_("Left"), left)])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        found = page_of_payments(self.narrowed(state, visit), by=visit.by, limit=limit)
        return [one.id for one in found]


PAYMENTS = Payments()


def row_of(record: PaymentRecord) -> Row:
    """One payment with a cell for every column."""
    url = address_of("web:payment", record.id)
    amount = Money(record.amount, record.currency)
    used = Money(record.amount - record.unallocated_amount, record.currency)
    word = word_of(record)
    numbers = [one.number or _("Draft") for one in record.allocations if one.is_active]
    more = f" +{len(numbers) - NUMBERS}" if len(numbers) > NUMBERS else ""
    return Row(
        id=record.id,
        url=url,
        name=_("payment of %(client)s") % {"client": record.partner_name},
        cells={
            "received": Cell("linkday", day=record.received_on, url=url),
            "client": Cell("text", record.partner_name, tone="strong"),
            "status": Cell("badge", word, plain=str(status_of(word).label)),
            "documents": Cell(
                "text", ", ".join(numbers[:NUMBERS]) + more, tone="soft", plain=", ".join(numbers)
            ),
            "method": Cell("text", choices.METHODS.get(record.method, record.method), tone="soft"),
            "reference": Cell("text", record.reference, tone="muted"),
            "used": Cell("money", money=used if used and word != "reversed" else None, tone="soft"),
            "left": Cell("money", money=left_of(record), tone="soft"),
            "amount": Cell("money", money=amount, tone="strong"),
            "currency": Cell("text", record.currency, tone="soft"),
            "recorded": Cell("day", day=record.created_at.date(), tone="soft"),
        },
        menu=[Entry(_("Open"), url, "eye")],
        currency=record.currency,
    )


def left_of(record: PaymentRecord) -> Money | None:
    """What it has paid nothing with yet; None for nothing."""
    left = record.unallocated_amount
    return Money(left, record.currency) if left else None


def word_of(record: PaymentRecord) -> str:
    """The one word for where its money went."""
    if record.reversed_on is not None:
        return "reversed"
    if not record.unallocated_amount:
        return "allocated"
    return "partly_allocated" if record.unallocated_amount < record.amount else "unallocated"
