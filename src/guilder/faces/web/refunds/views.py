"""One refund: what it is, who decided, and deciding or taking it back."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.payments import operations
from guilder.books.payments.queries.refunds import RefundRecord, get_refund
from guilder.books.sepa import queries as orders
from guilder.faces.web import answers, choices, formats, timeline
from guilder.faces.web.door import page
from guilder.faces.web.payments.words import told
from guilder.faces.web.refunds.listing import source_of, word_of
from guilder.faces.web.sepa import words as sepa
from guilder.faces.web.shell import Visit
from guilder.foundation.identity import queries as identity
from guilder.kernel.money import Money


@page("refunds", "refund.view", methods="GET")
def refund(request: HttpRequest, visit: Visit, refund_id: UUID) -> HttpResponse:
    """One refund."""
    with visit.reading():
        record = get_refund(refund_id, by=visit.by)
        words = {
            "refund": facts(record, transfer := transfer_of(record, visit)),
            "timeline": timeline.of_rows(visit, [record.id], kind=""),
            "transfer": transfer,
            "may": allowed(record, visit),
            "ask": request.GET.get("ask", ""),
        }
    return render(request, "refunds/detail.html", words)


def allowed(record: RefundRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state; nobody decides on their own."""
    waits, may = record.status == "waiting", visit.by.may
    is_own = record.created_by_id is not None and record.created_by_id == visit.by.user_id
    return {
        "decide": waits and may("refund.approve") and not is_own,
        "is_own": waits and is_own,
        "reverse": record.status == "paid"
        and may("payment.reverse")
        and not orders.is_on_its_way(record.id, visit.by),
    }


def transfer_of(record: RefundRecord, visit: Visit) -> SimpleNamespace | None:
    """The payment order that transfers it: where it stands; None where it goes another way."""
    by = visit.by
    if not by.may("sepa.view") or record.status in {"waiting", "declined"}:
        return None
    order = orders.order_of_refund(record.id, by=by)
    if order is None:
        waits = record.status == "paid" and orders.refundable(by=by, ids=[record.id])
        if not waits:
            return None
        new = reverse("web:sepa_transfer") if by.may("sepa.edit") else ""
        return SimpleNamespace(
            badge="order_waited", url=new, name=_("Put it into one"), why="", is_open=True
        )
    is_out = order.state == "open" and order.batch.status == "handed_over"
    return SimpleNamespace(
        badge="order_out" if is_out else sepa.STATES[order.state],
        url=reverse("web:sepa_batch", args=[order.batch_id]),
        name=order.batch.message_id,
        why=sepa.why_of(order),
        is_open=order.state == "open",
    )


def facts(record: RefundRecord, transfer: SimpleNamespace | None) -> SimpleNamespace:
    """What the page says of it."""
    amount = Money(record.amount, record.currency)
    source, source_url = source_of(record)
    named = {"amount": told(amount), "client": record.partner_name}
    return SimpleNamespace(
        id=record.id,
        title=_("%(amount)s to %(client)s") % named,
        amount=amount,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        source=source,
        source_url=source_url,
        status=word_of(record),
        sentence=sentence(record, is_on_its_way=transfer is not None and transfer.is_open),
        reason=record.reason,
        reference=record.reference,
        method=choices.METHODS.get(record.method, record.method),
        asked_on=record.created_at.date(),
        asked_by=name_of(record.created_by_id),
        refunded_on=record.refunded_on,
        decided_by=name_of(record.decided_by_id),
        decision_note=record.decision_note,
    )


def name_of(user_id: UUID | None) -> str:
    """A person's name; nothing for nobody."""
    return identity.get_user(user_id).name if user_id else ""


def sentence(record: RefundRecord, *, is_on_its_way: bool) -> str:
    """Where it stands, in a sentence."""
    if record.status == "waiting":
        return _("Nothing has moved yet: somebody else must approve it.")
    if record.status == "declined":
        return _("Declined: %(why)s") % {"why": record.decision_note}
    day = formats.day(record.refunded_on, formats.reader()) if record.refunded_on else ""
    if record.status == "reversed":
        return _("Given back on %(day)s, and taken back again: %(why)s") % {
            "day": day,
            "why": record.reversed_reason,
        }
    if is_on_its_way:
        return _("Booked on %(day)s. A payment order sends the money.") % {"day": day}
    return _("Given back on %(day)s.") % {"day": day}


@page("refunds", "refund.approve", methods="POST")
def refund_approve(request: HttpRequest, visit: Visit, refund_id: UUID) -> HttpResponse:
    """Agree: the money leaves today."""
    note = request.POST.get("note", "")
    operations.approve_refund(refund_id, by=visit.by, on=visit.today, at=visit.now, note=note)
    words = _("The refund is approved and booked.")
    return answers.done(request, to=reverse("web:refund", args=[refund_id]), text=words)


@page("refunds", "refund.approve", methods="POST")
def refund_decline(request: HttpRequest, visit: Visit, refund_id: UUID) -> HttpResponse:
    """Refuse, and say why."""
    note = request.POST.get("note", "")
    operations.decline_refund(refund_id, by=visit.by, at=visit.now, note=note)
    words = _("The refund is declined.")
    return answers.done(request, to=reverse("web:refund", args=[refund_id]), text=words)


@page("refunds", "payment.reverse", methods="POST")
def refund_reverse(request: HttpRequest, visit: Visit, refund_id: UUID) -> HttpResponse:
    """The money came back: it is the client's credit again."""
    reason = request.POST.get("reason", "")
    operations.reverse_refund(refund_id, by=visit.by, on=visit.today, at=visit.now, reason=reason)
    words = _("The refund is reversed. The amount is the client's credit again.")
    return answers.done(request, to=reverse("web:refund", args=[refund_id]), text=words)
