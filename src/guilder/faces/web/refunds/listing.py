"""The list of refunds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.payments.queries.refund_lists import (
    RefundFilter,
    page_of_refunds,
    refund_counts,
    refund_figures,
)
from guilder.books.payments.queries.refunds import RefundRecord
from guilder.faces.web import choices
from guilder.faces.web.invoices.listing import currencies
from guilder.faces.web.lists.filters import PAST, Choices, Client, Days
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
from guilder.faces.web.payments.listing import methods
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.kernel.money import Money

GIVEN_BACK = gettext_lazy("Given back")
WORDS = {"waiting": "refund_waiting", "paid": "refunded"}
TABLE = Table(
    kind="refunds",
    route="web:refunds",
    title=gettext_lazy("Refunds"),
    label=gettext_lazy("Refund list"),
    caption=gettext_lazy("Refunds"),
    hint=gettext_lazy("Client, reason, reference or credit note"),
    nouns=lambda n, words: ngettext("%(n)s refund", "%(n)s refunds", n) % {"n": words},
    none_match=gettext_lazy("No refund matches"),
    columns=(
        Column(
            key="recorded", label=gettext_lazy("Asked for"), sort="recorded", slot=3, fixed=True
        ),
        Column(key="client", label=gettext_lazy("To"), slot=1),
        Column(key="status", label=gettext_lazy("Status"), slot=4),
        Column(key="source", label=gettext_lazy("Drawn on")),
        Column(key="reason", label=gettext_lazy("Reason")),
        Column(key="method", label=gettext_lazy("Method")),
        Column(key="refunded", label=gettext_lazy("Paid on"), shown=False),
        Column(key="reference", label=gettext_lazy("Reference"), shown=False),
        Column(key="amount", label=gettext_lazy("Amount"), end=True, money=True, slot=2),
        Column(key="currency", label=gettext_lazy("Currency"), shown=False),
    ),
    views=(
        BuiltIn(key="", label=gettext_lazy("All"), query={"state": "standing"}),
        BuiltIn(key="waiting", label=gettext_lazy("Waiting"), query={"state": "waiting"}),
        BuiltIn(key="declined", label=gettext_lazy("Declined"), query={"state": "declined"}),
        BuiltIn(key="reversed", label=gettext_lazy("Reversed"), query={"state": "reversed"}),
    ),
    sort="-recorded",
    filters=(
        Client("client", gettext_lazy("Client")),
        Days("refunded", gettext_lazy("Paid on"), PAST),
        Choices("method", gettext_lazy("Method"), methods),
        Choices("currency", gettext_lazy("Currency"), currencies),
    ),
    empty=Empty(
        icon="undo",
        title=gettext_lazy("No refunds yet"),
        text=gettext_lazy("Give money back on the page of a payment or of a credit note."),
    ),
    shown_sum=GIVEN_BACK,
)
NARROWS: dict[str, Any] = {
    "client": lambda client: {"partner_id": client},
    "refunded": lambda days: {"refunded_from": days[0], "refunded_to": days[1]},
    "method": lambda codes: {"methods": codes},
    "currency": lambda codes: {"currencies": codes},
}


class Refunds:
    """Refunds as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> RefundFilter:
        """The room's filter of a state."""
        values: dict[str, Any] = {}
        for one in self.table.filters:
            values |= NARROWS[one.name](one.read(state, visit))
        return RefundFilter(
            q=state.q,
            ids=state.ids,
            without_ids=state.without,
            state="" if state.ids else state.view.query.get("state", ""),
            **values,
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[RefundRecord]:
        """Records in an order, those beyond `after`."""
        narrowed = self.narrowed(state, visit)
        return page_of_refunds(narrowed, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: RefundRecord, sort: str) -> Place:
        """(nothing, id): they stand in the order of recording."""
        del sort
        return None, record.id

    def draw(self, records: Sequence[RefundRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state, visit
        return [row_of(one) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        return refund_counts([self.narrowed(one, visit) for one in states], by=visit.by, cap=cap)

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count, and what they come to."""
        count, amounts = refund_figures(self.narrowed(state, visit), by=visit.by, cap=cap)
        if amounts is None:
            return Figures(count, whole=False)
        return Figures(count, [Sum(GIVEN_BACK, amounts)])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        found = page_of_refunds(self.narrowed(state, visit), by=visit.by, limit=limit)
        return [one.id for one in found]


REFUNDS = Refunds()


def row_of(record: RefundRecord) -> Row:
    """One refund with a cell for every column."""
    url = reverse("web:refund", args=[record.id])
    word = word_of(record)
    source, source_url = source_of(record)
    return Row(
        id=record.id,
        url=url,
        name=_("refund to %(client)s") % {"client": record.partner_name},
        cells={
            "recorded": Cell("linkday", day=record.created_at.date(), url=url),
            "client": Cell("text", record.partner_name, tone="strong"),
            "status": Cell("badge", word, plain=str(status_of(word).label)),
            "source": Cell("link", source, url=source_url),
            "reason": Cell("text", record.reason, tone="soft"),
            "method": Cell("text", choices.METHODS.get(record.method, record.method), tone="soft"),
            "refunded": Cell("day", day=record.refunded_on, tone="soft"),
            "reference": Cell("text", record.reference, tone="muted"),
            "amount": Cell("money", money=Money(record.amount, record.currency), tone="strong"),
            "currency": Cell("text", record.currency, tone="soft"),
        },
        menu=[Entry(_("Open"), url, "eye")],
        currency=record.currency,
    )


def word_of(record: RefundRecord) -> str:
    """Its status as the badge knows it."""
    return WORDS.get(record.status, record.status)


def source_of(record: RefundRecord) -> tuple[str, str]:
    """What it draws on, in words, and where that is."""
    if record.credit_note_id is not None:
        words = _("Credit note %(number)s") % {"number": record.credit_note_number}
        return words, reverse("web:invoice", args=[record.credit_note_id])
    return _("Payment"), reverse("web:payment", args=[record.payment_id])
