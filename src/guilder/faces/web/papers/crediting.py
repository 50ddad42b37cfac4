"""Correcting by credit: some lines or all, credit and copy, credit applied and taken off."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceFilter, InvoiceRecord
from guilder.books.payments import operations as payments
from guilder.books.payments import queries as paid
from guilder.faces.web import answers, choices, formats, typed
from guilder.faces.web.choices import RECEIVABLE
from guilder.faces.web.door import page
from guilder.faces.web.lists import due_words
from guilder.faces.web.papers.acts import small
from guilder.faces.web.papers.facts import told
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict, GuilderError, Invalid
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch

PREFIX = "quantity-"
MOST = 200


@page("invoices", "invoice.credit")
def invoice_credit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Choose what to credit: every line with what is left of it, all of it to begin with."""
    try:
        with visit.reading():
            record = queries.get_invoice(invoice_id, by=visit.by)
            whole = operations.sketch_credit(invoice_id, by=visit.by, at=visit.now)
    except Conflict as error:
        messages.error(request, said(error.detail))
        return redirect("web:invoice", invoice_id)
    given = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(given, whole, asked="chosen" in given)
    if request.method == "POST" and not answers.swaps(request):
        return credited(request, visit, record, whole, chosen)
    words = credit_words(visit, record, whole, chosen, reason=given.get("reason", ""))
    name = "papers/credit.html#figures" if answers.swaps(request) else "papers/credit.html"
    return render(request, name, words)


def chosen_of(given: Any, whole: operations.CreditSketch, *, asked: bool) -> dict[int, str]:
    """Position → quantity as typed, of the lines that are ticked; all of them at first."""
    if not asked:
        return {one.position: plain(one) for one in whole.lines if one.is_left}
    ticked = set(given.getlist("line"))
    return {
        one.position: given.get(f"{PREFIX}{one.position}", plain(one))
        for one in whole.lines
        if str(one.position) in ticked
    }


def plain(line: operations.CreditableLine) -> str:
    """A quantity as it stands in a field."""
    return f"{line.quantity_left.normalize():f}"


def requests_of(whole: operations.CreditSketch, chosen: Mapping[int, str]) -> list[dict[str, Any]]:
    """The raw lines of the room: a line of which all is left to be credited names no quantity."""
    lines = {one.position: one for one in whole.lines}
    return [
        {"line": position}
        if typed.number(text) == plain(lines[position])
        else {"line": position, "quantity": typed.number(text)}
        for position, text in chosen.items()
    ]


def credit_words(
    visit: Visit,
    record: InvoiceRecord,
    whole: operations.CreditSketch,
    chosen: Mapping[int, str],
    *,
    reason: str,
    refused: GuilderError | None = None,
) -> dict[str, Any]:
    """The page: lines, what they come to, and what becomes of the money."""
    problems: dict[int, str] = {}
    total = None
    positions = list(chosen)
    if refused is None and chosen:
        try:
            with visit.reading():
                part = operations.sketch_credit(
                    record.id, by=visit.by, at=visit.now, lines=requests_of(whole, chosen)
                )
            total = part.total
        except (Invalid, Conflict) as error:
            refused = error
    for problem in refused.problems if refused else ():
        parts = problem.pointer.split("/")
        if len(parts) > 2 and parts[2].isdigit() and int(parts[2]) < len(positions):
            problems[positions[int(parts[2])]] = said(problem.detail)
    return {
        "paper": SimpleNamespace(
            id=record.id, number=record.number, client=record.partner_name, reason=reason
        ),
        "lines": [
            SimpleNamespace(
                position=one.position,
                name=one.name,
                unit=choices.unit_name(one.unit),
                left=formats.number(one.quantity_left, formats.reader()),
                net=one.net_left,
                quantity=chosen.get(one.position, plain(one)),
                ticked=one.position in chosen,
                is_left=one.is_left,
                error=problems.get(one.position, ""),
            )
            for one in whole.lines
        ],
        "total": total,
        "then": then_words(record, total),
        "problem": said(refused.detail) if refused and not problems else "",
        "chosen": bool(chosen),
        "may": {"correct": visit.by.may("invoice.create")},
    }


