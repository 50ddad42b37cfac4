"""The payment list, one payment, and taking one back."""

from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.payments import operations, queries
from guilder.books.payments.queries import PaymentRecord
from guilder.faces.web import choices, formats, lists, timeline
from guilder.faces.web.door import page
from guilder.faces.web.invoices.listing import identity, sums
from guilder.faces.web.shell import Visit
from guilder.faces.web.timeline import ENGLISH
from guilder.kernel.money import Money

SORT = "recorded"  # the only order: newest first
VIEWS: dict[str, bool | None] = {"": None, "unallocated": True}
PLAIN_HEAD = SimpleNamespace(href="", sorted="")


@page("payments", "payment.view", methods="GET")
def payments(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What came in, newest first."""
    get = request.GET
    view = get.get("view", "") if get.get("view", "") in VIEWS else ""
    q, client = get.get("q", "").strip()[:100], identity(get.get("client", ""))
    place = lists.place_of(request, sort=SORT)
    back = place is not None and place.back
    found = queries.list_payments(
        by=visit.by,
        partner_id=client,
        is_unallocated=VIEWS[view],
        q=q,
        limit=lists.PAGE + 1,
        after=place.row_id if place and not back else None,
        before=place.row_id if place and back else None,
    )
    shown = lists.paged(found, place, sort=SORT, key=lambda one: (None, one.id))
    words = {
        "views": lists.views(
            request, [("", _("All")), ("unallocated", _("Unallocated"))], counts={}
        ),
        "filter": {"q": q, "active": bool(q or view or client)},
        "hidden": {name: get[name] for name in ("view", "client") if get.get(name)},
        "rows": [row_of(one) for one in shown.rows],
        "columns": SimpleNamespace(received=PLAIN_HEAD, amount=PLAIN_HEAD),
        "sums": sums(
            [Money(one.amount, one.currency) for one in shown.rows if one.reversed_on is None]
        ),
        "pager": lists.pager(request, shown),
        "announce": ngettext("%(n)s payment", "%(n)s payments", len(shown.rows))
        % {"n": len(shown.rows)},
        "may": {"record": visit.by.may("payment.record")},
    }
    return render(request, lists.template_of(request, "payments/list.html"), words)


def row_of(record: PaymentRecord) -> SimpleNamespace:
    """One payment as the list draws it."""
    numbers = [one.number or _("Draft") for one in record.allocations if one.is_active]
    more = f" +{len(numbers) - 2}" if len(numbers) > 2 else ""
    return SimpleNamespace(
        id=record.id,
        url=reverse("web:payment", args=[record.id]),
        received_on=record.received_on,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        method=choices.METHODS.get(record.method, record.method),
        reference=record.reference,
        amount=Money(record.amount, record.currency),
        left=left_of(record),
        status=status_of(record),
        documents=", ".join(numbers[:2]) + more,
    )


def left_of(record: PaymentRecord) -> Money | None:
    """What it has paid nothing with yet; None for nothing."""
    left = record.unallocated_amount
    return Money(left, record.currency) if left else None


def status_of(record: PaymentRecord) -> str:
    """The one word for where its money went."""
    if record.reversed_on is not None:
        return "reversed"
    if not record.unallocated_amount:
        return "allocated"
    return "partly_allocated" if record.unallocated_amount < record.amount else "unallocated"


@page("payments", "payment.view", methods="GET")
def payment(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """One payment and what it paid."""
    with visit.reading():
        record = queries.get_payment(payment_id, by=visit.by)
        entries = timeline.of_row(visit, record.id)
    words = {
        "payment": facts(record),
        "allocations": [
            SimpleNamespace(
                number=one.number or _("Draft"),
                url=reverse("web:invoice", args=[one.invoice_id]),
                amount=Money(one.amount, record.currency),
                on=one.allocated_on,
                active=one.is_active,
            )
            for one in record.allocations
        ],
        "timeline": entries,
        "may": {"reverse": record.reversed_on is None and visit.by.may("payment.reverse")},
        "ask": "reverse" if request.GET.get("ask") == "reverse" else "",
    }
    return render(request, "payments/detail.html", words)


def facts(record: PaymentRecord) -> SimpleNamespace:
    """What the page says of the payment itself."""
    amount = Money(record.amount, record.currency)
    named = {"amount": formats.money(amount, ENGLISH), "client": record.partner_name}
    return SimpleNamespace(
        id=record.id,
        title=_("%(amount)s from %(client)s") % named,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        amount=amount,
        left=left_of(record),
        received_on=record.received_on,
        method=choices.METHODS.get(record.method, record.method),
        reference=record.reference,
        status=status_of(record),
        reversed_text=reversed_words(record),
    )


def reversed_words(record: PaymentRecord) -> str:
    """When and why it was taken back; nothing for one that stands."""
    if record.reversed_on is None:
        return ""
    day = formats.day(record.reversed_on, ENGLISH)
    return _("Reversed on %(day)s: %(why)s") % {"day": day, "why": record.reversed_reason}


@page("payments", "payment.reverse", methods="POST")
def payment_reverse(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """It did not happen: what it paid is open again."""
    reason = request.POST.get("reason", "")
    operations.reverse_payment(payment_id, by=visit.by, on=visit.today, at=visit.now, reason=reason)
    messages.success(request, _("The payment is reversed. What it paid is open again."))
    return redirect("web:payment", payment_id)
