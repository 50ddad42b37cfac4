"""Closing a month: what to look at first, then the lock; and opening it again."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.ledger import operations as ledger
from guilder.books.ledger import queries as accounts
from guilder.books.ledger.models import Period
from guilder.faces.web.door import page
from guilder.faces.web.reports.words import bucket_words, span_words
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.kernel.period import Span, Unit, add_months, calendar_span
from guilder.office.reports import queries
from guilder.office.reports.queries import Closing

OFFERED = 15  # months back


@page("reports", "ledger.view")
def close(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The checklist of a month, and its lock."""
    span = month_of(request, visit)
    if request.method == "POST":
        ledger.lock_period(by=visit.by, starts_on=span.start_on, ends_on=span.end_on, at=visit.now)
        words = _("%(month)s is locked.") % {"month": bucket_words(span, "month")}
        messages.success(request, words)
        return redirect(f"{reverse('web:report_close')}?month={span.start_on:%Y-%m}")
    with visit.reading():
        found = queries.closing(
            by=visit.by,
            span=span,
            since=first_instant(span.start_on, visit),
            until=first_instant(span.end_on + timedelta(days=1), visit),
        )
        periods = accounts.list_periods(visit.by.organization_id)
        owed = sum(one.base_amount for one in queries.ageing(by=visit.by, on=span.end_on))
        booked = accounts.balance_of(visit.by.organization_id, "receivables", on=span.end_on)
        base = visit.organization.base_currency
        tax = sum(one.tax for one in queries.tax_lines(by=visit.by, span=span, base=base))
    locked = lock_of(span, periods)
    words = {
        "month": bucket_words(span, "month"),
        "value": f"{span.start_on:%Y-%m}",
        "months": months(visit, span, periods),
        "checks": checks(found, span, visit, owed=owed, booked=booked, tax=tax),
        "open_count": sum(1 for one in counted(found) if one),
        "locked": locked,
        "is_over": span.end_on < visit.today,
        "periods": [period_words(one) for one in reversed(periods) if one.locked_at],
        "may": {"close": visit.by.may("ledger.close")},
        "asks": request.GET.get("ask") == "lock",
    }
    return render(request, "reports/close.html", words)


@page("reports", "ledger.close", methods="POST")
def reopen(request: HttpRequest, visit: Visit, period_id: UUID) -> HttpResponse:
    """Let entries into a locked period again."""
    period = ledger.reopen_period(period_id, by=visit.by)
    messages.success(request, _("The period is open again; the audit trail says so."))
    return redirect(f"{reverse('web:report_close')}?month={period.starts_on:%Y-%m}")


def month_of(request: HttpRequest, visit: Visit) -> Span:
    """The month that is asked for; the last one that is over where none is."""
    text = request.POST.get("month") or request.GET.get("month", "")
    try:
        return calendar_span(date.fromisoformat(f"{text}-01"), Unit.MONTH)
    except ValueError:
        return calendar_span(visit.today.replace(day=1) - timedelta(days=1), Unit.MONTH)


def first_instant(day: date, visit: Visit) -> datetime:
    """When a day begins where the organization is."""
    return datetime.combine(day, time(), tzinfo=visit.zone)


def lock_of(span: Span, periods: list[Period]) -> Period | None:
    """The lock that covers a whole month."""
    return next(
        (
            one
            for one in periods
            if one.locked_at and one.starts_on <= span.start_on and one.ends_on >= span.end_on
        ),
        None,
    )


def months(visit: Visit, chosen: Span, periods: list[Period]) -> list[dict[str, Any]]:
    """The months that may be chosen, newest first, the locked ones marked."""
    starts = [add_months(visit.today.replace(day=1), -n) for n in range(OFFERED)]
    if chosen.start_on not in starts:
        starts.append(chosen.start_on)
    spans = [calendar_span(one, Unit.MONTH) for one in sorted(starts, reverse=True)]
    return [
        {
            "value": f"{span.start_on:%Y-%m}",
            "label": _("%(month)s, locked") % {"month": bucket_words(span, "month")}
            if lock_of(span, periods)
            else bucket_words(span, "month"),
            "selected": span.start_on == chosen.start_on,
        }
        for span in spans
    ]


