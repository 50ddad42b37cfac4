"""The list of quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import QuoteFilter, QuoteRecord
from guilder.faces.web.addresses import address_of
from guilder.faces.web.invoices.listing import currencies, statuses_of
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

WORDS = ("draft", "sent", "accepted", "declined", "expired", "invoiced")
TABLE = Table(
    kind="quotes",
    route="web:quotes",
    title=_("Quotes"),
    label=_("Quote list"),
    caption=_("Quotes"),
    hint=_("Number, client or amount"),
    nouns=lambda n, words: ngettext("%(n)s quote", "%(n)s quotes", n) % {"n": words},
    none_match=_("No quote matches"),
    columns=(
        Column(key="number", label=_("Number"), sort="number", slot=3, fixed=True),
        Column(key="client", label=_("Client"), slot=1),
        Column(key="status", label=_("Status"), slot=4),
        Column(key="quoted", label=_("Sent on"), sort="quoted_on"),
        Column(key="valid", label=_("Valid until"), sort="valid_until"),
        Column(key="net", label=_("Net"), end=True, money=True, shown=False),
        Column(key="total", label=_("Total"), sort="gross", end=True, money=True, slot=2),
        Column(key="created", label=_("Created"), sort="created_at", shown=False),
    ),
    views=(
        BuiltIn(key="", label=_("All")),
        BuiltIn(key="drafts", label=_("Drafts"), query={"status": "draft"}),
        BuiltIn(key="open", label=_("Waiting for an answer"), query={"status": "sent"}),
        BuiltIn(key="accepted", label=_("Accepted"), query={"status": "accepted"}),
    ),
    sort="-created_at",
    filters=(
        Choices("status", _("Status"), statuses_of(WORDS)),
        Client("client", _("Client")),
        Days("quoted", _("Sent on"), PAST),
        Amounts("amount", _("Amount")),
        Choices("currency", _("Currency"), currencies),
    ),
    empty=Empty(
        icon="quote",
        title=_("No quotes yet"),
        text=_(
            "A quote tells a client what something will cost. They accept it on their own page, and"
            " an invoice comes of it in one step."
        ),
    ),
    create=(_("New quote"), "web:quote_new", "quote.edit"),
    shown_sum=_("Total"),
)
NARROWS: dict[str, Any] = {
    "status": lambda words: {"words": words},
    "client": lambda client: {"partner_id": client},
    "quoted": lambda days: {"quoted_from": days[0], "quoted_to": days[1]},
    "amount": lambda range_: {"gross_from": range_[0], "gross_to": range_[1]},
    "currency": lambda codes: {"currencies": codes},
}


@dataclass(frozen=True, slots=True)
class Quotes:
    """Quotes as a list's source."""

    table: Table = TABLE

    def narrowed(self, state: State, visit: Visit) -> QuoteFilter:
        """The room's filter of a state."""
        values: dict[str, Any] = {}
        for one in self.table.filters:
            values |= NARROWS[one.name](one.read(state, visit))
        return QuoteFilter(
            today=visit.today, ids=state.ids, without_ids=state.without, q=state.q, **values
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[QuoteRecord]:
        """Records in an order, those beyond `after`."""
        narrowed = self.narrowed(state, visit)
        return queries.find_quotes(narrowed, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: QuoteRecord, sort: str) -> Place:
        """(sort value, id)."""
        return queries.quote_place(record, sort)

    def draw(self, records: Sequence[QuoteRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state
        return [listed(one, visit=visit) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        return [
            queries.count_quotes(self.narrowed(one, visit), by=visit.by, cap=cap) for one in states
        ]

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count and totals."""
        del cap
        count, sums = queries.sum_quotes(self.narrowed(state, visit), by=visit.by)
        return Figures(count, [Sum(self.table.shown_sum, [one for one in sums if one])])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        return queries.ids_of_quotes(self.narrowed(state, visit), by=visit.by, limit=limit)


def listed(record: QuoteRecord, *, visit: Visit) -> Row:
    """One quote with a cell for every column."""
    url = address_of("web:quote", record.id)
    word = record.word(on=visit.today)
    number = Cell("text", record.number, url, tone="strong") if record.number else None
    return Row(
        id=record.id,
        url=url,
        name=record.number or _now("Draft for %(client)s") % {"client": record.partner_name},
        cells={
            "number": number or Cell("text", _now("No number yet"), url, tone="muted"),
            "client": Cell("text", record.partner_name, tone="strong"),
            "status": Cell("badge", word, plain=str(status_of(word).label)),
            "quoted": Cell("day", day=record.quoted_on, tone="soft"),
            "valid": Cell("day", day=record.valid_until, late=word == "expired"),
            "net": Cell("money", money=Money(record.net_amount, record.currency)),
            "total": Cell("money", money=Money(record.gross_amount, record.currency)),
            "created": Cell("day", day=record.created_at.astimezone(visit.zone).date()),
        },
        menu=menu(record, url, visit),
        currency=record.currency,
    )


def menu(record: QuoteRecord, url: str, visit: Visit) -> list[Entry]:
    """What can be done with it from the list."""
    found = [Entry(pgettext("act", "Open"), url, "quote")]
    if record.state == "draft" and visit.by.may("quote.edit"):
        found.append(Entry(_("Edit"), address_of("web:quote_edit", record.id), "edit", "e"))
    if record.state in ("sent", "accepted") and visit.by.may("invoice.create"):
        make = address_of("web:quote_invoice", record.id)
        found.append(Entry(_("Make invoice"), make, "invoice", "i", sheet=True))
    if record.number:
        pdf = address_of("web:quote_pdf", record.id)
        found.append(Entry(_("Download PDF"), pdf, "download", "d", download=True))
    return found


QUOTES = Quotes()
