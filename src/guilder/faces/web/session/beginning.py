"""What a new organization begins with, by its country: currency, tax, numbers, language, time."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.languages import get_official_languages
from django.conf import settings
from django.http import HttpRequest

from guilder.faces.web import choices, formats
from guilder.foundation.identity import queries as identities
from guilder.kernel.currencies import currency
from guilder.registers.numbering import operations as numbering
from guilder.registers.numbering import queries as series
from guilder.registers.tax import queries as taxes

FALLBACK_COUNTRY = "DE"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is set without being asked; all of it can be changed later."""

    country: str
    currency: str
    language: str
    time_zone: str


def beginning_of(country: str, *, spoken: str = "", time_zone: str = "") -> Beginning:
    """The beginning of an organization in `country`.

    The browser's language and time zone count where the country has them.
    """
    money, language, zone = identities.defaults_of(country)
    ours = dict(settings.LANGUAGES)
    official = [code for code in get_official_languages(country) if code in ours]
    if spoken in official or (not official and spoken in ours):
        language = spoken
    if time_zone in zones_of(country):
        zone = time_zone
    return Beginning(country, money, language, zone)


def countries() -> choices.Pairs:
    """Every country by its name in the reader's language."""
    names = formats.reader().territories
    pairs = [(code, names.get(code, name)) for code, name in choices.countries()]
    return sorted(pairs, key=lambda pair: sortable(pair[1]))


def sortable(name: str) -> str:
    """A name without its marks, so that Österreich stands beside Oman."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def zones_of(country: str) -> set[str]:
    """The time zones of a country."""
    return set(get_global("territory_zones").get(country, ())) & available_timezones()


def country_of(request: HttpRequest, *, time_zone: str = "") -> str:
    """The country that the browser's languages name (DE of de-DE), else that of its time zone."""
    known = dict(choices.countries())
    for language in request.headers.get("Accept-Language", "").split(","):
        region = language.split(";")[0].strip().replace("_", "-").split("-")[-1].upper()
        if len(region) == 2 and "-" in language and region in known:
            return region
    territory = get_global("zone_territories").get(time_zone, "")
    return territory if territory in known else FALLBACK_COUNTRY


def told(beginning: Beginning, *, on: date) -> list[tuple[str, str]]:
    """What the country gives, as (name of the thing, words), shown before one goes on."""
    locale = formats.reader()
    tax_name, rates = taxes.rates_of_country(beginning.country, on=on)
    shown = [f"{formats.number(rate, locale)} %" for rate in rates[:3]]
    pattern = next(pattern for kind, _, pattern in numbering.DEFAULTS if kind == "invoice")
    return [
        ("currency", named_currency(beginning.currency, locale)),
        ("tax", f"{tax_name} {', '.join(shown)}" if shown else ""),
        ("number", series.usual_number(pattern, on=on)),
        ("language", choices.language_name(beginning.language)),
        ("time", get_timezone_location(beginning.time_zone, locale=locale, return_city=True)),
    ]


def named_currency(code: str, locale: Locale) -> str:
    """Euro (EUR)."""
    return f"{locale.currencies.get(code, currency(code).name)} ({code})"
