"""The overview: money first, then what waits and what happened."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_percent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guilder.books.invoicing import queries as invoicing
from guilder.books.invoicing.queries import Age, InvoiceFilter
from guilder.faces.web import answers, formats
from guilder.faces.web.door import page
from guilder.faces.web.inbox.counting import waits
from guilder.faces.web.menu import address_of
from guilder.faces.web.overview import activity, calc, chart, checklist, figures, waiting
from guilder.faces.web.overview.figures import Figures
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money, add_up
from guilder.office.desk import operations as desk
from guilder.office.desk import queries as desks
from guilder.office.reports.queries import overview as reports
from guilder.office.reports.queries.overview import LastMail

OVERDUE_SHOWN = 6
SPANS = ("month", "12", "year")
SHOWN = (
    "figures", "spans", "chart", "table", "ages", "ages_label", "overdue", "waiting", "recent",
    "recent_is_today", "steps", "report_url", "export_url", "may",
)  # fmt: skip


@page("overview", methods="GET")
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Money first: open, overdue, collected, pace; then what is late and what happened."""
    alone = request.headers.get("HX-Target") == "overview"
    template = "overview/index.html#overview" if alone else "overview/index.html"
    return render(request, template, words(visit, request.GET.get("span", "12")))


def words(visit: Visit, asked: str) -> dict[str, Any]:
    """What the page is drawn from, most of it read when the piece that shows it is drawn: while
    nothing is changed and nothing that was put off comes back, that is as it was (`mark`)."""
    span = asked if asked in SPANS else "12"
    found: Any = SimpleLazyObject(lambda: shown(visit, span))
    return {
        "mark": visit.seen_by and (visit.seen_by, span, waits(visit)),
        "today": visit.today,
        "span": span,
        **{name: SimpleLazyObject(lambda name=name: found.get(name)) for name in SHOWN},
    }


def shown(visit: Visit, span: str) -> dict[str, Any]:
    """What the piece shows."""
    by, base = visit.by, visit.organization.base_currency
    if not by.may("invoice.view"):
        return {}
    found = figures.figures_of(visit)
    columns = columns_of(found, visit, span)
    with visit.reading():
        late = overdue(visit)
        things = waiting.things(visit, found.drafts)
        recent = activity.lately(visit)
        steps = checklist.steps(visit)
    return {
        "figures": headline(found, base, visit),
        "spans": spans_of(span),
        "chart": chart.drawn(columns, base, daily=span == "month"),
        "table": chart.table_of(columns, base, daily=span == "month"),
        "ages": bar(found.ages, base),
        "ages_label": bar_label(found.ages, base),
        "overdue": late,
        "waiting": things,
        "recent": recent,
        "recent_is_today": activity.has_today(recent, visit),
        "steps": steps,
        "report_url": report_url(visit),
        "export_url": f"{reverse('web:overview_export')}?span={span}",
        "may": {"pay": by.may("payment.record"), "money": by.may("payment.view")},
    }


def columns_of(found: Figures, visit: Visit, span: str) -> list[calc.Bucket]:
    """The chart's columns for a view of it."""
    today = visit.today
    return calc.buckets(
        calc.spans(span, today=today, window=figures.window(today)),
        invoiced=found.days.invoiced,
        collected=found.days.collected,
        expected=found.expected,
        today=today,
    )


def spans_of(span: str) -> list[dict[str, Any]]:
    """The switch over the chart."""
    labels = {"month": _("Month"), "12": _("12 months"), "year": _("Year")}
    return [
        {"label": labels[name], "url": f"?span={name}", "current": name == span} for name in SPANS
    ]


def report_url(visit: Visit) -> str:
    """The ageing report, for who may read reports and where there is one."""
    if not visit.by.may("report.view") or not address_of("web:reports"):
        return ""
    return f"{address_of('web:reports')}ageing/"


