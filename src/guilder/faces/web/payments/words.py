"""What a payment comes to, in words: part, all or more; and the rate that it is booked at."""

from datetime import date

from django.utils.translation import gettext as _

from guilder.faces.web import formats
from guilder.faces.web.sentences import said
from guilder.faces.web.shell import Visit
from guilder.kernel.money import Money
from guilder.registers.currencies import queries as currencies


def told(amount: Money) -> str:
    """An amount as the reader writes it."""
    return formats.money(amount, formats.reader())


def outcome(amount: Money | None, left: Money) -> str:
    """Whether an amount pays all that is open, a part or more; "" where it cannot be read."""
    if amount is None or amount.minor <= 0:
        return ""
    if amount == left:
        return _("Paid in full.")
    if amount < left:
        return _("Part payment. %(left)s stays open.") % {"left": told(left - amount)}
    words = _("%(rest)s more than is open. It stays the client's credit.")
    return words % {"rest": told(amount - left)}


def rate_words(currency: str, on: date, visit: Visit) -> str:
    """The rate at which foreign money is booked on a day; why not, where there is none."""
    base = visit.organization.base_currency
    if currency == base:
        return ""
    try:
        found = currencies.rate_on(visit.by.organization_id, base=currency, quote=base, on=on)
    except currencies.NoRate as error:
        return said(error.detail)
    return _("1 %(currency)s is booked at %(rate)s %(base)s (%(source)s, %(day)s).") % {
        "currency": currency,
        "rate": formats.number(found.rate, formats.reader()),
        "base": base,
        "source": found.source,
        "day": formats.day(found.on, formats.reader()),
    }