def then_words(record: InvoiceRecord, total: Money | None) -> str:
    """What the credit does to what is open."""
    if total is None:
        return ""
    applied = min(total.minor, record.open_amount)
    rest = total.minor - applied
    left = record.money(record.open_amount - applied)
    if rest and applied:
        words = _("%(applied)s is set against what is open; %(rest)s becomes the client's credit.")
    elif rest:
        words = _("%(rest)s becomes the client's credit, since nothing is open.")
    elif left:
        words = _("It is set against what is open; %(left)s stays open.")
    else:
        words = _("It is set against what is open; nothing stays open.")
    return words % {
        "applied": told(record.money(applied)),
        "rest": told(record.money(rest)),
        "left": told(left),
    }


def credited(
    request: HttpRequest,
    visit: Visit,
    record: InvoiceRecord,
    whole: operations.CreditSketch,
    chosen: Mapping[int, str],
) -> HttpResponse:
    """Issue the credit note; the page again where it cannot be."""
    reason, issue = request.POST.get("reason", ""), request.POST.get("as") != "draft"
    wanted = {"on": visit.today, "lines": requests_of(whole, chosen), "reason": reason}
    try:
        if issue:
            dispatch.require_einvoice_of_credit(
                record.id, by=visit.by, at=visit.now, today=visit.today, translate=_, **wanted
            )
        note = operations.credit_invoice(
            record.id, by=visit.by, at=visit.now, issue=issue, **wanted
        )
    except (Invalid, Conflict) as error:
        words = credit_words(visit, record, whole, chosen, reason=reason, refused=error)
        return render(request, "papers/credit.html", words, status=422)
    if note.status == "draft":
        answers.say(request, _("The credit note is a draft. Nothing is issued yet."))
    else:
        answers.say(request, _("Credit note %(number)s is issued.") % {"number": note.number})
    return redirect("web:invoice", note.id)


