"""Countries as data: which rates hold from when, and which law says so.

A rate that is not certain is absent, not guessed. Dates are those from which the rate holds for
supplies in general; a rate for one kind of goods only is left to the organization's own codes.
"""

from importlib import import_module

from guilder.registers.tax.regimes.base import Regime

COUNTRIES = [
    "AT",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


class UnknownRegime(KeyError):
    """No rates are known for that country."""


def regime(country: str) -> Regime:
    """The regime of the ISO 3166-1 country; UnknownRegime where nothing certain is known."""
    if country not in COUNTRIES:
        raise UnknownRegime(country)
    return import_module(f"guilder.registers.tax.regimes.{country.lower()}").REGIME
