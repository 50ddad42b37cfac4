"""The client list, and the options under a client field."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import Balance, ClientFilter, ClientRecord
from guilder.books.payments import queries as payments
from guilder.faces.web import choices
from guilder.faces.web.addresses import address_of
from guilder.faces.web.door import page
from guilder.faces.web.lists.filters import Choices
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
from guilder.faces.web.partners import many
from guilder.faces.web.shell import Visit
from guilder.registers.parties import queries
from guilder.registers.parties.models import Partner

OFFERED = 8


def countries(visit: Visit) -> list[tuple[str, str]]:
    """The countries that clients are in."""
    codes = queries.countries(visit.by.organization_id)
    return [(code, choices.country_name(code)) for code in codes]


def kinds(visit: Visit) -> list[tuple[str, Any]]:
    """Companies and people."""
    del visit
    return list(choices.PARTNER_KINDS.items())


TABLE = Table(
    kind="clients",
    route="web:clients",
    title=_("Clients"),
    label=_("Client list"),
    caption=_("Clients"),
    hint=_("Name, number, city or e-mail"),
    nouns=lambda n, words: ngettext("%(n)s client", "%(n)s clients", n) % {"n": words},
    none_match=_("No client matches"),
    columns=(
        Column(key="name", label=_("Name"), sort="name", slot=1, fixed=True),
        Column(key="code", label=_("Number"), sort="code", slot=3),
        Column(key="city", label=_("City")),
        Column(key="country", label=_("Country"), shown=False),
        Column(key="email", label=_("E-mail")),
        Column(key="kind", label=_("Kind"), shown=False),
        Column(key="paid", label=_("Last paid")),
        Column(key="days", label=_("Pays in"), end=True),
        Column(key="late", label=_("Overdue"), end=True, slot=4),
        Column(key="open", label=_("Open"), end=True, slot=2),
        Column(key="created", label=_("Added"), sort="created", shown=False),
    ),
    views=(
        BuiltIn(key="", label=_("All")),
        BuiltIn(key="owing", label=_("Owing"), query={"owes": "open"}),
        BuiltIn(key="late", label=_("Overdue"), query={"owes": "late"}),
        BuiltIn(key="archived", label=_("Archived"), query={"archived": "yes"}),
    ),
    sort="name",
    filters=(
        Choices("kind", _("Kind"), kinds),
        Choices("country", _("Country"), countries),
    ),
    acts=many.ACTS,
    empty=Empty(
        icon="clients",
        title=_("No clients yet"),
        text=_(
            "A client is whoever you invoice, a company or a person. A name is enough to begin."
        ),
    ),
    create=(_("New client"), "web:client_new", "partner.edit"),
    load=("web:clients_import", "import.run"),
    shown_sum=_("Open"),
    counts_to=1_000,  # who owes is looked up client by client
    told=True,
)
SMALL = 200  # so many clients are summed with the page


class Clients:
    """Clients as a list's source."""

    table = TABLE

    def narrowed(self, state: State, visit: Visit) -> ClientFilter:
        """The room's filter of a state."""
        owes = state.view.query.get("owes", "")
        shown = {one.name: one.read(state, visit) for one in self.table.filters}
        archived: bool | None = bool(state.view.query.get("archived"))
        return ClientFilter(
            today=visit.today,
            q=state.q,
            ids=state.ids,
            without_ids=state.without,
            kinds=shown["kind"],
            countries=shown["country"],
            archived=None if state.ids else archived,
            owing=owes == "open",
            late=owes == "late",
        )

    def rows(
        self, state: State, visit: Visit, *, sort: str, limit: int, after: Place | None
    ) -> list[ClientRecord]:
        """Records in an order, those beyond `after`."""
        narrowed = self.narrowed(state, visit)
        return invoicing.list_clients(narrowed, by=visit.by, sort=sort, limit=limit, after=after)

    def key(self, record: ClientRecord, sort: str) -> Place:
        """(sort value, id)."""
        return invoicing.client_sort_value(record, sort)

    def draw(self, records: Sequence[ClientRecord], state: State, visit: Visit) -> list[Row]:
        """Records as rows, with what only the shown columns need."""
        ids, by = [one.id for one in records], visit.by
        shown = {column.key for column in state.columns}
        sees_money = by.may("invoice.view")
        owed = invoicing.balances(ids, by=by, today=visit.today) if sees_money else {}
        wants_days = sees_money and "days" in shown
        days: dict[UUID, int] = invoicing.average_days(ids, by=by) if wants_days else {}
        paid = payments.last_paid(ids, by=by) if by.may("payment.view") else {}
        return [
            row_of(one, owed.get(one.id, []), paid.get(one.id), days.get(one.id), visit=visit)
            for one in records
        ]

    def counts(self, states: Sequence[State], visit: Visit, *, cap: int) -> list[int]:
        """How many each state finds."""
        filters = [self.narrowed(one, visit) for one in states]
        return invoicing.client_counts(filters, by=visit.by, cap=cap)

    def figures(self, state: State, visit: Visit, *, cap: int | None) -> Figures:
        """Count, and what is owed."""
        bound = None if cap is None else min(cap, SMALL)
        found = invoicing.client_figures(self.narrowed(state, visit), by=visit.by, cap=bound)
        if not found.whole:
            return Figures(found.count, whole=False)
        late = [one.overdue for one in found.balances if one.overdue]
        left = [one.open for one in found.balances if one.open]
        return Figures(found.count, [Sum(_("Overdue"), late), Sum(TABLE.shown_sum, left)])

    def chosen(self, state: State, visit: Visit, *, limit: int) -> list[UUID]:
        """The ids of what a state finds."""
        return invoicing.client_ids(self.narrowed(state, visit), by=visit.by, limit=limit)