def overdue(visit: Visit) -> list[dict[str, Any]]:
    """What is late, the longest first, with the last thing that was done about it."""
    narrowed = InvoiceFilter(
        today=visit.today, words=("overdue", "disputed"), due_to=visit.today - timedelta(days=1)
    )
    late = invoicing.list_invoices(narrowed, by=visit.by, sort="due_on", limit=OVERDUE_SHOWN)
    mails = reports.last_mails([one.id for one in late], by=visit.by) if late else {}
    return [
        {
            "id": one.id,
            "client": one.partner_name,
            "url": reverse("web:invoice", args=[one.id]),
            "number": one.number,
            "days": (visit.today - one.due_on).days if one.due_on else 0,
            "open": one.money(one.open_amount),
            "last_step": last_step(one, mails.get(one.id)),
            "pay_url": f"{reverse('web:payment_new')}?invoice={one.id}",
            "send_url": send_url(one.id, visit),
        }
        for one in late
    ]


def send_url(invoice_id: Any, visit: Visit) -> str:
    """Where it is sent once more; empty without the right."""
    return reverse("web:invoice_send", args=[invoice_id]) if visit.by.may("invoice.send") else ""


def last_step(record: Any, mail: LastMail | None) -> str:
    """How far it came: the last thing that is known of it."""
    locale = formats.reader()
    day = lambda at: short_day(at, locale)  # noqa: E731
    if record.disputed_at:
        return _("Disputed since %(day)s") % {"day": day(record.disputed_at)}
    if mail is not None and mail.state in {"returned", "failed"}:
        return _("Mail came back %(day)s") % {"day": day(mail.at)}
    if mail is not None and mail.reminders:
        words = ngettext(
            "%(n)s reminder, last %(day)s", "%(n)s reminders, last %(day)s", mail.reminders
        )
        return words % {"n": mail.reminders, "day": day(mail.at)}
    if record.viewed_at:
        return _("Viewed %(day)s") % {"day": day(record.viewed_at)}
    if record.sent_at:
        return _("Sent %(day)s") % {"day": day(record.sent_at)}
    return _("Not sent by mail")


def short_day(at: Any, locale: Locale) -> str:
    """13 Nov."""
    if locale.language == "en":
        return format_date(at, "d MMM", locale=locale)
    return format_skeleton("MMMd", at, locale=locale)


def headline(found: Figures, base: str, visit: Visit) -> SimpleNamespace:
    """The four figures on top, in the base currency; others beside."""
    own = [one for one in found.ages if one.amount.currency == base]
    late = [one for one in own if one.age]
    others = sorted({one.amount.currency for one in found.ages} - {base})
    by_currency = {
        code: add_up((one.amount for one in found.ages if one.amount.currency == code), code)
        for code in others
    }
    return SimpleNamespace(
        open=add_up((one.amount for one in own), base),
        open_count=sum(one.count for one in own),
        others=list(by_currency.values()),
        overdue=add_up((one.amount for one in late), base),
        overdue_count=sum(one.count for one in found.ages if one.age),
        oldest_days=max((one.oldest_days for one in found.ages), default=0),
        **collected(found, base, visit),
        **pace(found, visit),
    )


def collected(found: Figures, base: str, visit: Visit) -> dict[str, Any]:
    """What came in this month, beside the same days of the last one."""
    today, locale = visit.today, formats.reader()
    first = today.replace(day=1)
    now = calc.total(found.days.collected, first, today + timedelta(days=1))
    start, end = calc.same_days_before(today)
    change = calc.change(now, calc.total(found.days.collected, start, end))
    last = end - timedelta(days=1)
    words = ""
    if change is not None:
        words = _("on %(from)s–%(to)s %(month)s") % {
            "from": start.day,
            "to": last.day,
            "month": format_date(start, "MMMM", locale=locale),
        }
    return {
        "collected": Money(now, base),
        "collected_label": _("Collected in %(month)s")
        % {"month": format_date(today, "LLLL", locale=locale)},
        "change": "" if change is None else signed(change, locale),
        "change_is_good": change is not None and change >= 0,
        "change_words": words,
    }


