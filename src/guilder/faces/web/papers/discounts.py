"""The discount for early payment of an invoice: refused because it was late, granted, undone."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import operations, queries
from guilder.books.invoicing.queries import InvoiceRecord
from guilder.books.invoicing.queries import discounts as reading
from guilder.books.invoicing.queries.discounts import DiscountOffer
from guilder.books.payments import queries as payments
from guilder.faces.web import answers, formats
from guilder.faces.web.door import page
from guilder.faces.web.papers.acts import faults_of, small
from guilder.faces.web.papers.facts import told
from guilder.faces.web.shell import Visit
from guilder.kernel.errors import Conflict, Invalid, NotFound


def offered(record: InvoiceRecord, visit: Visit) -> DiscountOffer | None:
    """The discount that could be granted, for who may; None where there is none."""
    if not record.open_amount or not visit.by.may("invoice.credit"):
        return None
    return reading.grantable(record, by=visit.by)


def sentence_of(record: InvoiceRecord, offer: DiscountOffer, visit: Visit) -> str:
    """Why it was not taken by itself."""
    locale = formats.reader()
    found = payments.list_payments(by=visit.by, invoice_id=record.id)
    paid_on = max((one.received_on for one in found if one.reversed_on is None), default=None)
    words = {"until": formats.day(offer.until, locale), "saved": told(offer.saved)}
    late = (paid_on - offer.until).days if paid_on is not None else 0
    if late <= 0:
        return _("%(saved)s were offered for paying by %(until)s.") % words
    text = ngettext(
        "%(saved)s were offered for paying by %(until)s; the payment came %(days)s day late.",
        "%(saved)s were offered for paying by %(until)s; the payment came %(days)s days late.",
        late,
    )
    return text % {**words, "days": late}


@page("invoices", "invoice.credit")
def invoice_grant(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """Grant the discount although it was late, with a reason."""
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        offer = offered(record, visit)
        if offer is None:
            raise NotFound("There is no discount to grant.")
        why = sentence_of(record, offer, visit)
    left = record.money(record.open_amount)
    given, errors = {"reason": ""}, dict[str, str]()
    if request.method == "POST":
        given = {"reason": request.POST.get("reason", "")}
        try:
            operations.grant_discount(
                invoice_id, by=visit.by, on=visit.today, at=visit.now, reason=given["reason"]
            )
        except (Invalid, Conflict) as error:
            errors = faults_of(error, default="reason")
        else:
            words = _("%(amount)s is granted for paying early.") % {"amount": told(left)}
            to = reverse("web:invoice", args=[invoice_id])
            return answers.done(request, to=to, text=words)
    words = {
        "paper": SimpleNamespace(id=record.id, number=record.number, left=left, why=why),
        "given": given,
        "errors": errors,
    }
    return small(request, "papers/grant.html", words, failed=bool(errors))


@page("invoices", "invoice.credit", methods="POST")
def discount_take_off(
    request: HttpRequest, visit: Visit, invoice_id: UUID, discount_id: UUID
) -> HttpResponse:
    """Take a discount back."""
    operations.reverse_discount(discount_id, by=visit.by, on=visit.today, at=visit.now)
    to = reverse("web:invoice", args=[invoice_id])
    return answers.done(request, to=to, text=_("The discount is taken back. It is open again."))
