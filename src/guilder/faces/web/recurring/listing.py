"""The list of recurring invoices."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guilder.faces.web.lists.filters import Client
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
    Table,
)
from guilder.faces.web.recurring.words import ACTS, WORDS, rhythm_words
from guilder.faces.web.shell import Visit
from guilder.faces.web.statuses import status_of
from guilder.flows.billing.queries import RecurringRecord, list_recurring, recurring_count
from guilder.kernel.money import Money

TABLE = Table(
    kind="recurring",
    route="web:recurring",
    title=gettext_lazy("Recurring invoices"),
    label=gettext_lazy("List of recurring invoices"),
    caption=gettext_lazy("Recurring invoices"),
    hint=gettext_lazy("Name or client"),
    nouns=lambda n, words: (
        ngettext("%(n)s recurring invoice", "%(n)s recurring invoices", n) % {"n": words}
    ),
    none_match=gettext_lazy("No recurring invoice matches"),
    columns=(
        Column(key="name", label=gettext_lazy("Name"), slot=1, fixed=True),
        Column(key="client", label=gettext_lazy("Client"), slot=3),
        Column(key="status", label=gettext_lazy("Status"), slot=4),
        Column(key="rhythm", label=gettext_lazy("Rhythm")),
        Column(key="act", label=gettext_lazy("What happens"), shown=False),
        Column(key="next", label=gettext_lazy("Next on")),
        Column(key="made", label=gettext_lazy("Invoices made"), end=True),
        Column(key="amount", label=gettext_lazy("Amount"), end=True, money=True, slot=2),
        Column(key="recorded", label=gettext_lazy("Set up"), sort="recorded", shown=False),
    ),
    views=(
        BuiltIn(key="", label=gettext_lazy("All")),
        BuiltIn(key="running", label=gettext_lazy("Running"), query={"state": "running"}),
        BuiltIn(key="troubled", label=gettext_lazy("In trouble"), query={"state": "troubled"}),
        BuiltIn(key="paused", label=gettext_lazy("Paused"), query={"state": "paused"}),
        BuiltIn(key="ended", label=gettext_lazy("Ended"), query={"state": "ended"}),
    ),
    sort="-recorded",
    filters=(Client("client", gettext_lazy("Client")),),
    empty=Empty(
        icon="recurring",
        title=gettext_lazy("Nothing recurs yet"),
        text=gettext_lazy("Open an invoice and choose “Repeat”: Guilder makes the next ones."),
    ),
)


class Recurring:
    """Recurring invoices as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> dict[str, Any]:
        """What the room's reads take."""
        client = self.table.filters[0].read(state, visit)
        return {
            "q": state.q,
            "partner_id": client,
            "state": "" if state.ids else state.view.query.get("state", ""),
        }

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[RecurringRecord]:
        """Records in an order, those beyond `after`."""
        return list_recurring(
            by=visit.by,
            limit=limit,
            after=after[1] if after else None,
            ids=state.ids,
            oldest_first=not sort.startswith("-"),
            **self.narrowed(state, visit),
        )

    def key(self, record: RecurringRecord, sort: str) -> Place:
        """(nothing, id): they stand in the order of recording."""
        del sort
        return None, record.id

    def draw(self, records: Sequence[RecurringRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows."""
        del state, visit
        return [row_of(one) for one in records]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        return [
            recurring_count(by=visit.by, cap=cap, **self.narrowed(one, visit)) for one in states
        ]

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """How many there are; sums of different rhythms say nothing."""
        count = recurring_count(by=visit.by, cap=cap or 10_000, **self.narrowed(state, visit))
        return Figures(count)

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        found = list_recurring(by=visit.by, limit=limit, **self.narrowed(state, visit))
        return [one.id for one in found]


RECURRING = Recurring()


def row_of(record: RecurringRecord) -> Row:
    """One recurring invoice with a cell for every column."""
    url = reverse("web:recurring_one", args=[record.id])
    word = WORDS[record.status]
    return Row(
        id=record.id,
        url=url,
        name=record.name,
        cells={
            "name": Cell("link", record.name, url=url),
            "client": Cell("text", record.partner_name, tone="strong"),
            "status": Cell("badge", word, plain=str(status_of(word).label)),
            "rhythm": Cell("text", rhythm_words(record), tone="soft"),
            "act": Cell("text", ACTS[record.act], tone="soft"),
            "next": Cell("day", day=record.next_on),
            "made": Cell("text", str(record.made_count), tone="soft"),
            "amount": Cell(
                "money", money=Money(record.gross_amount, record.currency), tone="strong"
            ),
            "recorded": Cell("day", day=record.created_at.date(), tone="soft"),
        },
        menu=[Entry(_("Open"), url, "eye")],
        currency=record.currency,
    )
