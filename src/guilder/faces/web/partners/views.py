"""The page of a client: what they owe, their documents, payments, agreement, statement, history."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.books.payments import queries as payments
from guilder.books.sepa import queries as sepa
from guilder.faces.web import answers, choices, timeline
from guilder.faces.web.door import page
from guilder.faces.web.lists import due_words
from guilder.faces.web.papers.facts import sentence
from guilder.faces.web.partners import guests, statements, values, vat
from guilder.faces.web.partners.parts import parts_of
from guilder.faces.web.reminders import beside
from guilder.faces.web.sepa.words import mandate_row
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import talk_of
from guilder.kernel.money import Money
from guilder.registers.parties import operations, queries
from guilder.registers.parties.models import Partner
from guilder.registers.parties.schemas import partner_out

SIDE = "customer"
SHOWN = 25
MANDATES = 3
YEAR = timedelta(days=365)
DOCUMENTS, PAYMENTS, AGREEMENT, STATEMENT, PORTAL, HISTORY = (
    "",
    "payments",
    "agreement",
    "statement",
    guests.TAB,
    "history",
)


@page("clients", "partner.view", methods="GET")
def client(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """One client; the tab that the address names."""
    by = visit.by
    tabs = tabs_of(client_id, visit, request.GET.get("tab", ""))
    tab = next(one.code for one in tabs if one.current)
    with visit.reading():
        partner = queries.get_partner(by.organization_id, client_id, side=SIDE)
        words: dict[str, Any] = {
            "client": about(partner),
            "tabs": tabs,
            "tab": tab or "documents",
            "figures": figures_of(client_id, visit),
            "may": allowed(partner, visit),
            **TABS[tab](request, visit, partner),
        }
    if request.headers.get("HX-Target") == HISTORY and answers.swaps(request):
        return render(request, "partners/detail.html#history", words)
    return render(request, "partners/detail.html", words)


def tabs_of(client_id: UUID, visit: Visit, asked: str) -> list[SimpleNamespace]:
    """The tabs that this visitor may open, one of them current."""
    may = visit.by.may
    address = reverse("web:client", args=[client_id])
    known = [
        (DOCUMENTS, _("Documents"), may("invoice.view")),
        (PAYMENTS, _("Payments"), may("payment.view")),
        (STATEMENT, _("Statement"), may("payment.view") and may("invoice.view")),
        (AGREEMENT, _("Agreement"), True),
        (PORTAL, _("Portal"), may("portal.invite")),
        (HISTORY, _("Comments and history"), may("desk.view") or may("audit.view")),
    ]
    open_ones = [(code, label) for code, label, allowed_one in known if allowed_one]
    codes = [code for code, _label in open_ones]
    current = asked if asked in codes else codes[0]
    return [
        SimpleNamespace(
            code=code,
            label=label,
            url=f"{address}?tab={code}" if code else address,
            current=code == current,
        )
        for code, label in open_ones
    ]


def allowed(partner: Partner, visit: Visit) -> dict[str, bool]:
    """Which acts are shown."""
    by, is_active = visit.by, partner.archived_at is None
    return {
        "edit": by.may("partner.edit"),
        "archive": by.may("partner.edit"),
        "erase": by.may("partner.erase"),
        "create_invoice": by.may("invoice.create") and is_active,
        "record": by.may("payment.record"),
        "send": by.may("invoice.send"),
    }


def about(partner: Partner) -> SimpleNamespace:
    """Who it is, in the head."""
    return SimpleNamespace(
        id=partner.id,
        name=partner.name,
        code=partner.code,
        archived=partner.archived_at is not None,
        email=partner.email,
    )


def figures_of(client_id: UUID, visit: Visit) -> dict[str, Any]:
    """What is open, late and in credit, and how fast they pay."""
    by = visit.by
    sees = by.may("invoice.view")
    owed = (
        invoicing.balances([client_id], by=by, today=visit.today).get(client_id, []) if sees else []
    )
    since = visit.today - YEAR
    days = invoicing.days_to_pay([client_id], by=by, since=since).get(client_id) if sees else None
    return {
        "open": [one.open for one in owed],
        "overdue": [one.overdue for one in owed if one.overdue],
        "credit": payments.open_credit(by=by, partner_id=client_id)
        if by.may("payment.view")
        else [],
        "days": days,
        "days_unit": npgettext("unit", "day", "days", days or 0),
    }


# Tabs


def documents(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """The newest documents; a part payment with both amounts in words."""
    del request
    narrowed = InvoiceFilter(today=visit.today, partner_id=partner.id)
    found = invoicing.list_invoices(narrowed, by=visit.by, limit=SHOWN + 1)
    return {
        "documents": [document_row(one, visit) for one in found[:SHOWN]],
        "documents_url": f"{reverse('web:invoices')}?client={partner.id}",
        "more_documents": len(found) > SHOWN,
    }


def document_row(record: InvoiceRecord, visit: Visit) -> SimpleNamespace:
    """One document as the tab draws it."""
    word = record.word(on=visit.today)
    is_owed = bool(record.open_amount) and record.kind in ("invoice", "debit_note", "deposit")
    due_text, late = due_words(record.due_on, today=visit.today, is_open=is_owed)
    is_part = is_owed and record.open_amount < record.payable_amount
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:invoice", args=[record.id]),
        number=record.number or "",
        kind=choices.KINDS[record.kind] if record.kind != "invoice" else "",
        status=word,
        sentence=sentence(record, visit) if is_part else "",
        issued_on=record.issued_on,
        due_on=record.due_on,
        due_text=due_text,
        late=late,
        total=record.money(record.gross_amount),
        open=record.money(record.open_amount) if record.open_amount else None,
        pay_url=f"{reverse('web:payment_new')}?invoice={record.id}"
        if is_owed and visit.by.may("payment.record")
        else "",
    )


def paid(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """The newest payments and what is left of each."""
    del request
    found = payments.list_payments(by=visit.by, partner_id=partner.id, limit=SHOWN + 1)
    return {
        "payments": [
            SimpleNamespace(
                id=one.id,
                url=reverse("web:payment", args=[one.id]),
                on=one.received_on,
                method=choices.METHODS.get(one.method, one.method),
                reference=one.reference,
                numbers=", ".join(part.number or "" for part in one.allocations if part.is_active),
                amount=Money(one.amount, one.currency),
                left=Money(one.unallocated_amount, one.currency)
                if one.unallocated_amount
                else None,
                reversed=one.reversed_on is not None,
            )
            for one in found[:SHOWN]
        ],
        "payments_url": f"{reverse('web:payments')}?client={partner.id}",
        "more_payments": len(found) > SHOWN,
    }


def agreement(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """What is agreed, and everything that is known of them."""
    del request
    profile = queries.seller_profile(visit.by.organization_id)
    out = partner_out(partner, side=SIDE)
    return {
        "agreed": values.agreed_words(
            out, usual=profile.terms if profile else {}, language=visit.organization.language
        ),
        "known": values.known_words(out),
        "paying_url": reverse("web:client_paying", args=[partner.id])
        if visit.by.may("payment.view") and visit.by.may("charge.start")
        else "",
        "mandates": beside_mandates(partner.id, visit),
        "parts": parts_of(out, may_edit=visit.by.may("partner.edit")),
        "notes": out.notes,
        "reminding": beside.of_client(partner.id, visit),
        "vat": vat.panel(visit, out),
    }


def beside_mandates(client_id: UUID, visit: Visit) -> dict[str, Any] | None:
    """The client's leave to collect by direct debit; None for whoever may not see it."""
    if not visit.by.may("sepa.view"):
        return None
    asked = f"?client={client_id}"
    rows = sepa.list_mandates(by=visit.by, partner_id=client_id, limit=MANDATES + 1)
    may_add = visit.by.may("mandate.edit")
    return {
        "rows": [mandate_row(one, visit) for one in rows[:MANDATES]],
        "url": reverse("web:mandates") + asked if len(rows) > MANDATES else "",
        "add_url": reverse("web:mandate_new") + asked if may_add else "",
    }