def signed(change: Decimal, locale: Locale) -> str:
    """+8.1%, as the reader writes it; a true minus."""
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")
    text = format_percent(abs(change) / 100, format=pattern, locale=locale)
    return f"{'+' if change >= 0 else formats.MINUS}{text}"


def pace(found: Figures, visit: Visit) -> dict[str, Any]:
    """How long clients take to pay, beside the time before."""
    locale = formats.reader()
    now, before = calc.paces(found.days.taken, visit.today)
    if now is None:
        return {"pace": "", "pace_change": "", "pace_is_good": False}
    words, is_good = "", False
    if before is not None and before != now:
        is_good = now < before
        facts = {"n": formats.number(abs(now - before), locale)}
        words = _("%(n)s days faster") % facts if is_good else _("%(n)s days slower") % facts
    return {"pace": formats.number(now, locale), "pace_change": words, "pace_is_good": is_good}


def age_labels() -> list[str]:
    """The five ages."""
    return [_("Not due"), _("1–30 days"), _("31–60"), _("61–90"), _("Over 90")]


def aged(ages: Sequence[Age], base: str) -> list[tuple[Money, int, int]]:
    """(amount, count, hundredths of a percent) of each age in the base currency."""
    own = {one.age: one for one in ages if one.amount.currency == base}
    amounts = [own[age].amount if age in own else Money.zero(base) for age in range(5)]
    counts = [own[age].count if age in own else 0 for age in range(5)]
    return list(zip(amounts, counts, calc.shares([one.minor for one in amounts]), strict=True))


def bar(ages: Sequence[Age], base: str) -> list[SimpleNamespace]:
    """The parts of the ageing bar; start and size in percent."""
    found = aged(ages, base)
    if not any(amount for amount, _count, _share in found):
        return []
    parts, start = [], 0
    for age, (label, (amount, count, share)) in enumerate(zip(age_labels(), found, strict=True)):
        parts.append(
            SimpleNamespace(
                label=label,
                tone=f"age-{age}",
                amount=amount,
                count=count,
                start=f"{start // 100}.{start % 100:02d}",
                size=f"{share // 100}.{share % 100:02d}",
            )
        )
        start += share
    return parts


def bar_label(ages: Sequence[Age], base: str) -> str:
    """The bar in words."""
    told = [
        f"{label}: {-(-share // 100)} %"
        for label, (_amount, _count, share) in zip(age_labels(), aged(ages, base), strict=True)
        if share
    ]
    return _("Open amount by age: %(parts)s") % {"parts": ", ".join(told)}


@page("overview", "invoice.view", methods="GET", files=True)
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The chart's figures as a file: plain decimals, a byte order mark for spreadsheets."""
    asked = request.GET.get("span", "12")
    span = asked if asked in SPANS else "12"
    base = visit.organization.base_currency
    columns = columns_of(figures.figures_of(visit), visit, span)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Period"), _("Currency"), _("Invoiced"), _("Collected"), _("Expected")])
    for one in columns:
        amounts = (Money(each, base) for each in (one.invoiced, one.collected, one.expected))
        period = one.start.isoformat() if span == "month" else f"{one.start:%Y-%m}"
        writer.writerow([period, base, *(f"{each.amount:f}" for each in amounts)])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"overview-{visit.today.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("overview", "settings.edit", methods="POST")
def skip(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Leave a first step out; `undo` takes that back."""
    if name not in checklist.STEPS:
        raise Http404
    kept = set(desks.get_preference(checklist.SKIPPED, by=visit.by, default=[]) or [])
    undone = "undo" in request.GET
    kept = kept - {name} if undone else kept | {name}
    desk.set_preference(checklist.SKIPPED, sorted(kept), by=visit.by, at=visit.now)
    if undone:
        return answers.done(request, to=reverse("web:overview"))
    undo = f"{reverse('web:overview_skip', args=[name])}?undo=1"
    return answers.done(request, to=reverse("web:overview"), text=_("Skipped."), undo=undo)
