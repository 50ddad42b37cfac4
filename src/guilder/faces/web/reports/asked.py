"""What the address of a report asks for; what cannot be read is as if it were not there."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from guilder.faces.web import days
from guilder.faces.web.shell import Visit
from guilder.kernel.currencies import is_currency
from guilder.kernel.period import NotASpan, Span
from guilder.office.reports import schemas as calc

CUSTOM = "custom"
COMPARES = ("", "before", "year")
FILTERS = ("client", "item", "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report as it was asked for. `filters` narrow documents behind a figure."""

    preset: str
    span: Span
    on: date
    compare: str = ""
    currency: str = ""
    group: str = ""
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def compared(self) -> Span | None:
        """The days that it is compared with."""
        if self.compare == "before":
            return calc.span_before(self.span)
        return calc.year_before(self.span) if self.compare == "year" else None

    def identity(self, name: str) -> UUID | None:
        """One of the filters that are ids."""
        try:
            return UUID(self.filters.get(name, ""))
        except ValueError:
            return None

    def number(self, name: str) -> int | None:
        """One of the filters that are whole numbers."""
        text = self.filters.get(name, "")
        return int(text) if text.isdigit() and len(text) < 4 else None

    def rate(self) -> Decimal | None:
        """The tax rate that is asked for."""
        try:
            return Decimal(self.filters["rate"][:12]) if self.filters.get("rate") else None
        except InvalidOperation:
            return None

    def behind(self, report: str, *, span: Span | None = None, **filters: object) -> str:
        """The address of the documents behind a figure of `report`; it knows the way back."""
        shown = span or self.span
        words = {"from": shown.start_on.isoformat(), "to": shown.end_on.isoformat()}
        words |= {"on": self.on.isoformat(), "currency": self.currency}
        words |= {name: "" if value is None else str(value) for name, value in filters.items()}
        words["of"] = self.query()
        given = {name: value for name, value in words.items() if value or name in filters}
        return f"{reverse('web:report_documents', args=[report])}?{urlencode(given)}"

    def query(self) -> str:
        """The report's own query text."""
        words = {"period": self.preset, "compare": self.compare, "currency": self.currency}
        words |= {"group": self.group}
        if self.preset == CUSTOM:
            words |= {"from": self.span.start_on.isoformat(), "to": self.span.end_on.isoformat()}
        return urlencode({name: value for name, value in words.items() if value})


def asked_of(
    request: HttpRequest, visit: Visit, *, preset: str, groups: tuple[str, ...] = ()
) -> Asked:
    """Read the address; `preset` and the first of `groups` are what holds without words."""
    get = request.GET
    wanted = get.get("period", CUSTOM if get.get("from") or get.get("to") else preset)
    named = wanted if wanted in calc.PRESETS else preset
    span = calc.preset_span(named, today=visit.today)
    if wanted == CUSTOM:
        named, span = CUSTOM, custom_span(request, visit, usual=span)
    group = get.get("group", "")
    currency = get.get("currency", "").upper()
    return Asked(
        preset=named,
        span=span,
        on=day_of(get.get("on", ""), visit) or visit.today,
        compare=get.get("compare", "") if get.get("compare") in COMPARES else "",
        currency=currency if is_currency(currency) else "",
        group=group if group in groups else (groups[0] if groups else ""),
        filters={
            name: value[:100]
            for name, value in get.items()
            if name in {*FILTERS, "age", "category", "rate", "method", "of"}
        },
    )


def custom_span(request: HttpRequest, visit: Visit, *, usual: Span) -> Span:
    """The days between `from` and `to`, either of which may be missing or the later one."""
    first = day_of(request.GET.get("from", ""), visit) or usual.start_on
    last = day_of(request.GET.get("to", ""), visit) or max(usual.end_on, first)
    try:
        return Span(first, last)
    except NotASpan:
        return Span(last, first)


def day_of(text: str, visit: Visit) -> date | None:
    """A day as programs or people write it."""
    return days.read(text[:60], today=visit.today, language=get_language() or "en")
