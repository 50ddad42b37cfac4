"""A client's statement: on the page, as PDF and CSV, and by mail."""

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guilder.books.payments.queries.statements import StatementAccount, StatementEntry, statement
from guilder.faces.web import answers, choices, days
from guilder.faces.web.door import page
from guilder.faces.web.shell import Visit
from guilder.kernel.cells import harmless
from guilder.office.dispatch import operations as dispatch
from guilder.registers.parties import queries as parties
from guilder.registers.parties.models import Partner

SIDE = "customer"


def tab(request: HttpRequest, visit: Visit, partner: Partner) -> dict[str, Any]:
    """The tab: period, accounts, and the ways to take it along."""
    start_on, end_on = period_of(request, visit)
    accounts = statement(partner.id, by=visit.by, start_on=start_on, end_on=end_on)
    query = f"from={start_on.isoformat()}&to={end_on.isoformat()}"
    here = reverse("web:client", args=[partner.id])
    return {
        "start_on": start_on,
        "end_on": end_on,
        "presets": presets(f"{here}?tab=statement", visit, start_on, end_on),
        "accounts": [account_of(one) for one in accounts],
        "pdf_url": f"{reverse('web:client_statement', args=[partner.id])}?{query}",
        "csv_url": f"{reverse('web:client_statement_csv', args=[partner.id])}?{query}",
        "send_url": f"{reverse('web:client_statement_send', args=[partner.id])}?{query}",
    }


def period_of(request: HttpRequest, visit: Visit) -> tuple[date, date]:
    """The days that the address names; the last three months by default."""
    language = get_language() or "en"

    def day(name: str) -> date | None:
        return days.read(request.GET.get(name, ""), today=visit.today, language=language)

    end_on = day("to") or visit.today
    start_on = day("from") or days.later(visit.today.replace(day=1), -2)
    return (start_on, end_on) if start_on <= end_on else (end_on, start_on)


def presets(address: str, visit: Visit, start_on: date, end_on: date) -> list[SimpleNamespace]:
    """Periods that people ask for; `address` has a query already."""
    today = visit.today
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    offered = [
        (_("This month"), month, today),
        (_("Last month"), last.replace(day=1), last),
        (_("Last 3 months"), days.later(month, -2), today),
        (_("This year"), today.replace(month=1, day=1), today),
        (_("Last 12 months"), days.later(month, -11), today),
    ]
    return [
        SimpleNamespace(
            label=label,
            url=f"{address}&from={first.isoformat()}&to={to.isoformat()}",
            current=(first, to) == (start_on, end_on),
        )
        for label, first, to in offered
    ]


def account_of(account: StatementAccount) -> SimpleNamespace:
    """One currency as the page draws it."""
    return SimpleNamespace(
        currency=account.currency,
        opening=account.opening,
        closing=account.closing,
        rows=[
            SimpleNamespace(
                on=one.on,
                label=label_of(one.kind),
                name=one.name,
                url=url_of(one),
                amount=one.amount,
                balance=one.balance,
            )
            for one in account.entries
        ],
    )


def label_of(kind: str) -> str:
    """What a movement is called."""
    others = {
        "payment": _("Payment"),
        "payment_reversed": _("Payment reversed"),
        "write_off": _("Written off"),
        "discount": _("Early payment discount"),
        "discount_reversed": _("Early payment discount taken back"),
    }
    return str(others.get(kind) or choices.KINDS[kind])


def url_of(entry: StatementEntry) -> str:
    """The page of what moved it."""
    name = "web:payment" if entry.kind.startswith("payment") else "web:invoice"
    return reverse(name, args=[entry.id])


@page("clients", "payment.view", methods="GET")
def client_statement(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """The statement as PDF."""
    start_on, end_on = period_of(request, visit)
    printed = dispatch.print_statement(
        client_id, by=visit.by, at=visit.now, start_on=start_on, end_on=end_on
    )
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{printed.filename}"'},
    )


@page("clients", "payment.view", methods="GET", files=True)
def client_statement_csv(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """The statement as CSV: plain decimals, ISO days, nothing that a spreadsheet would run."""
    start_on, end_on = period_of(request, visit)
    with visit.reading():
        partner = parties.get_partner(visit.by.organization_id, client_id, side=SIDE)
        accounts = statement(client_id, by=visit.by, start_on=start_on, end_on=end_on)
    answer = HttpResponse(
        csv_of(accounts, start_on, end_on), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = (
        f'attachment; filename="statement-{partner.code}-{end_on.isoformat()}.csv"'
    )
    return answer


def csv_of(accounts: list[StatementAccount], start_on: date, end_on: date) -> str:
    """The accounts as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = (_("Date"), _("Document"), _("Number"), _("Currency"), _("Amount"), _("Balance"))
    writer.writerow(heads)
    for one in accounts:
        writer.writerow([start_on.isoformat(), _("Opening"), "", one.currency, "", one.opening])
        for row in one.entries:
            writer.writerow(
                [
                    row.on.isoformat(),
                    label_of(row.kind),
                    harmless(row.name),
                    one.currency,
                    row.amount,
                    row.balance,
                ]
            )
        writer.writerow([end_on.isoformat(), _("Closing"), "", one.currency, "", one.closing])
    return "\ufeff" + out.getvalue()


@page("clients", "invoice.send", methods="POST")
def client_statement_send(request: HttpRequest, visit: Visit, client_id: UUID) -> HttpResponse:
    """Mail the statement to the client."""
    start_on, end_on = period_of(request, visit)
    mail = dispatch.send_statement(
        client_id,
        by=visit.by,
        at=visit.now,
        start_on=start_on,
        end_on=end_on,
        hold=dispatch.HOLD,
    )
    return answers.done(
        request,
        to=f"{reverse('web:client', args=[client_id])}?tab=statement",
        text=_("Sent to %(to)s.") % {"to": mail.to},
        undo=reverse("web:outbox_undo", args=[mail.id]),
    )