def counted(found: Closing) -> tuple[int, ...]:
    """What somebody should see to."""
    return (found.gaps, found.drafts, found.unallocated, found.unsent, found.returned)


def checks(
    found: Closing, span: Span, visit: Visit, *, owed: int, booked: int, tax: int
) -> list[dict[str, Any]]:
    """The checklist: done or not, in words, with the way there."""
    base = visit.organization.base_currency
    days = urlencode({"from": span.start_on.isoformat(), "to": span.end_on.isoformat()})
    report = urlencode({"period": "custom"}) + f"&{days}"
    return [
        check(
            not found.gaps,
            _("Numbers run without a gap"),
            ngettext(
                "%(count)s document is numbered.", "%(count)s documents are numbered.",
                found.numbered,
            ) % {"count": found.numbered},
            f"{reverse('web:settings_documents')}#gaps" if visit.by.may("settings.view") else "",
            _("Numbers"),
        ),
        check(
            abs(owed - booked) <= 2,
            _("What is owed is what the ledger says"),
            "",
            f"{reverse('web:report', args=['ageing'])}?on={span.end_on.isoformat()}",
            _("Ageing"),
            amount=Money(booked, base),
        ),
        *loose_ends(found, days),
        check(
            None,
            _("Tax of the month"),
            _("Compare it with your return."),
            f"{reverse('web:report', args=['tax'])}?{report}",
            _("Tax on sales"),
            amount=Money(tax, base),
        ),
    ]  # fmt: skip


def loose_ends(found: Closing, days: str) -> list[dict[str, Any]]:
    """What may still be on somebody's desk; `days` is the month as a filter of lists."""
    return [
        check(
            not found.drafts,
            _("No drafts are left"),
            ngettext(
                "%(count)s draft was begun by then.", "%(count)s drafts were begun by then.",
                found.drafts,
            ) % {"count": found.drafts} if found.drafts else "",
            f"{reverse('web:invoices')}?view=drafts",
            _("Drafts"),
        ),
        check(
            not found.unallocated,
            _("Every payment is applied"),
            ngettext(
                "%(count)s payment has something left.", "%(count)s payments have something left.",
                found.unallocated,
            ) % {"count": found.unallocated} if found.unallocated else "",
            reverse("web:payments"),
            _("Payments"),
        ),
        check(
            not found.unsent,
            _("Everything issued was sent"),
            ngettext(
                "%(count)s document was not sent.", "%(count)s documents were not sent.",
                found.unsent,
            ) % {"count": found.unsent} if found.unsent else "",
            f"{reverse('web:invoices')}?{days}",
            _("Invoices"),
        ),
        check(
            not found.returned,
            _("No mail came back"),
            ngettext(
                "%(count)s mail did not arrive.", "%(count)s mails did not arrive.", found.returned
            ) % {"count": found.returned} if found.returned else "",
            reverse("web:outbox"),
            _("Outbox"),
        ),
    ]  # fmt: skip


def check(
    done: bool | None, label: str, hint: str, url: str, action: str, *, amount: Money | None = None
) -> dict[str, Any]:
    """One line of the checklist; `done` None is for one to look at."""
    tone = "blue" if done is None else "green" if done else "amber"
    icon = "eye" if done is None else "check" if done else "warn"
    state = _("To look at") if done is None else _("Fine") if done else _("To see to")
    return {
        "label": label,
        "hint": hint,
        "url": url,
        "action": action,
        "amount": amount,
        "tone": tone,
        "icon": icon,
        "state": state,
    }


def period_words(one: Period) -> dict[str, Any]:
    """A locked period for the list."""
    span = Span(one.starts_on, one.ends_on)
    return {"id": one.id, "days": span_words(span), "locked_at": one.locked_at}
