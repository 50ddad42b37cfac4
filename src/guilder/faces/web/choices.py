"""What selects offer: countries, currencies, languages, time zones, units, taxes, methods."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guilder.faces.web import formats
from guilder.kernel.countries import COUNTRIES
from guilder.kernel.currencies import CURRENCIES, currency
from guilder.registers.tax.models import TaxCode

Pairs = list[tuple[str, str]]


class Known(Pairs):
    """Choices that many pages have: a browser fetches them once by `name` (frame/shared.py).

    The first `own` of them are the page's own and come with it.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], *, name: str, own: int = 0) -> None:
        super().__init__(pairs)
        self.name = name
        self.own = own

    def after(self, *first: tuple[str, str]) -> "Known":
        """The same with the page's own choices before them."""
        return Known([*first, *self], name=self.name, own=self.own + len(first))


COMMON_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF")
METHODS = {
    "bank_transfer": _("Bank transfer"),
    "cash": _("Cash"),
    "card": _("Card"),
    "direct_debit": _("Direct debit"),
    "cheque": _("Cheque"),
    "online": _("Online"),
    "other": _("Other"),
}
RECEIVABLE = ("invoice", "debit_note", "deposit")  # kinds that ask for money
KINDS = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "debit_note": _("Debit note"),
    "deposit": _("Deposit invoice"),
    "pro_forma": _("Pro forma invoice"),
    "quote": _("Quote"),
}
ITEM_KINDS = {
    "service": _("Service"),
    "goods": _("Goods"),
    "bundle": _("Bundle"),
    "metered": _("Metered"),
}
PARTNER_KINDS = {"company": _("Company"), "individual": _("Person")}
UNITS = {
    "C62": _("piece"),
    "HUR": _("hour"),
    "DAY": _("day"),
    "WEE": _("week"),
    "MON": _("month"),
    "ANN": _("year"),
    "LS": _("flat rate"),
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "MTR": "m",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "KWH": "kWh",
    "E34": "GB",
    "XPK": _("package"),
    "SET": _("set"),
    "PR": _("pair"),
}
CATEGORIES = {
    "S": _("Taxed"),
    "Z": _("Zero rated"),
    "E": _("Exempt"),
    "AE": _("Reverse charge"),
    "K": _("Intra-Community supply"),
    "G": pgettext_lazy("tax", "Export"),
    "O": _("Not subject to tax"),
    "L": _("Canary Islands tax"),
    "M": _("Ceuta and Melilla tax"),
}


def countries() -> Known:
    """Every country by its name in the reader's language."""
    return Known(countries_in(formats.reader().language), name="countries")


@lru_cache(maxsize=16)
def countries_in(language: str) -> Pairs:
    """Every country by its name in a language, in the order of the names."""
    names = {"XI": "Northern Ireland", **Locale.parse(language).territories}
    pairs = [(code, names.get(code, code)) for code in COUNTRIES]
    return sorted(pairs, key=lambda pair: sortable(pair[1]))


def sortable(name: str) -> str:
    """A name without its marks, so that Österreich stands beside Oman."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def country_name(code: str) -> str:
    """A country's name; the code where there is none."""
    return dict(countries()).get(code, code)


def currencies(first: str = "") -> Known:
    """Every currency by its name in the reader's language, the usual ones on top."""
    pairs = currencies_in(formats.reader().language, first)
    return Known(pairs, name="currencies", own=1 if first else 0)


@lru_cache(maxsize=64)
def currencies_in(language: str, first: str) -> Pairs:
    """The same for one language."""
    names = Locale.parse(language).currencies
    head = list(dict.fromkeys(code for code in (first, *COMMON_CURRENCIES) if code))
    rest = sorted(
        code for code, one in CURRENCIES.items() if code not in head and not one.withdrawn_on
    )
    return [(code, f"{code}, {names.get(code) or currency(code).name}") for code in (*head, *rest)]


def languages() -> Pairs:
    """The languages that papers and mails can be written in, by their own names."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def language_name(code: str) -> str:
    """A language's own name."""
    return dict(languages()).get(code, code)


def time_zones() -> Known:
    """Every place that has a time of its own."""
    return Known(all_time_zones(), name="zones")


@lru_cache(maxsize=1)
def all_time_zones() -> Pairs:
    """The same, found once."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc"))
    return [(name, name.replace("_", " ")) for name in sorted(places)]


def units(used: Iterable[str] = ()) -> Pairs:
    """The usual units, and those that are in use already."""
    known: dict[str, str] = {code: str(word) for code, word in UNITS.items()}
    return [*known.items(), *((code, code) for code in sorted(set(used) - set(known)) if code)]


def unit_name(code: str) -> str:
    """A unit as people say it."""
    return str(UNITS.get(code, code))


def taxes(codes: Iterable[TaxCode], *, on: date) -> Pairs:
    """The active tax codes with the rate of a day: 19%, 0% reverse charge."""
    pairs = []
    for code in codes:
        if not code.is_active:
            continue
        dated = [
            rate
            for rate in code.rates.all()
            if rate.valid_from <= on and (rate.valid_to is None or rate.valid_to >= on)
        ]
        if dated:
            newest = max(dated, key=lambda rate: rate.valid_from)
            label = f"{formats.number(newest.percent, Locale('en'))}%"
            pairs.append((code.code, label))
        else:
            pairs.append((code.code, code.name))
    return pairs


def pairs(words: Mapping[str, object]) -> Pairs:
    """A table of words as choices."""
    return [(code, str(word)) for code, word in words.items()]


KNOWN = {"countries": countries, "currencies": currencies, "zones": time_zones}
