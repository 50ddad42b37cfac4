"""Filters that write values in the reader's locale; a builtin of every template."""

from datetime import date, datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from django.template import Library
from django.utils.html import format_html
from django.utils.timezone import localtime

from guilder.faces.web import answers, formats, pieces, statuses
from guilder.faces.web.once import FIELD
from guilder.kernel.money import Money

register = Library()
register.tag("piece", pieces.piece)
NOTHING = "—"


def _locale() -> formats.Locale:
    return formats.reader()


@register.filter
def money(value: Money | None) -> str:
    """€1,234.50; a dash for None."""
    return NOTHING if value is None else formats.money(value, _locale())


@register.filter
def bare_money(value: Money | None) -> str:
    """1,234.50; a dash for None."""
    return NOTHING if value is None else formats.bare_money(value, _locale())


@register.filter
def money_parts(value: Money) -> tuple[str, str, str]:
    """What stands before the minor units, the minor units, and what stands after."""
    return formats.money_parts(value, _locale())


@register.filter
def plain(value: Money) -> str:
    """1234.50: what a copy button copies."""
    return f"{value.amount:f}"


@register.filter
def number(value: Decimal | int | None) -> str:
    """1,250.5; a dash for None."""
    return NOTHING if value is None else formats.number(value, _locale())


@register.filter
def day(value: date | None) -> str:
    """20 Nov 2026; a dash for None."""
    return NOTHING if value is None else formats.day(value, _locale())


@register.filter
def long_day(value: date) -> str:
    """Friday, 20 November 2026."""
    return formats.long_day(value, _locale())


@register.filter
def instant(value: datetime | None) -> str:
    """20 Nov 2026, 10:42 in the reader's time zone, else the current one; a dash for None."""
    if value is None:
        return NOTHING
    own = formats.zone_of_reader.get()
    return formats.instant(localtime(value, ZoneInfo(own) if own else None), _locale())


@register.filter
def undo(message: Any) -> answers.Undo:
    """Where the act that a message tells of is taken back; an empty address where it is not."""
    return answers.undo_of(message)


@register.filter
def status(code: str) -> statuses.Status:
    """The word, tint and glyph of a status."""
    return statuses.status_of(code)


@register.simple_tag
def once() -> str:
    """A hidden mark by which a form that is sent twice has one effect (see `faces.web.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}" />', FIELD, token_hex(16))