def history(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """What was said and done."""
    show = timeline.chosen_kind(request.GET.get("show", ""))
    address = f"{reverse('web:client', args=[partner.id])}?tab={HISTORY}"
    return {
        "timeline": timeline.of_rows(visit, [partner.id], kind=show),
        "kinds": timeline.kinds_of(show, address),
        "talk": talk_of(visit, "client", partner.id),
        "kind": "client",
        "subject": partner.id,
    }


TABS: dict[str, Any] = {
    DOCUMENTS: documents,
    PAYMENTS: paid,
    AGREEMENT: agreement,
    STATEMENT: statements.tab,
    PORTAL: guests.tab,
    HISTORY: history,
}


@page("clients", "partner.edit", methods="POST")
def client_archive(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Put a client away; undone by bringing them back."""
    return moved(request, visit, client_id, puts_away=bool(request.POST.get("archived")))


@page("clients", "partner.edit", methods="POST")
def client_restore(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Bring a client back."""
    return moved(request, visit, client_id, puts_away=False)


def moved(request: HttpRequest, visit: Visit, client_id: UUID, *, puts_away: bool) -> HttpResponse:
    """Put a client away or bring them back, with the way to undo it."""
    with visit.reading():
        queries.get_partner(visit.by.organization_id, client_id, side=SIDE)
    act = operations.archive_partner if puts_away else operations.restore_partner
    act(client_id, by=visit.by, at=visit.now)
    return answers.done(
        request,
        to=reverse("web:client", args=[client_id]),
        text=_("The client is archived.") if puts_away else _("The client is back."),
        undo=reverse("web:client_restore", args=[client_id]) if puts_away else "",
    )
