"""One quote: paper left, facts right, its PDF and pictures."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.invoicing import queries
from guilder.books.invoicing.queries import InvoiceFilter, QuoteRecord
from guilder.faces.web import formats, timeline
from guilder.faces.web.door import page
from guilder.faces.web.drafting import figures
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import talk_of
from guilder.foundation.identity.permissions import own_only
from guilder.kernel.errors import GuilderError
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch
from guilder.office.dispatch import queries as mails
from guilder.papers.rendering import operations as rendering
from guilder.papers.rendering import queries as looks

MOST_PAGES = 12
ASKS = ("delete",)
MAIL_STATES = {"sending": "queued", "held": "queued", "returned": "bounced"}


@page("quotes", "quote.view", methods="GET")
def quote(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """The page of a quote."""
    with visit.reading():
        record = queries.get_quote(quote_id, by=visit.by)
        document = queries.get_quote_document(quote_id, by=visit.by)
        sent = mails.list_mails(by=visit.by, quote_id=quote_id, limit=10)
        words: dict[str, Any] = {
            "quote": facts(record, document.buyer.contact.email, visit),
            "totals": figures.totals_of(document),
            "lines": lines_of(record, document),
            "invoices": invoices_of(record, visit),
            "deliveries": [delivery(one) for one in sent],
            "timeline": timeline.of_rows(visit, [record.id, *(one.id for one in sent)]),
            "talk": talk_of(visit, "quote", record.id),
            "kind": "quote",
            "subject": record.id,
            "may": allowed(record, visit),
        }
    words["pages"] = pages_of(record, visit)
    ask = request.GET.get("ask", "")
    words["ask"] = ask if ask in ASKS else ""
    return render(request, "quotes/detail.html", words)


def facts(record: QuoteRecord, email: str, visit: Visit) -> SimpleNamespace:
    """What the page says of the quote itself."""
    title = record.number or _("Draft for %(client)s") % {"client": record.partner_name}
    return SimpleNamespace(
        id=record.id,
        title=title,
        number=record.number or "",
        status=record.word(on=visit.today),
        sentence=sentence(record, visit),
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        client_email=email,
        total=Money(record.gross_amount, record.currency),
        quoted_on=record.quoted_on,
        valid_until=record.valid_until,
        is_draft=record.state == "draft",
    )


def sentence(record: QuoteRecord, visit: Visit) -> str:
    """Where it stands, in words."""
    locale = formats.reader()
    word = record.word(on=visit.today)
    if word == "draft":
        return _("Not sent yet. Nobody outside can see it.")
    if word in ("accepted", "invoiced") and record.accepted_at:
        day = formats.day(record.accepted_at.astimezone(visit.zone).date(), locale)
        who = record.accepted_by or record.partner_name
        words = _("Accepted by %(who)s on %(day)s.") % {"who": who, "day": day}
        return f"{words} {_('All of it is invoiced.')}" if word == "invoiced" else words
    if word == "declined" and record.declined_at:
        day = formats.day(record.declined_at.astimezone(visit.zone).date(), locale)
        words = _("Declined on %(day)s.") % {"day": day}
        return f"{words} “{record.declined_reason}”" if record.declined_reason else words
    if word == "expired" and record.valid_until:
        return _("Nobody answered until %(day)s.") % {
            "day": formats.day(record.valid_until, locale)
        }
    return _("Waiting for an answer.")


def lines_of(record: QuoteRecord, document: Any) -> list[SimpleNamespace]:
    """Its lines, with how much of each is invoiced."""
    return [
        SimpleNamespace(
            name=line.item.name,
            net=line.net,
            quantity=quoted,
            invoiced=invoiced,
            left=quoted - invoiced,
        )
        for line, (quoted, invoiced) in zip(document.lines, record.quantities, strict=True)
    ]


def invoices_of(record: QuoteRecord, visit: Visit) -> list[SimpleNamespace]:
    """The invoices that came of it."""
    if not visit.by.may("invoice.view"):
        return []
    wanted = InvoiceFilter(today=visit.today, partner_id=record.partner_id)
    found = [
        one
        for one in queries.list_invoices(wanted, by=visit.by, limit=200)
        if one.quote_id == record.id
    ]
    return [
        SimpleNamespace(
            number=one.number or _("Draft"),
            url=reverse("web:invoice", args=[one.id]),
            status=one.word(on=visit.today),
            total=one.money(one.gross_amount),
        )
        for one in found
    ]


def delivery(mail: Any) -> SimpleNamespace:
    """One mail and what became of it."""
    return SimpleNamespace(
        at=mail.sent_at or mail.queued_at,
        to=mail.to,
        status=MAIL_STATES.get(mail.state, mail.state),
        detail=mail.problem,
        url=reverse("web:outbox_message", args=[mail.id]),
    )


def allowed(record: QuoteRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    by = visit.by
    mine = record.created_by_id == by.user_id

    def may(permission: str) -> bool:
        return by.may(permission) and (mine or not own_only(by, permission))

    is_draft = record.state == "draft"
    has_left = any(abs(quoted) > abs(invoiced) for quoted, invoiced in record.quantities)
    return {
        "edit": is_draft and may("quote.edit"),
        "review": is_draft and may("quote.send"),
        "delete": is_draft and may("quote.delete"),
        "send": not is_draft and may("quote.send"),
        "accept": record.state in ("sent", "declined") and may("quote.edit"),
        "decline": record.state == "sent" and may("quote.edit"),
        "invoice": record.state in ("sent", "accepted") and has_left and may("invoice.create"),
        "duplicate": may("quote.edit"),
    }


# The paper


def pages_of(record: QuoteRecord, visit: Visit) -> list[SimpleNamespace]:
    """The pictures of its pages; none when it cannot be set. Call it outside transactions."""
    key = f"quote-pages:{record.id}:{record.version}"
    count = cache.get(key)
    if count is None:
        try:
            printed = dispatch.print_paper(record.id, by=visit.by, at=visit.now, is_quote=True)
        except GuilderError:
            return []
        count = rendering.page_count(printed.pdf)
        cache.set(key, count)
    name = record.number or _("the draft")
    return [
        SimpleNamespace(
            url=reverse("web:quote_page", args=[record.id, n]) + f"?v={record.version}",
            alt=_("Page %(page)s of %(name)s") % {"page": n, "name": name},
        )
        for n in range(1, min(count, MOST_PAGES) + 1)
    ]


@page("quotes", "quote.view", methods="GET")
def quote_page(request: HttpRequest, visit: Visit, quote_id: UUID, number: int) -> HttpResponse:
    """One page of the paper as a picture."""
    del request
    with visit.reading():
        document = queries.get_quote_document(quote_id, by=visit.by)
        look = looks.look_of(by=visit.by)
    picture = rendering.render_png(document, look=look, page=number, ppi=144)
    return HttpResponse(picture, content_type="image/png")


@page("quotes", "quote.view", methods="GET")
def quote_pdf(request: HttpRequest, visit: Visit, quote_id: UUID) -> HttpResponse:
    """The PDF, the same bytes for ever once it has its number."""
    del request
    printed = dispatch.print_paper(quote_id, by=visit.by, at=visit.now, is_quote=True)
    headers = {"Content-Disposition": f'inline; filename="{printed.filename}"'}
    return HttpResponse(printed.pdf, content_type="application/pdf", headers=headers)
