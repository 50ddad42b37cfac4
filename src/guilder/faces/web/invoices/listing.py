"""The lists of invoices and of credit notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.books.invoicing.queries.lists import sort_value
from guilder.faces.web import choices
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.invoices import many
from guilder.faces.web.invoices.rows import listed
from guilder.faces.web.lists import day, identity
from guilder.faces.web.lists.filters import AHEAD, PAST, Amounts, Choices, Client, Days
from guilder.faces.web.lists.state import State
from guilder.faces.web.lists.table import BuiltIn, Column, Empty, Figures, Place, Row, Sum, Table
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import STATUSES
from guilder.kernel.money import Money, add_up
from guilder.registers.numbering import queries as numbering

__all__ = ("CREDIT_NOTES", "INVOICES", "day", "identity", "sums")

WORDS = (
    "draft",
    "pending_approval",
    "issued",
    "sent",
    "viewed",
    "partially_paid",
    "paid",
    "overdue",
    "disputed",
    "credited",
    "written_off",
)
CREDIT_WORDS = (
    "draft",
    "pending_approval",
    "issued",
    "sent",
    "viewed",
    "partially_paid",
    "credited",
)
OF_INVOICES = (*RECEIVABLE, "pro_forma")


def statuses_of(words: Sequence[str]) -> Any:
    """The options of a filter by status."""

    def options(visit: Visit) -> list[tuple[str, Any]]:
        del visit
        return [(word, STATUSES[word].label) for word in words]

    return options


def kinds(visit: Visit) -> list[tuple[str, Any]]:
    """Kinds of documents among invoices."""
    del visit
    return [(kind, choices.KINDS[kind]) for kind in OF_INVOICES]


def currencies(visit: Visit) -> list[tuple[str, str]]:
    """The currencies to choose from, the organization's own first."""
    first = visit.organization.base_currency
    usual = dict.fromkeys((first, *choices.COMMON_CURRENCIES))
    return [(code, code) for code in usual]


def series(visit: Visit) -> list[tuple[str, str]]:
    """The runs of numbers."""
    found = numbering.list_series(visit.by.organization_id)
    return [(str(one.id), one.code) for one in found if one.kind in OF_INVOICES]


COLUMNS = (
    Column(key="number", label=_("Number"), sort="number", slot=3, fixed=True),
    Column(key="client", label=_("Client"), slot=1),
    Column(key="status", label=_("Status"), slot=4),
    Column(key="issued", label=_("Issued"), sort="issued_on"),
    Column(key="due", label=_("Due"), sort="due_on"),
    Column(key="net", label=_("Net"), end=True, money=True, shown=False),
    Column(key="tax", label=_("Tax"), end=True, money=True, shown=False),
    Column(key="total", label=_("Total"), sort="gross", end=True, money=True),
    Column(key="open", label=_("Open"), sort="open", end=True, money=True, slot=2),
    Column(key="kind", label=_("Kind"), shown=False),
    Column(key="currency", label=_("Currency"), shown=False),
    Column(key="paid", label=_("Paid on"), shown=False),
    Column(key="sent", label=_("Sent on"), shown=False),
    Column(key="created", label=_("Created"), sort="created_at", shown=False),
    Column(key="reference", label=_("Draft reference"), shown=False),
)
INVOICE_TABLE = Table(
    kind="invoices",
    route="web:invoices",
    title=_("Invoices"),
    label=_("Invoice list"),
    caption=_("Invoices"),
    hint=_("Number, client or amount"),
    nouns=lambda n, words: ngettext("%(n)s invoice", "%(n)s invoices", n) % {"n": words},
    none_match=_("No invoice matches"),
    columns=COLUMNS,
    views=(
        BuiltIn(key="", label=_("All")),
        BuiltIn(key="drafts", label=_("Drafts"), query={"status": "draft"}),
        BuiltIn(key="open", label=_("Awaiting payment"), query={"open": "yes"}),
        BuiltIn(key="overdue", label=_("Overdue"), query={"status": "overdue", "sort": "due_on"}),
        BuiltIn(key="paid", label=_("Paid"), query={"status": "paid"}, counted=False),
    ),
    sort="-created_at",
    told=True,
    filters=(
        Choices("status", _("Status"), statuses_of(WORDS)),
        Client("client", _("Client")),
        Days("issued", _("Issued"), PAST),
        Days("due", _("Due"), AHEAD),
        Amounts("amount", _("Amount")),
        Choices("currency", _("Currency"), currencies),
        Choices("kind", _("Kind"), kinds),
        Choices("series", _("Series"), series),
    ),
    acts=many.INVOICE_ACTS,
    empty=Empty(
        icon="invoice",
        title=_("No invoices yet"),
        text=_(
            "An invoice asks a client for money and keeps its number for ever. Write the first one;"
            " its draft saves as you go."
        ),
    ),
    create=(_("New invoice"), "web:invoice_new", "invoice.create"),
    shown_sum=_("Open"),
)
CREDIT_TABLE = Table(
    kind="credit_notes",
    route="web:credit_notes",
    title=_("Credit notes"),
    label=_("Credit note list"),
    caption=_("Credit notes"),
    hint=_("Number, client or amount"),
    nouns=lambda n, words: ngettext("%(n)s credit note", "%(n)s credit notes", n) % {"n": words},
    none_match=_("No credit note matches"),
    columns=tuple(
        Column(key=one.key, label=_("Left"), sort=one.sort, end=True, money=True, slot=2)
        if one.key == "open"
        else one
        for one in COLUMNS
        if one.key not in {"due", "kind", "paid"}
    ),
    views=(
        BuiltIn(key="", label=_("All")),
        BuiltIn(key="drafts", label=_("Drafts"), query={"status": "draft"}),
        BuiltIn(key="open", label=_("With credit left"), query={"open": "yes"}),
    ),
    sort="-created_at",
    told=True,
    filters=(
        Choices("status", _("Status"), statuses_of(CREDIT_WORDS)),
        Client("client", _("Client")),
        Days("issued", _("Issued"), PAST),
        Amounts("amount", _("Amount")),
        Choices("currency", _("Currency"), currencies),
    ),
    acts=many.CREDIT_ACTS,
    empty=Empty(
        icon="credit",
        title=_("No credit notes yet"),
        text=_(
            "A credit note takes back all or part of an invoice. It is made on the invoice's page."
        ),
    ),
    shown_sum=_("Left"),
)