@page("invoices", methods="POST")
def invoice_correct(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Credit and copy: two linked drafts, and on to the copy."""
    _note, copy = operations.credit_and_copy(invoice_id, by=visit.by, at=visit.now)
    words = _("Two drafts are made: a credit note over all of it, and this copy to put right.")
    answers.say(request, words)
    return redirect("web:invoice_edit", copy.id)


# Credit that a client has


@page("invoices", "payment.record")
def invoice_use_credit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Pay an open invoice out of what its client has in credit, the oldest first."""
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        sources = sources_of(record, visit)
    if request.method == "POST":
        used = use(record, sources, set(request.POST.getlist("source")), visit)
        words = _("%(amount)s of credit is applied.") % {"amount": told(used)}
        return answers.done(request, to=reverse("web:invoice", args=[invoice_id]), text=words)
    words = {
        "paper": SimpleNamespace(
            id=record.id, number=record.number, left=record.money(record.open_amount)
        ),
        "sources": sources,
    }
    return small(request, "papers/use_credit.html", words, failed=False)


def sources_of(record: InvoiceRecord, visit: Visit) -> list[SimpleNamespace]:
    """Open credit notes and unallocated payments of its client in its currency, oldest first."""
    notes = queries.list_invoices(
        InvoiceFilter(
            today=visit.today,
            partner_id=record.partner_id,
            currency=record.currency,
            is_open=True,
            kinds=("credit_note",),
        ),
        by=visit.by,
        limit=MOST,
    )
    money = paid.list_payments(
        by=visit.by,
        partner_id=record.partner_id,
        currency=record.currency,
        is_unallocated=True,
        limit=MOST,
    )
    found = [
        SimpleNamespace(
            id=f"note:{one.id}",
            label=_("Credit note"),
            name=one.number,
            on=one.issued_on,
            left=one.money(one.open_amount),
        )
        for one in notes
    ]
    found += [
        SimpleNamespace(
            id=f"payment:{one.id}",
            label=_("Payment"),
            name=one.reference,
            on=one.received_on,
            left=Money(one.unallocated_amount, one.currency),
        )
        for one in money
    ]
    return sorted(found, key=lambda one: (one.on, one.id))


def use(
    record: InvoiceRecord, sources: list[SimpleNamespace], wanted: set[str], visit: Visit
) -> Money:
    """Apply the chosen sources in their order until nothing is open; gives what was applied."""
    left = record.open_amount
    with transaction(visit.by.organization_id):
        for one in sources:
            share = Money(min(left, one.left.minor), record.currency)
            if one.id not in wanted or not share:
                continue
            kind, _sep, id_text = one.id.partition(":")
            apply_one(kind, UUID(id_text), record.id, share, visit)
            left -= share.minor
    return record.money(record.open_amount - left)


def apply_one(kind: str, source_id: UUID, invoice_id: UUID, share: Money, visit: Visit) -> None:
    """Apply one credit note or payment to an invoice."""
    by, on, at = visit.by, visit.today, visit.now
    if kind == "note":
        operations.allocate_credit(
            source_id, invoice_id=invoice_id, by=by, on=on, at=at, amount=share
        )
        return
    payments.allocate_payment(
        source_id,
        by=by,
        on=on,
        at=at,
        allocations=[{"invoice": str(invoice_id), "amount": typed.shown(share)}],
    )


@page("invoices", "payment.record")
def credit_apply(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Apply what is left of a credit note to the client's open invoices."""
    with visit.reading():
        note = queries.get_invoice(invoice_id, by=visit.by)
        owed = queries.list_invoices(
            InvoiceFilter(
                today=visit.today,
                partner_id=note.partner_id,
                currency=note.currency,
                is_open=True,
                kinds=RECEIVABLE,
            ),
            by=visit.by,
            sort="due_on",
            limit=MOST,
        )
    if request.method == "POST":
        used = spend(note, owed, set(request.POST.getlist("invoice")), visit)
        words = _("%(amount)s of credit is applied.") % {"amount": told(used)}
        return answers.done(request, to=reverse("web:invoice", args=[invoice_id]), text=words)
    words = {
        "paper": SimpleNamespace(id=note.id, number=note.number, left=note.money(note.open_amount)),
        "owed": [owed_row(one, visit) for one in owed],
    }
    return small(request, "papers/apply_credit.html", words, failed=False)


def owed_row(record: InvoiceRecord, visit: Visit) -> SimpleNamespace:
    """One open invoice to choose."""
    words, late = due_words(record.due_on, today=visit.today, is_open=True)
    return SimpleNamespace(
        id=record.id,
        number=record.number,
        due_on=record.due_on,
        due_text=words,
        late=late,
        left=record.money(record.open_amount),
    )


def spend(note: InvoiceRecord, owed: list[InvoiceRecord], wanted: set[str], visit: Visit) -> Money:
    """Apply a credit note to the chosen invoices, the longest due first; gives what was applied."""
    left = note.open_amount
    with transaction(visit.by.organization_id):
        for one in owed:
            share = note.money(min(left, one.open_amount))
            if str(one.id) in wanted and share:
                apply_one("note", note.id, one.id, share, visit)
                left -= share.minor
    return note.money(note.open_amount - left)


@page("invoices", "payment.reverse", methods="POST")
def credit_take_off(
    request: HttpRequest, visit: Visit, invoice_id: UUID, allocation_id: UUID
) -> HttpResponse:
    """Take a credit note off an invoice again."""
    operations.reverse_credit(allocation_id, by=visit.by, on=visit.today, at=visit.now)
    words = _("The credit note is taken off. It is the client's credit again.")
    return answers.done(request, to=reverse("web:invoice", args=[invoice_id]), text=words)
