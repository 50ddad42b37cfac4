"""Words that reports share: of days, periods, sources, and of values in files."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_interval
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web import formats
from guilder.kernel.money import Money
from guilder.kernel.period import Span, Unit, calendar_span
from guilder.office.reports.table import Value

NOTHING = "—"
SOURCES = {
    "invoice.issue": gettext_lazy("Document issued"),
    "invoice.write_off": gettext_lazy("Written off"),
    "payment.record": gettext_lazy("Payment received"),
    "payment.reverse": gettext_lazy("Payment reversed"),
    "payment.allocate": gettext_lazy("Payment applied"),
    "payment.unallocate": gettext_lazy("Payment taken off"),
    "credit.allocate": gettext_lazy("Credit applied"),
    "credit.reverse": gettext_lazy("Credit taken off"),
    "opening.balances": gettext_lazy("Opening balances"),
    "opening.item": gettext_lazy("Open item taken over"),
}


def span_words(span: Span) -> str:
    """`1 Jan – 30 Nov 2026` as the reader writes it."""
    return format_interval(span.start_on, span.end_on, "yMMMd", locale=formats.reader())


def day_words(day: date) -> str:
    """A day."""
    return formats.day(day, formats.reader())


def bucket_words(span: Span, unit: str) -> str:
    """A month, quarter or year by its name; one that is cut says its days."""
    if calendar_span(span.start_on, Unit(unit)) != span:
        return span_words(span)
    pattern = {"month": "MMM y", "quarter": "QQQ y", "year": "y"}[unit]
    return format_date(span.start_on, pattern, locale=formats.reader())


def group_words(group: str) -> str:
    """What the first column is called."""
    return {
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
        "client": _("Client"),
        "item": _("Item"),
        "method": _("Method"),
        "account": _("Account"),
    }[group]


def rate_words(rate: Decimal | None) -> str:
    """`19%`; "" where no rate applies."""
    return "" if rate is None else f"{formats.number(rate, formats.reader())}%"


def written(value: Value, kind: str) -> str:
    """A value as the reader sees it: on pages and in PDF."""
    locale = formats.reader()
    if value is None:
        return NOTHING if kind not in {"text", "day"} else ""
    if isinstance(value, Money):
        if not value:
            return NOTHING
        return (
            formats.bare_money(value, locale) if kind == "figure" else formats.money(value, locale)
        )
    if isinstance(value, date):
        return formats.day(value, locale)
    if isinstance(value, str):
        return value
    text = formats.number(value, locale)
    if kind == "change":
        return f"+{text}%" if value > 0 else f"{text}%"
    return f"{text}%" if kind == "percent" else text
