"""Words that reports share: of days, periods, sources, and of values in files."""

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guilder.faces.web import formats
from guilder.kernel.money import Money
from guilder.kernel.period import Span, Unit, calendar_span
from guilder.office.reports.schemas import Value

NOTHING = "—"
DAY_FIRST = Locale("en", "GB")  # as days are written everywhere else: 20 Nov 2026
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
    locale = formats.reader()
    if locale.language == "en":
        locale = DAY_FIRST
    return format_interval(span.start_on, span.end_on, "yMMMd", locale=locale)


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
        return ""
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
    if kind in {"percent", "change"}:
        return percent(Decimal(value), has_sign=kind == "change")
    return formats.number(value, locale)


def percent(value: Decimal, *, has_sign: bool) -> str:
    """`8.1%` with one decimal, `+8.1%` where a change is told."""
    text = format_decimal(abs(value), format="#,##0.0", locale=formats.reader())
    if value < 0:
        return f"{formats.MINUS}{text}%"
    return f"+{text}%" if has_sign and value else f"{text}%"
