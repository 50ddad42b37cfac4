"""The portal's lists: what is to pay, what to answer, and every document there is."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord, QuoteRecord
from guilder.books.invoicing.queries.lists import sort_value
from guilder.books.payments import queries as payments
from guilder.faces.web import choices
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.lists import due_words
from guilder.faces.web.lists.paging import cursor_of, place_of
from guilder.faces.web.portal.place import companies, drawn
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money

SHOWN, RECENT, MOST_OPEN = 25, 5, 100
NEWEST = "-issued_on"
SHOWN_STATUS = {"paid", "partially_paid", "credited", "disputed", "written_off"}


@page("portal", "invoice.view", methods="GET", guests=ONLY)
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is to pay and to answer, and what came lately."""
    with visit.reading():
        balances = balances_of(visit)
        waiting = [one for one in quotes_of(visit, limit=SHOWN) if one.is_open]
        recent = queries.list_invoices(
            InvoiceFilter(today=visit.today), by=visit.by, sort=NEWEST, limit=RECENT
        )
        return drawn(
            request,
            visit,
            "portal",
            owed=open_documents(visit),
            sums=sums_of([one.open for one in balances]),
            late=sums_of([one.overdue for one in balances if one.overdue]),
            credit=credit_of(visit),
            waiting=waiting,
            recent=[document_of(one, visit) for one in recent],
        )


@page("portal", "invoice.view", methods="GET", guests=ONLY)
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every invoice and credit note, the newest first."""
    place = place_of(request, sort=NEWEST)
    with visit.reading():
        found = queries.list_invoices(
            InvoiceFilter(today=visit.today),
            by=visit.by,
            sort=NEWEST,
            limit=SHOWN + 1,
            after=(place.value, place.row_id) if place else None,
        )
        return drawn(
            request,
            visit,
            "portal_documents",
            rows=[document_of(one, visit) for one in found[:SHOWN]],
            more=more_url(found),
            is_further=place is not None,
        )


@page("portal", "quote.view", methods="GET", guests=ONLY)
def quotes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every quote that went out, the newest first."""
    with visit.reading():
        return drawn(request, visit, "portal_quotes", rows=quotes_of(visit, limit=100))


def more_url(found: list[InvoiceRecord]) -> str:
    """The address of the next page; "" on the last one."""
    if len(found) <= SHOWN:
        return ""
    value, row_id = sort_value(found[SHOWN - 1], NEWEST)
    cursor = cursor_of(value, row_id, sort=NEWEST)
    return f"{reverse('web:portal_documents')}?cursor={cursor}"


def open_documents(visit: Visit) -> list[SimpleNamespace]:
    """What asks for money, the longest due first."""
    wanted = InvoiceFilter(today=visit.today, is_open=True, kinds=choices.RECEIVABLE)
    found = queries.list_invoices(wanted, by=visit.by, sort="due_on", limit=MOST_OPEN)
    return [document_of(one, visit) for one in found]


def balances_of(visit: Visit) -> list[queries.Balance]:
    """What the person's companies owe, and how much of it is late."""
    found = queries.balances(own(visit), by=visit.by, today=visit.today)
    return [one for of_company in found.values() for one in of_company]


def document_of(record: InvoiceRecord, visit: Visit) -> SimpleNamespace:
    """One document as the portal draws it."""
    is_owed = bool(record.open_amount) and record.kind in choices.RECEIVABLE
    due_text, late = due_words(record.due_on, today=visit.today, is_open=is_owed)
    word = record.word(on=visit.today)
    several = len(companies(visit)) > 1
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:portal_invoice", args=[record.id]),
        pdf_url=reverse("web:portal_pdf", args=[record.id]),
        number=record.number or "",
        kind=choices.KINDS[record.kind],
        company=record.partner_name if several else "",
        status=word if word in SHOWN_STATUS else "",
        issued_on=record.issued_on,
        due_on=record.due_on,
        due_text=due_text,
        late=late,
        is_owed=is_owed,
        total=record.money(record.gross_amount),
        open=record.money(record.open_amount),
    )


def quotes_of(visit: Visit, *, limit: int) -> list[SimpleNamespace]:
    """Quotes as the portal draws them."""
    found = queries.list_quotes(by=visit.by, limit=limit)
    return [quote_of(one, visit) for one in found if one.number]


def quote_of(record: QuoteRecord, visit: Visit) -> SimpleNamespace:
    """One quote."""
    word = record.word(on=visit.today)
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:portal_quote", args=[record.id]),
        number=record.number,
        status=word,
        is_open=word == "sent",
        quoted_on=record.quoted_on,
        valid_until=record.valid_until,
        total=Money(record.gross_amount, record.currency),
    )


def sums_of(amounts: list[Money]) -> list[Money]:
    """A sum for each currency."""
    sums: dict[str, Money] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, Money.zero(one.currency)) + one
    return [sums[currency] for currency in sorted(sums)]


def credit_of(visit: Visit) -> list[Money]:
    """What the person's companies have in credit, a sum for each currency."""
    found: list[Money] = []
    for one in own(visit):
        found += payments.open_credit(by=visit.by, partner_id=one)
    return sums_of([one for one in found if one])


def own(visit: Visit) -> list[UUID]:
    """The ids of the person's companies."""
    return list(companies(visit))
