"""What a company in a country begins with, as far as nobody says else (CLDR, by Babel)."""

from zoneinfo import available_timezones

from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies
from django.conf import settings

from guilder.kernel.currencies import is_currency

# Where a country has several times: the one that most of its people live by.
MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


def defaults_of(country: str) -> tuple[str, str, str]:
    """(currency, language, time zone) of a country by its two letters."""
    legal = [code for code in get_territory_currencies(country) if is_currency(code)]
    spoken = [code for code in get_official_languages(country) if code in dict(settings.LANGUAGES)]
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if "/" in zone]
    first = next((zone for zone in zones if zone in available_timezones()), "UTC")
    return (
        legal[-1] if legal else "EUR",
        spoken[0] if spoken else "en",
        MAIN_ZONES.get(country, first),
    )
