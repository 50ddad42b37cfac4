"""The page of an invoice or its kin: paper left, facts right."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guilder.books.invoicing import queries
from guilder.faces.web import answers, timeline
from guilder.faces.web.door import page
from guilder.faces.web.papers import facts as told
from guilder.faces.web.papers import mails as sending
from guilder.faces.web.papers.approving import approval_of
from guilder.faces.web.papers.discounts import offered
from guilder.faces.web.papers.pictures import pages_of
from guilder.faces.web.papers.proof import hashes_of
from guilder.faces.web.reminders import beside
from guilder.faces.web.shell import Visit
from guilder.faces.web.talk.part import talk_of

ASKS = ("issue", "delete")
HISTORY = "history"


@page("invoices", "invoice.view", methods="GET")
def invoice(request: HttpRequest, visit: Visit, invoice_id: UUID) -> HttpResponse:
    """One document, with what moved it and what can be done."""
    show = timeline.chosen_kind(request.GET.get("show", ""))
    address = reverse("web:invoice", args=[invoice_id])
    with visit.reading():
        record = queries.get_invoice(invoice_id, by=visit.by)
        paid = told.paid_by(record, visit)
        settled = queries.settlements_of(record.id, by=visit.by) if record.number else []
        mails = sending.mails_of(record, visit)
        journeys = sending.journeys_of(record, visit)
        things = [*paid, *settled, *mails, *journeys]
        rows = [record.id, *(one.id for one in things)]
        words = {
            "timeline": timeline.of_rows(visit, rows, kind=show),
            "kinds": timeline.kinds_of(show, address),
        }
        if request.headers.get("HX-Target") == HISTORY and answers.swaps(request):
            return render(request, "invoices/detail.html#history", words)
        document = queries.get_document(invoice_id, by=visit.by, at=visit.now)
        approval = approval_of(record, visit) if record.status == "draft" else None
        may = told.allowed(record, visit)
        may["issue"] = may["issue"] and not (approval and approval.is_due)
        may["grant"] = offered(record, visit) is not None
        words |= {
            "invoice": told.facts(record, document, visit),
            "may": may,
            "approval": approval,
            "primary": told.primary_of(record, may),
            "moved": told.moved(record, paid, settled, visit),
            "credit_text": told.credit_words(record, visit),
            "deliveries": sending.deliveries(record, mails, visit, journeys),
            "trouble": sending.trouble_of(mails),
            "reminding": beside.of_invoice(record, visit),
            "linked": (linked := told.linked(record.id, visit)),
            "waiting": told.waiting(linked, visit) if record.status == "draft" else [],
            "proof": hashes_of(record, visit, checked=bool(request.GET.get("prove"))),
            "issue": told.issue_words(record, document, visit)
            if record.status == "draft"
            else None,
            "talk": talk_of(visit, "invoice", record.id),
            "kind": "invoice",
            "subject": record.id,
        }
    request.section = told.section_of(record)  # type: ignore[attr-defined]
    words["pages"] = pages_of(record, visit)
    ask = request.GET.get("ask", "")
    words["ask"] = ask if ask in ASKS else ""
    return render(request, "invoices/detail.html", words)