CLIENTS = Clients()


def row_of(
    record: ClientRecord,
    owed: list[Balance],
    paid_on: date | None,
    days: int | None,
    *,
    visit: Visit,
) -> Row:
    """One client with a cell for every column."""
    url = address_of("web:client", record.id)
    archived = "archived" if record.archived_at else ""
    late = [one.overdue for one in owed if one.overdue]
    return Row(
        id=record.id,
        url=url,
        name=record.name,
        cells={
            "name": Cell("link", record.name, url=url, plain=record.name),
            "code": Cell("text", record.code, tone="muted", note=archived),
            "city": Cell("text", record.city, tone="soft"),
            "country": Cell(
                "text",
                choices.country_name(record.country) if record.country else "",
                tone="soft",
            ),
            "email": Cell("mail", record.email, tone="soft"),
            "kind": Cell("text", choices.PARTNER_KINDS[record.kind], tone="soft"),
            "paid": Cell("day", day=paid_on, tone="soft"),
            "days": Cell(
                "number", days_words(days), tone="soft", plain="" if days is None else days
            ),
            "late": Cell("moneys", many=late, tone="late"),
            "open": Cell("moneys", many=[one.open for one in owed if one.open], tone="strong"),
            "created": Cell("day", day=record.created_at.date(), tone="soft"),
        },
        menu=menu(record, url=url, visit=visit),
    )


def days_words(days: int | None) -> str:
    """ "18 days"."""
    if days is None:
        return ""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def menu(record: ClientRecord, *, url: str, visit: Visit) -> list[Entry]:
    """What can be done with a client from the list."""
    made = [Entry(pgettext("act", "Open"), url, "eye")]
    if visit.by.may("partner.edit"):
        edit = address_of("web:client_edit", record.id)
        made.append(Entry(gettext("Edit"), edit, "edit", "E"))
    if visit.by.may("invoice.create") and not record.archived_at:
        new = f"{reverse('web:invoice_new')}?client={record.id}"
        made.append(Entry(gettext("New invoice"), new, "plus"))
    return made


def city_of(partner: Partner) -> str:
    """The city of the billing address."""
    return next((one.city for one in partner.addresses.all() if one.use == "billing"), "")


@page("", "partner.view", methods="GET")
def suggestions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Clients whose name, number or address begins like what is typed; and a new one."""
    q = request.GET.get("q", "").strip()[:200]
    with visit.reading():
        rows = queries.list_partners(visit.by.organization_id, side="customer", q=q)
        rows = rows.filter(archived_at=None).prefetch_related(None).prefetch_related("addresses")
        found = list(first_ones(rows, q)[:OFFERED])
    is_known = any(one.name.casefold() == q.casefold() for one in found)
    may_create = visit.by.may("partner.edit") and not request.GET.get("known")
    new_name = q if q and may_create and not is_known else ""
    words = {
        "clients": [
            {
                "id": one.id,
                "name": one.name,
                "hint": " · ".join(part for part in (one.code, city_of(one)) if part),
                "fill": json.dumps({"client": str(one.id), "client_name": one.name}),
            }
            for one in found
        ],
        "new_name": new_name,
        "new_fill": json.dumps({"client": "", "client_name": new_name}),
    }
    return render(request, "partners/suggestions.html", words)


def first_ones(rows: QuerySet[Partner], q: str) -> QuerySet[Partner]:
    """What begins with the words before what only holds them; the newest where none are typed."""
    if not q:
        return rows.order_by("-created_at", "-id")
    rank = Case(When(name__istartswith=q, then=Value(0)), default=Value(1))
    return rows.order_by(rank, Lower("name"), "id")
