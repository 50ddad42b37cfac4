"""For the accountant: the journal as CSV, and every PDF of a period in one archive."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guilder.faces.web.door import page
from guilder.faces.web.reports import tasks
from guilder.faces.web.reports.asked import CUSTOM, asked_of
from guilder.faces.web.reports.files import saved_as
from guilder.faces.web.reports.views import period_pairs
from guilder.faces.web.reports.words import span_words
from guilder.faces.web.shell import Visit
from guilder.foundation.jobs.queue import enqueue
from guilder.foundation.tenancy.transaction import transaction
from guilder.office.desk import operations as desk
from guilder.office.reports import operations, queries

PRESET = "last_month"


@page("reports", "ledger.view")
def accountant(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What an accountant takes away of a period; POST begins the archive of its PDFs."""
    asked = asked_of(request, visit, preset=PRESET)
    if request.method == "POST":
        start_archive(request, visit)
        return redirect(f"{reverse('web:report_accountant')}?{asked.query()}")
    words = {
        "period": span_words(asked.span),
        "query": asked.query(),
        "count": operations.count_papers(by=visit.by, span=asked.span),
        "tools": {
            "action": reverse("web:report_accountant"),
            "is_custom": asked.preset == CUSTOM,
            "from": asked.span.start_on,
            "to": asked.span.end_on,
            "today": visit.today,
            "selects": [
                {
                    "name": "period",
                    "label": _("Period"),
                    "pairs": period_pairs(asked),
                    "value": asked.preset,
                }
            ],
        },
    }
    return render(request, "reports/accountant.html", words)


def start_archive(request: HttpRequest, visit: Visit) -> None:
    """Queue the archive; its progress shows on every page, its file comes to the inbox."""
    span = asked_of(request, visit, preset=PRESET).span
    days = {"from": span.start_on.isoformat(), "to": span.end_on.isoformat()}
    with transaction(visit.by.organization_id):
        progress = desk.start_progress(
            by=visit.by,
            kind="papers",
            at=visit.now,
            total=operations.count_papers(by=visit.by, span=span),
            data=days | {"title": _("PDFs of %(period)s") % {"period": span_words(span)}},
        )
        enqueue(
            tasks.papers,
            organization_id=visit.by.organization_id,
            progress_id=progress.id,
            user_id=visit.by.user_id,
            first=days["from"],
            last=days["to"],
        )
    messages.success(request, _("The archive is being made. Its file comes to your inbox."))


@page("reports", "ledger.view", methods="GET", files=True)
def journal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every posting of a period, as it is read."""
    span = asked_of(request, visit, preset=PRESET).span
    rows = queries.journal(by=visit.by, span=span)
    answer = StreamingHttpResponse(
        operations.write_journal(rows), content_type="text/csv; charset=utf-8"
    )
    return saved_as(answer, f"journal-{span.start_on}-{span.end_on}.csv")