@dataclass(frozen=True, slots=True)
class Documents:
    """Invoices of some kinds as a list's source."""

    table: Table
    kinds: tuple[str, ...]

    def narrowed(self, state: State, visit: Visit) -> InvoiceFilter:
        """The room's filter of a state."""
        values: dict[str, Any] = {"kinds": self.kinds}
        for one in self.table.filters:
            values |= NARROWS[one.name](one.read(state, visit))
        return InvoiceFilter(
            today=visit.today,
            ids=state.ids,
            without_ids=state.without,
            q=state.q,
            is_open=True if state.view.query.get("open") else None,
            **values,
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[InvoiceRecord]:
        """Records in an order, those beyond `after`."""
        narrowed = self.narrowed(state, visit)
        return queries.list_invoices(narrowed, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: InvoiceRecord, sort: str) -> Place:
        """(sort value, id)."""
        return sort_value(record, sort)

    def draw(self, records: Sequence[InvoiceRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state
        return [listed(one, visit=visit) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        filters = [self.narrowed(one, visit) for one in states]
        return queries.counts(filters, by=visit.by, cap=cap)

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count, totals and open amounts."""
        found = queries.figures(self.narrowed(state, visit), by=visit.by, cap=cap)
        if not found.whole:
            return Figures(found.count, whole=False)
        total = Sum(_("Total"), [one for one in found.gross if one])
        left = Sum(self.table.shown_sum, [one for one in found.open if one])
        return Figures(found.count, [total, left])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        return queries.ids_of(self.narrowed(state, visit), by=visit.by, limit=limit)


NARROWS: dict[str, Any] = {
    "status": lambda words: {"words": words},
    "client": lambda client: {"partner_id": client},
    "issued": lambda days: {"issued_from": days[0], "issued_to": days[1]},
    "due": lambda days: {"due_from": days[0], "due_to": days[1]},
    "amount": lambda range_: {"gross_from": range_[0], "gross_to": range_[1]},
    "currency": lambda codes: {"currencies": codes},
    "kind": lambda kinds: {"kinds": kinds} if kinds else {},
    "series": lambda ids: {"series_ids": tuple(UUID(one) for one in ids)},
}
INVOICES = Documents(INVOICE_TABLE, OF_INVOICES)
CREDIT_NOTES = Documents(CREDIT_TABLE, ("credit_note",))


def sums(amounts: list[Money]) -> list[Money]:
    """The sum of each currency."""
    codes = sorted({one.currency for one in amounts})
    return [add_up(one for one in amounts if one.currency == code) for code in codes]
