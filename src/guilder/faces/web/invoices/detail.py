"""One invoice: its page, its paper, and what can be done with it."""

from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.payments import queries as payments
from guilder.faces.web import choices, formats, lists, timeline
from guilder.faces.web.door import page, sentences
from guilder.faces.web.invoices import figures
from guilder.faces.web.invoices.listing import day
from guilder.faces.web.invoices.rows import RECEIVABLE
from guilder.faces.web.shell import Visit
from guilder.faces.web.timeline import ENGLISH
from guilder.foundation.identity.permissions import own_only
from guilder.kernel.document import Document
from guilder.kernel.errors import GuilderError
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks
from guilder.registers.numbering import queries as numbering

MOST_PAGES = 12
MAIL_STATES = {
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "held": "queued",
    "failed": "failed",
    "returned": "bounced",
    "stopped": "stopped",
}
ASKS = ("issue", "send", "credit", "delete")


@page("invoices", "invoice.view", methods="GET")
def invoice(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Paper left, facts right."""
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        document = queries.get_document(invoice_id, by=visit.by, at=visit.now)
        issue = issue_words(record, document, visit) if record.status == "draft" else None
        words = {
            "invoice": facts(record, document, visit),
            "totals": figures.totals_of(document),
            "payments": paid_by(record, visit),
            "deliveries": deliveries(record, visit),
            "linked": linked(record, visit),
            "timeline": timeline.of_row(visit, record.id),
            "proof": proof(record),
            "may": allowed(record, visit),
            "issue": issue,
        }
    words["pages"] = pages_of(record, document, visit)
    words["page_hint"] = _("The page cannot be drawn. The PDF says why.")
    ask = request.GET.get("ask", "")
    words["ask"] = ask if ask in ASKS else ""
    return render(request, "invoices/detail.html", words)


def facts(record: InvoiceRecord, document: Document, visit: Visit) -> SimpleNamespace:
    """What the page says of the invoice itself."""
    is_owed = bool(record.open_amount) and record.kind in RECEIVABLE
    due_text, late = lists.due_words(record.due_on, today=visit.today, is_open=is_owed)
    is_draft = record.status == "draft"
    title = record.number or _("Draft for %(client)s") % {"client": record.partner_name}
    return SimpleNamespace(
        id=record.id,
        number=record.number or "",
        title=title,
        kind_label=choices.KINDS[record.kind],
        status=record.word(on=visit.today),
        sentence=sentence(record, visit),
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        total=record.money(record.gross_amount),
        open=record.money(record.open_amount) if record.open_amount else None,
        issued_on=record.issued_on,
        due_on=document.due_on if is_draft else record.due_on,
        due_text=due_text,
        late=late,
        is_draft=is_draft,
        client_email=document.buyer.contact.email,
        reference=record.draft_reference,
        order_reference=document.order_reference,
    )


def sentence(record: InvoiceRecord, visit: Visit) -> str:
    """Where it stands, in words with both amounts."""

    def money(minor: int) -> str:
        return formats.money(record.money(minor), ENGLISH)

    left = record.open_amount
    done = record.payable_amount - left
    if record.status == "draft":
        return _("Not issued yet. Nobody outside can see it.")
    if record.kind == "pro_forma":
        return _("A pro forma asks for no payment.")
    if record.kind == "credit_note":
        if not left:
            return _("All of it has been used.")
        return _("%(open)s of it is the client's credit.") % {"open": money(left)}
    if not left:
        return settled_words(record)
    if done:
        words = _("%(done)s settled, %(open)s still open.")
        if not record.credited_amount and not record.written_off_amount:
            words = _("%(done)s received, %(open)s still open.")
        return words % {"done": money(done), "open": money(left)}
    if record.due_on and record.due_on < visit.today:
        return _("Nothing was paid yet.")
    return _("Waiting for payment.")


def settled_words(record: InvoiceRecord) -> str:
    """How an invoice came to be closed."""
    if record.written_off_amount:
        return _("What was open was written off.")
    if record.credited_amount and not record.allocated_amount:
        return _("Credited in full.")
    if record.settled_on is None:
        return _("Nothing is to be paid.")
    return _("Paid in full on %(day)s.") % {"day": formats.day(record.settled_on, ENGLISH)}


def allowed(record: InvoiceRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    by = visit.by
    is_draft = record.status == "draft"
    mine = record.created_by_id == by.user_id

    def may(permission: str) -> bool:
        return by.may(permission) and (mine or not own_only(by, permission))

    return {
        "edit": is_draft and may("invoice.edit"),
        "issue": is_draft and may("invoice.issue"),
        "delete": is_draft and may("invoice.delete"),
        "send": may("invoice.send"),
        "pay": record.kind in RECEIVABLE and may("payment.record"),
        "credit": not is_draft
        and record.kind in RECEIVABLE
        and not record.is_history
        and may("invoice.credit"),
        "duplicate": record.kind != "credit_note" and may("invoice.create"),
    }


def issue_words(record: InvoiceRecord, document: Document, visit: Visit) -> SimpleNamespace:
    """What issuing would give, and what stands in its way."""
    of = visit.by.organization_id
    series = next(
        (
            one
            for one in numbering.list_series(of)
            if one.kind == record.kind and one.is_default and one.is_active and not one.branch
        ),
        None,
    )
    number = numbering.next_number(of, series, on=visit.today) if series else "—"
    problems = [problem.detail for problem in queries.obstacles(document)]
    return SimpleNamespace(number=number, problems=problems, on=visit.today)


def paid_by(record: InvoiceRecord, visit: Visit) -> list[SimpleNamespace]:
    """The payments that were applied to it and still are."""
    if record.status == "draft" or not visit.by.may("payment.view"):
        return []
    found = payments.list_payments(by=visit.by, invoice_id=record.id)
    return [
        SimpleNamespace(
            on=one.received_on,
            method=choices.METHODS.get(one.method, one.method),
            amount=Money(share.amount, one.currency),
            url=reverse("web:payment", args=[one.id]),
        )
        for one in found
        for share in one.allocations
        if share.invoice_id == record.id and share.is_active
    ]


def deliveries(record: InvoiceRecord, visit: Visit) -> list[SimpleNamespace]:
    """Its mails and what became of them."""
    if record.status == "draft":
        return []
    return [
        SimpleNamespace(
            at=mail.sent_at or mail.queued_at,
            channel=_("Mail to"),
            to=mail.to,
            status=MAIL_STATES[mail.state],
            detail=mail.problem,
        )
        for mail in mails.list_mails(by=visit.by, invoice_id=record.id, limit=10)
    ]


def linked(record: InvoiceRecord, visit: Visit) -> list[SimpleNamespace]:
    """The documents that it corrects or that correct it."""
    if record.status == "draft" and record.corrects_id is None:
        return []
    others = queries.list_credits(record.id, by=visit.by)
    if record.corrects_id is not None:
        others = [queries.get_invoice(record.corrects_id, by=visit.by), *others]
    return [
        SimpleNamespace(
            label=choices.KINDS[one.kind],
            number=one.number or _("Draft"),
            url=reverse("web:invoice", args=[one.id]),
        )
        for one in others
    ]


def proof(record: InvoiceRecord) -> SimpleNamespace | None:
    """The hashes of what was issued."""
    if record.content_hash is None:
        return None
    chain = record.chain_hash.hex() if record.chain_hash else _("Of an earlier system")
    return SimpleNamespace(hash=record.content_hash.hex(), chain=chain)


# The paper


def pages_of(record: InvoiceRecord, document: Document, visit: Visit) -> list[SimpleNamespace]:
    """The pictures of its pages; none when it cannot be set."""
    del document
    key = f"pages:{record.id}:{record.version}"
    count = cache.get(key)
    if count is None:
        try:
            printed = dispatch.print_paper(record.id, by=visit.by, at=visit.now)
        except GuilderError:
            return []
        count = rendering.page_count(printed.pdf)
        cache.set(key, count)
    name = record.number or _("the draft")
    return [
        SimpleNamespace(
            url=reverse("web:invoice_page", args=[record.id, n]) + f"?v={record.version}",
            alt=_("Page %(page)s of %(name)s") % {"page": n, "name": name},
        )
        for n in range(1, min(count, MOST_PAGES) + 1)
    ]


@page("invoices", "invoice.view", methods="GET")
def invoice_page(request: HttpRequest, visit: Visit, invoice_id: UUID, number: int) -> HttpResponse:
    """One page of the paper as a picture."""
    del request
    with visit.reading():
        document = queries.get_document(invoice_id, by=visit.by, at=visit.now)
        look = looks.look_of(by=visit.by)
    picture = rendering.render_png(document, look=look, page=number, ppi=144)
    return HttpResponse(picture, content_type="image/png")


@page("invoices", "invoice.view", methods="GET")
def invoice_pdf(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """The PDF, the same bytes for ever once it is issued."""
    del request
    printed = dispatch.print_paper(invoice_id, by=visit.by, at=visit.now)
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{printed.filename}"'},
    )


# Acts


@page("invoices", methods="POST")
def invoice_issue(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Give it its number, and send it where that was asked for too."""
    on = day(request.POST.get("on", "")) or visit.today
    record = operations.issue_invoice(invoice_id, by=visit.by, at=visit.now, on=on)
    words = _("%(number)s is issued.") % {"number": record.number}
    if request.POST.get("send"):
        words = sent_words(visit, invoice_id, (), issued=words, request=request)
    if words:
        messages.success(request, words)
    return redirect("web:invoice", invoice_id)


def sent_words(
    visit: Visit, invoice_id: UUID, to: tuple[str, ...], *, issued: str, request: HttpRequest
) -> str:
    """Send what was just issued; that it is issued stays true when sending is refused."""
    try:
        mail = dispatch.send_paper(invoice_id, by=visit.by, at=visit.now, to=to)
    except GuilderError as error:
        messages.success(request, issued)
        messages.warning(request, _("It was not sent: %(why)s") % {"why": sentences(error)[0]})
        return ""
    return _("%(issued)s It goes to %(to)s.") % {"issued": issued, "to": mail.to}


@page("invoices", methods="POST")
def invoice_send(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Mail it, to the client's address or another."""
    to = tuple(part.strip() for part in request.POST.get("to", "").split(",") if part.strip())
    mail = dispatch.send_paper(invoice_id, by=visit.by, at=visit.now, to=to)
    messages.success(request, _("It goes to %(to)s.") % {"to": mail.to})
    return redirect("web:invoice", invoice_id)


@page("invoices", methods="POST")
def invoice_credit(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Credit all that is left of it."""
    reason = request.POST.get("reason", "")
    note = operations.credit_invoice(
        invoice_id, by=visit.by, at=visit.now, on=visit.today, reason=reason
    )
    messages.success(request, _("Credit note %(number)s is issued.") % {"number": note.number})
    return redirect("web:invoice", note.id)


@page("invoices", methods="POST")
def invoice_duplicate(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """A new draft like it."""
    made = operations.duplicate_invoice(invoice_id, by=visit.by, at=visit.now)
    messages.success(request, _("This is a copy. Nothing is issued yet."))
    return redirect("web:invoice_edit", made.id)


@page("invoices", methods="POST")
def invoice_delete(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    operations.delete_draft(invoice_id, by=visit.by)
    messages.success(request, _("The draft is deleted."))
    return redirect("web:invoices")
