"""The portal's statement: on the page, as PDF and as CSV."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guilder.books.payments.queries.statements import StatementAccount
from guilder.books.payments.queries.statements import statement as accounts_of
from guilder.faces.web.door import ONLY, page
from guilder.faces.web.partners import statements
from guilder.faces.web.portal.place import NotYourCompany, companies, company_of, drawn
from guilder.faces.web.shell import Visit
from guilder.office.dispatch import operations as dispatch

HERE = "portal_statement"


@page("portal", "payment.view", methods="GET", guests=ONLY)
def statement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was billed and paid over a period, and what is left."""
    start_on, end_on = statements.period_of(request, visit)
    company = company_of(request, visit)
    found: list[StatementAccount] = []
    if company is not None:
        found = accounts_of(company, by=visit.by, start_on=start_on, end_on=end_on)
    return drawn(
        request,
        visit,
        HERE,
        company=company,
        start_on=start_on,
        end_on=end_on,
        accounts=[shown(one) for one in found],
        **addresses(visit, company, start_on, end_on),
    )


def addresses(visit: Visit, company: UUID | None, start_on: Any, end_on: Any) -> dict[str, Any]:
    """Other periods, other companies, and the two files."""
    here = reverse(f"web:{HERE}")
    whose = {"client": str(company)} if company else {}
    period = {"from": start_on.isoformat(), "to": end_on.isoformat()}
    query = urlencode({**whose, **period})
    return {
        "presets": statements.presets(f"{here}?{urlencode(whose)}", visit, start_on, end_on),
        "choices": [
            SimpleNamespace(
                label=name,
                url=f"{here}?{urlencode({'client': str(one), **period})}",
                current=one == company,
            )
            for one, name in companies(visit).items()
        ],
        "pdf_url": f"{reverse('web:portal_statement_pdf')}?{query}",
        "csv_url": f"{reverse('web:portal_statement_csv')}?{query}",
    }


def shown(account: StatementAccount) -> SimpleNamespace:
    """One currency; each document leads to its page."""
    return SimpleNamespace(
        currency=account.currency,
        opening=account.opening,
        closing=account.closing,
        rows=[
            SimpleNamespace(
                on=one.on,
                label=statements.label_of(one.kind),
                name=one.name,
                url=""
                if one.kind.startswith("payment")
                else reverse("web:portal_invoice", args=[one.id]),
                amount=one.amount,
                balance=one.balance,
            )
            for one in account.entries
        ],
    )


@page("portal", "payment.view", methods="GET", guests=ONLY, files=True)
def as_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The statement as PDF."""
    start_on, end_on = statements.period_of(request, visit)
    printed = dispatch.print_statement(
        asked(request, visit), by=visit.by, at=visit.now, start_on=start_on, end_on=end_on
    )
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{printed.filename}"'},
    )


@page("portal", "payment.view", methods="GET", guests=ONLY, files=True)
def as_csv(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The statement as CSV."""
    start_on, end_on = statements.period_of(request, visit)
    company = asked(request, visit)
    found = accounts_of(company, by=visit.by, start_on=start_on, end_on=end_on)
    return HttpResponse(
        statements.csv_of(found, start_on, end_on),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="statement-{end_on.isoformat()}.csv"'
        },
    )


def asked(request: HttpRequest, visit: Visit) -> UUID:
    """The company that a file is about. Raises NotYourCompany."""
    company = company_of(request, visit)
    if company is None:
        raise NotYourCompany("There is no such company of yours.")
    return company
