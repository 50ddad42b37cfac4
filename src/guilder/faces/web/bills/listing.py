"""The list of bills."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.books.bills import queries
from guilder.books.bills.models import Bill
from guilder.faces.web.addresses import address_of
from guilder.faces.web.lists.filters import PAST, Days
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

OPEN = gettext_lazy("Open")
TABLE = Table(
    kind="bills",
    route="web:bills",
    title=gettext_lazy("Bills"),
    label=gettext_lazy("Bill list"),
    caption=gettext_lazy("Bills"),
    hint=gettext_lazy("Supplier, number or order"),
    nouns=lambda n, words: ngettext("%(n)s bill", "%(n)s bills", n) % {"n": words},
    none_match=gettext_lazy("No bill matches"),
    columns=(
        Column(key="number", label=gettext_lazy("Number"), slot=1, fixed=True),
        Column(key="supplier", label=gettext_lazy("Supplier"), slot=3),
        Column(key="status", label=gettext_lazy("Status"), slot=4),
        Column(key="issued", label=gettext_lazy("Date"), sort="issued"),
        Column(key="due", label=gettext_lazy("Due"), sort="due"),
        Column(key="order", label=gettext_lazy("Order"), shown=False),
        Column(
            key="amount", label=gettext_lazy("Amount"), sort="amount", end=True, money=True, slot=2
        ),
        Column(key="left", label=OPEN, end=True, money=True),
        Column(key="currency", label=gettext_lazy("Currency"), shown=False),
        Column(key="entered", label=gettext_lazy("Entered"), sort="entered", shown=False),
    ),
    views=(
        BuiltIn(key="", label=gettext_lazy("All"), query={"state": "standing"}),
        BuiltIn(key="draft", label=gettext_lazy("To book"), query={"state": "draft"}),
        BuiltIn(key="open", label=gettext_lazy("To pay"), query={"state": "open"}),
        BuiltIn(key="overdue", label=gettext_lazy("Overdue"), query={"state": "overdue"}),
        BuiltIn(key="paid", label=gettext_lazy("Paid"), query={"state": "paid"}),
        BuiltIn(key="cancelled", label=gettext_lazy("Cancelled"), query={"state": "cancelled"}),
    ),
    sort="-entered",
    filters=(
        Days("issued", gettext_lazy("Date"), PAST),
        Days("due", gettext_lazy("Due"), PAST),
    ),
    empty=Empty(
        icon="invoice",
        title=gettext_lazy("No bills yet"),
        text=gettext_lazy("They appear when a document comes in, or when you enter one."),
    ),
    create=(gettext_lazy("Enter bill"), "web:bill_new", "bill.edit"),
    load=("web:documents_upload", "document.upload"),
    shown_sum=OPEN,
)


class Bills:
    """Bills as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> queries.BillFilter:
        """The room's filter of a state."""
        values: dict[str, Any] = {}
        for one in self.table.filters:
            first, last = one.read(state, visit)
            values |= {f"{one.name}_from": first, f"{one.name}_to": last}
        return queries.BillFilter(
            today=visit.today,
            q=state.q,
            ids=state.ids,
            without_ids=state.without,
            status="" if state.ids else state.view.query.get("state", ""),
            **values,
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[Bill]:
        """Records in an order, those beyond `after`."""
        wanted = self.narrowed(state, visit)
        return queries.page_of_bills(wanted, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: Bill, sort: str) -> Place:
        """(sort value, id)."""
        return queries.bill_sort_value(record, sort)

    def draw(self, records: Sequence[Bill], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state
        return [row_of(one, visit) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        wanted = [self.narrowed(one, visit) for one in states]
        return queries.bill_counts(wanted, by=visit.by, cap=cap)

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count, what they come to and what of it is open."""
        wanted = self.narrowed(state, visit)
        if cap is not None:
            (count,) = queries.bill_counts([wanted], by=visit.by, cap=cap)
            if count > cap:
                return Figures(count, whole=False)
        found = queries.sums_of(wanted, by=visit.by)
        left = [Money(one.left, one.currency) for one in found if one.left]
        whole = [Money(one.payable, one.currency) for one in found]
        return Figures(sum(one.count for one in found), [Sum(_("Amount"), whole), Sum(OPEN, left)])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        found = queries.page_of_bills(self.narrowed(state, visit), by=visit.by, limit=limit)
        return [one.id for one in found]


BILLS = Bills()


def row_of(record: Bill, visit: Visit) -> Row:
    """One bill with a cell for every column."""
    url = address_of("web:bill", record.id)
    word = record.status_word(on=visit.today)
    left = Money(record.open_amount, record.currency)
    sign = -1 if record.kind == Bill.Kind.CREDIT_NOTE else 1
    return Row(
        id=record.id,
        url=url,
        name=_("bill %(number)s of %(supplier)s")
        % {"number": record.number, "supplier": record.supplier_name},
        cells={
            "number": Cell("link", record.number, url=url),
            "supplier": Cell("text", record.supplier_name, tone="strong"),
            "status": Cell("badge", word, plain=str(status_of(word).label)),
            "issued": Cell("day", day=record.issued_on, tone="soft"),
            "due": Cell("day", day=record.due_on, tone="soft"),
            "order": Cell("text", record.order_reference, tone="muted"),
            "left": Cell("money", money=left * sign if left else None, tone="strong"),
            "amount": Cell(
                "money", money=Money(sign * record.payable_amount, record.currency), tone="soft"
            ),
            "currency": Cell("text", record.currency, tone="soft"),
            "entered": Cell("day", day=record.created_at.date(), tone="soft"),
        },
        menu=[Entry(_("Open"), url, "eye")],
        currency=record.currency,
    )
