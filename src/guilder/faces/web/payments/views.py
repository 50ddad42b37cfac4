"""One payment: what it paid, what is left, its receipt, and taking it back."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.books.payments import operations, queries
from guilder.books.payments.queries import PaymentRecord
from guilder.faces.web import answers, choices, formats, timeline
from guilder.faces.web.door import page
from guilder.faces.web.payments.listing import left_of, word_of
from guilder.faces.web.payments.words import told
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import talk_of
from guilder.kernel.money import Money
from guilder.office.dispatch import operations as dispatch

HISTORY = "history"


@page("payments", "payment.view", methods="GET")
def payment(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """One payment and what it paid."""
    show = timeline.chosen_kind(request.GET.get("show", ""))
    with visit.reading():
        record = queries.get_payment(payment_id, by=visit.by)
        words = {
            "timeline": timeline.of_rows(visit, [record.id], kind=show),
            "kinds": timeline.kinds_of(show, reverse("web:payment", args=[record.id])),
        }
        if request.headers.get("HX-Target") == HISTORY and answers.swaps(request):
            return render(request, "payments/detail.html#history", words)
        words |= {
            "payment": facts(record),
            "allocations": [allocation_of(one, record, visit) for one in record.allocations],
            "consequences": consequences(record),
            "talk": talk_of(visit, "payment", record.id),
            "kind": "payment",
            "subject": record.id,
            "may": allowed(record, visit),
            "ask": "reverse" if request.GET.get("ask") == "reverse" else "",
        }
    return render(request, "payments/detail.html", words)


def allowed(record: PaymentRecord, visit: Visit) -> dict[str, bool]:
    """Which acts are shown: by right and by state."""
    may, stands = visit.by.may, record.reversed_on is None
    return {
        "reverse": stands and may("payment.reverse"),
        "apply": stands and bool(record.unallocated_amount) and may("payment.record"),
        "refund": stands and bool(refundable(record)) and may("refund.create"),
        "receipt": stands,
        "send": stands and may("invoice.send"),
    }


def refundable(record: PaymentRecord) -> int:
    """What of it was not given back yet, in minor units."""
    applied = sum(one.amount for one in record.allocations if one.is_active)
    return record.unallocated_amount + applied


def allocation_of(
    one: queries.AllocationRecord, record: PaymentRecord, visit: Visit
) -> SimpleNamespace:
    """One part of it on an invoice."""
    may = visit.by.may("payment.reverse") and one.is_active
    return SimpleNamespace(
        number=one.number or _("Draft"),
        url=reverse("web:invoice", args=[one.invoice_id]),
        amount=Money(one.amount, record.currency),
        on=one.allocated_on,
        active=one.is_active,
        take_off_url=reverse("web:payment_take_off", args=[record.id, one.id]) if may else "",
    )


def facts(record: PaymentRecord) -> SimpleNamespace:
    """What the page says of the payment itself."""
    amount = Money(record.amount, record.currency)
    named = {"amount": told(amount), "client": record.partner_name}
    return SimpleNamespace(
        id=record.id,
        title=_("%(amount)s from %(client)s") % named,
        client=record.partner_name,
        client_url=reverse("web:client", args=[record.partner_id]),
        amount=amount,
        left=left_of(record),
        sentence=sentence(record),
        base_text=base_words(record),
        received_on=record.received_on,
        method=choices.METHODS.get(record.method, record.method),
        reference=record.reference,
        notes=record.notes,
        status=word_of(record),
        reversed_text=reversed_words(record),
    )


def sentence(record: PaymentRecord) -> str:
    """Where its money went, in words with the amounts."""
    if record.reversed_on is not None:
        return _("It pays nothing: it was reversed.")
    used = Money(record.amount - record.unallocated_amount, record.currency)
    left = Money(record.unallocated_amount, record.currency)
    if not left:
        return _("All of it is applied.")
    if not used:
        return _("Nothing of it is applied yet. It stays the client's credit.")
    words = _("%(used)s applied, %(left)s stay the client's credit.")
    return words % {"used": told(used), "left": told(left)}


def base_words(record: PaymentRecord) -> str:
    """What foreign money was booked at; "" at home."""
    if record.currency == record.base_currency:
        return ""
    return _("%(amount)s in the books, at %(rate)s") % {
        "amount": told(Money(record.base_amount, record.base_currency)),
        "rate": formats.number(record.base_rate, formats.reader()),
    }


def consequences(record: PaymentRecord) -> list[str]:
    """What reversing it does, a sentence each."""
    words = _("%(number)s is open again by %(amount)s.")
    found = [
        words % {"number": one.number, "amount": told(Money(one.amount, record.currency))}
        for one in record.allocations
        if one.is_active
    ]
    if record.unallocated_amount:
        left = told(Money(record.unallocated_amount, record.currency))
        found.append(_("%(amount)s of credit is gone.") % {"amount": left})
    return [*found, _("The books get a mirrored entry of today.")]


def reversed_words(record: PaymentRecord) -> str:
    """When and why it was taken back; nothing for one that stands."""
    if record.reversed_on is None:
        return ""
    day = formats.day(record.reversed_on, formats.reader())
    return _("Reversed on %(day)s: %(why)s") % {"day": day, "why": record.reversed_reason}


@page("payments", "payment.reverse", methods="POST")
def payment_reverse(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """It did not happen: what it paid is open again."""
    reason = request.POST.get("reason", "")
    operations.reverse_payment(payment_id, by=visit.by, on=visit.today, at=visit.now, reason=reason)
    words = _("The payment is reversed. What it paid is open again.")
    return answers.done(request, to=reverse("web:payment", args=[payment_id]), text=words)


@page("payments", "payment.reverse", methods="POST")
def payment_undo(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """Take back what was recorded a moment ago."""
    reason = _("Undone right after it was recorded")
    operations.reverse_payment(payment_id, by=visit.by, on=visit.today, at=visit.now, reason=reason)
    to = reverse("web:payment", args=[payment_id])
    return answers.done(request, to=to, text=_("The payment is taken back."))


@page("payments", "payment.view", methods="GET")
def payment_receipt(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """The confirmation for the client as PDF."""
    del request
    printed = dispatch.print_receipt(payment_id, by=visit.by, at=visit.now)
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{printed.filename}"'},
    )


@page("payments", "payment.view", methods="POST")
def payment_receipt_send(request: HttpRequest, visit: Visit, payment_id: UUID) -> HttpResponse:
    """Mail the confirmation to the client."""
    mail = dispatch.send_receipt(payment_id, by=visit.by, at=visit.now, hold=dispatch.HOLD)
    return answers.done(
        request,
        to=reverse("web:payment", args=[payment_id]),
        text=_("Sent to %(to)s.") % {"to": mail.to},
        undo=reverse("web:outbox_undo", args=[mail.id]),
    )
